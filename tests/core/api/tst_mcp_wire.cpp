// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/route/access.h"
#include "gateway_core/http/http_server.h"
#include "tests/core/api/api_bench.h"
#include "tests/support/contract_tasker_process.h"
#include "tests/support/raw_client.h"

using namespace gatehouse;
using namespace gatehouse::test;
using namespace std::chrono_literals;

namespace {

/// The whole door on a real port, with the contract Tasker behind it.
class WireBench final
{
public:
    explicit WireBench(ContractTaskerProcess &upstream)
    {
        upstream.reset();
        TaskerTarget target;
        target.baseUrl = upstream.baseUrl();
        target.ownerUserId = upstream.owner();
        target.credential = Secret(upstream.credential());
        target.caFile = upstream.caFile();
        if (!api.tasker.setTarget(std::move(target)))
            qFatal("the contract Tasker is no target");
        project = upstream.project("ENG").value("id", "");
        api.surface.attachTo(server);
        const auto taken = server.listenLoopback(0);
        port = taken ? *taken : 0;
    }

    [[nodiscard]] std::string request(const std::string &line, const std::string &headers,
                                      const std::string &body = {}) const
    {
        std::string text = line + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port) + "\r\n" + headers;
        if (!body.empty())
            text += "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size())
                + "\r\n";
        return text + "\r\n" + body;
    }
    [[nodiscard]] std::string codex() const
    {
        return "Authorization: Bearer " + api.agentToken
            + "\r\nAccept: text/event-stream, application/json\r\n"
            + (session.empty() ? ""
                               : "Mcp-Session-Id: " + session + "\r\nMCP-Protocol-Version: 2025-06-18\r\n");
    }
    /// A request of 2026-07-28, with all that it says of itself.
    [[nodiscard]] std::string newRequest(const std::string &method, Json params) const
    {
        params["_meta"] = { { "io.modelcontextprotocol/protocolVersion", "2026-07-28" },
                            { "io.modelcontextprotocol/clientCapabilities", Json::object() } };
        std::string headers = codex() + "MCP-Protocol-Version: 2026-07-28\r\nMcp-Method: " + method + "\r\n";
        if (params.contains("name"))
            headers += "Mcp-Name: " + params["name"].get<std::string>() + "\r\n";
        const Json message{ { "jsonrpc", "2.0" }, { "id", 1 }, { "method", method }, { "params", params } };
        return request("POST /mcp", headers, message.dump());
    }
    RawAnswer post(RawClient &client, const Json &message)
    {
        return client.exchange(request("POST /mcp", codex(), message.dump()));
    }

    ApiBench api;
    HttpServer server{ {}, api.clock, api.random };
    int port = 0;
    std::string project;
    std::string session;
};

Json asked(int id, const char *method, const Json &params = Json::object())
{
    return { { "jsonrpc", "2.0" }, { "id", id }, { "method", method }, { "params", params } };
}

} // namespace

