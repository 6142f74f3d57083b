// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/api/mcp/mcp_subscriptions.h"
#include "gateway_core/api/mcp/mcp_tasks.h"
#include "gateway_core/api/mcp/mcp_with_sessions.h"

namespace gatehouse {

/// MCP as it is spoken without sessions (2026-07-28), docs/mcp.md: every request says all of itself.
/// Thread: core. Owns: the subscriptions and the tasks.
class McpStateless final : public QObject
{
    Q_OBJECT

public:
    explicit McpStateless(const McpRooms &dependencies);
    ~McpStateless() override;

    void post(RouteCall &call, const rpc::Message &message);
    int closeStreams();

signals:
    void clientGone(const gatehouse::ClientId &client);

private:
    struct Row
    {
        std::string_view method;
        void (McpStateless::*answer)(const McpExchangePtr &exchange);
    };
    static const std::array<Row, 4> kRows;

    void ask(RouteCall &call, const rpc::Message &message, const mcp::RequestTerms &terms);
    void discover(const McpExchangePtr &exchange);
    void getTask(const McpExchangePtr &exchange);
    void updateTask(const McpExchangePtr &exchange);
    void cancelTask(const McpExchangePtr &exchange);

    /// The task that the request names; null: it was answered why not.
    [[nodiscard]] McpTaskPtr taskOf(const McpExchangePtr &exchange);
    void dropLostClients();
    void beat();

    McpRooms m_services;
    McpTasks m_tasks;
    McpSubscriptions m_subscriptions;
};

} // namespace gatehouse
