// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/calls/call_pipeline_inside.h"

namespace gatehouse {

/// Result<StepResult> again after each look-up, until nothing is missing. The grants are asked each time:
/// what was found may be where the agent must not go.
Result<StepResult> CallPipeline::Inside::prepare(const CallContextPtr &context)
{
    if (context->resend)
        return StepResult::Continue;
    while (true) {
        if (const auto decided = decide(*context); !decided)
            return tl::unexpected<Error>(decided.error());
        const bool asked = context->decision.answer != GrantPolicy::Allow;
        const auto prepared = context->use->prepare(asked, resumption(context));
        if (!prepared)
            return tl::unexpected<Error>(prepared.error());
        switch (*prepared) {
        case ToolUse::Prepared::Done: return StepResult::Continue;
        case ToolUse::Prepared::Further: break;
        case ToolUse::Prepared::Waits: return StepResult::Retry;
        }
    }
}

} // namespace gatehouse
