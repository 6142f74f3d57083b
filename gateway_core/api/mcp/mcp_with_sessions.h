// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/api/route/condition.h"
#include "gateway_core/api/mcp/mcp_provider.h"
#include "gateway_core/api/mcp/mcp_session.h"
#include "gateway_core/identity/registry.h"

#include <QObject>

namespace gatehouse {

inline constexpr Millis kMcpHeartbeat{ 15'000 };

/// What both eras of MCP need. All must outlive the door.
struct McpRooms
{
    Registry &registry;
    Clock &clock;
    Random &random;
    const Condition &condition;
    McpProvider &offer;
};

/// MCP as it is spoken in sessions (2025-06-18, 2025-11-25), docs/mcp.md.
/// Thread: core. Owns: the sessions.
class McpWithSessions final : public QObject
{
    Q_OBJECT

public:
    explicit McpWithSessions(const McpRooms &dependencies);
    ~McpWithSessions() override;

    void post(RouteCall &call, const rpc::Message &message);
    /// The standing stream, or one that is gone on with (Last-Event-ID).
    void listen(RouteCall &call);
    void end(RouteCall &call);
    int closeStreams();

signals:
    void clientGone(const gatehouse::ClientId &client);

private:
    struct Row
    {
        std::string_view method;
        void (McpWithSessions::*answer)(McpSession &session, const McpExchangePtr &exchange);
    };
    static const std::array<Row, 4> kRows;

    void initialize(RouteCall &call, const rpc::Message &message);
    void notified(McpSession &session, const rpc::Message &message);
    void ask(const McpSessionPtr &session, RouteCall &call, const rpc::Message &message);

    void ping(McpSession &session, const McpExchangePtr &exchange);
    void setLevel(McpSession &session, const McpExchangePtr &exchange);
    void subscribe(McpSession &session, const McpExchangePtr &exchange);
    void unsubscribe(McpSession &session, const McpExchangePtr &exchange);

    /// The session that the headers name; null: 400 or 404 was answered.
    [[nodiscard]] McpSessionPtr sessionOf(const RouteCall &call, const Json &requestId = nullptr);
    [[nodiscard]] bool speaksOurVersion(const RouteCall &call, const Json &requestId = nullptr) const;
    /// Calls `tell` with each session that listens, as it would be let in now.
    void eachListening(const std::function<void(McpSession &session, const RouteCaller &caller)> &tell);
    void tellOfChangedLists();
    void tellOfUpdate(const std::string &uri);
    void dropLostClients();
    void beat();

    McpRooms m_services;
    McpSessions m_sessions;
};

} // namespace gatehouse
