// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/api/mcp/mcp_headers.h"
#include "gateway_core/api/mcp/mcp_provider.h"
#include "gateway_core/api/mcp/mcp_tasks.h"

#include <QPointer>

namespace gatehouse {

/// A request without a session. Answered as JSON; once there is a word to say before the answer, on an
/// event stream, where the client takes one. A client that goes away has cancelled, unless the request has
/// become a task. Thread: core.
class McpStatelessExchange final : public McpExchange,
                                   public std::enable_shared_from_this<McpStatelessExchange>
{
public:
    struct Way
    {
        QPointer<McpTasks> tasks; ///< a call under way may outlive the door
        Json requestId;
        Json progressToken; ///< null: none was sent
        std::optional<McpLogLevel> logLevel; ///< nullopt: no log messages
        bool canStream;
        Json serverInfo;
        Reply reply;
    };

    McpStatelessExchange(Way way, Asked asked);
    ~McpStatelessExchange() override;

    /// Listens for the client's going away.
    void begin();

    void progress(double done, std::optional<double> total, const std::string &message) override;
    void log(McpLogLevel level, const std::string &logger, Json data) override;
    void answer(Json result) override;
    void fail(const rpc::Fault &fault) override;
    void countRefusal(ErrorCode code) override;
    void onCancelled(std::function<void()> cancelled) override;
    bool becomeTask(const std::string &status) override;

private:
    void say(const Json &notification);
    void end(int status, const Json &message);
    void withdraw();
    void finishTask(McpTask::State state, Json outcome);
    [[nodiscard]] Json complete(Json result) const;

    Way m_way;
    std::function<void()> m_cancelled;
    std::shared_ptr<EventStream> m_stream; ///< null: still to be answered as JSON
    McpTaskPtr m_task; ///< null: not one
    bool m_over = false;
};

/// The HTTP status of a JSON-RPC error in this era.
[[nodiscard]] int mcpStatusOf(int code);
/// What every event stream of this era begins with.
[[nodiscard]] Headers mcpStreamHeaders(const Reply &reply);

} // namespace gatehouse
