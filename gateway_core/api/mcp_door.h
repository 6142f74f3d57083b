// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/api/condition.h"
#include "gateway_core/api/jsonrpc.h"
#include "gateway_core/api/mcp_calls.h"
#include "gateway_core/api/mcp_session.h"
#include "gateway_core/api/peer_sights.h"
#include "gateway_core/api/route.h"
#include "gateway_core/identity/registry.h"

#include <QObject>

namespace gatehouse {

inline constexpr Millis kMcpHeartbeat{ 15'000 };

/// MCP Streamable HTTP with sessions (2025-06-18, 2025-11-25), docs/mcp.md. The bearer token was checked
/// before anything here runs. Thread: core. The references must outlive it. Owns: the sessions.
class McpDoor final : public QObject
{
    Q_OBJECT

public:
    struct Rooms
    {
        Registry &registry;
        Hallway &hallway;
        Clock &clock;
        Random &random;
        PeerSights &sights;
        const Condition &condition;
    };

    explicit McpDoor(const Rooms &rooms);
    ~McpDoor() override;

    void post(RouteCall &call);
    void listen(RouteCall &call);
    void end(RouteCall &call);

    /// *Stop everything*: every stream ends; the sessions stay.
    int closeStreams();

signals:
    /// A client's token is no longer good: its connections are to be closed.
    void clientGone(const gatehouse::ClientId &client);

private:
    struct Request;
    struct Row
    {
        std::string_view method;
        void (McpDoor::*answer)(const Request &request);
    };
    static const std::array<Row, 8> kRows;

    void initialize(RouteCall &call, const rpc::Message &message);
    void notified(McpSession &session, const rpc::Message &message);
    void ask(const McpSessionPtr &session, RouteCall &call, const rpc::Message &message);

    void ping(const Request &request);
    void setLevel(const Request &request);
    void listTools(const Request &request);
    void callTool(const Request &request);
    void listNothing(const Request &request);

    /// The session that the headers name; null: 400 or 404 was answered.
    [[nodiscard]] McpSessionPtr sessionOf(const RouteCall &call, const Json &requestId = nullptr);
    [[nodiscard]] bool speaksOurVersion(const RouteCall &call, const Json &requestId = nullptr) const;
    void tellOfChangedTools();
    void beat();

    Rooms m_rooms;
    McpSessions m_sessions;
    McpCalls m_calls;
};

} // namespace gatehouse
