// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace gatehouse {

/// Text that others wrote, on one line and harmless to a terminal: control, bidirectional and zero-width
/// characters become visible escapes. Thread: any.
[[nodiscard]] std::string visible(std::string_view text);
/// JSON as text, which means the same with those characters escaped as \uXXXX.
[[nodiscard]] std::string visibleJson(std::string_view json);

} // namespace gatehouse
