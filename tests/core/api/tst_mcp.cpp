// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/mcp/jsonrpc.h"
#include "gateway_core/api/mcp/mcp_door.h"
#include "gateway_core/api/mcp/mcp_session_exchange.h"
#include "gateway_core/base/json.h"
#include "tests/core/api/api_bench.h"

using namespace gatehouse;
using namespace gatehouse::test;
using namespace std::chrono_literals;

namespace {

/// A client of the MCP door, with one session.
class McpBench final
{
public:
    McpBench()
    {
        const auto answer = ask("initialize", { { "protocolVersion", "2025-06-18" } });
        session = answer->header("mcp-session-id");
        hello = answer->json();
    }

    RecordedPtr post(const Json &message, Headers headers = {})
    {
        return raw(message.dump(), std::move(headers));
    }
    RecordedPtr raw(const std::string &body, Headers headers = {})
    {
        headers.emplace_back("accept", "text/event-stream, application/json");
        if (!session.empty())
            headers.emplace_back("mcp-session-id", session);
        return api.send({ "POST", "/mcp", api.agentToken, body, std::move(headers) });
    }
    RecordedPtr ask(const std::string &method, const Json &params = Json::object(), const Json &id = 1)
    {
        return post({ { "jsonrpc", "2.0" }, { "id", id }, { "method", method }, { "params", params } });
    }
    RecordedPtr notify(const std::string &method, const Json &params = Json::object())
    {
        return post({ { "jsonrpc", "2.0" }, { "method", method }, { "params", params } });
    }
    RecordedPtr listen(Headers headers = {})
    {
        headers.emplace_back("accept", "text/event-stream, application/json");
        headers.emplace_back("mcp-session-id", session);
        return api.send({ "GET", "/mcp", api.agentToken, {}, std::move(headers) });
    }
    /// A create that has to ask the owner, and has got as far as the question.
    RecordedPtr hold(const Json &meta = Json::object(), const Json &id = 7)
    {
        api.grant(Scope::IssuesCreate, GrantPolicy::Ask);
        const auto record = ask("tools/call",
                                { { "name", "tasker_create_issue" },
                                  { "arguments", { { "project", "ENG" }, { "name", "Engine stalls" } } },
                                  { "_meta", meta } },
                                id);
        if (!api.waitFor([&] { return !api.approvals.open().empty(); }))
            qFatal("the call was not held");
        return record;
    }

    ApiBench api;
    std::string session;
    Json hello;
};

int codeOf(const RecordedPtr &record)
{
    return record->json().value("error", Json::object()).value("code", 0);
}

} // namespace

