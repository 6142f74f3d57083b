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

/// A write is never let through by a grant that stands somewhere only.
Place placeOf(const Need &need, bool writes)
{
    return writes && need.place.kind == Place::Kind::Granted ? Place{} : need.place;
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

Result<> CallerRights::decide(std::span<const Need> needs, bool writes, Decision &decision) const
{
    std::vector<Scope> beyond;
    for (const Need &need : needs)
        std::ranges::copy_if(need.scopes, std::back_inserter(beyond),
                             [this](Scope scope) { return !isWithin(scope, m_scopeLimit); });
    if (!beyond.empty())
        return scopeDenied(beyond, "beyond the login's scope");
    for (const Need &need : needs) {
        const ProjectId &project = need.place.project.id.isEmpty() ? kEveryProject : need.place.project.id;
        if (need.place.kind == Place::Kind::Project && !maySee(*m_directory, m_agent, project, m_now))
            return failure(ErrorCode::NotFound, "project not granted: " + project.text());
    }
    std::optional<Decision> all;
    for (const Need &need : needs) {
        const Decision one
            = gatehouse::decide(*m_directory, m_agent, placeOf(need, writes), need.scopes, m_now);
        all = all ? both(std::move(*all), one) : one;
    }
    decision = all.value_or(Decision());
    if (decision.answer == GrantPolicy::Off)
        return scopeDenied(decision.missing, "scope not granted");
    return {};
}

bool CallerRights::allows(Scope scope, const Place &place) const
{
    const std::array needed{ scope };
    return isWithin(scope, m_scopeLimit)
        && gatehouse::decide(*m_directory, m_agent, place, needed, m_now).answer == GrantPolicy::Allow;
}

} // namespace gatehouse
