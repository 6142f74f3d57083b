// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/documents/probes.h"

#include "gateway_core/api/route/limits.h"
#include "gateway_core/api/route/access.h"
#include "gateway_core/api/documents/describe.h"
#include "gateway_core/api/mcp/mcp_headers.h"
#include "gateway_core/api/mcp/mcp_session.h"
#include "gateway_core/api/documents/openapi.h"
#include "gateway_core/api/route/wire.h"
#include "gateway_core/base/json.h"
#include "gateway_core/storage/enum_names.h"

namespace gatehouse {

namespace {

Json toolsJson(const ToolCatalogue &catalogue)
{
    Json tools = Json::array();
    for (const Tool *row : catalogue.tools()) {
        const Tool &tool = *row;
        tools.push_back({ { "name", tool.name },
                          { "title", tool.title },
                          { "description", tool.description },
                          { "scope", nameOf(tool.scope) },
                          { "writes", tool.writes },
                          { "input_schema", tool.inputSchema },
                          { "output_schema", tool.outputSchema } });
    }
    return tools;
}

Json routesJson(const RouteTable &table)
{
    Json routes = Json::array();
    for (const Route *route : routesFor(table, Audience::Agent))
        routes.push_back(
            { { "method", nameOf(route->method) }, { "path", route->path }, { "summary", route->summary } });
    return routes;
}

} // namespace

// What it answers, and what openapi.json and /describe say of it.
std::span<const Route> Probes::routes()
{
    // clang-format off
    static constexpr std::array kRoutes{
        Route{ .method = Method::Get, .path = "/healthz", .access = Access::Anyone, .kind = Kind::Probe,
               .bodyLimit = 0, .summary = "Is the process alive",
               .answer = to<&Probes::health>,
               .responses = {{ { 200, "status:text version:text" } }},
               .example = { true } },
        Route{ .method = Method::Get, .path = "/readyz", .access = Access::Anyone, .kind = Kind::Probe,
               .bodyLimit = 0, .summary = "Can it do its work",
               .answer = to<&Probes::ready>,
               .responses = {{ { 200, "status:ready/degraded checks:any mode:running/paused/draining" }, { 503, "status:unavailable checks:any" } }},
               .example = { true } },
        Route{ .method = Method::Get, .path = "/api/v1/meta/capabilities", .access = Access::Anyone, .kind = Kind::Probe,
               .bodyLimit = 0, .summary = "Protocols, tools and limits",
               .answer = to<&Probes::capabilities>,
               .responses = {{ { 200, "name:text version:text protocols:any endpoints:any scopes:text[] tools:any[] routes:any[] limits:any" } }},
               .example = { true } },
        Route{ .method = Method::Get, .path = "/describe", .access = Access::Anyone, .kind = Kind::Probe,
               .bodyLimit = 0, .summary = "What this is, and where to go",
               .answer = to<&Probes::describe>,
               .responses = {{ { 200, "text/markdown" } }},
               .example = { true } },
    };
    // clang-format on
    static_assert(routesAreClosed(kRoutes) && answeredBy<Probes>(kRoutes));
    return kRoutes;
}

Probes::Probes(const RouteTable &table, const ToolCatalogue &catalogue, const Condition &condition)
    : m_table(table)
    , m_catalogue(catalogue)
    , m_condition(condition)
{
}

void Probes::open(const Registry &registry, const Journal &journal, const TaskerClient &tasker)
{
    m_registry = &registry;
    m_journal = &journal;
    m_tasker = &tasker;
}

void Probes::health(RouteCall &call)
{
    call.reply.ok({ { "status", "ok" }, { "version", m_condition.version } });
}

std::string Probes::gatewayProblem() const
{
    switch (m_condition.state) {
    case Condition::State::Starting: return "starting";
    case Condition::State::Locked: return "gateway_locked";
    case Condition::State::Broken:
        return std::string(nameOf(m_condition.problem.value_or(ErrorCode::Internal)));
    case Condition::State::Ready: break;
    }
    return m_journal && m_journal->problem() ? std::string(nameOf(m_journal->problem()->code))
                                             : std::string();
}

std::string Probes::upstreamProblem() const
{
    if (!m_tasker || !m_tasker->isConfigured())
        return "upstream_not_configured";
    const auto last = m_tasker->health().lastError;
    return last ? std::string(nameOf(*last)) : std::string();
}

void Probes::ready(RouteCall &call)
{
    const std::string gateway = gatewayProblem();
    const std::string upstream = upstreamProblem();
    const auto word
        = [](const std::string &problem) { return problem.empty() ? std::string("ok") : problem; };
    Json body{ { "status",
                 !gateway.empty()        ? "unavailable"
                     : !upstream.empty() ? "degraded"
                                         : "ready" },
               { "checks", { { "gateway", word(gateway) } } } };
    // What Tasker last said is of no use to anybody while the gateway itself is shut.
    if (gateway.empty()) {
        body["checks"]["upstream"] = word(upstream);
        body["mode"] = nameOf(m_registry->current()->profile.mode);
    }
    call.reply.send(gateway.empty() ? 200 : 503, body,
                    gateway.empty() ? Headers{} : Headers{ { "retry-after", "5" } });
}

void Probes::describe(RouteCall &call)
{
    call.reply.text("text/markdown", describeGateway(m_condition));
}

void Probes::capabilities(RouteCall &call)
{
    call.reply.ok(
        { { "name", "gatehouse" },
          { "version", m_condition.version },
          { "protocols", { { "rest", Json::array({ "v1" }) }, { "mcp", mcp::supportedVersions() } } },
          { "endpoints",
            { { "mcp", m_condition.origin + "/mcp" }, { "rest", m_condition.origin + "/api/v1" } } },
          { "scopes", wire::scopeNames() },
          { "tools", toolsJson(m_catalogue) },
          { "routes", routesJson(m_table) },
          { "limits", limitsJson() } });
}

} // namespace gatehouse
