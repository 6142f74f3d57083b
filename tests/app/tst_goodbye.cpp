// SPDX-License-Identifier: GPL-3.0-or-later
// The real program with a real keychain, from its start to its end: run by tests/support/with_keyring.sh.
#include "gateway_core/secrets/secret_store.h"

#include <QElapsedTimer>
#include <QProcess>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>

using namespace gatehouse;

class GoodbyeTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    // The keychain answers through the main thread. Where that only waits for the core, the checkpoint of the
    // last rows never gets there, and the program ends when the keychain's patience does.
    void stop_hearsTheKeychainOut()
    {
        QTemporaryDir folder;
        QTcpServer probe;
        QVERIFY(probe.listen(QHostAddress::LocalHost));
        const QString port = QString::number(probe.serverPort());
        probe.close();
        QProcess gatehouse;
        gatehouse.setProcessChannelMode(QProcess::MergedChannels);
        gatehouse.start(QStringLiteral(GATEHOUSE_BIN "/gatehouse"),
                        { QStringLiteral("--headless"), QStringLiteral("--profile-dir"), folder.path(),
                          QStringLiteral("--port"), port });
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
};

QTEST_GUILESS_MAIN(GoodbyeTest)
#include "tst_goodbye.moc"
