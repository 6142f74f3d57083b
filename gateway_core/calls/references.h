// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/identity/directory.h"
#include "gateway_core/tasker/identifier.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// How an agent names things, and what those names mean: projects by the grants alone, before anything
// is asked of Tasker; states, labels and members by the project's context. Pure. Thread: any.
namespace gatehouse {

/// A project that the grants know, or (`id` empty) an identifier that only Tasker can tell, for an agent
/// that holds a wildcard grant.
struct ProjectReference
{
    ProjectId id;
    std::string identifier;
    std::string name;
};

/// NotFound, always with nothing in it: the grants do not know such a project. ValidationFailed: two
/// granted projects share the identifier.
[[nodiscard]] Result<ProjectReference> projectNamed(const Directory &directory, const AgentId &agent,
                                                    std::string_view reference, std::int64_t now);
/// The one project that the agent may see, if there is exactly one and no wildcard.
[[nodiscard]] std::optional<ProjectReference> onlyProject(const Directory &directory, const AgentId &agent,
                                                          std::int64_t now);
/// Every project that the agent has a standing grant on, without the wildcard, each once.
[[nodiscard]] std::vector<ProjectReference> grantedProjects(const Directory &directory, const AgentId &agent,
                                                            std::int64_t now);
[[nodiscard]] bool holdsWildcard(const Directory &directory, const AgentId &agent, std::int64_t now);

/// How an agent may name a project or an issue: by an id, or by an identifier of any script.
[[nodiscard]] bool isProjectReference(std::string_view text);
[[nodiscard]] bool isIssueReference(std::string_view text);

/// An id as Tasker makes them (a UUID): needs no look into the context.
[[nodiscard]] bool isUuid(std::string_view text);
[[nodiscard]] bool isStateGroup(std::string_view text);

/// Id of the state by id, name or group. ValidationFailed {errors: [{field, problem}]}: none, or two.
[[nodiscard]] Result<std::string> stateId(const Json &context, const std::string &reference);
/// Ids of labels ("labels", "name") or members ("members", "display_name"), in order, each once.
[[nodiscard]] Result<std::vector<std::string>> idsOf(const Json &context, const char *list,
                                                     const Json &references, const std::string &field);

} // namespace gatehouse
