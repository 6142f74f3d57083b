// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/api/route/route.h"
#include "gateway_core/grants/project_reference.h"
#include "gateway_core/grants/scope.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What a caller may see of the tracker before anything is asked of Tasker: by its grants, narrowed by its
// login. For lists and completions; each use is decided by the pipeline. Pure. Thread: any.
namespace gatehouse::mcp {

/// On any project, allowed or asked.
[[nodiscard]] bool holds(const RouteCaller &caller, Scope scope, std::int64_t now);
/// On this one. A project that only Tasker can tell is held by a wildcard grant.
[[nodiscard]] bool holdsOn(const RouteCaller &caller, Scope scope, const ProjectReference &project,
                           std::int64_t now);
/// The projects by name with `scope` on them, without the wildcard's.
[[nodiscard]] std::vector<ProjectReference> projectsWith(const RouteCaller &caller, Scope scope,
                                                         std::int64_t now);
/// The project that the text names, if the caller holds `scope` on it.
[[nodiscard]] std::optional<ProjectReference> projectFor(const RouteCaller &caller, Scope scope,
                                                         std::string_view text, std::int64_t now);

} // namespace gatehouse::mcp
