// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/tasker/tasker_bench.h"

#include <QHostInfo>
#include <QSslSocket>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>

using namespace gatehouse;
using namespace gatehouse::test;

/// Over TLS: who is believed, and that nothing is sent to whom is not. And the way through a proxy.
class TaskerTlsTest final : public QObject
{
    Q_OBJECT

    static QStringList withCertificate(const char *kind, const QTemporaryDir &folder)
    {
        return { QStringLiteral("--tls"), QStringLiteral("--certificate"), QString::fromLatin1(kind),
                 QStringLiteral("--state"), folder.path() };
    }

private Q_SLOTS:
    void tls_rightAuthority_readsAndWrites()
    {
        const QTemporaryDir folder;
        TaskerBench bench;
        QVERIFY(bench.start(withCertificate("good", folder)));
        const auto eng = bench.projectId("ENG");

        QVERIFY(bench.ask(bench.read()).body);
        QVERIFY(bench.ask(bench.write(eng)).body);

        const auto requests = bench.tasker.requests();
        QCOMPARE(requests[0]["connection"], requests[1]["connection"]);
    }

    void tls_byName_isCheckedAgainstTheName()
    {
        if (QHostInfo::fromName(QStringLiteral("localhost")).addresses().isEmpty())
            QSKIP("this machine has no address for the name localhost (/etc/hosts)");
        const QTemporaryDir folder;
        TaskerBench bench;
        QVERIFY(bench.start(withCertificate("good", folder)));
        auto target = bench.target();
        target.baseUrl
            = "https://localhost:" + std::to_string(bench.tasker.port()) + "/api/internal/nodedc/agent";
        QVERIFY(bench.client.setTarget(std::move(target)));

        QVERIFY(bench.ask(bench.read()).body);
    }

    void tls_whoCannotBeBelieved_getsNothing_data()
    {
        QTest::addColumn<QByteArray>("certificate");
        QTest::addColumn<bool>("withItsAuthority");
        QTest::newRow("unknown authority") << QByteArray("good") << false;
        QTest::newRow("wrong host") << QByteArray("wrong-host") << true;
        QTest::newRow("expired") << QByteArray("expired") << true;
    }
    void tls_whoCannotBeBelieved_getsNothing()
    {
        QFETCH(QByteArray, certificate);
        QFETCH(bool, withItsAuthority);
        const QTemporaryDir folder;
        TaskerBench bench;
        QVERIFY(bench.start(withCertificate(certificate.constData(), folder)));
        auto target = bench.target();
        if (!withItsAuthority)
            target.caFile.clear();
        QVERIFY(bench.client.setTarget(std::move(target)));

        const auto reply = bench.ask(bench.write("p"));

        QCOMPARE(codeOf(reply), "upstream_unavailable");
        QVERIFY(reply.sent == Sent::Nothing && !reply.outcomeUnknown);
        QVERIFY(!reply.body.error().detail.empty());
        QCOMPARE(bench.tasker.counters()["requests"], Json(0));
    }

    void tls_anotherAuthority_isNotBelieved()
    {
        const QTemporaryDir folder;
        const QTemporaryDir otherFolder;
        ContractTaskerProcess other;
        QVERIFY(other.start(withCertificate("good", otherFolder)));
        TaskerBench bench;
        QVERIFY(bench.start(withCertificate("good", folder)));
        auto target = bench.target();
        target.caFile = other.caFile();
        QVERIFY(bench.client.setTarget(std::move(target)));

        QVERIFY(bench.ask(bench.read()).sent == Sent::Nothing);
        QCOMPARE(bench.tasker.counters()["requests"], Json(0));
    }

    void tls_plainServer_getsNothing()
    {
        TaskerBench bench;
        QVERIFY(bench.start());
        auto target = bench.target();
        target.baseUrl = "https://127.0.0.1:" + std::to_string(bench.tasker.port());
        QVERIFY(bench.client.setTarget(std::move(target)));

        const auto reply = bench.ask(bench.write("p"));

        QVERIFY(reply.sent == Sent::Nothing);
        QCOMPARE(bench.tasker.counters()["requests"], Json(0));
    }

