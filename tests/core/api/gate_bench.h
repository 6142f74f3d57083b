// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/calls/tool.h"
#include "gateway_core/http/http_server.h"
#include "tests/core/api/api_bench.h"
#include "tests/core/api/routes.h"
#include "tests/support/contract_tasker_process.h"
#include "tests/support/raw_client.h"

#include <map>
#include <string>
#include <utility>

namespace gatehouse::test {

/// One request as it goes over the wire. Names are written as they stand.
struct Visit
{
    std::string method;
    std::string target;
    std::map<std::string, std::string> headers;
    std::string body;
};

template <typename See> void eachRoute(See see)
{
    for (const auto *table : { &agentRoutes(), &ownerRoutes() }) {
        for (const Route &route : *table)
            see(route);
    }
}

[[nodiscard]] inline bool needsToken(const Route &route)
{
    return route.access != Access::Anyone && route.access != Access::Ceremony;
}

[[nodiscard]] inline bool isOwners(const Route &route)
{
    return route.access == Access::Owner || route.access == Access::OwnerOrTicket
        || route.access == Access::OwnerStepUp;
}

/// The door on a real port, everything behind it, and at the end a Tasker that counts. The agent may do
/// everything everywhere: what does not reach Tasker here was refused, and not merely of no effect.
class GateBench final
{
public:
    explicit GateBench(ContractTaskerProcess &upstream)
        : tasker(upstream)
    {
        tasker.reset();
        TaskerTarget target;
        target.baseUrl = tasker.baseUrl();
        target.ownerUserId = tasker.owner();
        target.credential = Secret(tasker.credential());
        target.caFile = tasker.caFile();
        if (!api.tasker.setTarget(std::move(target)))
            qFatal("the contract Tasker is no target");
        for (const Scope scope : kScopes)
            api.grant(scope, GrantPolicy::Allow, kEveryProject.text());
        api.setPin();
        api.surface.attachTo(server);
        server.setHandler([this](const HttpRequest &request, ResponderPtr responder) {
            ++arrived;
            api.surface.handle(request, std::move(responder));
        });
        const auto taken = server.listenLoopback(0);
        port = taken ? *taken : 0;
        (void)nothingHappened();
    }

    [[nodiscard]] std::string host() const { return "127.0.0.1:" + std::to_string(port); }

    /// A request of this route that nothing at the door has anything against: the right token, the step-up,
    /// a JSON object within the limit. Ids name nothing, but for the agent and a tool that writes.
    [[nodiscard]] Visit honest(const Route &route)
    {
        Visit visit{ std::string(nameOf(route.method)), targetOf(route), {}, {} };
        visit.headers = { { "Host", host() }, { "Accept", "application/json, text/event-stream" } };
        if (route.access == Access::Agent)
            visit.headers["Authorization"] = "Bearer " + api.agentToken;
        if (isOwners(route) || route.access == Access::AgentOrOwner) {
            freshStepUp();
            visit.headers["Authorization"] = "Bearer " + api.ownerToken;
            visit.headers["X-Step-Up-Token"] = api.stepUpToken;
        }
        if (route.path == "/mcp") {
            visit.headers["Mcp-Session-Id"] = mcpSession();
            visit.headers["MCP-Protocol-Version"] = "2025-06-18";
        }
        if (route.bodyLimit > 0) {
            visit.headers["Content-Type"] = "application/json";
            visit.body = bodyOf(route).dump();
        }
        return visit;
    }
    [[nodiscard]] std::string bytes(const Visit &visit) const
    {
        std::string text = visit.method + ' ' + visit.target + " HTTP/1.1\r\n";
        for (const auto &[name, value] : visit.headers)
            text += name + ": " + value + "\r\n";
        const bool framed
            = visit.headers.contains("Content-Length") || visit.headers.contains("Transfer-Encoding");
        if (!visit.body.empty() && !framed)
            text += "Content-Length: " + std::to_string(visit.body.size()) + "\r\n";
        return text + "\r\n" + visit.body;
    }
    /// Runs the loop from one event to the next; false if it is not so within five seconds.
    template <typename Condition> static bool until(Condition isSo)
    {
        const QDeadlineTimer deadline(RawClient::kPatience);
        QTimer alarm; // an event in any case
        alarm.start(RawClient::kPatience);
        while (!isSo() && !deadline.hasExpired())
            QCoreApplication::processEvents(QEventLoop::AllEvents | QEventLoop::WaitForMoreEvents);
        return isSo();
    }
    RawAnswer ask(const Visit &visit) { return RawClient::tcp(port).exchange(bytes(visit)); }
    /// The same where the answer is due after `delay` and not before; status -1: it came early.
    RawAnswer askLate(const Visit &visit, Millis delay)
    {
        RawClient client = RawClient::tcp(port);
        const int before = arrived;
        client.send(bytes(visit));
        if (!until([&] { return arrived > before; }))
            return {};
        api.wind(delay - Millis(1));
        QCoreApplication::processEvents();
        if (!client.received().empty())
            return { -1, {}, {} };
        api.wind(Millis(1));
        return client.answer();
    }
    RawAnswer callByRest(const Tool &tool, const Json &arguments)
    {
        Visit visit = honest(toolRoute());
        visit.target = "/api/v1/tools/" + std::string(tool.name);
        visit.body = arguments.dump();
        return ask(visit);
    }
    /// The CallToolResult; or null, where the answer was none.
    Json callByMcp(const Tool &tool, const Json &arguments)
    {
        Visit visit = honest(*mcpRoute());
        visit.body = mcpCall(tool.name, arguments).dump();
        const Json answer = Json::parse(ask(visit).body, nullptr, false);
        return answer.is_object() && answer.contains("result") ? answer["result"] : Json();
    }

