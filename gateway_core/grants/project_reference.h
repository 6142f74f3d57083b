// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/result.h"
#include "gateway_core/identity/directory.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// How an agent names a project, and what the name means by the grants alone, before anything upstream is
// asked. Pure. Thread: any.
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

} // namespace gatehouse
