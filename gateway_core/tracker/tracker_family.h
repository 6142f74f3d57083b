// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/clock.h"
#include "gateway_core/base/random.h"
#include "gateway_core/calls/tool_family.h"
#include "gateway_core/tasker/tasker_client.h"
#include "gateway_core/tracker/ttl_cache.h"
#include "gateway_core/tracker/upstream_budget.h"

namespace gatehouse {

/// Tasker's tools: issues, projects, labels and members of the team's work tracker (docs/rest-api.md).
/// Thread: core. The references must outlive it, and it every use that it began.
class TrackerFamily final : public ToolFamily
{
public:
    TrackerFamily(TaskerClient &tasker, Clock &clock, Random &random);

    [[nodiscard]] std::span<const Tool> tools() const override;
    [[nodiscard]] Result<> check(const Tool &tool, const Json &arguments) const override;
    [[nodiscard]] std::unique_ptr<ToolUse> begin(const ToolCall &call) override;
    [[nodiscard]] Subject subjectIn(const Json &argumentsOrResult) const override;
    void preview(const AskedCall &asked, std::function<void(Result<Preview>)> done) override;
    [[nodiscard]] std::vector<Need> needsAt(const Tool &tool, const Json &arguments,
                                            const Place &place) const override;
    [[nodiscard]] std::string argumentNamed(const Tool &tool, std::string_view field) const override;
    [[nodiscard]] Readiness readiness(const AgentId &agent, bool writes) const override;

    // For its uses.
    /// RateLimited {retry_after}: Tasker's patience, shared by all agents, leaves no room for this one now.
    [[nodiscard]] Result<> takeBudget(const AgentId &agent, bool writes);
    /// Sends, and learns from a 429.
    void send(const TaskerRequest &request, std::function<void(const TaskerReply &)> done);
    [[nodiscard]] std::int64_t sinceBoot() const { return m_clock.sinceBoot(); }

    TtlCache<Json> contexts{ 64 }; ///< by project id
    TtlCache<Json> projects{ 256 }; ///< by identifier, for wildcard grants

private:
    TaskerClient &m_tasker;
    Clock &m_clock;
    Random &m_random;
    UpstreamBudget m_budget;
};

} // namespace gatehouse