    /// What the agent's token is offered by MCP.
    std::vector<std::string> listedTools()
    {
        Visit visit = honest(*mcpRoute());
        visit.body = R"({"jsonrpc":"2.0","id":1,"method":"tools/list"})";
        const Json answer = Json::parse(ask(visit).body, nullptr, false);
        std::vector<std::string> names;
        for (const Json &tool : answer.at("result").at("tools"))
            names.push_back(tool.at("name"));
        return names;
    }

    /// Both tokens are revoked, as the owner would.
    void revokeTokens()
    {
        Client revoked = *api.registry.current()->client(api.client);
        revoked.revokedAt = api.clock.now();
        api.apply([revoked](Stores &stores) { return stores.agents.save(revoked); },
                  EventKind::ClientRevoked);
        OwnerToken own = api.registry.current()->ownerTokens.at(api.owner);
        own.revokedAt = api.clock.now();
        api.apply([own](Stores &stores) { return stores.agents.save(own); }, EventKind::OwnerTokenRevoked);
    }
    void setAgentState(AgentState state)
    {
        Agent changed = *api.registry.current()->agent(api.agent);
        changed.state = state;
        api.apply([changed](Stores &stores) { return stores.agents.save(changed); }, EventKind::AgentChanged);
    }
    void takeGrantsAway()
    {
        for (const Scope scope : kScopes)
            api.grant(scope, GrantPolicy::Off, kEveryProject.text());
    }
    /// The step-up is good for at least another minute.
    void freshStepUp()
    {
        if (api.stepUpToken.empty() || api.clock.sinceBoot() - m_steppedUpAt > 240'000) {
            m_steppedUpAt = api.clock.sinceBoot();
            api.enterPin();
        }
    }

    /// Requests that came to Tasker since the last look.
    std::vector<Json> reachedTasker()
    {
        std::vector<Json> fresh;
        for (const Json &request : tasker.requests()) {
            if (request.at("n").get<int>() >= m_nextAtTasker)
                fresh.push_back(request);
        }
        if (!fresh.empty())
            m_nextAtTasker = fresh.back().at("n").get<int>() + 1;
        return fresh;
    }
    /// Rows of the journal since the last look.
    std::vector<JournalRow> newRows()
    {
        api.settle();
        auto rows = api.storage
                        .readNow<std::vector<JournalRow>>([from = m_nextRow](Stores &stores) {
                            return stores.journal.from(from, 1'000'000);
                        })
                        .value_or(std::vector<JournalRow>());
        if (!rows.empty())
            m_nextRow = rows.back().seq + 1;
        return rows;
    }
    /// Since the last look nothing was sent to Tasker, and nothing was meant to be.
    bool nothingHappened()
    {
        const int before = std::exchange(m_countAtTasker, tasker.counters().value("requests", -1));
        const auto rows = newRows();
        return m_countAtTasker == before
            && std::ranges::none_of(rows, [](const auto &row) { return row.kind == "call_intent"; });
    }

