// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/tracker/tracker_family.h"

#include "gateway_core/base/identifier.h"
#include "gateway_core/base/json.h"
#include "gateway_core/calls/approvals.h"
#include "gateway_core/tasker/adapter.h"
#include "gateway_core/tracker/preview.h"
#include "gateway_core/tracker/tool_rows.h"
#include "gateway_core/tracker/tracker_use.h"

#include <algorithm>
#include <array>

namespace gatehouse {

namespace {

UpstreamBudget::Kind kindOf(bool writes)
{
    return writes ? UpstreamBudget::Kind::Write : UpstreamBudget::Kind::Read;
}

/// What the agent called a project that no grant knows: a refusal without it would not say what was tried.
std::string projectSpokenOf(const Json &arguments)
{
    if (const std::string project = textAt(arguments, "project"); !project.empty())
        return project;
    const auto issue = asIdentifier(textAt(arguments, "issue"));
    return issue ? issue->project : std::string();
}

} // namespace

TrackerFamily::TrackerFamily(TaskerClient &tasker, Clock &clock, Random &random)
    : m_tasker(tasker)
    , m_clock(clock)
    , m_random(random)
{
}

std::span<const Tool> TrackerFamily::tools() const
{
    return trackerTools();
}

Result<> TrackerFamily::check(const Tool &tool, const Json &arguments) const
{
    return checkBeyondSchema(tool, arguments);
}

std::unique_ptr<ToolUse> TrackerFamily::begin(const ToolCall &call)
{
    return std::make_unique<TrackerUse>(*this, call);
}

Subject TrackerFamily::subjectIn(const Json &argumentsOrResult) const
{
    // A result has an object where the arguments have the issue's name.
    const auto issue
        = argumentsOrResult.is_object() ? argumentsOrResult.find("issue") : argumentsOrResult.end();
    if (issue != argumentsOrResult.end() && issue->is_object())
        return { textAt(*issue, "identifier"), {}, textAt(*issue, "name"), {}, {} };
    return { textAt(argumentsOrResult, "issue"),
             {},
             textAt(argumentsOrResult, "name"),
             {},
             projectSpokenOf(argumentsOrResult) };
}

void TrackerFamily::preview(const AskedCall &asked, std::function<void(Result<Preview>)> done)
{
    auto context = adapter::projectContext(asked.project);
    if (!context)
        return done(tl::unexpected<Error>(context.error()));
    context->acting.requestId = m_random.uuid();
    // The client answers nobody once it is gone, and it goes after this family.
    m_tasker.send(*context, [this, asked, done = std::move(done)](const TaskerReply &reply) {
        const auto names = reply.body ? adapter::checkContext(*reply.body) : reply.body;
        if (!names)
            return done(tl::unexpected<Error>(names.error()));
        if (asked.issueId.empty())
            return done(previewOf(asked, nullptr, *names));
        auto issue = adapter::listIssues(asked.project, { { "issue_id", asked.issueId } });
        if (!issue)
            return done(tl::unexpected<Error>(issue.error()));
        issue->acting.requestId = m_random.uuid();
        m_tasker.send(*issue, [asked, names = *names, done](const TaskerReply &answer) {
            const auto page = answer.body ? adapter::checkIssuePage(*answer.body) : answer.body;
            if (!page)
                return done(tl::unexpected<Error>(page.error()));
            if (page->at("items").empty())
                return done(failure(ErrorCode::NotFound, "the issue is gone"));
            done(previewOf(asked, page->at("items").front(), names));
        });
    });
}

std::vector<Need> TrackerFamily::needsAt(const Tool &tool, const Json &arguments, const Place &place) const
{
    const Place own = tool.place == Place::Kind::Project ? place : Place{ tool.place, {} };
    std::vector<Need> needs{ { own, scopesOf(tool, arguments) } };
    if (arguments.contains("parent"))
        needs.push_back({ place, { Scope::IssuesRead } });
    return needs;
}

std::string TrackerFamily::argumentNamed(const Tool &tool, std::string_view field) const
{
    constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kAdapterNames{
        { { "state_id", "state" },
          { "label_ids", "labels" },
          { "assignee_ids", "assignees" },
          { "parent_id", "parent" } }
    };
    const auto takes = [&tool](std::string_view name) {
        return tool.inputSchema.at("properties").contains(std::string(name));
    };
    if (takes(field))
        return std::string(field);
    const auto known
        = std::ranges::find(kAdapterNames, field, &std::pair<std::string_view, std::string_view>::first);
    return known != kAdapterNames.end() && takes(known->second) ? std::string(known->second) : std::string();
}

Readiness TrackerFamily::readiness(const AgentId &agent, bool writes) const
{
    UpstreamBudget budget = m_budget; // asked on a copy: nothing is taken
    return { m_tasker.isConfigured(), budget.take(agent, kindOf(writes), m_clock.sinceBoot()) };
}

Result<> TrackerFamily::takeBudget(const AgentId &agent, bool writes)
{
    const std::int64_t wait = m_budget.take(agent, kindOf(writes), m_clock.sinceBoot());
    if (wait > 0)
        return failure(ErrorCode::RateLimited, "upstream budget", { { "retry_after", (wait + 999) / 1000 } });
    return {};
}

void TrackerFamily::send(const TaskerRequest &request, std::function<void(const TaskerReply &)> done)
{
    m_tasker.send(request, [this, done = std::move(done)](const TaskerReply &reply) {
        // *Too many*, whoever says it: Tasker, something in front of it, or our own queue to it.
        const bool ours
            = reply.sent == Sent::Nothing && !reply.body && reply.body.error().code == ErrorCode::RateLimited;
        if (reply.status == 429 || ours) {
            const auto &seconds = reply.retryAfterSeconds;
            m_budget.refused(seconds ? std::optional(Millis(*seconds * 1000)) : std::nullopt,
                             m_clock.sinceBoot());
        }
        done(reply);
    });
}

} // namespace gatehouse