/// The session-bound versions of MCP, as Codex and the SDKs speak them.
class McpTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initialize_codex_getsASessionToolsAndInstructions()
    {
        McpBench bench;

        QCOMPARE(bench.session.size(), std::size_t(43));
        QCOMPARE(bench.hello["result"]["protocolVersion"], "2025-06-18");
        QVERIFY(bench.hello["result"]["capabilities"].contains("tools"));
        QCOMPARE(bench.hello["result"]["serverInfo"]["name"], "gatehouse");
        QVERIFY(bench.hello["result"]["instructions"].get<std::string>().find("\"Builder\"")
                != std::string::npos);
        QCOMPARE(bench.notify("notifications/initialized")->status(), 202);
    }

    void probe_withoutAToken_is401BeforeEverythingElse()
    {
        ApiBench bench;

        const auto record = bench.send(
            { "GET", "/mcp", {}, {}, { { "accept", "*/*" }, { "mcp-protocol-version", "2024-11-05" } } });

        QCOMPARE(record->status(), 401);
        QCOMPARE(record->header("www-authenticate"),
                 std::string(
                     "Bearer realm=\"gatehouse\", "
                     "resource_metadata=\"http://127.0.0.1:4100/.well-known/oauth-protected-resource/mcp\""));
    }

    void session_missing_is400_unknown_is404_foreign_is404()
    {
        McpBench bench;
        const std::string session = std::exchange(bench.session, {});
        QCOMPARE(bench.ask("tools/list")->status(), 400);
        bench.session = "unknown";
        QCOMPARE(bench.ask("tools/list")->status(), 404);
        QCOMPARE(bench.notify("notifications/initialized")->status(), 404);
        bench.session = session;
        bench.api.agentToken = bench.api.addClient(bench.api.agent).second;
        QCOMPARE(bench.ask("tools/list")->status(), 404);
    }

    void unsupportedVersionHeader_is400()
    {
        McpBench bench;

        const auto record = bench.post({ { "jsonrpc", "2.0" }, { "id", 1 }, { "method", "ping" } },
                                       { { "mcp-protocol-version", "1999-01-01" } });

        QCOMPARE(record->status(), 400);
        QCOMPARE(record->json()["id"], 1);
    }

    void versionHeaderThatMeansNone_isTakenAsNone()
    {
        McpBench bench;

        const auto record = bench.post({ { "jsonrpc", "2.0" }, { "id", 1 }, { "method", "ping" } },
                                       { { "mcp-protocol-version", "2025-03-26" } });

        QCOMPARE(record->status(), 200);
    }

    void wrongMediaTypes_are415And406()
    {
        McpBench bench;
        const std::string ping = R"({"jsonrpc":"2.0","id":1,"method":"ping"})";

        const auto type = bench.raw(ping, { { "content-type", "text/plain" } });
        const auto accept
            = bench.api.send({ "POST", "/mcp", bench.api.agentToken, ping, { { "accept", "image/png" } } });
        const auto stream = bench.api.send(
            { "GET", "/mcp", bench.api.agentToken, {}, { { "accept", "application/json" } } });

        QCOMPARE(type->status(), 415);
        QCOMPARE(accept->status(), 406);
        QCOMPARE(stream->status(), 406);
    }

    void malformedMessages_haveTheirCodes()
    {
        McpBench bench;

        const auto parse = bench.raw("{");
        const auto batch = bench.raw("[]");
        const auto method = bench.ask("no/such/method");
        const auto params = bench.ask("tools/call", { { "name", "no_such_tool" } });

        QCOMPARE(parse->status(), 400);
        QCOMPARE(codeOf(parse), rpc::kParseError);
        QCOMPARE(batch->status(), 400);
        QCOMPARE(codeOf(batch), rpc::kInvalidRequest);
        QCOMPARE(codeOf(method), rpc::kMethodNotFound);
        QCOMPARE(codeOf(params), rpc::kInvalidParams);
        QCOMPARE(codeOf(bench.ask("initialize")), rpc::kInvalidParams);
        QCOMPARE(codeOf(bench.ask("logging/setLevel", { { "level", "loud" } })), rpc::kInvalidParams);
    }

    void null_forWhatMayBeLeftOut_isAsIfItWereAbsent_data()
    {
        QTest::addColumn<QByteArray>("message");
        QTest::newRow("params") << QByteArray(
            R"({"jsonrpc":"2.0","id":1,"method":"tools/list","params":null})");
        QTest::newRow("_meta") << QByteArray(
            R"({"jsonrpc":"2.0","id":1,"method":"ping","params":{"_meta":null}})");
        QTest::newRow("cursor") << QByteArray(
            R"({"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"cursor":null}})");
        QTest::newRow("progressToken") << QByteArray(
            R"({"jsonrpc":"2.0","id":1,"method":"ping","params":{"_meta":{"progressToken":null}}})");
        QTest::newRow("arguments") << QByteArray(
            R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"tasker_resolve_project","arguments":null}})");
        QTest::newRow("key") << QByteArray(
            R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"tasker_resolve_project",)"
            R"("_meta":{"gatehouse/idempotencyKey":null,"threadId":null,"x-codex-turn-metadata":null}}})");
        QTest::newRow("a float id") << QByteArray(R"({"jsonrpc":"2.0","id":1.0,"method":"ping"})");
    }
    void null_forWhatMayBeLeftOut_isAsIfItWereAbsent()
    {
        QFETCH(QByteArray, message);
        McpBench bench;

        const auto record = bench.raw(message.toStdString());
        bench.api.settle();

        QCOMPARE(record->status(), 200);
        const Json answer = record->json();
        QVERIFY2(answer.contains("result"), answer.dump().c_str());
        QCOMPARE(answer["id"].dump(), std::string("1"));
        QVERIFY(!answer["result"].contains("nextCursor"));
    }

    void null_inANotification_isAsIfItWereAbsent()
    {
        McpBench bench;

        for (const char *text :
             { R"({"jsonrpc":"2.0","method":"notifications/initialized","params":null})",
               R"({"jsonrpc":"2.0","id":null,"method":"notifications/initialized"})",
               R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":null}})" })
            QCOMPARE(bench.raw(text)->status(), 202);
        QCOMPARE(bench.raw(R"({"jsonrpc":"2.0","id":null,"method":"ping"})")->status(), 400);
    }

    void null_inAToolsArguments_keepsItsMeaning()
    {
        const auto read = rpc::read(
            R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"t","arguments":{"parent":null},"_meta":null}})");

        QVERIFY(read);
        QCOMPARE(canonicalJson(read->params), std::string(R"({"arguments":{"parent":null},"name":"t"})"));
    }

    void initialize_withTheNewestVersionsHeader_opensASession()
    {
        ApiBench api;

        const auto record = api.send(
            { "POST",
              "/mcp",
              api.agentToken,
              R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2026-07-28","capabilities":{}}})",
              { { "accept", "application/json" }, { "mcp-protocol-version", "2026-07-28" } } });

        QCOMPARE(record->status(), 200);
        QCOMPARE(record->json()["result"]["protocolVersion"], "2025-11-25");
        QCOMPARE(record->header("mcp-session-id").size(), std::size_t(43));
    }

    void quietMethods_answer()
    {
        McpBench bench;

        QCOMPARE(bench.ask("ping")->json()["result"], Json::object());
        QCOMPARE(bench.ask("logging/setLevel", { { "level", "info" } })->json()["result"], Json::object());
        QVERIFY(bench.ask("resources/list")->json()["result"]["resources"].is_array());
        QVERIFY(bench.ask("resources/templates/list")->json()["result"]["resourceTemplates"].is_array());
        QVERIFY(bench.ask("prompts/list")->json()["result"]["prompts"].is_array());
    }

    void toolsList_showsWhatIsHeldAnywhere_withAnnotationsForCodex()
    {
        McpBench bench;
        QVERIFY(bench.ask("tools/list")->json()["result"]["tools"].empty());
        bench.api.grant(Scope::IssuesCreate, GrantPolicy::Allow);
        bench.api.grant(Scope::IssuesRead, GrantPolicy::Ask, "p2");

        const Json tools = bench.ask("tools/list")->json()["result"]["tools"];

        std::map<std::string, Json> byName;
        for (const Json &tool : tools)
            byName[tool["name"].get<std::string>()] = tool;
        QVERIFY(byName.contains("tasker_create_issue"));
        QVERIFY(byName.contains("tasker_list_issues"));
        QVERIFY(!byName.contains("tasker_move_issue"));
        for (const auto &[name, tool] : byName) {
            QVERIFY(tool.contains("title") && tool.contains("inputSchema") && tool.contains("outputSchema"));
            QCOMPARE(tool["annotations"]["destructiveHint"], false);
            QCOMPARE(tool["annotations"]["openWorldHint"], false);
            QCOMPARE(tool["outputSchema"]["type"], "object");
        }
        QCOMPARE(byName["tasker_list_issues"]["annotations"]["readOnlyHint"], true);
        QCOMPARE(byName["tasker_create_issue"]["annotations"]["readOnlyHint"], false);
    }

    void toolsCall_refusedByTheHallway_isInBand()
    {
        McpBench bench;

        const auto record = bench.ask("tools/call",
                                      { { "name", "tasker_create_issue" },
                                        { "arguments", { { "project", "ENG" }, { "name", "x" } } } });

        QCOMPARE(record->status(), 200);
        const Json result = record->json()["result"];
        QCOMPARE(result["isError"], true);
        QVERIFY(result["structuredContent"].contains("error"));
        QVERIFY(result["structuredContent"].contains("request_id"));
        QCOMPARE(Json::parse(result["content"][0]["text"].get<std::string>()), result["structuredContent"]);
    }

    void toolsCall_refused_isWithinTheToolsOutputSchema()
    {
        McpBench bench;
        const Json refusal = bench
                                 .ask("tools/call",
                                      { { "name", "tasker_create_issue" },
                                        { "arguments", { { "project", "ENG" }, { "name", "x" } } } })
                                 ->json()["result"]["structuredContent"];
        bench.api.grant(Scope::IssuesCreate, GrantPolicy::Allow);
        const Json tools = bench.ask("tools/list")->json()["result"]["tools"];

        QVERIFY(!tools.empty());
        for (const Json &tool : tools) {
            const Json &schema = tool["outputSchema"];
            for (const auto &[field, value] : refusal.items())
                QCOMPARE(schema["properties"][field]["type"], value.type_name());
            QVERIFY(!schema.contains("required"));
            QCOMPARE(schema["anyOf"].size(), std::size_t(2));
            QVERIFY(!schema["anyOf"][0]["required"].empty());
            for (const Json &field : schema["anyOf"][1]["required"])
                QVERIFY(refusal.contains(field.get<std::string>()));
        }
    }

    void toolsCall_pausedGateway_isInBand_listsGoOn()
    {
        McpBench bench;
        bench.api.grant(Scope::IssuesCreate, GrantPolicy::Allow);
        bench.api.setMode(Mode::Paused);

        const auto call = bench.ask("tools/call",
                                    { { "name", "tasker_create_issue" },
                                      { "arguments", { { "project", "ENG" }, { "name", "x" } } } });

        QCOMPARE(call->json()["result"]["structuredContent"]["error"], "gateway_paused");
        QCOMPARE(bench.ask("ping")->status(), 200);
        QVERIFY(!bench.ask("tools/list")->json()["result"]["tools"].empty());
    }

    void toolsCall_malformedKeyOrArguments_isInvalidParams()
    {
        McpBench bench;
        const auto call = [&bench](const Json &params) { return codeOf(bench.ask("tools/call", params)); };

        QCOMPARE(call({ { "name", "tasker_create_issue" }, { "arguments", Json::array() } }),
                 rpc::kInvalidParams);
        QCOMPARE(call({ { "name", "tasker_create_issue" },
                        { "_meta", { { "gatehouse/idempotencyKey", "has space" } } } }),
                 rpc::kInvalidParams);
        QCOMPARE(call({ { "name", 7 } }), rpc::kInvalidParams);
        QCOMPARE(call({ { "name", "tasker_create_issue" }, { "_meta", 3 } }), rpc::kInvalidParams);
    }

    void heldCall_withAProgressToken_streamsProgressAndItsAnswer()
    {
        McpBench bench;
        const auto record = bench.hold({ { "progressToken", 3 } });
        QCOMPARE(record->answers, 0);

        bench.api.wind(10s);
        QVERIFY(record->stream);
        QCOMPARE(record->stream->events.size(), std::size_t(1));
        const Json progress = record->stream->events[0].json();
        bench.api.wind(35s);

        QCOMPARE(progress["method"], "notifications/progress");
        QCOMPARE(progress["params"]["progressToken"], 3);
        const Json last = record->stream->events.back().json();
        QCOMPARE(last["id"], 7);
        QCOMPARE(last["result"]["structuredContent"]["error"], "approval_pending");
        QVERIFY(record->stream->closed);
        QCOMPARE(record->answers, 1);
    }

    void heldCall_withoutAProgressToken_isAnsweredAsJson()
    {
        McpBench bench;
        const auto record = bench.hold();

        bench.api.wind(45s);

        QVERIFY(!record->stream);
        QCOMPARE(record->json()["result"]["structuredContent"]["error"], "approval_pending");
    }

    void cancelled_heldCall_withdrawsTheQuestionAndFreesTheId()
    {
        McpBench bench;
        const auto record = bench.hold();

        QCOMPARE(bench.notify("notifications/cancelled", { { "requestId", 7 } })->status(), 202);

        QVERIFY(bench.api.approvals.open().empty());
        QCOMPARE(record->answers, 1);
        QCOMPARE(bench.ask("ping", Json::object(), 7)->status(), 200);
    }

    void cancelled_fromAnotherSession_changesNothing()
    {
        McpBench bench;
        bench.hold();
        const std::string mine = bench.session;
        bench.session.clear();
        bench.session
            = bench.ask("initialize", { { "protocolVersion", "2025-11-25" } })->header("mcp-session-id");
        QVERIFY(bench.session != mine);

        bench.notify("notifications/cancelled", { { "requestId", 7 } });

        QCOMPARE(bench.api.approvals.open().size(), std::size_t(1));
    }

    void runningRequestId_usedAgain_isRefused()
    {
        McpBench bench;
        bench.hold();

        const auto again = bench.ask("tools/call", { { "name", "tasker_create_issue" } }, 7);

        QCOMPARE(codeOf(again), rpc::kInvalidRequest);
    }

    void clientGone_heldCall_keepsItsQuestion_andItsIdIsFree()
    {
        McpBench bench;
        const auto record = bench.hold();

        record->gone();
        bench.api.settle();

        QCOMPARE(bench.api.approvals.open().size(), std::size_t(1));
        QVERIFY(!bench.api.approvals.open().front().held);
        bench.hold(); // under the same id: joins the question
        QVERIFY(bench.api.waitFor([&] { return bench.api.approvals.open().front().held; }));
        QCOMPARE(bench.api.approvals.open().size(), std::size_t(1));
        bench.notify("notifications/cancelled", { { "requestId", 7 } });
        QVERIFY(bench.api.approvals.open().empty());
    }

    void clientGone_thenCancelsOrEnds_itsQuestionIsWithdrawn_data()
    {
        QTest::addColumn<bool>("ends");
        QTest::newRow("notifications/cancelled") << false;
        QTest::newRow("DELETE") << true;
    }
    void clientGone_thenCancelsOrEnds_itsQuestionIsWithdrawn()
    {
        QFETCH(bool, ends);
        McpBench bench;
        const auto record = bench.hold();
        record->gone();
        bench.api.settle();
        QCOMPARE(bench.api.approvals.open().size(), std::size_t(1));

        if (ends)
            bench.api.send(
                { "DELETE", "/mcp", bench.api.agentToken, {}, { { "mcp-session-id", bench.session } } });
        else
            bench.notify("notifications/cancelled", { { "requestId", 7 } });

        QVERIFY(bench.api.approvals.open().empty());
    }

    void brokenStream_heldCall_goesOnIfTheClientIsBackInTime()
    {
        McpBench bench;
        const auto record = bench.hold({ { "progressToken", "p" } });
        bench.api.wind(10s);
        const std::string last = record->stream->events.back().id;
        record->stream->gone = true;
        record->gone();

        const auto back = bench.listen({ { "last-event-id", last } });
        bench.api.wind(35s);

        QCOMPARE(back->stream->events.back().json()["id"], 7);
        QVERIFY(back->stream->closed);
    }

    void brokenStream_heldCall_endsAsPendingIfNobodyComesBack()
    {
        McpBench bench;
        const auto record = bench.hold({ { "progressToken", "p" } });
        bench.api.wind(10s);
        record->stream->gone = true;
        record->gone();

        const std::string last = record->stream->events.back().id;
        bench.api.wind(kMcpStreamGrace);

        QCOMPARE(bench.api.approvals.open().size(), std::size_t(1));
        QVERIFY(!bench.api.approvals.open().front().held);
        const auto late = bench.listen({ { "last-event-id", last } }); // and its answer is kept
        QCOMPARE(late->stream->events.back().json()["result"]["structuredContent"]["error"],
                 "approval_pending");
    }

    void delete_endsTheSessionAndItsCalls()
    {
        McpBench bench;
        bench.hold();
        const auto standing = bench.listen();

        const auto gone = bench.api.send(
            { "DELETE", "/mcp", bench.api.agentToken, {}, { { "mcp-session-id", bench.session } } });

        QCOMPARE(gone->status(), 204);
        QVERIFY(standing->stream->closed);
        QVERIFY(bench.api.approvals.open().empty());
        QCOMPARE(bench.ask("ping")->status(), 404);
    }

    void standingStream_keepsAlive_tellsOfNewTools_andIsReplaced()
    {
        McpBench bench;
        const auto standing = bench.listen();
        bench.api.wind(kMcpHeartbeat);
        QVERIFY(standing->stream->comments >= 1);

        bench.api.grant(Scope::IssuesRead, GrantPolicy::Allow);
        bench.api.grant(Scope::IssuesRead, GrantPolicy::Ask); // same tools: nothing to tell
        const auto next = bench.listen();

        QCOMPARE(standing->stream->events.size(), std::size_t(2));
        QCOMPARE(standing->stream->events[0].json()["method"], "notifications/tools/list_changed");
        QCOMPARE(standing->stream->events[1].json()["method"], "notifications/prompts/list_changed");
        QVERIFY(standing->stream->closed);
        QVERIFY(!next->stream->closed);
    }

    void revokedClient_losesItsStreamAtOnce()
    {
        McpBench bench;
        const auto standing = bench.listen();
        Client revoked = *bench.api.registry.current()->client(bench.api.client);
        revoked.revokedAt = bench.api.clock.now();

        bench.api.apply([revoked](Stores &stores) { return stores.agents.save(revoked); },
                        EventKind::ClientRevoked);

        QVERIFY(standing->stream->closed);
    }

    void refusedCalls_sixtyInAMinute_shutTheClientOut()
    {
        McpBench bench;
        RecordedPtr last;
        for (int i = 0; i <= 61; ++i)
            last = bench.ask("tools/call",
                             { { "name", "tasker_create_issue" },
                               { "arguments", { { "project", "ENG" }, { "name", std::to_string(i) } } } });

        QCOMPARE(last->status(), 429);
    }
};

QTEST_GUILESS_MAIN(McpTest)
#include "tst_mcp.moc"
