// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace gatehouse {

/// Text that others wrote, on one line and harmless to a terminal: what cannot be seen (base/unseen_text.h)
/// becomes a visible escape. Thread: any.
[[nodiscard]] std::string visible(std::string_view text);
/// JSON as text, which means the same with those characters escaped as \uXXXX.
[[nodiscard]] std::string visibleJson(std::string_view json);

} // namespace gatehouse
