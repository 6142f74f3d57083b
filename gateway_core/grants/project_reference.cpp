// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/grants/project_reference.h"

#include "gateway_core/base/identifier.h"
#include "gateway_core/grants/rights.h"
#include "gateway_core/grants/scope.h"

#include <algorithm>

namespace gatehouse {

namespace {

/// Empty: it is no identifier.
std::string keyOf(std::string_view text)
{
    return projectIdentifier(text).value_or(std::string());
}

tl::unexpected<Error> wrongReference(const std::string &field, const char *problem)
{
    const Json told = Json::array({ { { "field", field }, { "problem", problem } } });
    return failure(ErrorCode::ValidationFailed, field + ' ' + problem, { { "errors", told } });
}

/// Calls `visit` with each standing grant of the agent that is about the tracker: no other lets it see a
/// project.
template <typename Visit>
void eachGrant(const Directory &directory, const AgentId &agent, std::int64_t now, Visit visit)
{
    const auto held = directory.grants.find(agent);
    if (held == directory.grants.end())
        return;
    for (const auto &[place, grant] : held->second) {
        if (stands(grant, now) && isOfTracker(grant.scope))
            visit(grant);
    }
}

/// A project that the owner took out of what the wildcard reaches: known here, so that Tasker is not asked.
std::optional<ProjectReference> projectThatIsOff(const Directory &directory, const AgentId &agent,
                                                 std::string_view reference)
{
    const auto held = directory.grants.find(agent);
    if (held == directory.grants.end())
        return std::nullopt;
    for (const auto &[place, grant] : held->second) {
        const std::string identifier = keyOf(grant.projectIdentifier);
        const bool isNamed
            = grant.project.text() == reference || (!identifier.empty() && identifier == keyOf(reference));
        if (grant.answer == GrantPolicy::Off && isNamed)
            return ProjectReference{ grant.project, identifier, grant.projectName };
    }
    return std::nullopt;
}

} // namespace

std::vector<ProjectReference> grantedProjects(const Directory &directory, const AgentId &agent,
                                              std::int64_t now)
{
    std::vector<ProjectReference> projects;
    eachGrant(directory, agent, now, [&projects](const Grant &grant) {
        const bool known
            = std::ranges::any_of(projects, [&](const auto &one) { return one.id == grant.project; });
        if (grant.project != kEveryProject && !known)
            projects.push_back({ grant.project, keyOf(grant.projectIdentifier), grant.projectName });
    });
    return projects;
}

bool holdsWildcard(const Directory &directory, const AgentId &agent, std::int64_t now)
{
    bool found = false;
    eachGrant(directory, agent, now,
              [&found](const Grant &grant) { found |= grant.project == kEveryProject; });
    return found;
}

Result<ProjectReference> projectNamed(const Directory &directory, const AgentId &agent,
                                      std::string_view reference, std::int64_t now)
{
    std::optional<ProjectReference> found;
    const std::string key = keyOf(reference);
    for (const auto &project : grantedProjects(directory, agent, now)) {
        if (project.id.text() == reference)
            return project;
        if (project.identifier.empty() || project.identifier != key)
            continue;
        if (found)
            return wrongReference("project", "names two of your projects: use the id");
        found = project;
    }
    if (found)
        return *found;
    if (const auto shut = projectThatIsOff(directory, agent, reference))
        return *shut;
    if (!holdsWildcard(directory, agent, now))
        return failure(ErrorCode::NotFound, "project not granted: " + std::string(reference));
    if (!key.empty())
        return ProjectReference{ {}, key, {} };
    return ProjectReference{ ProjectId(std::string(reference)), {}, {} };
}

std::optional<ProjectReference> onlyProject(const Directory &directory, const AgentId &agent,
                                            std::int64_t now)
{
    const auto projects = grantedProjects(directory, agent, now);
    if (projects.size() != 1 || holdsWildcard(directory, agent, now))
        return std::nullopt;
    return projects.front();
}

} // namespace gatehouse
