// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/grants/caller_rights.h"

#include <algorithm>
#include <array>

namespace gatehouse {

namespace {

tl::unexpected<Error> scopeDenied(const std::vector<Scope> &missing, const char *why)
{
    Json names = Json::array();
    for (const Scope scope : missing)
        names.push_back(nameOf(scope));
    return failure(ErrorCode::ScopeDenied, why, { { "missing", names } });
}

/// A project that only the upstream can tell stands for every project until it is known.
const ProjectId &projectOf(const Place &place)
{
    return place.kind != Place::Kind::Project || place.project.id.isEmpty() ? kEveryProject : place.project.id;
}

} // namespace

CallerRights::CallerRights(DirectoryPtr directory, AgentId agent, std::optional<std::int64_t> scopeLimit,
                           std::int64_t now)
    : m_directory(std::move(directory))
    , m_agent(std::move(agent))
    , m_scopeLimit(scopeLimit)
    , m_now(now)
{
}

bool CallerRights::isWithinLogin(Scope scope) const
{
    return !m_scopeLimit || (*m_scopeLimit >> static_cast<int>(scope) & 1) != 0;
}

/// Off where one of them is held nowhere.
Decision CallerRights::heldAnywhere(std::span<const Scope> scopes) const
{
    Decision decision{ Answer::Allow, {}, 0, {} };
    for (const Scope scope : scopes) {
        if (holdsAnywhere(*m_directory, m_agent, scope, m_now))
            decision.grants.append(decision.grants.empty() ? "" : " ").append(nameOf(scope));
        else
            decision.missing.push_back(scope);
    }
    if (scopes.empty() || !decision.missing.empty())
        decision.answer = Answer::Off;
    return decision;
}

Result<> CallerRights::decide(std::span<const Need> needs, bool writes, Decision &decision) const
{
    std::vector<Scope> beyond;
    for (const Need &need : needs)
        std::ranges::copy_if(need.scopes, std::back_inserter(beyond),
                             [this](Scope scope) { return !isWithinLogin(scope); });
    if (!beyond.empty())
        return scopeDenied(beyond, "beyond the login's scope");
    for (const Need &need : needs) {
        if (need.place.kind == Place::Kind::Project && !maySee(*m_directory, m_agent, projectOf(need.place), m_now))
            return failure(ErrorCode::NotFound, "project not granted: " + need.place.project.id.text());
    }
    std::optional<Decision> all;
    for (const Need &need : needs) {
        const bool anywhere = need.place.kind == Place::Kind::Anywhere && !writes;
        const Decision one = anywhere
            ? heldAnywhere(need.scopes)
            : gatehouse::decide(*m_directory, m_agent, projectOf(need.place), need.scopes, m_now);
        all = all ? both(std::move(*all), one) : one;
    }
    decision = all.value_or(Decision());
    if (decision.answer == Answer::Off)
        return scopeDenied(decision.missing, "scope not granted");
    return {};
}

bool CallerRights::allows(Scope scope, const Place &place) const
{
    const std::array needed{ scope };
    return isWithinLogin(scope)
        && gatehouse::decide(*m_directory, m_agent, projectOf(place), needed, m_now).answer == Answer::Allow;
}

} // namespace gatehouse
