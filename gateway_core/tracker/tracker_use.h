// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/calls/tool_family.h"
#include "gateway_core/tasker/tasker_client.h"

#include <functional>
#include <string>
#include <vector>

namespace gatehouse {

class TrackerFamily;

/// One use of a tracker tool: finds the project by the grants, names to ids by look-ups, and ends in one
/// request to Tasker. Thread: core. The family must outlive it.
class TrackerUse final : public ToolUse
{
public:
    TrackerUse(TrackerFamily &family, const ToolCall &call);

    [[nodiscard]] Result<> locate(const CallerRights &rights) override;
    [[nodiscard]] const std::vector<Need> &needs() const override { return m_needs; }
    [[nodiscard]] Result<> takeBudget() override;
    [[nodiscard]] Result<Prepared> prepare(bool asked, const Ready &ready) override;
    [[nodiscard]] UpstreamRequest request() const override;
    [[nodiscard]] Subject subject() const override;
    [[nodiscard]] Json seen() const override { return m_issue; }
    void actOn(const ProjectId &project) override;
    void repeat(const UpstreamRequest &request) override;
    void send(const Actor &actor, Sent sent) override;
    [[nodiscard]] Result<ToolResult> judge(const Json &answer, const CallerRights &rights) const override;

private:
    using Found = std::function<Result<>(const Json &body)>;

    [[nodiscard]] ProjectReference &project() { return m_needs.front().place.project; }
    [[nodiscard]] const ProjectReference &project() const { return m_needs.front().place.project; }
    [[nodiscard]] ProjectReference *parentProject();
    [[nodiscard]] bool has(const char *argument) const { return m_arguments.contains(argument); }

    Result<Prepared> look(Result<TaskerRequest> request, bool asOwner, const Ready &ready, Found found);
    Result<Prepared> lookForProject(ProjectReference &reference, const Ready &ready);
    Result<Prepared> lookForContext(const Ready &ready);
    Result<Prepared> lookForParent(const Ready &ready);
    Result<Prepared> lookForIssue(bool asOwner, const Ready &ready);
    Result<Prepared> makeRequest(const Ready &ready);

    TrackerFamily &m_family;
    const Tool &m_tool;
    const Json &m_arguments;
    const Actor m_actor;
    std::vector<Need> m_needs; ///< its own place; then the parent's project, where one was given

    // What was looked up.
    Json m_context;
    bool m_contextIsFresh = false;
    Json m_issue;
    std::string m_parentId;

    TaskerRequest m_request;
};

} // namespace gatehouse
