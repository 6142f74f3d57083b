// SPDX-License-Identifier: GPL-3.0-or-later
// What a killed process, a full disk and a read-only folder leave behind.
#include "gateway_core/storage/database_file.h"
#include "gateway_core/storage/journal_hash.h"
#include "gateway_core/storage/journal_store.h"

#include "tests/support/test_storage.h"

#include <QProcess>
#include <QTest>

#include <fstream>

#include <sys/stat.h>
#include <unistd.h>

using namespace gatehouse;
using namespace gatehouse::test;

namespace {

QString run(const QString &verb, const QString &file)
{
    QProcess writer;
    writer.start(QStringLiteral(STORAGE_WRITER), { verb, file });
    if (!writer.waitForFinished(60'000))
        return QStringLiteral("did not end");
    return QString::fromUtf8(writer.readAllStandardOutput()).trimmed();
}

Result<> appendOne(Stores &stores)
{
    JournalRow row;
    row.kind = "test";
    row.body = R"({"text":"a row"})";
    const auto added = stores.journal.append(row);
    return added ? Result<>() : tl::unexpected(added.error());
}

} // namespace

class FaultsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void kill9_whileWriting_losesNothingThatWasAcknowledged()
    {
        const QTemporaryDir folder;
        const QString file = folder.filePath(QStringLiteral("gatehouse.db"));
        std::int64_t acked = 0;

        for (int round = 0; round < 8; ++round) {
            QProcess writer;
            writer.start(QStringLiteral(STORAGE_WRITER), { QStringLiteral("write"), file });
            const int lines = 50 + 37 * round;
            int seen = 0;
            while (seen < lines) {
                QVERIFY(writer.waitForReadyRead(20'000));
                while (writer.canReadLine()) {
                    acked = writer.readLine().mid(6).trimmed().toLongLong();
                    ++seen;
                }
            }
            writer.kill();
            QVERIFY(writer.waitForFinished());
            while (writer.canReadLine())
                acked = writer.readLine().mid(6).trimmed().toLongLong();
        }

        auto connection = openDatabaseFile(file.toStdString(), TestStorage::key());
        QVERIFY(connection);
        const auto rows = SqlJournalStore(*connection, ProfileId{ 1 }).from(1, 10'000'000);
        QVERIFY(rows);
        QVERIFY(static_cast<std::int64_t>(rows->size()) >= acked);
        QVERIFY2(rows->size() % 2 == 0, "a unit is two rows: half of one was kept");
        Digest prev{};
        std::int64_t seq = 0;
        for (const auto &row : *rows) {
            QCOMPARE(row.seq, ++seq);
            QVERIFY(row.prev == prev && row.hash == journalHash(ProfileId{ 1 }, row));
            prev = row.hash;
        }
    }

    void fullDisk_isSaidAndTheRestStaysReadable()
    {
        const QTemporaryDir folder;

        QCOMPARE(run(QStringLiteral("fill"), folder.filePath(QStringLiteral("gatehouse.db"))),
                 QStringLiteral("storage_full kept readable"));
    }

    // The file behind the program's back. Each row: what is done, and what a write then hears.

    void fileThatIsNoLongerTheOpenedOne_takesNoRow_data()
    {
        QTest::addColumn<QString>("what");
        QTest::addColumn<QString>("heard");
        QTest::newRow("removed") << "removed"
                                 << "storage_missing";
        QTest::newRow("moved away") << "moved"
                                    << "storage_missing";
        QTest::newRow("replaced by a copy") << "replaced"
                                            << "storage_missing";
        QTest::newRow("cut") << "cut"
                             << "storage_damaged";
        QTest::newRow("its log removed") << "log"
                                         << "storage_missing";
        QTest::newRow("its log cut") << "log cut"
                                     << "storage_damaged";
    }
    void fileThatIsNoLongerTheOpenedOne_takesNoRow()
    {
        QFETCH(QString, what);
        QFETCH(QString, heard);
        TestStorage storage;
        QVERIFY(storage.writeNow(appendOne));
        const auto file = storage.file();
        const std::filesystem::path log = file.string() + "-wal";
        if (what == u"removed")
            std::filesystem::remove(file);
        else if (what == u"moved")
            std::filesystem::rename(file, file.string() + ".moved");
        else if (what == u"cut")
            std::filesystem::resize_file(file, std::filesystem::file_size(file) - 4096);
        else if (what == u"log")
            std::filesystem::remove(log);
        else if (what == u"log cut")
            std::filesystem::resize_file(log, std::filesystem::file_size(log) - 1);
        else {
            std::filesystem::copy_file(file, file.string() + ".copy");
            std::filesystem::rename(file.string() + ".copy", file);
        }

        for (int i = 0; i < 2; ++i) {
            const auto outcome = storage.writeNow(appendOne);
            QVERIFY(!outcome);
            QCOMPARE(QString::fromUtf8(nameOf(outcome.error().code).data()), heard);
        }
        if (what != u"log cut") // its row was in the part that is gone
            QCOMPARE(storage.journal().size(), std::size_t{ 1 }); // reading goes on
    }

    void fileThatCameBack_takesRowsAgain()
    {
        TestStorage storage;
        const auto file = storage.file();
        std::filesystem::rename(file, file.string() + ".moved");
        QVERIFY(!storage.writeNow(appendOne));

        std::filesystem::rename(file.string() + ".moved", file);

        QVERIFY(storage.writeNow(appendOne));
    }

    void removedFile_isPutBackWholeAtTheStop()
    {
        TestStorage storage;
        for (int i = 0; i < 5; ++i)
            QVERIFY(storage.writeNow(appendOne));
        std::filesystem::remove(storage.file());
        QVERIFY(!storage.writeNow(appendOne));

        storage.reopen();

        QCOMPARE(storage.journal().size(), std::size_t{ 5 });
    }

    void replacedFile_isKeptBesideTheOther()
    {
        TestStorage storage;
        QVERIFY(storage.writeNow(appendOne));
        const auto file = storage.file();
        std::ofstream(file.string() + ".other") << "another file";
        std::filesystem::rename(file.string() + ".other", file);

        storage.close();

        QCOMPARE(std::filesystem::file_size(file), std::uintmax_t{ 12 });
        std::filesystem::rename(file.string() + ".rescued", file);
        storage.reopen();
        QCOMPARE(storage.journal().size(), std::size_t{ 1 });
    }

    void folderWithoutWriting_isReadOnly()
    {
        const QTemporaryDir folder;
        const QString file = folder.filePath(QStringLiteral("gatehouse.db"));
        QCOMPARE(::chmod(qPrintable(folder.path()), 0777), 0);
        QCOMPARE(run(QStringLiteral("open"), file), QStringLiteral("ok"));

        QCOMPARE(::chmod(qPrintable(folder.path()), 0555), 0);
        const QString outcome = run(QStringLiteral("open"), file);
        QCOMPARE(::chmod(qPrintable(folder.path()), 0755), 0);

        QCOMPARE(outcome, QStringLiteral("storage_read_only"));
    }

    void fileWithoutWriting_isReadOnly()
    {
        const QTemporaryDir folder;
        const QString file = folder.filePath(QStringLiteral("gatehouse.db"));
        QCOMPARE(::chmod(qPrintable(folder.path()), 0777), 0);
        QCOMPARE(run(QStringLiteral("open"), file), QStringLiteral("ok"));

        QCOMPARE(::chmod(qPrintable(file), 0444), 0);
        if (::geteuid() == 0)
            QCOMPARE(::chown(qPrintable(file), 0, 0), 0);
        const QString outcome = run(QStringLiteral("open"), file);

        QCOMPARE(outcome, QStringLiteral("storage_read_only"));
    }
};

QTEST_GUILESS_MAIN(FaultsTest)
#include "tst_faults.moc"
