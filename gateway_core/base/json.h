// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/result.h"

#include <string>
#include <string_view>

namespace gatehouse {

constexpr int kJsonDepthLimit = 64; // product.md, Numbers

constexpr std::size_t kJsonPartsLimit = 200'000; ///< values and keys of anything that is read
constexpr std::size_t kRequestPartsLimit = 10'000; ///< of a request: what one client may cost all others

/// Parses text that somebody else wrote. InvalidRequest {reason} for anything that two readers could take
/// differently: not UTF-8, a lone surrogate, a NUL in a key, a duplicate key, deeper than
/// kJsonDepthLimit, more than `mostParts`, a number that no double holds, text behind the value.
/// A number without a fraction is read as an integer, however it is written.
/// Thread: any.
[[nodiscard]] Result<Json> parseJson(std::string_view text, std::size_t mostParts = kJsonPartsLimit);

/// The one spelling of a value: keys in byte order, no white space, UTF-8. For digests and the journal.
[[nodiscard]] std::string canonicalJson(const Json &value);

/// The text that `object` holds under `name`; empty where it holds none, or is no object.
[[nodiscard]] std::string textAt(const Json &object, const char *name);

} // namespace gatehouse
