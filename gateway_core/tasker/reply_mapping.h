// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/tasker/tasker_client.h"

namespace gatehouse {

/// One HTTP answer, as it came.
struct RawAnswer
{
    int status = 0;
    std::string body;
    std::optional<int> retryAfterSeconds;
    bool replayed = false;
    bool keepAlive = false;
};

/// Maps an answer as TaskerReply says. Pure. Thread: any.
[[nodiscard]] TaskerReply replyTo(const TaskerRequest &request, const RawAnswer &answer);

/// A request that ended without a usable answer. `status` is that of an answer which we cut off, or 0.
[[nodiscard]] TaskerReply replyWithout(const TaskerRequest &request, Sent sent, ErrorCode code,
                                       std::string detail, int status = 0);

} // namespace gatehouse
