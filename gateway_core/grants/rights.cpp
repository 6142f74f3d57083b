// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/grants/rights.h"

#include "gateway_core/identity/directory.h"

#include <algorithm>
#include <array>
#include <limits>

namespace gatehouse {

namespace {

/// Higher is stricter.
int strictness(GrantPolicy answer)
{
    switch (answer) {
    case GrantPolicy::Allow: return 0;
    case GrantPolicy::Ask: return 1;
    case GrantPolicy::AskWithPin: return 2;
    case GrantPolicy::Off: return 3;
    }
    return 3;
}

std::int64_t endOf(const Grant &grant)
{
    return grant.until.value_or(std::numeric_limits<std::int64_t>::max());
}

const Grant *stored(const Directory &directory, const AgentId &agent, const ProjectId &project,
                    const std::string &scope)
{
    const auto held = directory.grants.find(agent);
    if (held == directory.grants.end())
        return nullptr;
    const auto grant = held->second.find({ project, scope });
    return grant == held->second.end() ? nullptr : &grant->second;
}

/// The one grant that speaks for this scope on this project, also one that says Off; null: none, which is
/// off.
const Grant *speaking(const Directory &directory, const AgentId &agent, const ProjectId &project, Scope scope,
                      std::int64_t now)
{
    const std::string name(nameOf(scope));
    if (name.empty())
        return nullptr;
    for (const ProjectId *place : { &project, &kEveryProject }) {
        const Grant *grant = stored(directory, agent, *place, name);
        // A stored Off on the project itself is an answer too: it is not overruled by the wildcard.
        if (grant && (grant->answer == GrantPolicy::Off || stands(*grant, now)))
            return grant;
    }
    return nullptr;
}

/// True if the wildcard behind this grant on one project lets more happen than the grant does.
bool isLooserBehind(const Directory &directory, const Grant &grant, std::int64_t now)
{
    const Grant *wildcard = stored(directory, grant.agent, kEveryProject, grant.scope);
    return wildcard && stands(*wildcard, now) && strictness(wildcard->answer) < strictness(grant.answer);
}

void addWords(Decision &decision, Scope scope, const Grant *grant)
{
    if (!decision.grants.empty())
        decision.grants += ' ';
    decision.grants.append(nameOf(scope))
        .append("=")
        .append(nameOf(grant ? grant->answer : GrantPolicy::Off));
    if (grant)
        decision.grants.append("@").append(std::to_string(grant->revision));
}

} // namespace

bool stands(const Grant &grant, std::int64_t now)
{
    return grant.answer != GrantPolicy::Off && (!grant.until || now < *grant.until);
}

Decision both(Decision first, const Decision &second)
{
    if (strictness(second.answer) > strictness(first.answer))
        first.answer = second.answer;
    first.grants += (first.grants.empty() || second.grants.empty() ? "" : " ") + second.grants;
    first.revision = std::max(first.revision, second.revision);
    first.missing.insert(first.missing.end(), second.missing.begin(), second.missing.end());
    first.asking.insert(first.asking.end(), second.asking.begin(), second.asking.end());
    return first;
}

Decision decide(const Directory &directory, const AgentId &agent, const ProjectId &project,
                std::span<const Scope> needed, std::int64_t now)
{
    Decision decision;
    if (needed.empty())
        return decision;
    decision.answer = GrantPolicy::Allow;
    for (std::size_t i = 0; i < needed.size(); ++i) {
        const Scope scope = needed[i];
        const auto earlier = needed.first(i);
        if (std::ranges::find(earlier, scope) != earlier.end())
            continue;
        const Grant *grant = speaking(directory, agent, project, scope, now);
        const GrantPolicy answer = grant ? grant->answer : GrantPolicy::Off;
        if (strictness(answer) > strictness(decision.answer))
            decision.answer = answer;
        if (grant)
            decision.revision = std::max(decision.revision, grant->revision);
        if (answer == GrantPolicy::Off)
            decision.missing.push_back(scope);
        if (answer == GrantPolicy::Ask || answer == GrantPolicy::AskWithPin)
            decision.asking.push_back({ project, grant->project, scope, answer, grant->revision });
        addWords(decision, scope, grant);
    }
    return decision;
}

Decision decide(const Directory &directory, const AgentId &agent, const Place &place,
                std::span<const Scope> needed, std::int64_t now)
{
    switch (place.kind) {
    case Place::Kind::Project:
        // One that only the upstream can tell stands for every project until it is known.
        return decide(directory, agent, place.project.id.isEmpty() ? kEveryProject : place.project.id, needed,
                      now);
    case Place::Kind::Profile: return decide(directory, agent, kEveryProject, needed, now);
    case Place::Kind::Granted: break;
    }
    Decision decision;
    for (const Scope scope : needed) {
        if (!holdsAnywhere(directory, agent, scope, now))
            decision.missing.push_back(scope);
        decision.grants.append(decision.grants.empty() ? "" : " ").append(nameOf(scope));
    }
    if (!needed.empty() && decision.missing.empty())
        decision.answer = GrantPolicy::Allow;
    return decision;
}

bool holdsAnywhere(const Directory &directory, const AgentId &agent, Scope scope, std::int64_t now)
{
    const auto held = directory.grants.find(agent);
    if (held == directory.grants.end())
        return false;
    return std::ranges::any_of(held->second, [&](const auto &entry) {
        return entry.first.second == nameOf(scope) && stands(entry.second, now);
    });
}

bool maySee(const Directory &directory, const AgentId &agent, const ProjectId &project, std::int64_t now)
{
    return std::ranges::any_of(kScopes, [&](Scope scope) {
        if (areaOf(scope) != Area::Tracker)
            return false;
        const Grant *grant = speaking(directory, agent, project, scope, now);
        return grant && grant->answer != GrantPolicy::Off;
    });
}

const Grant *wildcardOf(const Directory &directory, const AgentId &agent, const std::string &scope)
{
    return stored(directory, agent, kEveryProject, scope);
}

bool isWider(const Grant &before, const Grant &after)
{
    if (after.answer == GrantPolicy::Off)
        return false;
    if (before.answer == GrantPolicy::Off)
        return true;
    const bool coversPlace = before.project == after.project || before.project == kEveryProject;
    return before.agent != after.agent || before.scope != after.scope || !coversPlace
        || strictness(after.answer) < strictness(before.answer) || endOf(after) > endOf(before);
}

bool widens(const Directory &directory, const Grant &after, std::int64_t now)
{
    const Grant *kept = stored(directory, after.agent, after.project, after.scope);
    const Grant before = kept && stands(*kept, now) ? *kept : Grant{};
    if (isWider(before, after))
        return true;
    if (before.answer == GrantPolicy::Off || after.answer == GrantPolicy::Off
        || after.project == kEveryProject)
        return false;
    return endOf(after) < endOf(before) && isLooserBehind(directory, *kept, now);
}

bool removalWidens(const Directory &directory, const Grant &grant, std::int64_t now)
{
    const Grant *kept = stored(directory, grant.agent, grant.project, grant.scope);
    const bool speaks = kept && (kept->answer == GrantPolicy::Off || stands(*kept, now));
    return speaks && grant.project != kEveryProject && isLooserBehind(directory, *kept, now);
}

} // namespace gatehouse
