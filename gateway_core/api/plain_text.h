// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/result.h"

#include <string>
#include <string_view>

// Text that others wrote in Tasker, on its way to a model: what a person would not see is taken out, so
// that nothing speaks to the model behind the person's back. Pure. Thread: any.
namespace gatehouse {

/// Without control characters (but line feed and tab), zero-width, bidi, variation and tag characters.
/// Expects UTF-8; a broken sequence becomes U+FFFD.
[[nodiscard]] std::string visibleText(std::string_view text);
/// The same on one line, `most` characters at most.
[[nodiscard]] std::string visibleLine(std::string_view text, std::size_t most);
/// visibleText() on every string of a value; names of fields are ours and stay.
[[nodiscard]] Json visibleJson(Json value);

} // namespace gatehouse
