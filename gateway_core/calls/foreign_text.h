// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/result.h"

#include <string>
#include <string_view>

namespace gatehouse {

inline constexpr std::size_t kResultLimit = 32'000; // bytes of JSON: 8,000 tokens (product.md, Numbers)

/// Text that somebody else wrote, without what a person cannot see and a model can (base/unseen_text.h).
/// `oneLine` turns line breaks and tabs into spaces. Bytes that are not UTF-8 become U+FFFD. Pure. Thread:
/// any.
[[nodiscard]] std::string cleanText(std::string_view text, bool oneLine);

/// At most `bytes` of text, cut between characters; what was cut ends with a mark that says so.
[[nodiscard]] std::string cutText(const std::string &text, std::size_t bytes);

/// Shortens the text at `text`, a part of `result`, until the whole is within `limit` bytes of JSON.
void fitText(const Json &result, Json &text, std::size_t limit);

} // namespace gatehouse
