// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/calls/approvals.h"
#include "gateway_core/calls/preview.h"
#include "gateway_core/identity/directory.h"
#include "gateway_core/identity/pairing.h"

#include <optional>
#include <string>
#include <string_view>

// Domain values as the JSON of docs/rest-api.md, and the few texts that come in by query or header.
// Pure; no secret gets here. Thread: any.
namespace gatehouse::wire {

/// "2026-09-21T14:13:20.000Z".
[[nodiscard]] std::string timeText(std::int64_t wall);
/// A date-time with an offset (RFC 3339). nullopt: not one.
[[nodiscard]] std::optional<std::int64_t> timeOf(std::string_view text);

[[nodiscard]] Json toJson(const Agent &agent);
/// `lastUsedAt`: the more exact time of Registry::lastHeard, or 0 for the stored one. `crowdedAt`: of
/// Registry::lastCrowded.
[[nodiscard]] Json toJson(const Client &client, std::int64_t lastUsedAt = 0, std::int64_t crowdedAt = 0);
[[nodiscard]] Json toJson(const OwnerToken &token);
[[nodiscard]] Json toJson(const Grant &grant);
/// With the yeses that let calls through beside its *ask*.
[[nodiscard]] Json toJson(const Grant &grant, const std::vector<TimedApproval> &standing);
[[nodiscard]] Json toJson(const TimedApproval &yes);
[[nodiscard]] Json toJson(const Peer &peer);
[[nodiscard]] Json toJson(const PairingCode &code);
[[nodiscard]] Json toJson(const Confirmation &confirmation);
[[nodiscard]] Json toJson(const Approval &approval);
[[nodiscard]] Json toJson(const Preview &preview);
[[nodiscard]] Json toJson(const CallRow &row);

/// Every scope's name, in their order.
[[nodiscard]] Json scopeNames();
/// The scopes of a login's limit (bit set over Scope), in our order, as OAuth writes them; all of them for
/// nullopt.
[[nodiscard]] std::string scopeText(const std::optional<std::int64_t> &limit);

/// An object of a JSON body: its text under `name`, empty where there is none.
[[nodiscard]] std::string text(const Json &body, const char *name);

/// 1 to 255 visible ASCII characters.
[[nodiscard]] bool isIdempotencyKey(std::string_view text);
/// W3C Trace Context, version 00: returned as it is if well formed, else empty.
[[nodiscard]] std::string checkedTraceparent(std::string_view text);

} // namespace gatehouse::wire
