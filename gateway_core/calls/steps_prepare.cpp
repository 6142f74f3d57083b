// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/calls/hallway_inside.h"

namespace gatehouse {

/// Taken again after each look-up, until nothing is missing. The grants are asked each time: what was found may
/// be where the agent must not go.
Taken Hallway::Inside::prepare(const WalkPtr &walk)
{
    if (walk->resend)
        return Pace::On;
    while (true) {
        if (const auto decided = decideAgain(*walk); !decided)
            return tl::unexpected<Error>(decided.error());
        const bool asked = walk->decision.answer != Answer::Allow;
        const auto prepared = walk->use->prepare(asked, resumer(walk));
        if (!prepared)
            return tl::unexpected<Error>(prepared.error());
        switch (*prepared) {
        case ToolUse::Prepared::Done: return Pace::On;
        case ToolUse::Prepared::Further: break;
        case ToolUse::Prepared::Waits: return Pace::Again;
        }
    }
}

} // namespace gatehouse
