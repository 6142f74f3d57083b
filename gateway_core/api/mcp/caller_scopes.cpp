// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/mcp/caller_scopes.h"

#include "gateway_core/grants/rights.h"

#include <array>

namespace gatehouse::mcp {

namespace {

bool isWithinLogin(const RouteCaller &caller, Scope scope)
{
    return isWithin(scope, caller.scopeLimit);
}

} // namespace

bool holds(const RouteCaller &caller, Scope scope, std::int64_t now)
{
    return isWithinLogin(caller, scope) && holdsAnywhere(*caller.directory, caller.client->agent, scope, now);
}

bool holdsOn(const RouteCaller &caller, Scope scope, const ProjectReference &project, std::int64_t now)
{
    const std::array needed{ scope };
    const ProjectId &place = project.id.isEmpty() ? kEveryProject : project.id;
    return isWithinLogin(caller, scope)
        && decide(*caller.directory, caller.client->agent, place, needed, now).answer != GrantPolicy::Off;
}

std::vector<ProjectReference> projectsWith(const RouteCaller &caller, Scope scope, std::int64_t now)
{
    auto projects = grantedProjects(*caller.directory, caller.client->agent, now);
    std::erase_if(projects, [&](const auto &project) { return !holdsOn(caller, scope, project, now); });
    return projects;
}

std::optional<ProjectReference> projectFor(const RouteCaller &caller, Scope scope, std::string_view text,
                                           std::int64_t now)
{
    const auto project = projectNamed(*caller.directory, caller.client->agent, text, now);
    return project && holdsOn(caller, scope, *project, now) ? std::optional(*project) : std::nullopt;
}

} // namespace gatehouse::mcp
