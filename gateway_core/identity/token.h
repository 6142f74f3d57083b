// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/digest.h"
#include "gateway_core/base/random.h"
#include "gateway_core/identity/directory.h"

#include <chrono>

namespace gatehouse {

inline constexpr std::string_view kAgentTokenPrefix = "gh_a_";
inline constexpr std::string_view kOwnerTokenPrefix = "gh_o_";
inline constexpr auto kAgentTokenLifetime = std::chrono::hours(24 * 30);
inline constexpr auto kAgentTokenIdle = std::chrono::hours(24 * 7);
inline constexpr auto kOwnerTokenLifetime = std::chrono::hours(12);

/// A fresh token: prefix + 43 base64url characters (256 bits). `text` is shown once.
struct MintedToken
{
    Secret text;
    Digest hash{};
    std::string tail;
};

[[nodiscard]] MintedToken mintToken(std::string_view prefix, Random &random);

/// The client that holds this token, or null: unknown, revoked, expired, idle for too long.
/// `lastHeard` is Registry::lastHeard of that client. Looks up by SHA-256, so timing tells nothing.
[[nodiscard]] const Client *clientOf(const Directory &directory, std::string_view token, std::int64_t now);
[[nodiscard]] const OwnerToken *ownerTokenOf(const Directory &directory, std::string_view token,
                                             std::int64_t now);

} // namespace gatehouse
