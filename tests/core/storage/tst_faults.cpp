// SPDX-License-Identifier: GPL-3.0-or-later
// What a killed process, a full disk and a read-only folder leave behind.
#include "gateway_core/storage/database_file.h"
#include "gateway_core/storage/journal_hash.h"
#include "gateway_core/storage/journal_store.h"

#include "tests/support/test_storage.h"

#include <QProcess>
#include <QTest>

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
