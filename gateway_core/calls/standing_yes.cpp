// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/calls/standing_yes.h"

#include "gateway_core/calls/approvals.h"

#include <algorithm>
#include <array>

namespace gatehouse {

namespace {

struct ReachRow
{
    Reach reach;
    std::string_view name;
    std::chrono::milliseconds time;
};
constexpr std::array kReaches{
    ReachRow{ Reach::Once, "once", kOnceReach },
    ReachRow{ Reach::Minutes15, "15m", std::chrono::minutes(15) },
    ReachRow{ Reach::Hour1, "1h", std::chrono::hours(1) },
    ReachRow{ Reach::Hours8, "8h", std::chrono::hours(8) },
};

constexpr std::array<std::pair<Covers, std::string_view>, 3> kCovers{
    { { Covers::Issue, "issue" }, { Covers::Turn, "turn" }, { Covers::Project, "project" } }
};

bool saysStill(const AskingGrant &grant, const AgentId &agent, const Directory &directory, std::int64_t now)
{
    const std::array needed{ grant.scope };
    return decide(directory, agent, grant.project, needed, now).asking == std::vector{ grant };
}

} // namespace

std::string_view nameOf(Reach reach)
{
    return std::ranges::find(kReaches, reach, &ReachRow::reach)->name;
}

std::optional<Reach> reachNamed(std::string_view name)
{
    const auto row = std::ranges::find(kReaches, name, &ReachRow::name);
    return row == kReaches.end() ? std::nullopt : std::optional(row->reach);
}

std::chrono::milliseconds timeOf(Reach reach)
{
    return std::ranges::find(kReaches, reach, &ReachRow::reach)->time;
}

std::string_view nameOf(Covers covers)
{
    return std::ranges::find(kCovers, covers, &decltype(kCovers)::value_type::first)->second;
}

std::optional<Covers> coversNamed(std::string_view name)
{
    const auto row = std::ranges::find(kCovers, name, &decltype(kCovers)::value_type::second);
    return row == kCovers.end() ? std::nullopt : std::optional(row->first);
}

std::vector<Covers> choicesFor(const AskedCall &asked)
{
    std::vector<Covers> choices;
    if (!asked.issueId.empty())
        choices.push_back(Covers::Issue);
    if (!asked.turn.empty())
        choices.push_back(Covers::Turn);
    choices.push_back(Covers::Project);
    return choices;
}

TimedApproval standingYesOf(const ApprovalId &id, const AskedCall &asked, Covers covers, std::int64_t now,
                            std::int64_t until)
{
    TimedApproval yes;
    yes.id = id;
    yes.agent = asked.agent;
    yes.agentName = asked.agentName;
    yes.client = asked.client;
    yes.clientName = asked.clientName;
    yes.tool = asked.tool;
    yes.project = asked.project;
    yes.projectName = asked.projectName;
    yes.covers = covers;
    if (covers == Covers::Issue) {
        yes.issueId = asked.issueId;
        yes.issue = asked.issue;
    }
    if (covers == Covers::Turn)
        yes.turn = asked.turn;
    yes.grants = asked.asking;
    yes.givenAt = now;
    yes.until = until;
    return yes;
}

bool stands(const TimedApproval &yes, const Directory &directory, std::int64_t now)
{
    const Agent *agent = directory.agent(yes.agent);
    return now < yes.until && agent && agent->state == AgentState::Active && !yes.grants.empty()
        && std::ranges::all_of(yes.grants, [&](const AskingGrant &grant) {
               return saysStill(grant, yes.agent, directory, now);
           });
}

bool restsOn(const TimedApproval &yes, const Grant &grant)
{
    return yes.agent == grant.agent && std::ranges::any_of(yes.grants, [&grant](const AskingGrant &one) {
               return one.stands == grant.project && nameOf(one.scope) == grant.scope
                   && one.revision == grant.revision;
           });
}

const TimedApproval *widestOn(const Grant &grant, const std::vector<TimedApproval> &standing)
{
    const TimedApproval *widest = nullptr;
    for (const TimedApproval &yes : standing) {
        const bool isWider
            = !widest || std::pair(yes.covers, yes.until) > std::pair(widest->covers, widest->until);
        if (isWider && restsOn(yes, grant))
            widest = &yes;
    }
    return widest;
}

bool letsThrough(const TimedApproval &yes, const AskedCall &asked)
{
    if (yes.agent != asked.agent || yes.tool != asked.tool || yes.project != asked.project)
        return false;
    const bool restsOnAll = std::ranges::all_of(asked.asking, [&yes](const AskingGrant &grant) {
        return std::ranges::find(yes.grants, grant) != yes.grants.end();
    });
    if (!restsOnAll)
        return false;
    switch (yes.covers) {
    case Covers::Issue: return !yes.issueId.empty() && yes.issueId == asked.issueId;
    case Covers::Turn: return !yes.turn.empty() && yes.turn == asked.turn && yes.client == asked.client;
    case Covers::Project: return true;
    }
    return false;
}

} // namespace gatehouse