    /// The same, but for what was looked up before (docs/adr/0040): Tasker changed nothing.
    bool nothingWasWritten()
    {
        m_countAtTasker = tasker.counters().value("requests", -1);
        const auto reached = reachedTasker();
        const auto rows = newRows();
        return std::ranges::all_of(reached,
                                   [](const Json &request) {
                                       return request.at("method") == "GET"
                                           || request.at("path").get<std::string>().ends_with("/resolve");
                                   })
            && std::ranges::none_of(rows, [](const auto &row) { return row.kind == "call_intent"; });
    }

    /// Arguments with which the tool gets as far as Tasker.
    [[nodiscard]] Json argumentsFor(const Tool &tool) const
    {
        const Json &properties = tool.inputSchema.at("properties");
        Json arguments = Json::object();
        for (const Json &field : tool.inputSchema.value("required", Json::array()))
            arguments[field.get<std::string>()] = field == "state" ? "started" : "Engine";
        if (properties.contains("project"))
            arguments["project"] = "ENG";
        if (properties.contains("issue"))
            arguments["issue"] = "ENG-1";
        for (const char *list : { "labels", "assignees" }) {
            if (properties.contains(list) && properties.contains("add"))
                arguments[list] = Json::array();
        }
        if (tool.scope == Scope::IssuesUpdate)
            arguments["name"] = "Engine";
        return arguments;
    }
    [[nodiscard]] static Json mcpCall(std::string_view tool, const Json &arguments)
    {
        return { { "jsonrpc", "2.0" },
                 { "id", 1 },
                 { "method", "tools/call" },
                 { "params", { { "name", tool }, { "arguments", arguments } } } };
    }
    [[nodiscard]] static const Route &toolRoute()
    {
        return *std::ranges::find(agentRoutes(), "/api/v1/tools/{tool}", &Route::path);
    }

    ContractTaskerProcess &tasker;
    ApiBench api;
    HttpServer server{ {}, api.clock, api.random };
    int port = 0;
    int arrived = 0; ///< requests that got as far as the surface

private:
    [[nodiscard]] static const Route *mcpRoute()
    {
        return &*std::ranges::find_if(agentRoutes(), [](const Route &route) {
            return route.path == "/mcp" && route.method == Method::Post;
        });
    }
    [[nodiscard]] std::string targetOf(const Route &route) const
    {
        std::string target;
        for (std::size_t at = 0; at < route.path.size();) {
            if (route.path[at] != '{') {
                target += route.path[at++];
                continue;
            }
            const bool tool = route.path.substr(at).starts_with("{tool}");
            target += tool                     ? "tasker_create_issue"
                : target.ends_with("/agents/") ? api.agent.text()
                                               : "nothing";
            at = route.path.find('}', at) + 1;
        }
        return target;
    }
    [[nodiscard]] Json bodyOf(const Route &route) const
    {
        if (route.path == "/api/v1/tools/{tool}")
            return { { "project", "ENG" }, { "name", "Engine stalls" } };
        if (route.path == "/mcp")
            return mcpCall("tasker_create_issue", { { "project", "ENG" }, { "name", "Engine stalls" } });
        if (route.path.starts_with("/api/v1/connection"))
            return { { "tasker_url", tasker.baseUrl() },
                     { "owner_user_id", tasker.owner() },
                     { "credential", tasker.credential() },
                     { "ca_file", tasker.caFile() } };
        return Json::object();
    }
    std::string mcpSession()
    {
        const Json hello{ { "jsonrpc", "2.0" },
                          { "id", 0 },
                          { "method", "initialize" },
                          { "params",
                            { { "protocolVersion", "2025-06-18" },
                              { "capabilities", Json::object() },
                              { "clientInfo", { { "name", "t" }, { "version", "1" } } } } } };
        return api.send({ "POST", "/mcp", api.agentToken, hello.dump() })->header("mcp-session-id");
    }

    std::int64_t m_steppedUpAt = 0;
    int m_countAtTasker = 0;
    int m_nextAtTasker = 0;
    std::int64_t m_nextRow = 1;
};

} // namespace gatehouse::test
