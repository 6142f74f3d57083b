// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/api/routes.h"
#include "gateway_core/api/route/schema_check.h"
#include "gateway_core/api/route/error_table.h"
#include "gateway_core/api/mcp/jsonrpc.h"
#include "gateway_core/api/route/media_type.h"
#include "gateway_core/api/refusals.h"
#include "gateway_core/api/route/route_path.h"
#include "gateway_core/api/route/wire.h"

#include <QTest>

using namespace gatehouse;

/// The small pure parts between bytes and the domain.
namespace {

std::string_view bodyOf(Method method, std::string_view path)
{
    const auto &routes = test::ownerRoutes();
    return std::ranges::find_if(
               routes, [&](const Route &route) { return route.method == method && route.path == path; })
        ->bodySchema;
}

} // namespace

class WireWordsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void errorBody_anyError_hasTheFourFieldsAndNoDetail()
    {
        const Error error{ ErrorCode::ScopeDenied, "secret host name", nullptr };

        const Json body = errorBody(error, "r-1");

        QCOMPARE(body.size(), std::size_t(4));
        QCOMPARE(body["error"], "scope_denied");
        QCOMPARE(body["request_id"], "r-1");
        QVERIFY(body["details"].is_object());
        QVERIFY(body.dump().find("secret host") == std::string::npos);
    }

    void errorAnswer_retryAfterInDetails_isAHeader()
    {
        const auto answer = errorAnswer({ ErrorCode::RateLimited, {}, { { "retry_after", 7 } } }, "r");

        QCOMPARE(answer.status, 429);
        QVERIFY(std::ranges::count(answer.headers, std::pair<std::string, std::string>("retry-after", "7"))
                == 1);
    }

    void errorTable_storageAndSecrets_stayOnTheMachine()
    {
        QCOMPARE(onTheWire(ErrorCode::StorageDamaged), ErrorCode::AuditUnavailable);
        QCOMPARE(onTheWire(ErrorCode::SecretsLocked), ErrorCode::GatewayLocked);
        QCOMPARE(httpStatusOf(ErrorCode::StorageFull), 503);
    }

    void refusalAt_statusOfHttp_keepsItsStatusInOurWords()
    {
        const auto answer = refusalAt(408, "head_too_slow", "/mcp", "r");

        QCOMPARE(answer.status, 408);
        const Json body = Json::parse(answer.body);
        QCOMPARE(body["error"], "invalid_request");
        QCOMPARE(body["details"]["reason"], "head_too_slow");
    }

    void pathMatches_patterns_data()
    {
        QTest::addColumn<QByteArray>("pattern");
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArrayList>("parameters");
        QTest::addColumn<bool>("matches");
        const auto row = [](const char *name, QByteArray pattern, QByteArray path, bool matches,
                            QByteArrayList parameters = {}) {
            QTest::newRow(name) << pattern << path << parameters << matches;
        };
        row("plain", "/a/b", "/a/b", true);
        row("parameter", "/a/{id}", "/a/x:y", true, { "x:y" });
        row("two", "/a/{id}/b/{c}", "/a/1/b/2", true, { "1", "2" });
        row("longer", "/a/{id}", "/a/1/b", false);
        row("shorter", "/a/{id}/b", "/a/1", false);
        row("trailing slash", "/a/b", "/a/b/", false);
        row("empty parameter", "/a/{id}", "/a/", false);
        row("case", "/a/b", "/A/b", false);
        row("root", "/a", "/", false);
    }
    void pathMatches_patterns()
    {
        QFETCH(QByteArray, pattern);
        QFETCH(QByteArray, path);
        QFETCH(QByteArrayList, parameters);
        QFETCH(bool, matches);
        std::vector<std::string> found;

        QCOMPARE(pathMatches(pattern.toStdString(), path.toStdString(), found), matches);

        if (matches) {
            QCOMPARE(qsizetype(found.size()), parameters.size());
            for (qsizetype i = 0; i < parameters.size(); ++i)
                QCOMPARE(found[std::size_t(i)], parameters[i].toStdString());
        }
    }

    void accepts_codexOrder_isAccepted()
    {
        QVERIFY(accepts("text/event-stream, application/json", "application/json"));
        QVERIFY(accepts("text/event-stream, application/json", "text/event-stream"));
        QVERIFY(accepts("*/*", "text/event-stream"));
        QVERIFY(accepts("Text/*;q=0.5", "text/event-stream"));
        QVERIFY(accepts("", "application/json"));
        QVERIFY(!accepts("application/json", "text/event-stream"));
        QVERIFY(!accepts("image/*", "application/json"));
        QVERIFY(mediaTypeIs("Application/JSON; charset=utf-8", "application/json"));
        QVERIFY(!mediaTypeIs("application/jsonp", "application/json"));
        QVERIFY(!mediaTypeIs("", "application/json"));
    }

    void mediaTypeIs_anotherCharset_isAnotherType()
    {
        for (const char *same :
             { "application/json;charset=UTF-8", "application/json; charset=\"utf-8\"",
               "application/json; x=y; CHARSET = utf8", "application/json; charset=us-ascii",
               "application/json;", "application/json; boundary=a" })
            QVERIFY2(mediaTypeIs(same, "application/json"), same);
        for (const char *other :
             { "application/json; charset=utf-16", "application/json;charset=\"UTF-16LE\"",
               "application/json; charset=utf-8; charset=utf-7", "application/json; charset=",
               "application/json; charset", "application/json; charset=latin1" })
            QVERIFY2(!mediaTypeIs(other, "application/json"), other);
    }

    void refusalAt_eachPath_isInTheFormOfWhoReadsIt()
    {
        const auto page = refusalAt(431, "headers_too_large", "/oauth/authorize", "r");
        QCOMPARE(page.status, 431);
        QVERIFY(page.body.starts_with("<!doctype html>") && page.body.find("cookies") != std::string::npos);
        QVERIFY(refusalAt(403, "origin_denied", "/oauth/logins/x", "r").body.starts_with("<!doctype html>"));
        const Json oauth = Json::parse(refusalAt(413, "body_too_large", "/oauth/token", "r").body);
        QCOMPARE(oauth,
                 (Json{ { "error", "invalid_request" }, { "error_description", "The body is too large." } }));
        QCOMPARE(Json::parse(refusalAt(500, "internal", "/oauth/token", "r").body)["error"],
                 "temporarily_unavailable");
        QCOMPARE(Json::parse(refusalAt(431, "headers_too_large", "/mcp", "r").body)["error"],
                 "headers_too_large");
        QCOMPARE(Json::parse(refusalAt(400, "bad_target", "", "r").body)["error"], "invalid_request");
    }

    void checkBody_unknownField_isNamedWithoutItsValue()
    {
        SchemaCheck schemas;

        const auto fits = schemas.check(bodyOf(Method::Post, "/api/v1/step-up"),
                                        { { "pin", "123456" }, { "extra", "s3cret" } });

        QVERIFY(!fits);
        QCOMPARE(fits.error().code, ErrorCode::ValidationFailed);
        QVERIFY(!fits.error().details["errors"].empty());
        QVERIFY(fits.error().details.dump().find("s3cret") == std::string::npos);
        QVERIFY(fits.error().details.dump().find("123456") == std::string::npos);
    }

    void checkBody_wrongType_pointsAtTheField()
    {
        SchemaCheck schemas;

        const auto fits
            = schemas.check(bodyOf(Method::Put, "/api/v1/agents/{id}/grants"),
                            { { "project_id", "p" }, { "answer", "allow" }, { "scopes", { "a", 7 } } });

        QVERIFY(!fits);
        const std::string told = fits.error().details.dump();
        QVERIFY2(told.find("/scopes/1") != std::string::npos, told.c_str());
    }

    void time_roundTrip_andNoLocalTime()
    {
        QCOMPARE(wire::timeText(1'790'000'000'123), std::string("2026-09-21T14:13:20.123Z"));
        QCOMPARE(wire::timeOf("2026-09-21T14:13:20.123Z"), std::optional<std::int64_t>(1'790'000'000'123));
        QCOMPARE(wire::timeOf("2026-09-21T16:13:20.123+02:00"),
                 std::optional<std::int64_t>(1'790'000'000'123));
        QVERIFY(!wire::timeOf("2026-09-21T14:13:20"));
        QVERIFY(!wire::timeOf("tomorrow"));
    }

    void traceparent_malformed_isDropped()
    {
        const std::string good = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        QCOMPARE(wire::checkedTraceparent(good), good);
        QVERIFY(wire::checkedTraceparent("00-00000000000000000000000000000000-b7ad6b7169203331-01").empty());
        QVERIFY(wire::checkedTraceparent(good + "\r\nX: 1").empty());
        QVERIFY(wire::checkedTraceparent("").empty());
    }

    void rpcRead_malformed_isRefused_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("code");
        QTest::newRow("not json") << QByteArray("{") << rpc::kParseError;
        QTest::newRow("duplicate key")
            << QByteArray(R"({"jsonrpc":"2.0","id":1,"id":2,"method":"ping"})") << rpc::kParseError;
        QTest::newRow("batch") << QByteArray(R"([{"jsonrpc":"2.0","id":1,"method":"ping"}])")
                               << rpc::kInvalidRequest;
        QTest::newRow("no version") << QByteArray(R"({"id":1,"method":"ping"})") << rpc::kInvalidRequest;
        QTest::newRow("version 1") << QByteArray(R"({"jsonrpc":"1.0","id":1,"method":"ping"})")
                                   << rpc::kInvalidRequest;
        QTest::newRow("null id") << QByteArray(R"({"jsonrpc":"2.0","id":null,"method":"ping"})")
                                 << rpc::kInvalidRequest;
        QTest::newRow("fraction id") << QByteArray(R"({"jsonrpc":"2.0","id":1.5,"method":"ping"})")
                                     << rpc::kInvalidRequest;
        QTest::newRow("huge id") << QByteArray(R"({"jsonrpc":"2.0","method":"ping","id":")")
                + QByteArray(300, 'x')
                + "\"}" << rpc::kInvalidRequest;
        QTest::newRow("method is a number")
            << QByteArray(R"({"jsonrpc":"2.0","id":1,"method":1})") << rpc::kInvalidRequest;
        QTest::newRow("params are a list")
            << QByteArray(R"({"jsonrpc":"2.0","id":1,"method":"ping","params":[]})") << rpc::kInvalidParams;
        QTest::newRow("nothing") << QByteArray(R"({"jsonrpc":"2.0"})") << rpc::kInvalidRequest;
    }
    void rpcRead_malformed_isRefused()
    {
        QFETCH(QByteArray, text);
        QFETCH(int, code);

        const auto message = rpc::read({ text.constData(), std::size_t(text.size()) });

        QVERIFY(!message);
        QCOMPARE(message.error().code, code);
    }
};

QTEST_APPLESS_MAIN(WireWordsTest)
#include "tst_wire_words.moc"
