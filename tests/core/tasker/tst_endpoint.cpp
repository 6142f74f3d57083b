// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/tasker/endpoint.h"

#include "gateway_core/tasker/tasker_client.h"

#include <QTemporaryFile>
#include <QTest>

using namespace gatehouse;

class EndpointTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void url_good_isTakenApart()
    {
        const auto staging = parseEndpoint("https://tasker.example/api/internal/nodedc/agent/");
        const auto local = parseEndpoint("http://127.0.0.2:8080");
        const auto six = parseEndpoint("http://[::1]:4200/base");
        const auto named = parseEndpoint("http://localhost/base");
        const auto ported = parseEndpoint("https://Tasker.Example:8443/a b");

        QVERIFY(staging && local && six && named);
        QVERIFY(staging->tls && !staging->loopback && staging->port == 443);
        QCOMPARE(staging->hostHeader, "tasker.example");
        QCOMPARE(staging->basePath, "/api/internal/nodedc/agent");
        QVERIFY(!local->tls && local->loopback && local->port == 8080 && local->basePath.empty());
        QCOMPARE(six->hostHeader, "[::1]:4200");
        QCOMPARE(six->host, QStringLiteral("::1"));
        QVERIFY(named->loopback && named->port == 80);
        QVERIFY(!ported); // a space
    }

    void url_bad_isRefusedWithItsReason_data()
    {
        QTest::addColumn<QByteArray>("url");
        QTest::addColumn<QByteArray>("reason");
        const auto row = [](const char *url, const char *reason) {
            QTest::newRow(url) << QByteArray(url) << QByteArray(reason);
        };
        row("", "not_a_url");
        row("tasker.example", "not_a_url");
        row("https://", "not_a_url");
        row("https:///path", "not_a_url");
        row("https://tasker.example:0/", "not_a_url");
        row("https://tasker.example:99999/", "not_a_url");
        row("https://tasker.example/a\r\nX: 1", "not_a_url");
        row("ftp://tasker.example/", "scheme");
        row("file:///etc/passwd", "not_a_url");
        row("http://tasker.example/", "plain_http_not_loopback");
        row("http://10.0.0.1/", "plain_http_not_loopback");
        row("http://128.0.0.1/", "plain_http_not_loopback");
        row("http://localhost.example/", "plain_http_not_loopback");
        row("http://127.0.0.1.example/", "plain_http_not_loopback");
        row("http://0.0.0.0/", "plain_http_not_loopback");
        row("http://[::2]/", "plain_http_not_loopback");
        row("https://user:pw@tasker.example/", "credentials_in_url");
        row("https://@tasker.example/", "credentials_in_url");
        row("http://127.0.0.1@tasker.example/", "plain_http_not_loopback");
        row("https://tasker.example/?a=b", "query_or_fragment");
        row("https://tasker.example/#x", "query_or_fragment");
        QTest::newRow("long") << ("https://tasker.example/" + QByteArray(2100, 'a'))
                              << QByteArray("too_long");
    }
    void url_bad_isRefusedWithItsReason()
    {
        QFETCH(QByteArray, url);
        QFETCH(QByteArray, reason);

        const auto checked = checkTaskerUrl(url.toStdString());

        QVERIFY(!checked);
        QCOMPARE(checked.error().code, ErrorCode::ValidationFailed);
        QCOMPARE(checked.error().details["field"], Json("tasker_url"));
        QCOMPARE(checked.error().details["reason"], Json(reason.toStdString()));
    }

    void caFile_withoutACertificate_isRefused()
    {
        QTemporaryFile file;
        QVERIFY(file.open());
        file.write("not a certificate\n");
        file.flush();

        const auto tls = tlsFor(file.fileName().toStdString());

        QVERIFY(!tls);
        QCOMPARE(tls.error().details["reason"], Json("no_certificate"));
        QCOMPARE(tlsFor("/nonexistent").error().details["reason"], Json("unreadable"));
    }

    void tls_always_checksThePeerAndIsNewEnough()
    {
        const auto tls = tlsFor({});

        QVERIFY(tls);
        QCOMPARE(tls->peerVerifyMode(), QSslSocket::VerifyPeer);
        QCOMPARE(tls->protocol(), QSsl::TlsV1_2OrLater);
    }

    void proxy_loopback_hasNone()
    {
        qputenv("https_proxy", "http://127.0.0.1:9");
        qputenv("http_proxy", "http://127.0.0.1:9");

        const auto local = systemProxyFor(*parseEndpoint("http://127.0.0.1:1/"));
        const auto name = systemProxyFor(*parseEndpoint("https://localhost/"));
        const auto far = systemProxyFor(*parseEndpoint("https://tasker.example/"));

        QCOMPARE(local.type(), QNetworkProxy::NoProxy);
        QCOMPARE(name.type(), QNetworkProxy::NoProxy);
        QCOMPARE(far.type(), QNetworkProxy::HttpProxy);
        QCOMPARE(far.port(), quint16{ 9 });
    }
};

QTEST_GUILESS_MAIN(EndpointTest)
#include "tst_endpoint.moc"
