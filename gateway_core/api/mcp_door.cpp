// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/mcp_door.h"

#include "gateway_core/api/mcp_http.h"

namespace gatehouse {

McpDoor::McpDoor(const Rooms &rooms)
    : m_withSessions(rooms)
    , m_stateless(rooms)
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
