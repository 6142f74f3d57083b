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
    bool encoded = false; ///< in a content encoding that was not asked for: the body cannot be read
};

/// details.reason, or empty.
[[nodiscard]] std::string reasonOf(const Error &error);

/// Maps an answer as TaskerReply says. Pure. Thread: any.
[[nodiscard]] TaskerReply replyTo(const TaskerRequest &request, const RawAnswer &answer);

/// A request that ended without a usable answer. `status` is that of an answer which we cut off, or 0.
/// `details` gets the outcome where the request may have left.
[[nodiscard]] TaskerReply replyWithout(const TaskerRequest &request, Sent sent, ErrorCode code,
                                       std::string detail, int status = 0, Json details = nullptr);

/// Something between us and Tasker answered in its place (a proxy, a firewall, a page for people):
/// UpstreamUnavailable {reason: intercepted, status, outcome}. The outcome of a write is `none` where the
/// status says that the request was not taken (RFC 9110, 15.5; RFC 6585), and `unknown` elsewhere: a filter
/// may refuse with 403 or 503 what Tasker has already done.
[[nodiscard]] TaskerReply replyInItsPlace(const TaskerRequest &request, int status, const std::string &detail,
                                          std::optional<int> retryAfterSeconds = std::nullopt);

} // namespace gatehouse
