// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/api/route/route.h"

#include "gateway_core/api/mcp/mcp_stateless.h"
#include "gateway_core/api/mcp/mcp_with_sessions.h"

namespace gatehouse {

/// `/mcp` (docs/mcp.md): tells one era of the protocol from the other and hands the message on.
/// The bearer token was checked before anything here runs. Thread: core. The references must outlive it.
class McpDoor final : public QObject
{
    Q_OBJECT

public:
    /// Its part of the route table, for ApiDispatcher.
    [[nodiscard]] static std::span<const Route> routes();

    using Dependencies = McpRooms;

    explicit McpDoor(const Dependencies &dependencies);
    ~McpDoor() override;

    void post(RouteCall &call);
    void listen(RouteCall &call);
    void end(RouteCall &call);

    /// *Stop everything*: every stream ends; the sessions stay. Returns how many there were.
    int closeStreams();

signals:
    /// A client's token is no longer good: its connections are to be closed.
    void clientGone(const gatehouse::ClientId &client);

private:
    McpWithSessions m_withSessions;
    McpStateless m_stateless;
};

} // namespace gatehouse
