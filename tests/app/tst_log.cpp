// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/log.h"
#include "app/log_file.h"

#include <QDir>
#include <QFile>
#include <QLoggingCategory>
#include <QTemporaryDir>
#include <QTest>

#include <thread>
#include <vector>

#include <sys/stat.h>
#include <unistd.h>

using namespace gatehouse;

namespace {

const QLoggingCategory kRoom("gatehouse.test", QtInfoMsg);

const QLoggingCategory &lcTest()
{
    return kRoom;
}

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

unsigned modeOf(const QString &path)
{
    struct stat found
    {
    };
    return ::lstat(QFile::encodeName(path).constData(), &found) == 0 ? found.st_mode & 0777U : 0;
}

} // namespace

class LogTest final : public QObject
{
    Q_OBJECT

private slots:
    void line_saysWhenHowBadWhereAndWhat()
    {
        QCOMPARE(log::lineOf(1'790'000'000'123, QtWarningMsg, "gatehouse.http", "it was gone"),
                 "2026-09-21T14:13:20.123Z warning gatehouse.http: it was gone\n");
    }

    void line_isOneLine_withoutSecretsOrControls()
    {
        const std::string line = log::lineOf(
            0, QtInfoMsg, "x", "a\nb\x1b[2J\r with gh_a_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
        QCOMPARE(line, "1970-01-01T00:00:00.000Z info x: a\\nb\\x1b[2J\\x0d with <token>\n");
    }

    void line_thatIsTooLong_isCutBetweenLetters()
    {
        std::string text;
        while (text.size() < 2 * log::kLineMost)
            text += "\xd1\x8f "; // я
        const std::string line = log::lineOf(0, QtInfoMsg, "x", text);
        QVERIFY(line.size() <= log::kLineMost);
        QVERIFY(line.ends_with("…\n"));
        QVERIFY(QString::fromStdString(line).toUtf8().toStdString() == line);
    }

    void file_isTheOwnersAlone_andHoldsWhatTheRulesLetThrough()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("state/gatehouse.log"));
        QVERIFY(log::start(path.toStdString()));
        qCDebug(lcTest, "not wanted");
        qCWarning(lcTest, "wanted");
        log::stop();
        qCWarning(lcTest, "too late");

        QCOMPARE(modeOf(path), 0600U);
        QCOMPARE(modeOf(folder.filePath(QStringLiteral("state"))), 0700U);
        const QByteArray text = contentOf(path);
        QVERIFY(text.endsWith(" warning gatehouse.test: wanted\n"));
        QCOMPARE(text.count('\n'), 1);
    }

    void file_isRotated_andTheOldestGoes()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("g.log"));
        log::RotatingFile file(path.toStdString(), 100, 3);
        QVERIFY(file.open());
        for (char c = 'a'; c <= 'e'; ++c)
            QVERIFY(file.append(std::string(60, c) + '\n'));

        QCOMPARE(QDir(folder.path()).entryList(QDir::Files).size(), 3);
        QVERIFY(contentOf(path).startsWith('e'));
        QVERIFY(contentOf(path + QStringLiteral(".1")).startsWith('d'));
        QVERIFY(contentOf(path + QStringLiteral(".2")).startsWith('c'));
    }

    void file_ofTheLastRun_isGoneOnWith()
    {
        QTemporaryDir folder;
        const std::string path = folder.filePath(QStringLiteral("g.log")).toStdString();
        for (const char *line : { "one\n", "two\n" }) {
            log::RotatingFile file(path, 100, 3);
            QVERIFY(file.open());
            QVERIFY(file.append(line));
        }
        QCOMPARE(contentOf(QString::fromStdString(path)), QByteArray("one\ntwo\n"));
    }

    void file_writtenFromManyThreads_losesAndMixesNothing()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("g.log"));
        QVERIFY(log::start(path.toStdString()));
        std::vector<std::thread> threads;
        for (int i = 0; i < 4; ++i)
            threads.emplace_back([] {
                for (int line = 0; line < 100; ++line)
                    qCInfo(lcTest, "whole");
            });
        for (std::thread &thread : threads)
            thread.join();
        log::stop();

        const QList<QByteArray> lines = contentOf(path).split('\n');
        QCOMPARE(lines.size(), 401);
        for (qsizetype i = 0; i + 1 < lines.size(); ++i)
            QVERIFY2(lines[i].endsWith(" info gatehouse.test: whole"), lines[i].constData());
    }

    // Tests of the error paths.

    void file_thatIsALink_isNotFollowed()
    {
        QTemporaryDir folder;
        const QString target = folder.filePath(QStringLiteral("target"));
        const QString path = folder.filePath(QStringLiteral("g.log"));
        QVERIFY(QFile::link(target, path));

        const auto started = log::start(path.toStdString());
        log::stop();

        QVERIFY(!started);
        QCOMPARE(started.error().code, ErrorCode::StorageReadOnly);
        QVERIFY(!QFile::exists(target));
    }

    void file_thatCannotBeOpened_leavesStandardError()
    {
        QTemporaryDir folder;
        const QString inTheWay = folder.filePath(QStringLiteral("file"));
        QFile file(inTheWay);
        QVERIFY(file.open(QIODevice::WriteOnly));

        QVERIFY(!log::start((inTheWay + QStringLiteral("/g.log")).toStdString()));
        qCWarning(lcTest, "to standard error");
        log::stop();
    }
};

QTEST_GUILESS_MAIN(LogTest)
#include "tst_log.moc"
