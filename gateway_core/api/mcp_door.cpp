// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/mcp_door.h"

#include "gateway_core/api/mcp_http.h"

namespace gatehouse {

McpDoor::McpDoor(const Rooms &rooms)
    : m_withSessions(rooms)
{
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
    m_withSessions.post(call, *message);
}

void McpDoor::listen(RouteCall &call)
{
    m_withSessions.listen(call);
}

void McpDoor::end(RouteCall &call)
{
    m_withSessions.end(call);
}

int McpDoor::closeStreams()
{
    return m_withSessions.closeStreams();
}

} // namespace gatehouse
