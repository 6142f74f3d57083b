// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/calls/references.h"

#include "gateway_core/grants/scope.h"

#include <QString>

#include <algorithm>
#include <array>

namespace gatehouse {

namespace {

constexpr std::array<std::string_view, 5> kStateGroups{ "backlog", "unstarted", "started", "completed",
                                                        "cancelled" };

bool isAsciiAlnum(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

std::string upper(std::string_view text)
{
    std::string result(text);
    std::ranges::transform(result, result.begin(),
                           [](char c) { return c >= 'a' && c <= 'z' ? char(c - 32) : c; });
    return result;
}

bool sameName(const std::string &left, const std::string &right)
{
    return QString::compare(QString::fromStdString(left), QString::fromStdString(right), Qt::CaseInsensitive)
        == 0;
}

tl::unexpected<Error> wrongReference(const std::string &field, const char *problem)
{
    const Json told = Json::array({ { { "field", field }, { "problem", problem } } });
    return failure(ErrorCode::ValidationFailed, field + ' ' + problem, { { "errors", told } });
}

bool stands(const Grant &grant, std::int64_t now)
{
    return grant.answer != Answer::Off && (!grant.until || now < *grant.until);
}

/// Calls `visit` with each standing grant of the agent that is about the tracker: no other lets it see a project.
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
        const std::string identifier = upper(grant.projectIdentifier);
        const bool isNamed
            = grant.project.text() == reference || (!identifier.empty() && identifier == upper(reference));
        if (grant.answer == Answer::Off && isNamed)
            return ProjectReference{ grant.project, identifier, grant.projectName };
    }
    return std::nullopt;
}

/// Plane's identifiers: short, and no dash as in a UUID.
bool looksLikeIdentifier(std::string_view text)
{
    return !text.empty() && text.size() <= 12
        && std::ranges::all_of(text, [](char c) { return isAsciiAlnum(c) || c == '_'; });
}

Result<std::string> idNamed(const Json &entries, const char *nameField, const std::string &reference,
                            const std::string &field)
{
    std::string found;
    for (const Json &entry : entries) {
        if (entry.at("id") == reference)
            return reference;
        if (!sameName(entry.value(nameField, std::string()), reference))
            continue;
        if (!found.empty())
            return wrongReference(field, "names more than one thing in this project: use its id");
        found = entry.at("id").get<std::string>();
    }
    if (found.empty())
        return wrongReference(field, "names nothing in this project");
    return found;
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
            projects.push_back({ grant.project, upper(grant.projectIdentifier), grant.projectName });
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
    for (const auto &project : grantedProjects(directory, agent, now)) {
        if (project.id.text() == reference)
            return project;
        if (project.identifier.empty() || project.identifier != upper(reference))
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
    if (looksLikeIdentifier(reference))
        return ProjectReference{ {}, upper(reference), {} };
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

std::optional<IssueIdentifier> asIdentifier(std::string_view issue)
{
    const std::size_t dash = issue.find('-');
    if (dash == std::string_view::npos || !looksLikeIdentifier(issue.substr(0, dash)))
        return std::nullopt;
    const std::string_view number = issue.substr(dash + 1);
    const bool isNumber = !number.empty() && number.size() <= 9
        && std::ranges::all_of(number, [](char c) { return c >= '0' && c <= '9'; });
    if (!isNumber)
        return std::nullopt;
    return IssueIdentifier{ upper(issue.substr(0, dash)), upper(issue) };
}

bool isUuid(std::string_view text)
{
    if (text.size() != 36)
        return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        const char c = text[i];
        const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
        if (dash ? c != '-' : !hex)
            return false;
    }
    return true;
}

bool isStateGroup(std::string_view text)
{
    return std::ranges::find(kStateGroups, text) != kStateGroups.end();
}

Result<std::string> stateId(const Json &context, const std::string &reference)
{
    if (isUuid(reference))
        return reference;
    const Json &states = context.at("states");
    const auto named = idNamed(states, "name", reference, "state");
    if (named || !isStateGroup(reference))
        return named;
    const Json *first = nullptr;
    for (const Json &state : states) {
        if (state.at("group") != reference)
            continue;
        if (state.value("default", false))
            return state.at("id").get<std::string>();
        if (!first || state.value("sequence", 0.0) < first->value("sequence", 0.0))
            first = &state;
    }
    if (!first)
        return wrongReference("state", "names nothing in this project");
    return first->at("id").get<std::string>();
}

Result<std::vector<std::string>> idsOf(const Json &context, const char *list, const Json &references,
                                       const std::string &field)
{
    const char *nameField = std::string_view(list) == "members" ? "display_name" : "name";
    std::vector<std::string> ids;
    for (const Json &reference : references) {
        const auto text = reference.get<std::string>();
        const auto id
            = isUuid(text) ? Result<std::string>(text) : idNamed(context.at(list), nameField, text, field);
        if (!id)
            return tl::unexpected<Error>(id.error());
        if (std::ranges::find(ids, *id) == ids.end())
            ids.push_back(*id);
    }
    return ids;
}

} // namespace gatehouse
