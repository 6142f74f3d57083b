// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/ids.h"

namespace gatehouse {

/// Where a call acts: what the grants are asked about (docs/adr/0137). Thread: value.
struct Place
{
    enum class Kind {
        Project, ///< one project; its grants speak, then those on every project
        Profile, ///< all of it: only a grant on every project speaks
        Granted, ///< a read over whatever the agent was granted, whose answer is filtered by the grants
    };
    Kind kind = Kind::Profile;
    ProjectId project; ///< of Project
};

} // namespace gatehouse
