// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/documents/discovery.h"

#include "gateway_core/api/documents/describe.h"
#include "gateway_core/api/documents/openapi.h"

namespace gatehouse {

// What it answers, and what openapi.json and /describe say of it.
std::span<const Route> Discovery::routes()
{
    // clang-format off
    static constexpr std::array kRoutes{
        Route{ .method = Method::Get, .path = "/describe/agent", .access = Access::Agent, .kind = Kind::Read,
               .bodyLimit = 0, .summary = "How an agent works with it",
               .answer = to<&Discovery::forAgent>,
               .responses = {{ { 200, "text/markdown" } }},
               .example = { true } },
        Route{ .method = Method::Get, .path = "/api/v1/openapi.json", .access = Access::AgentOrOwner, .kind = Kind::Read,
               .bodyLimit = 0, .summary = "OpenAPI 3.1 of your own routes",
               .answer = to<&Discovery::openApi>,
               .responses = {{ { 200, "any" } }},
               .example = { true } },
        Route{ .method = Method::Get, .path = "/describe/owner", .access = Access::Owner, .kind = Kind::Read,
               .bodyLimit = 0, .summary = "How the owner's tools work with it",
               .answer = to<&Discovery::forOwner>,
               .responses = {{ { 200, "text/markdown" } }},
               .example = { true } },
    };
    // clang-format on
    static_assert(routesAreClosed(kRoutes) && answeredBy<Discovery>(kRoutes));
    return kRoutes;
}

Discovery::Discovery(const Registry &registry, const RouteTable &table, const ToolCatalogue &catalogue,
                     const Condition &condition)
    : m_registry(registry)
    , m_table(table)
    , m_catalogue(catalogue)
    , m_condition(condition)
{
}

void Discovery::forAgent(RouteCall &call)
{
    const RouteCaller &caller = call.caller;
    call.reply.text("text/markdown",
                    describeForAgent(m_table, m_catalogue, m_condition, *caller.directory, *caller.client,
                                     m_registry.now()));
}

void Discovery::forOwner(RouteCall &call)
{
    call.reply.text("text/markdown", describeForOwner(m_table, m_condition, *call.caller.directory));
}

void Discovery::openApi(RouteCall &call)
{
    call.reply.ok(gatehouse::openApi(call.caller.owner ? Audience::Owner : Audience::Agent, m_table,
                                     m_catalogue, m_condition));
}

} // namespace gatehouse
