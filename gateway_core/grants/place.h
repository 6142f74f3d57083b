// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/grants/project_reference.h"
#include "gateway_core/grants/scope.h"

#include <vector>

namespace gatehouse {

/// Where a call acts: what the grants are asked for. A room that acts elsewhere (a folder, a team) adds its kind
/// here, and what decides it to CallerRights.
struct Place
{
    enum class Kind {
        Project, ///< `project`; while its id is empty it stands for every project
        WholeProfile, ///< every project at once: only a wildcard grant allows it
        /// Nowhere by itself: the answer is filtered by the grants, so that the scope held anywhere is enough.
        /// For reads; a write there is decided as WholeProfile.
        Anywhere,
    };
    Kind kind = Kind::Anywhere;
    ProjectReference project;

    [[nodiscard]] static Place of(ProjectReference project) { return { Kind::Project, std::move(project) }; }
};

/// What a call needs at one place.
struct Need
{
    Place place;
    std::vector<Scope> scopes;
};

} // namespace gatehouse
