// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/grants/project_reference.h"
#include "gateway_core/grants/scope.h"

#include <utility>
#include <vector>

namespace gatehouse {

/// Where a call acts: what the grants are asked about (docs/adr/0137). A room that acts elsewhere (a folder,
/// a team) adds its kind here, and what decides it to rights.h. Thread: value.
struct Place
{
    enum class Kind {
        Project, ///< one project: its grants speak, then those on every project. Not known yet: every project
        Profile, ///< all of it: only a grant on every project speaks
        Granted, ///< a read over whatever the agent was granted, whose answer is filtered by the grants
    };
    Kind kind = Kind::Profile;
    ProjectReference project; ///< of Project

    [[nodiscard]] static Place of(ProjectReference project) { return { Kind::Project, std::move(project) }; }
};

/// What a call needs at one place.
struct Need
{
    Place place;
    std::vector<Scope> scopes;
};

} // namespace gatehouse