/// MCP byte by byte, in the order in which Codex comes.
class McpWireTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QVERIFY2(m_tasker.start(), qPrintable(m_tasker.error())); }

    void codex_wholeVisit_createsAnIssueOnce()
    {
        WireBench bench(m_tasker);
        bench.api.grant(Scope::IssuesCreate, GrantPolicy::Allow, bench.project);
        RawClient probe = RawClient::tcp(bench.port);
        const RawAnswer unknown = probe.exchange(
            bench.request("GET /mcp", "Accept: */*\r\nMCP-Protocol-Version: 2024-11-05\r\n"));
        QCOMPARE(unknown.status, 401);
        QVERIFY(unknown.header("www-authenticate").starts_with("bearer "));

        RawClient client = RawClient::tcp(bench.port);
        const RawAnswer hello
            = bench.post(client,
                         asked(0, "initialize",
                               { { "protocolVersion", "2025-06-18" }, { "capabilities", Json::object() } }));
        QCOMPARE(hello.status, 200);
        // RawAnswer keeps its head in lower case; a session id is not.
        QCOMPARE(hello.header("mcp-session-id").size(), std::size_t(43));
        bench.session = sessionOf(bench);
        const RawAnswer ready
            = bench.post(client, { { "jsonrpc", "2.0" }, { "method", "notifications/initialized" } });
        QCOMPARE(ready.status, 202);
        RawClient stream = RawClient::tcp(bench.port);
        const RawAnswer standing = stream.exchange(bench.request("GET /mcp", bench.codex()));
        QCOMPARE(standing.status, 200);
        QCOMPARE(standing.header("content-type"), std::string("text/event-stream"));
        const RawAnswer list
            = bench.post(client, asked(1, "tools/list", { { "_meta", { { "progressToken", 0 } } } }));
        QCOMPARE(Json::parse(list.body)["result"]["tools"].size(), std::size_t(1));

        const Json call = asked(2, "tools/call",
                                { { "name", "tasker_create_issue" },
                                  { "arguments", { { "project", "ENG" }, { "name", "Engine stalls" } } },
                                  { "_meta",
                                    { { "progressToken", 1 },
                                      { "threadId", "t-1" },
                                      { "itemId", "fc_1" },
                                      { "x-codex-turn-metadata",
                                        { { "turn_id", "u-1" }, { "sandbox_mode", "read-only" } } } } } });
        const RawAnswer made = bench.post(client, call);
        const Json result = Json::parse(made.body)["result"];
        QCOMPARE(result["isError"], false);
        QCOMPARE(result["structuredContent"]["issue"]["name"], "Engine stalls");
        const RawAnswer again = bench.post(client, call);
        QCOMPARE(Json::parse(again.body)["result"]["_meta"]["gatehouse/replayed"], true);
        QCOMPARE(Json::parse(again.body)["result"]["structuredContent"], result["structuredContent"]);

        const RawAnswer gone = client.exchange(bench.request("DELETE /mcp", bench.codex()));
        QCOMPARE(gone.status, 204);
        QCOMPARE(bench.post(client, asked(3, "ping")).status, 404);
        bench.api.settle();
        bool onRecord = false;
        for (const auto &row : bench.api.storage.journal())
            onRecord = onRecord || (row.kind == "call_intent" && row.body.find("t-1") != std::string::npos);
        QVERIFY(onRecord);
    }

    void restart_oldSession_is404_andTheRepeatedCallIsTheSame()
    {
        WireBench bench(m_tasker);
        bench.api.grant(Scope::IssuesCreate, GrantPolicy::Allow, bench.project);
        RawClient client = RawClient::tcp(bench.port);
        bench.session = "a-session-of-the-life-before";

        QCOMPARE(bench.post(client, asked(1, "tools/list")).status, 404);
    }

    void heldCall_streamsProgressOverTheWire()
    {
        WireBench bench(m_tasker);
        bench.api.grant(Scope::IssuesCreate, GrantPolicy::Ask, bench.project);
        bench.session = sessionOf(bench);
        RawClient client = RawClient::tcp(bench.port);
        client.send(bench.request("POST /mcp", bench.codex(),
                                  asked(5, "tools/call",
                                        { { "name", "tasker_create_issue" },
                                          { "arguments", { { "project", "ENG" }, { "name", "x" } } },
                                          { "_meta", { { "progressToken", 1 } } } })
                                      .dump()));
        QVERIFY(bench.api.waitFor([&] { return !bench.api.approvals.open().empty(); }));

        bench.api.wind(10s);
        const RawAnswer head = client.answer();
        QCOMPARE(head.status, 200);
        QCOMPARE(head.header("content-type"), std::string("text/event-stream"));
        QVERIFY(client.waitFor("notifications/progress"));
        bench.api.wind(35s);
        QVERIFY(client.waitFor("approval_pending"));
    }

    void withoutASession_theConnectionsEndIsTheCancel()
    {
        WireBench bench(m_tasker);
        bench.api.grant(Scope::IssuesCreate, GrantPolicy::Ask, bench.project);
        {
            RawClient client = RawClient::tcp(bench.port);
            client.send(bench.newRequest("tools/call",
                                         { { "name", "tasker_create_issue" },
                                           { "arguments", { { "project", "ENG" }, { "name", "x" } } } }));
            QVERIFY(bench.api.waitFor([&] { return !bench.api.approvals.open().empty(); }));
        }

        QVERIFY(bench.api.waitFor([&] { return bench.api.approvals.open().empty(); }));
    }

    void withoutASession_aSubscriptionStaysOpenAndHears()
    {
        WireBench bench(m_tasker);
        RawClient client = RawClient::tcp(bench.port);
        client.send(bench.newRequest("subscriptions/listen",
                                     { { "notifications", { { "toolsListChanged", true } } } }));
        const RawAnswer head = client.answer();
        QCOMPARE(head.status, 200);
        QCOMPARE(head.header("content-type"), std::string("text/event-stream"));
        QVERIFY(client.waitFor("notifications/subscriptions/acknowledged"));

        bench.api.grant(Scope::IssuesCreate, GrantPolicy::Allow, bench.project);

        QVERIFY(client.waitFor("notifications/tools/list_changed"));
    }

    void refusalBelowTheHandler_isInOurWordsAndOnRecord()
    {
        WireBench bench(m_tasker);
        RawClient client = RawClient::tcp(bench.port);

        const RawAnswer answer = client.exchange(
            bench.request("POST /mcp", bench.codex() + "Origin: https://evil.example\r\n", "{}"));
        bench.api.wind(1s);

        QCOMPARE(answer.status, 403);
        const Json body = Json::parse(answer.body);
        QCOMPARE(body["error"], "origin_denied");
        QVERIFY(body.contains("request_id"));
        QTRY_VERIFY(bench.api.storage.journal().back().body.find("origin_denied") != std::string::npos);
    }

    void largeBodies_areBoundedByTheRoute()
    {
        WireBench bench(m_tasker);
        RawClient client = RawClient::tcp(bench.port);

        const RawAnswer answer
            = client.exchange(bench.request("POST /api/v1/pairing/redeem", {}, std::string(9 << 10, 'x')));

        QCOMPARE(answer.status, 413);
        QCOMPARE(Json::parse(answer.body)["error"], "payload_too_large");
    }

    void revokedClient_losesItsConnection()
    {
        WireBench bench(m_tasker);
        bench.session = sessionOf(bench);
        RawClient stream = RawClient::tcp(bench.port);
        QCOMPARE(stream.exchange(bench.request("GET /mcp", bench.codex())).status, 200);
        Client revoked = *bench.api.registry.current()->client(bench.api.client);
        revoked.revokedAt = bench.api.clock.now();

        bench.api.apply([revoked](Stores &stores) { return stores.agents.save(revoked); },
                        EventKind::ClientRevoked);

        QVERIFY(stream.isClosedByServer());
    }

private:
    /// A session opened beside the wire.
    static std::string sessionOf(WireBench &bench)
    {
        return bench.api
            .send({ "POST", "/mcp", bench.api.agentToken,
                    asked(0, "initialize", { { "protocolVersion", "2025-06-18" } }).dump() })
            ->header("mcp-session-id");
    }

    ContractTaskerProcess m_tasker;
};

QTEST_GUILESS_MAIN(McpWireTest)
#include "tst_mcp_wire.moc"
