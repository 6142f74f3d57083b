// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/api/mcp/mcp_headers.h"
#include "gateway_core/api/mcp/mcp_methods.h"
#include "gateway_core/api/mcp/mcp_tasks.h"
#include "gateway_core/identity/registry.h"

#include <list>
#include <set>
#include <vector>

namespace gatehouse {

/// The open streams of subscriptions/listen (MCP 2026-07-28). Each hears what it asked for and may see, and
/// nothing else; it ends with its connection, or with its client's token. Thread: core.
class McpSubscriptions final : public QObject
{
    Q_OBJECT

public:
    McpSubscriptions(Registry &registry, McpProvider &offer, McpTasks &tasks);
    ~McpSubscriptions() override;

    /// Opens the stream and says first what of the filter is honoured. kInvalidParams: no filter, or one of
    /// another shape. kMissingClientCapability: tasks are asked for by a client that does not follow them.
    [[nodiscard]] rpc::Outcome<bool> open(const RouteCall &call, const rpc::Message &message,
                                          const mcp::RequestTerms &terms);
    /// Ends the streams whose token is no longer good, and returns their clients. Writes nothing to the
    /// others: they must not learn when the owner changes something.
    [[nodiscard]] std::vector<ClientId> sweep(const Directory &directory, std::int64_t wall);
    /// A heartbeat on every stream.
    void beat();
    /// Ends each in good order; returns how many there were.
    int closeAll(const Json &serverInfo);

private:
    struct Filter;
    struct Open;
    using OpenPtr = std::shared_ptr<Open>;

    [[nodiscard]] Filter honoured(const Filter &asked, const RouteCaller &caller) const;
    void each(const std::function<void(Open &open, const RouteCaller &caller)> &tell);
    void tellOfChangedLists();
    void tellOfUpdate(const std::string &uri);
    void tellOfTask(const McpTask &task);

    Registry &m_registry;
    McpProvider &m_offer;
    McpTasks &m_tasks;
    std::list<OpenPtr> m_open; ///< as many as clients have connections
};

} // namespace gatehouse
