// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/result.h"
#include "gateway_core/base/secret.h"

#include <string>

namespace gatehouse {

/// What the journal keeps of a call's arguments: for each name its size in bytes, as canonical JSON spells
/// the value, and 64 bits of an HMAC of name and value under the journal key. Never a value: one can be
/// recognised again by who holds the key, and by nobody else be guessed, however short it is.
/// 32 names at most, each cut at 64 bytes; the rest is counted under "…". Pure. Thread: any.
[[nodiscard]] Json reduceArguments(const Json &arguments, const Secret &journalKey);

/// One HMAC over all arguments, hex: what an approval and a replay are bound to.
[[nodiscard]] std::string argumentDigest(const Json &arguments, const Secret &journalKey);

} // namespace gatehouse
