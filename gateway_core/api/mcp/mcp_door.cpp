// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/mcp/mcp_door.h"

#include "gateway_core/api/mcp/mcp_http.h"

namespace gatehouse {

// What it answers, and what openapi.json and /describe say of it.
std::span<const Route> McpDoor::routes()
{
    // clang-format off
    static constexpr std::array kRoutes{
        Route{ .method = Method::Post, .path = "/mcp", .access = Access::Agent, .kind = Kind::Write,
               .bodyLimit = 1_MiB, .summary = "MCP: one message to the gateway",
               .answer = to<&McpDoor::post>,
               .responses = {{ { 200, "any" } }} },
        Route{ .method = Method::Get, .path = "/mcp", .access = Access::Agent, .kind = Kind::Read,
               .bodyLimit = 0, .summary = "MCP: the stream to the client",
               .answer = to<&McpDoor::listen>,
               .responses = {{ { 200, "text/event-stream" } }} },
        Route{ .method = Method::Delete, .path = "/mcp", .access = Access::Agent, .kind = Kind::Write,
               .bodyLimit = 0, .summary = "MCP: end the session",
               .answer = to<&McpDoor::end>,
               .responses = {{ { 204, "" } }} },
    };
    // clang-format on
    static_assert(routesAreClosed(kRoutes) && answeredBy<McpDoor>(kRoutes));
    return kRoutes;
}

McpDoor::McpDoor(const Dependencies &dependencies)
    : m_withSessions(dependencies)
    , m_stateless(dependencies)
{
    connect(&m_stateless, &McpStateless::clientGone, this, &McpDoor::clientGone);
    connect(&m_withSessions, &McpWithSessions::clientGone, this, &McpDoor::clientGone);
}

McpDoor::~McpDoor() = default;

void McpDoor::post(RouteCall &call)
{
    if (!mcp::isJsonBody(call.request))
        return call.reply.fail(ErrorCode::UnsupportedMediaType);
    if (!mcp::acceptsAnswer(call.request))
        return call.reply.fail(ErrorCode::NotAcceptable);
    const auto message = rpc::read(call.request.body);
    if (!message)
        return mcp::refuse(call.reply, ErrorCode::InvalidRequest, message.error());
    if (mcp::isStateless(call.request, *message))
        m_stateless.post(call, *message);
    else
        m_withSessions.post(call, *message);
}

void McpDoor::listen(RouteCall &call)
{
    if (mcp::isStateless(call.request))
        return call.reply.fail(Error{ ErrorCode::MethodNotAllowed, {}, nullptr }, { { "allow", "POST" } });
    m_withSessions.listen(call);
}

void McpDoor::end(RouteCall &call)
{
    if (mcp::isStateless(call.request))
        return call.reply.fail(Error{ ErrorCode::MethodNotAllowed, {}, nullptr }, { { "allow", "POST" } });
    m_withSessions.end(call);
}

int McpDoor::closeStreams()
{
    return m_withSessions.closeStreams() + m_stateless.closeStreams();
}

} // namespace gatehouse
