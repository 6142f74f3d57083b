// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/api/mcp/jsonrpc.h"
#include "gateway_core/base/clock.h"
#include "gateway_core/base/ids.h"
#include "gateway_core/base/random.h"
#include "gateway_core/identity/directory.h"

#include <QObject>

#include <functional>
#include <memory>
#include <string>
#include <unordered_map>

namespace gatehouse {

inline constexpr int kMcpTasksPerClient = 32;
inline constexpr Millis kMcpTaskTime{ 60 * 60
                                      * 1000 }; ///< from its making; what is not over by then is cancelled
inline constexpr Millis kMcpTaskPoll{ 5'000 };

/// A request that goes on after its answer: io.modelcontextprotocol/tasks. Working -> Completed | Failed |
/// Cancelled. Gatehouse asks the client for nothing, so a task never waits for its input.
struct McpTask
{
    enum class State { Working, Completed, Failed, Cancelled };

    std::string id; ///< 256 random bits
    ClientId client;
    std::int64_t madeAt = 0; ///< wall time
    std::int64_t changedAt = 0; ///< wall time
    std::int64_t endsAt = 0; ///< boot time
    State state = State::Working;
    std::string status; ///< a sentence for whoever follows it
    Json outcome; ///< the result, or the JSON-RPC error
    std::function<void()> cancel;
};

using McpTaskPtr = std::shared_ptr<McpTask>;

/// The tasks of all clients: in memory, bounded per client, an hour each. A task is its client's alone.
/// Thread: core.
class McpTasks final : public QObject
{
    Q_OBJECT

public:
    McpTasks(Clock &clock, Random &random);

    /// null: this client has kMcpTasksPerClient that are not over; those that are make room.
    [[nodiscard]] McpTaskPtr open(const ClientId &client, const std::string &status,
                                  std::function<void()> cancel);
    /// null: unknown, over its time, or another client's.
    [[nodiscard]] McpTaskPtr find(const ClientId &client, const std::string &id);
    void say(McpTask &task, const std::string &status);
    void finish(McpTask &task, McpTask::State state, Json outcome);
    /// Asks the work to stop; what is past that point goes on, and the task with it.
    void cancel(McpTask &task);
    /// Drops what is over its time, and the tasks of clients that may not come in any more.
    void sweep(const Directory &directory, std::int64_t wall);

    /// As tasks/get tells it: status, times, and the result or error of one that is over.
    [[nodiscard]] static Json toJson(const McpTask &task);

signals:
    void changed(const gatehouse::McpTask &task);

private:
    [[nodiscard]] bool makeRoom(const ClientId &client);

    Clock &m_clock;
    Random &m_random;
    std::unordered_map<std::string, McpTaskPtr> m_tasks;
};

} // namespace gatehouse
