// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/api/route/route.h"
#include "gateway_core/owner/owner_service.h"

namespace gatehouse {

/// The owner at the owner, as one of their tokens brought them: the step-up is bound to that token.
[[nodiscard]] inline OwnerCaller ownerOf(const RouteCall &call)
{
    const bool byCommandLine = call.request.header("user-agent").starts_with("gatehousectl/");
    return { OwnerCaller::Channel::Token, call.caller.owner->id.text(), call.caller.stepUpToken,
             byCommandLine ? "ctl" : "rest" };
}

} // namespace gatehouse
