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

/// A new client with its token, not stored yet: 30 days from `now`, which is Registry::now(), the clock
/// that expiry is checked against. `pairedBy` is the executable that asked, empty for a token by hand.
struct MintedClient
{
    Client client;
    Secret token;
};
[[nodiscard]] MintedClient mintClient(const AgentId &agent, std::string name, std::string pairedBy,
                                      std::int64_t now, Random &random);
/// The same for a token of the owner's own tools.
struct MintedOwnerToken
{
    OwnerToken record;
    Secret token;
};
[[nodiscard]] MintedOwnerToken mintOwnerToken(std::string name, std::int64_t now, Random &random,
                                              std::chrono::seconds lifetime = kOwnerTokenLifetime);

/// The client that holds this token, or null: unknown, revoked, expired, idle for too long.
/// `now` is Registry::now(). Looks up by SHA-256, so timing tells nothing. Idleness is measured on the
/// snapshot's lastUsedAt, which the Registry keeps at most a minute behind.
[[nodiscard]] const Client *clientOf(const Directory &directory, std::string_view token, std::int64_t now);
[[nodiscard]] const OwnerToken *ownerTokenOf(const Directory &directory, std::string_view token,
                                             std::int64_t now);

} // namespace gatehouse