    void tls_spoiltAnswers_areUnknown()
    {
        const QTemporaryDir folder;
        TaskerBench bench;
        QVERIFY(bench.start(withCertificate("good", folder)));
        const auto eng = bench.projectId("ENG");
        QVERIFY(bench.ask(bench.read()).body);
        for (const char *kind : { "reset_before", "reset_after", "truncate" }) {
            bench.tasker.fault({ { "match", "POST /issues" }, { "kind", kind } });

            const auto reply = bench.ask(bench.write(eng));

            QVERIFY2(reply.outcomeUnknown && reply.sent == Sent::Unknown, kind);
            QVERIFY(bench.ask(bench.read()).body);
        }
        QCOMPARE(bench.seen("POST") - 4, 3); // each write came once, beside four reads by POST
    }

    void tls_idleConnectionClosed_isNoticedBeforeAWrite()
    {
        const QTemporaryDir folder;
        TaskerBench bench;
        QVERIFY(bench.start(withCertificate("good", folder)));
        const auto eng = bench.projectId("ENG");
        QVERIFY(bench.ask(bench.read()).body);
        bench.tasker.closeIdle();

        const auto reply = bench.ask(bench.write(eng));

        QVERIFY2(reply.body, codeOf(reply).c_str());
        QCOMPARE(bench.tasker.counters()["writes_applied"], Json(1));
    }

    void proxy_ofTheSystem_isGoneThroughByConnect()
    {
        const QTemporaryDir folder;
        TaskerBench bench;
        QVERIFY(bench.start(withCertificate("good", folder)));
        QTcpServer proxy;
        QVERIFY(proxy.listen(QHostAddress::LocalHost));
        QByteArray asked;
        tunnelTo(proxy, bench.tasker.port(), asked);
        qputenv("https_proxy", "http://127.0.0.1:" + QByteArray::number(proxy.serverPort()));
        auto target = bench.target();
        target.baseUrl
            = "https://tasker.test:4443/api/internal/nodedc/agent"; // a name that only the proxy knows
        QVERIFY(bench.client.setTarget(std::move(target)));

        const auto reply = bench.ask(bench.read());

        qunsetenv("https_proxy");
        QVERIFY2(reply.body, codeOf(reply).c_str());
        QVERIFY(asked.startsWith("CONNECT tasker.test:4443 HTTP/1.1\r\n"));
        QVERIFY(!asked.contains(QByteArray::fromStdString(bench.tasker.credential())));
    }

    void proxy_thatRefuses_meansNothingWasSent()
    {
        QTcpServer proxy;
        QVERIFY(proxy.listen(QHostAddress::LocalHost));
        connect(&proxy, &QTcpServer::newConnection, &proxy, [&] {
            auto *socket = proxy.nextPendingConnection();
            connect(socket, &QTcpSocket::readyRead, socket, [socket] {
                socket->write("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
                socket->disconnectFromHost();
            });
        });
        qputenv("https_proxy", "http://127.0.0.1:" + QByteArray::number(proxy.serverPort()));
        TaskerBench bench;
        TaskerTarget target;
        target.baseUrl = "https://tasker.test/";
        target.ownerUserId = "u";
        target.credential = Secret(std::string_view("c"));
        QVERIFY(bench.client.setTarget(std::move(target)));

        const auto reply = bench.ask(bench.write("p"));

        qunsetenv("https_proxy");
        QCOMPARE(codeOf(reply), "upstream_unavailable");
        QVERIFY(reply.sent == Sent::Nothing);
    }

private:
    static void tunnelTo(QTcpServer &proxy, int port, QByteArray &asked)
    {
        connect(&proxy, &QTcpServer::newConnection, &proxy, [&proxy, port, &asked] {
            auto *near = proxy.nextPendingConnection();
            auto *far = new QTcpSocket(near);
            connect(far, &QTcpSocket::connected, near,
                    [near] { near->write("HTTP/1.1 200 Connected\r\n\r\n"); });
            connect(far, &QTcpSocket::readyRead, near, [near, far] { near->write(far->readAll()); });
            connect(near, &QTcpSocket::readyRead, far, [near, far, port, &asked] {
                const auto bytes = near->readAll();
                if (far->state() == QAbstractSocket::ConnectedState) {
                    far->write(bytes);
                    return;
                }
                asked += bytes;
                if (asked.endsWith("\r\n\r\n"))
                    far->connectToHost(QHostAddress(QHostAddress::LocalHost), static_cast<quint16>(port));
            });
        });
    }
};

QTEST_GUILESS_MAIN(TaskerTlsTest)
#include "tst_tasker_tls.moc"
