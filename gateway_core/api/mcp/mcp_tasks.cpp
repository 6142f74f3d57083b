// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/mcp/mcp_tasks.h"

#include "gateway_core/api/route/wire.h"
#include "gateway_core/base/digest.h"

#include <algorithm>
#include <array>

namespace gatehouse {

namespace {

std::string_view nameOf(McpTask::State state)
{
    switch (state) {
    case McpTask::State::Working: return "working";
    case McpTask::State::Completed: return "completed";
    case McpTask::State::Failed: return "failed";
    case McpTask::State::Cancelled: return "cancelled";
    }
    return {};
}

} // namespace

McpTasks::McpTasks(Clock &clock, Random &random)
    : m_clock(clock)
    , m_random(random)
{
}

McpTaskPtr McpTasks::open(const ClientId &client, const std::string &status, std::function<void()> cancel)
{
    if (!makeRoom(client))
        return nullptr;
    std::array<std::uint8_t, 32> bits{};
    m_random.fill(bits);
    auto task = std::make_shared<McpTask>();
    task->id = base64Url(bits);
    task->client = client;
    task->madeAt = task->changedAt = m_clock.now();
    task->endsAt = m_clock.sinceBoot() + kMcpTaskTime.count();
    task->status = status;
    task->cancel = std::move(cancel);
    m_tasks.emplace(task->id, task);
    return task;
}

/// The one that has been over for longest makes room; work under way is never dropped for other work.
bool McpTasks::makeRoom(const ClientId &client)
{
    int count = 0;
    McpTaskPtr oldest;
    for (const auto &[id, task] : m_tasks) {
        if (task->client != client)
            continue;
        ++count;
        const bool over = task->state != McpTask::State::Working;
        if (over && (!oldest || task->changedAt < oldest->changedAt))
            oldest = task;
    }
    if (count < kMcpTasksPerClient)
        return true;
    if (!oldest)
        return false;
    m_tasks.erase(oldest->id);
    return true;
}

McpTaskPtr McpTasks::find(const ClientId &client, const std::string &id)
{
    const auto entry = m_tasks.find(id);
    const bool theirs = entry != m_tasks.end() && entry->second->client == client
        && m_clock.sinceBoot() < entry->second->endsAt;
    return theirs ? entry->second : nullptr;
}

void McpTasks::say(McpTask &task, const std::string &status)
{
    if (task.state != McpTask::State::Working || task.status == status)
        return;
    task.status = status;
    task.changedAt = m_clock.now();
    emit changed(task);
}

void McpTasks::finish(McpTask &task, McpTask::State state, Json outcome)
{
    if (task.state != McpTask::State::Working)
        return;
    task.state = state;
    task.status = state == McpTask::State::Cancelled
        ? "Cancelled. A change that was on its way to Tasker already is not taken back."
        : std::string();
    task.outcome = std::move(outcome);
    task.changedAt = m_clock.now();
    task.cancel = {};
    emit changed(task);
}

void McpTasks::cancel(McpTask &task)
{
    if (const auto cancel = std::exchange(task.cancel, {}))
        cancel();
}

void McpTasks::sweep(const Directory &directory, std::int64_t wall)
{
    const std::int64_t now = m_clock.sinceBoot();
    const auto tasks = m_tasks; // cancelling may come back to us
    for (const auto &[id, task] : tasks) {
        const Client *client = directory.client(task->client);
        const bool good = client && !client->revokedAt && client->expiresAt > wall;
        if (good && now < task->endsAt)
            continue;
        cancel(*task);
        m_tasks.erase(id);
    }
}

Json McpTasks::toJson(const McpTask &task)
{
    Json json{ { "taskId", task.id },
               { "status", nameOf(task.state) },
               { "createdAt", wire::timeText(task.madeAt) },
               { "lastUpdatedAt", wire::timeText(task.changedAt) },
               { "ttlMs", kMcpTaskTime.count() },
               { "pollIntervalMs", kMcpTaskPoll.count() } };
    if (!task.status.empty())
        json["statusMessage"] = task.status;
    if (task.state == McpTask::State::Completed)
        json["result"] = task.outcome;
    if (task.state == McpTask::State::Failed)
        json["error"] = task.outcome;
    return json;
}

} // namespace gatehouse
