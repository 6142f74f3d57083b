// SPDX-License-Identifier: GPL-3.0-or-later
// The real program with a real keychain, from its start to its end: run by tests/support/with_keyring.sh.
#include "gateway_core/secrets/secret_store.h"

#include <QElapsedTimer>
#include <QFile>
#include <QProcess>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>

using namespace gatehouse;

class GoodbyeTest final : public QObject
{
    Q_OBJECT

private:
    static QString freePort()
    {
        QTcpServer probe;
        return probe.listen(QHostAddress::LocalHost) ? QString::number(probe.serverPort()) : QString();
    }

private Q_SLOTS:
    // The keychain answers through the main thread. Where that only waits for the core, the checkpoint of the
    // last rows never gets there, and the program ends when the keychain's patience does.
    void stop_hearsTheKeychainOut()
    {
        QTemporaryDir folder;
        QProcess gatehouse;
        gatehouse.setProcessChannelMode(QProcess::MergedChannels);
        gatehouse.start(QStringLiteral(GATEHOUSE_BIN "/gatehouse"),
                        { QStringLiteral("--headless"), QStringLiteral("--profile-dir"), folder.path(),
                          QStringLiteral("--port"), freePort() });
        QByteArray said;
        QTRY_VERIFY2_WITH_TIMEOUT((said += gatehouse.readAll()).contains("ready on")
                                      || gatehouse.state() == QProcess::NotRunning,
                                  said.constData(), 20'000);
        QVERIFY2(said.contains("ready on"), said.constData());

        QElapsedTimer clock;
        clock.start();
        gatehouse.terminate();

        QVERIFY(gatehouse.waitForFinished(20'000));
        QCOMPARE(gatehouse.exitCode(), 0);
        QVERIFY2(clock.elapsed() < std::chrono::milliseconds(kSecretTimeout).count(),
                 qPrintable(QString::number(clock.elapsed())));
    }

    void start_withoutAKeychainOnASealedProfile_saysOnceWhatToDo()
    {
        QTemporaryDir folder;
        QFile sealed(folder.filePath(QStringLiteral("secrets.sealed")));
        QVERIFY(sealed.open(QIODevice::WriteOnly));
        QProcess gatehouse;
        QProcessEnvironment surroundings = QProcessEnvironment::systemEnvironment();
        surroundings.insert(QStringLiteral("DBUS_SESSION_BUS_ADDRESS"),
                            QStringLiteral("unix:path=") + folder.filePath(QStringLiteral("no-bus")));
        gatehouse.setProcessEnvironment(surroundings);
        gatehouse.start(QStringLiteral(GATEHOUSE_BIN "/gatehouse"),
                        { QStringLiteral("--headless"), QStringLiteral("--profile-dir"), folder.path(),
                          QStringLiteral("--port"), freePort() });

        QVERIFY(gatehouse.waitForFinished(20'000));
        QCOMPARE(gatehouse.exitCode(), 1);
        const QByteArray said = gatehouse.readAllStandardError();
        QVERIFY2(said.contains("start with --secrets file"), said.constData());
        QCOMPARE(said.count("cannot go on"), 1);
        QVERIFY(!gatehouse.readAllStandardOutput().contains("cannot go on"));
        QVERIFY(!QFile::exists(folder.filePath(QStringLiteral("gatehouse.db"))));
    }
};

QTEST_GUILESS_MAIN(GoodbyeTest)
#include "tst_goodbye.moc"
