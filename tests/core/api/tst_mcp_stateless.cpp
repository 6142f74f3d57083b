// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/mcp/mcp_with_sessions.h"
#include "tests/core/api/mcp_client.h"

using namespace gatehouse;
using namespace gatehouse::test;
using namespace std::chrono_literals;

namespace {

Json message(const std::string &method, const Json &params)
{
    return { { "jsonrpc", "2.0" }, { "id", 5 }, { "method", method }, { "params", params } };
}

Headers headersFor(const std::string &method)
{
    return { { "mcp-protocol-version", kNewest }, { "mcp-method", method } };
}

std::string errorIn(const RecordedPtr &record)
{
    return record->json()["result"].value("structuredContent", Json::object()).value("error", "");
}

} // namespace

/// MCP 2026-07-28: requests that say all of themselves, on one endpoint with the older versions.
class McpStatelessTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void discover_saysVersionsCapabilitiesAndWhoIsHere()
    {
        ApiBench api;
        StatelessClient client(api);

        const auto record = client.ask("server/discover");

        QCOMPARE(record->status(), 200);
        QCOMPARE(record->header("mcp-session-id"), std::string());
        const Json result = record->json()["result"];
        QCOMPARE(result["resultType"], "complete");
        QCOMPARE(result["supportedVersions"], (Json{ "2026-07-28", "2025-11-25", "2025-06-18" }));
        QVERIFY(result["capabilities"].contains("tools"));
        QVERIFY(result["capabilities"]["extensions"].contains("io.modelcontextprotocol/tasks"));
        QVERIFY(result["instructions"].get<std::string>().find("\"Builder\"") != std::string::npos);
        QCOMPARE(result["_meta"][mcp::kMetaServerInfo]["name"], "gatehouse");
        QCOMPARE(result["cacheScope"], "private");
        QVERIFY(result["ttlMs"].get<int>() > 0);
    }

    void lists_carryTheirFreshness()
    {
        ApiBench api;
        StatelessClient client(api);
        api.grant(Scope::IssuesCreate, GrantPolicy::Allow);

        const Json result = client.ask("tools/list")->json()["result"];

        QCOMPARE(result["resultType"], "complete");
        QCOMPARE(result["cacheScope"], "private");
        QVERIFY(result["ttlMs"].is_number_integer());
        QCOMPARE(result["tools"].size(), std::size_t(1));
    }

    void request_withoutATermOfItsOwn_isInvalidParams_data()
    {
        QTest::addColumn<QString>("meta");
        QTest::newRow("no _meta") << "";
        QTest::newRow("_meta is no object") << "7";
        QTest::newRow("no version") << R"({"io.modelcontextprotocol/clientCapabilities":{}})";
        QTest::newRow("no capabilities") << R"({"io.modelcontextprotocol/protocolVersion":"2026-07-28"})";
        QTest::newRow("capabilities are no object")
            << R"({"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":[]})";
        QTest::newRow("no such log level")
            << R"({"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{},"io.modelcontextprotocol/logLevel":"loud"})";
    }
    void request_withoutATermOfItsOwn_isInvalidParams()
    {
        QFETCH(QString, meta);
        ApiBench api;
        StatelessClient client(api);
        Json params = Json::object();
        if (!meta.isEmpty())
            params["_meta"] = Json::parse(meta.toStdString());

        const auto record = client.post(message("server/discover", params), headersFor("server/discover"));

        QCOMPARE(record->status(), 400);
        QCOMPARE(codeOf(record), rpc::kInvalidParams);
        QCOMPARE(record->json()["id"], 5);
    }

    void headers_thatDifferFromTheBody_areRefused_data()
    {
        using Sent = std::pair<std::string, std::string>;
        const Sent version{ "mcp-protocol-version", kNewest };
        const Sent method{ "mcp-method", "tools/call" };
        const Sent name{ "mcp-name", "x" };
        const auto named = [&](const char *as) { return Headers{ version, method, { "mcp-name", as } }; };
        QTest::addColumn<Headers>("headers");
        QTest::newRow("no version") << Headers{ method, name };
        QTest::newRow("an older version") << Headers{ { version.first, "2025-11-25" }, method, name };
        QTest::newRow("two versions") << Headers{ version, version, method, name };
        QTest::newRow("no method") << Headers{ version, name };
        QTest::newRow("another method") << Headers{ version, { method.first, "tools/list" }, name };
        QTest::newRow("another case") << Headers{ version, { method.first, "Tools/Call" }, name };
        QTest::newRow("no name") << Headers{ version, method };
        QTest::newRow("another name") << named("y");
        QTest::newRow("two names") << Headers{ version, method, name, { "mcp-name", "y" } };
        QTest::newRow("coded, another name") << named("=?base64?eQ==?=");
        QTest::newRow("coded, no padding") << named("=?base64?eA?=");
        QTest::newRow("coded, not base64") << named("=?base64?e*==?=");
        QTest::newRow("coded, loose last bits") << named("=?base64?eB==?=");
        QTest::newRow("not ASCII") << named("ж");
    }
    void headers_thatDifferFromTheBody_areRefused()
    {
        QFETCH(Headers, headers);
        ApiBench api;
        StatelessClient client(api);

        const auto record
            = client.post(message("tools/call", { { "name", "x" }, { "_meta", newMeta() } }), headers);

        QCOMPARE(record->status(), 400);
        QCOMPARE(codeOf(record), mcp::kHeaderMismatch);
        QCOMPARE(record->json()["id"], 5);
    }

    void name_codedInBase64_isReadAsMeant()
    {
        QCOMPARE(mcp::headerText("=?base64?0LY=?="), std::optional<std::string>("ж"));
        QCOMPARE(mcp::headerText("=?base64?"
                                 "?="),
                 std::optional<std::string>(""));
        QCOMPARE(mcp::headerText("=?BASE64?0LY=?="), std::optional<std::string>("=?BASE64?0LY=?="));
        QVERIFY(!mcp::headerText("=?base64?/w==?=")); // a byte that is no UTF-8
        ApiBench api;
        StatelessClient client(api);
        Headers headers = headersFor("tools/call");
        headers.emplace_back("mcp-name", "=?base64?eA==?=");

        const auto record
            = client.post(message("tools/call", { { "name", "x" }, { "_meta", newMeta() } }), headers);

        QCOMPARE(codeOf(record), rpc::kInvalidParams); // it got as far as *no such tool*
        QCOMPARE(record->status(), 200);
    }

    void unknownVersion_isToldWhatThereIs()
    {
        ApiBench api;
        StatelessClient client(api);
        Json meta = newMeta();
        meta[mcp::kMetaVersion] = "2099-01-01";

        const auto record = client.post(message("server/discover", { { "_meta", meta } }),
                                        { { "mcp-protocol-version", "2099-01-01" } });

        QCOMPARE(record->status(), 400);
        QCOMPARE(codeOf(record), mcp::kUnsupportedVersion);
        const Json data = record->json()["error"]["data"];
        QCOMPARE(data["requested"], "2099-01-01");
        QCOMPARE(data["supported"][0], kNewest);
    }

    void methodsOfSessions_areNotFound()
    {
        ApiBench api;
        StatelessClient client(api);

        for (const char *method : { "initialize", "ping", "logging/setLevel", "resources/subscribe",
                                    "resources/unsubscribe", "no/such/method", "tasks/list" }) {
            const auto record = client.ask(method, { { "protocolVersion", kNewest } }, "m");
            QVERIFY2(record->status() == 404, method);
            QCOMPARE(codeOf(record), rpc::kMethodNotFound);
            QCOMPARE(record->json()["id"], "m");
        }
    }

    void getAndDelete_are405()
    {
        ApiBench api;
        const Headers headers{ { "mcp-protocol-version", kNewest }, { "accept", "text/event-stream" } };

        for (const char *method : { "GET", "DELETE" }) {
            const auto record = api.send({ method, "/mcp", api.agentToken, {}, headers });
            QCOMPARE(record->status(), 405);
            QCOMPARE(record->header("allow"), std::string("POST"));
        }
    }

    void notification_isTaken_response_isNot()
    {
        ApiBench api;
        StatelessClient client(api);

        const auto note = client.post({ { "jsonrpc", "2.0" }, { "method", "notifications/cancelled" } },
                                      { { "mcp-protocol-version", kNewest } });
        const auto response = client.post({ { "jsonrpc", "2.0" }, { "id", 1 }, { "result", Json::object() } },
                                          { { "mcp-protocol-version", kNewest } });

        QCOMPARE(note->status(), 202);
        QCOMPARE(response->status(), 400);
    }

    void bothEras_workSideBySide()
    {
        ApiBench api;
        StatelessClient client(api);
        const auto hello
            = api.send({ "POST", "/mcp", api.agentToken,
                         message("initialize", { { "protocolVersion", "2025-06-18" } }).dump() });
        const std::string session = hello->header("mcp-session-id");

        // What a session is called says nothing here.
        Headers headers = headersFor("server/discover");
        headers.emplace_back("mcp-session-id", session);
        const auto discovered = client.post(message("server/discover", { { "_meta", newMeta() } }), headers);
        const auto ping = api.send({ "POST",
                                     "/mcp",
                                     api.agentToken,
                                     message("ping", Json::object()).dump(),
                                     { { "mcp-session-id", session } } });

        QCOMPARE(discovered->status(), 200);
        QCOMPARE(ping->status(), 200);
        QVERIFY(!ping->json()["result"].contains("resultType"));
    }

    void refusedCall_isInBand()
    {
        ApiBench api;
        StatelessClient client(api);

        const auto record = client.create();

        QCOMPARE(record->status(), 200);
        QCOMPARE(record->json()["result"]["resultType"], "complete");
        QCOMPARE(record->json()["result"]["isError"], true);
        QVERIFY(!record->json()["result"].contains("ttlMs"));
    }

    void heldCall_answersInputRequired_withAReceiptAndNothingToFill()
    {
        ApiBench api;
        StatelessClient client(api);
        const auto record = client.hold();

        api.wind(45s);

        const Json result = record->json()["result"];
        QCOMPARE(result["resultType"], "input_required");
        QVERIFY(result["requestState"].is_string());
        QVERIFY(!result.contains("inputRequests"));
        QVERIFY(!result.contains("ttlMs"));
        QCOMPARE(api.approvals.open().size(), std::size_t(1));
        QCOMPARE(api.lastCall()["outcome"], "approval_pending");
        QCOMPARE(api.lastCall()["protocol"], "waits");
    }

    void whateverTheClientAnswers_isNoConsent()
    {
        ApiBench api;
        StatelessClient client(api);
        const auto first = client.hold();
        api.wind(45s);
        const Json state = first->json()["result"]["requestState"];
        const Json yes{ { "action", "accept" }, { "content", { { "approved", true } } } };

        const auto again = client.create(
            "Engine stalls",
            { { "requestState", state }, { "inputResponses", { { "approval", yes }, { "consent", yes } } } });

        QCOMPARE(again->answers, 0); // it waits as before, on the same question
        QCOMPARE(api.approvals.open().size(), std::size_t(1));
        client.deny();
        QCOMPARE(errorIn(again), std::string("approval_denied"));
        QCOMPARE(api.lastCall()["transport"], "200");
        QCOMPARE(api.lastCall()["protocol"], "tool error");
    }

    void repeatedCall_goesOnWithTheOwnersYes()
    {
        ApiBench api;
        StatelessClient client(api);
        const auto first = client.hold();
        api.wind(45s);
        client.allow();

        const auto again
            = client.create("Engine stalls", { { "requestState", first->json()["result"]["requestState"] } });

        QVERIFY(api.waitFor([&] { return again->answers == 1; }));
        QVERIFY(api.approvals.open().empty());
        QCOMPARE(errorIn(again),
                 std::string("upstream_not_configured")); // past the question: there is no Tasker
    }

    void requestState_notSealedForThisCall_isRefused()
    {
        ApiBench api;
        StatelessClient client(api);
        const auto first = client.hold();
        api.wind(45s);
        const std::string state = first->json()["result"]["requestState"].get<std::string>();
        std::string forged = state;
        forged[forged.size() / 2] = forged[forged.size() / 2] == '1' ? '2' : '1';
        const auto with = [&client](const std::string &name, const Json &given) {
            return codeOf(client.create(name, { { "requestState", given } }));
        };

        QCOMPARE(with("Engine stalls", forged), rpc::kInvalidParams);
        QCOMPARE(with("Engine stalls", ""), rpc::kInvalidParams);
        QCOMPARE(with("Engine stalls", "a.b.c"), rpc::kInvalidParams);
        QCOMPARE(with("Engine stalls", state + "."), rpc::kInvalidParams);
        QCOMPARE(with("Engine stalls", 7), rpc::kInvalidParams);
        QCOMPARE(with("Engine explodes", state), rpc::kInvalidParams); // other arguments
        client.token = api.addClient(api.agent).second;
        QCOMPARE(with("Engine stalls", state), rpc::kInvalidParams); // another client
        client.token = api.agentToken;
        api.wind(31min);
        QCOMPARE(with("Engine stalls", state), rpc::kInvalidParams); // too late
        QVERIFY(api.approvals.open().empty());
    }

    void pendingAtOnce_staysInBand()
    {
        ApiBench api;
        StatelessClient client(api);
        for (const char *name : { "one", "two" }) {
            client.hold(name);
            api.approvals.seen(api.approvals.open().back().id);
            api.wind(45s);
        }

        const auto record = client.create("three"); // a cool-down: nobody waits

        QVERIFY(api.waitFor([&] { return record->answers == 1; }));
        QCOMPARE(record->json()["result"]["resultType"], "complete");
        QCOMPARE(errorIn(record), std::string("approval_pending"));
    }

    void clientGone_withdrawsItsCallAtOnce()
    {
        ApiBench api;
        StatelessClient client(api);
        const auto quiet = client.hold();

        quiet->gone();
        api.settle();

        QVERIFY(api.approvals.open().empty());
    }

    void closedStream_cancels_withoutGrace()
    {
        ApiBench api;
        StatelessClient client(api);
        const auto record = client.hold("x", { { "_meta", { { "progressToken", 3 } } } });
        api.wind(10s);
        QVERIFY(record->stream);
        QCOMPARE(record->stream->events.size(), std::size_t(1));
        QCOMPARE(record->stream->lastId, std::string()); // nothing to resume
        QVERIFY(std::ranges::find(record->streamHeaders, Headers::value_type{ "x-accel-buffering", "no" })
                != record->streamHeaders.end());

        record->stream->gone = true;
        record->gone();
        api.settle();

        QVERIFY(api.approvals.open().empty());
        QCOMPARE(record->stream->events.size(), std::size_t(1));
    }

    void logMessages_areSentOnlyToTheRequestThatAsked()
    {
        ApiBench api;
        StatelessClient client(api);
        const auto record = client.hold("x", { { "_meta", { { mcp::kMetaLogLevel, "info" } } } });
        const auto silent = client.create("x");

        api.wind(10s);

        QCOMPARE(record->stream->events.at(0).json()["method"], "notifications/message");
        QVERIFY(!silent->stream);
    }
};

QTEST_GUILESS_MAIN(McpStatelessTest)
#include "tst_mcp_stateless.moc"
