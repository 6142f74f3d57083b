// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/tasker/wire_request.h"

#include "gateway_core/tasker/adapter.h"

#include <QTest>

#include <cstring>

using namespace gatehouse;

class WireRequestTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void bytes_ofAWrite_areExactlyTheContracts()
    {
        TaskerTarget target;
        target.ownerUserId = "usr-1";
        target.credential = Secret(std::string_view("tk_secret"));
        auto request = *adapter::moveIssue("i1", { { "state_id", "s1" } });
        request.acting = { "agt", "A b", "r1", "00-1-2-00", "k1", ProjectId("p1") };
        const auto endpoint = *parseEndpoint("https://tasker.example:8443/base");

        QVERIFY(checkRequest(request));
        const auto bytes = wireBytes(endpoint, target, request);

        QCOMPARE(bytes.bytes(),
                 QByteArray("POST /base/issues/i1/move HTTP/1.1\r\n"
                            "Host: tasker.example:8443\r\n"
                            "Authorization: Bearer tk_secret\r\n"
                            "X-NodeDC-Owner-User-Id: usr-1\r\n"
                            "X-NodeDC-Agent-Id: agt\r\n"
                            "X-NodeDC-Agent-Name: A%20b\r\n"
                            "X-Request-Id: r1\r\n"
                            "traceparent: 00-1-2-00\r\n"
                            "Idempotency-Key: k1\r\n"
                            "X-NodeDC-Project-Id: p1\r\n"
                            "Content-Type: application/json\r\n"
                            "Content-Length: 17\r\n"
                            "Accept: application/json\r\n"
                            "User-Agent: Gatehouse/" GATEHOUSE_VERSION "\r\n"
                            "\r\n"
                            "{\"state_id\":\"s1\"}"));
    }

    void bytes_afterUse_areWiped()
    {
        QByteArray kept("Authorization: Bearer tk_secret");
        kept.detach();
        const QByteArray shared = kept; // as a socket's buffer shares it
        {
            const WireBytes bytes{ std::move(kept) };
            QVERIFY(bytes.bytes().isSharedWith(shared));
        }

        QCOMPARE(shared, QByteArray(shared.size(), '\0'));
    }

    void path_notMadeByTheAdapter_isOurBug()
    {
        for (const char *path : { "", "issues", "/a b", "/a\r\nX: 1", "/\xd0\xb0" }) {
            TaskerRequest request;
            request.method = "GET";
            request.path = path;
            request.acting.requestId = "r";

            const auto checked = checkRequest(request);

            QVERIFY2(!checked, path);
            QCOMPARE(checked.error().code, ErrorCode::Internal);
        }
    }

    void traceparent_notGiven_isMadeFromTheRequestId()
    {
        TaskerTarget target;
        target.ownerUserId = "u";
        target.credential = Secret(std::string_view("c"));
        auto request = adapter::resolveProjects("*", 1);
        request.acting.requestId = "r1";
        const auto endpoint = *parseEndpoint("http://127.0.0.1/");

        const auto first = wireBytes(endpoint, target, request);
        const auto again = wireBytes(endpoint, target, request);
        request.acting.requestId = "r2";
        const auto other = wireBytes(endpoint, target, request);

        QCOMPARE(first.bytes(), again.bytes());
        QVERIFY(QString::fromLatin1(first.bytes())
                    .contains(QRegularExpression(
                        QStringLiteral("\r\ntraceparent: 00-[0-9a-f]{32}-[0-9a-f]{16}-00\r\n"))));
        QVERIFY(first.bytes().indexOf("traceparent") > 0 && first.bytes() != other.bytes());
    }
};

QTEST_APPLESS_MAIN(WireRequestTest)
#include "tst_wire_request.moc"
