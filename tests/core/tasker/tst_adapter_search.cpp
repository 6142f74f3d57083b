// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/tasker/adapter_search.h"

#include "tests/core/tasker/tasker_bench.h"
#include "tests/support/fixed_random.h"

#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>

using namespace gatehouse;
using namespace gatehouse::test;

/// From the address that a person has to the adapter's, and what each wrong answer is called.
class AdapterSearchTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void addresses_lieBelowWhatWasGiven_data()
    {
        QTest::addColumn<QString>("given");
        QTest::addColumn<QStringList>("tried");
        const QString path = QString::fromLatin1(kAdapterPath);
        const QString origin = QStringLiteral("https://tasker.example");
        QTest::newRow("root") << origin << QStringList{ origin, origin + path };
        QTest::newRow("slash") << origin + u'/' << QStringList{ origin + u'/', origin + path };
        QTest::newRow("the adapter itself") << origin + path << QStringList{ origin + path };
        QTest::newRow("below a path")
            << origin + QStringLiteral("/x") + path << QStringList{ origin + QStringLiteral("/x") + path };
        QTest::newRow("a page") << origin + QStringLiteral(":8443/acme/projects/1/?group=state#top")
                                << QStringList{ origin + QStringLiteral(":8443/acme/projects/1/"),
                                                origin + QStringLiteral(":8443") + path,
                                                origin + QStringLiteral(":8443/acme") + path,
                                                origin + QStringLiteral(":8443/acme/projects") + path,
                                                origin + QStringLiteral(":8443/acme/projects/1") + path };
    }
    void addresses_lieBelowWhatWasGiven()
    {
        QFETCH(QString, given);
        QFETCH(QStringList, tried);

        const auto addresses = adapterAddresses(given.toStdString());

        QVERIFY(addresses);
        QStringList got;
        for (const auto &address : *addresses)
            got += QString::fromStdString(address);
        QCOMPARE(got, tried);
    }

    void addresses_areBoundedAndOfOneOrigin()
    {
        const auto addresses = adapterAddresses("https://tasker.example/a/b/c/d/e/f/g/h/i?x#y");

        QVERIFY(addresses);
        QCOMPARE(addresses->size(), kAddressesTried);
        for (const auto &address : *addresses)
            QVERIFY(address.starts_with("https://tasker.example/"));
        QCOMPARE(adapterAddresses("http://tasker.example").error().details.at("reason"),
                 Json("plain_http_not_loopback"));
        QCOMPARE(adapterAddresses("https://me:secret@tasker.example").error().details.at("reason"),
                 Json("credentials_in_url"));
    }

    void rootAndPage_findTheAdapter()
    {
        TaskerBench bench;
        QVERIFY(bench.start());
        const std::string base = bench.tasker.baseUrl();
        const std::string root = base.substr(0, base.size() - std::string(kAdapterPath).size());
        QCOMPARE(root + kAdapterPath, base);

        for (const std::string &given : { base, root, root + "/", root + "/acme/projects/1?x=y#z" }) {
            const auto found = search(given, bench.tasker.credential(), bench.tasker.owner());
            QVERIFY2(found, found ? "" : found.error().detail.c_str());
            QCOMPARE(found->baseUrl, base);
            QVERIFY(!found->matches.at("matches").empty());
        }
    }

    void wrongCredential_andWrongOwner_areNamed()
    {
        TaskerBench bench;
        QVERIFY(bench.start());
        const std::string base = bench.tasker.baseUrl();

        const auto credential = search(base, "tk_wrong", bench.tasker.owner());
        const auto owner = search(base, bench.tasker.credential(), "somebody-else");

        QCOMPARE(credential.error().code, ErrorCode::UpstreamAuthFailed);
        QCOMPARE(credential.error().details.at("reason"), Json("wrong_credential"));
        QCOMPARE(owner.error().details.at("reason"), Json("wrong_owner"));
    }

    void whoeverElseAnswers_isNamed_data()
    {
        QTest::addColumn<QByteArray>("answer");
        QTest::addColumn<QByteArray>("reason");
        const auto row
            = [](const char *name, const QByteArray &head, const QByteArray &body, const char *reason) {
                  QTest::newRow(name) << "HTTP/1.1 " + head + "\r\nConnection: close\r\nContent-Length: "
                          + QByteArray::number(body.size()) + "\r\n\r\n"
                          + body << QByteArray(reason);
              };
        row("not found", "404 Not Found", "<html>", "no_tasker");
        row("not found in JSON", "404 Not Found", R"({"error":"not_found","message":"m"})", "no_tasker");
        row("another API", "200 OK", R"({"hello":"world"})", "no_tasker");
        row("no such method", "405 Method Not Allowed", "", "no_tasker");
        row("a page", "200 OK", "<!doctype html><title>Sign in</title>", "login_page");
        row("a redirect", "302 Found\r\nLocation: https://login.example/", "", "login_page");
        row("basic authentication", "401 Unauthorized", "<html>", "login_page");
        row("a firewall", "403 Forbidden", "<html>", "intercepted");
        row("maintenance", "503 Service Unavailable", "<html>", "intercepted");
    }
    void whoeverElseAnswers_isNamed()
    {
        QFETCH(QByteArray, answer);
        QFETCH(QByteArray, reason);
        QTcpServer server;
        QVERIFY(server.listen(QHostAddress::LocalHost));
        connect(&server, &QTcpServer::newConnection, &server, [&] {
            auto *socket = server.nextPendingConnection();
            connect(socket, &QTcpSocket::readyRead, socket, [socket, answer] {
                socket->readAll();
                socket->write(answer);
                socket->disconnectFromHost();
            });
        });

        const auto found = search("http://127.0.0.1:" + std::to_string(server.serverPort()), "c", "u");

        QCOMPARE(found.error().details.at("reason"), Json(reason.toStdString()));
        QVERIFY(!isSilence(found.error()));
    }

    void silence_isNoWrongAnswer()
    {
        QTcpServer server;
        QVERIFY(server.listen(QHostAddress::LocalHost));
        const std::string url = "http://127.0.0.1:" + std::to_string(server.serverPort());
        server.close();

        const auto found = search(url, "c", "u");

        QCOMPARE(found.error().details.at("reason"), Json("not_reachable"));
        QVERIFY(isSilence(found.error()));
    }

    void certificate_saysOfWhom()
    {
        const QTemporaryDir folder;
        TaskerBench bench;
        QVERIFY(bench.start({ QStringLiteral("--tls"), QStringLiteral("--certificate"),
                              QStringLiteral("good"), QStringLiteral("--state"), folder.path() }));

        const auto found = search(bench.tasker.baseUrl(), bench.tasker.credential(), bench.tasker.owner());

        QCOMPARE(found.error().details.at("reason"), Json("certificate"));
        QVERIFY(!found.error().details.value("issuer", "").empty());
        QVERIFY(!isSilence(found.error()));
        QCOMPARE(bench.tasker.counters()["requests"], Json(0));
    }

private:
    static Result<AdapterSearch::Found> search(const std::string &url, const std::string &credential,
                                               const std::string &owner)
    {
        FakeClock clock;
        FixedRandom random;
        AdapterSearch search(clock, random);
        std::optional<Result<AdapterSearch::Found>> end;
        search.run({ url, owner, Secret(std::string_view(credential)), {} },
                   [&end](const Result<AdapterSearch::Found> &found) { end = found; });
        if (!QTest::qWaitFor([&end] { return end.has_value(); }, 10'000))
            return failure(ErrorCode::Internal, "no end within 10 s");
        return *end;
    }
};

QTEST_GUILESS_MAIN(AdapterSearchTest)
#include "tst_adapter_search.moc"
