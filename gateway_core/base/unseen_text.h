// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

// What of a text a person cannot read: the one home of it, for what is shown in the window and on a terminal
// and for what goes to agents. Source: ICU, by Unicode's properties. Pure. Thread: any.
namespace gatehouse {

/// Leaves no mark on a page, and a program reads it all the same: controls (line ends and tabs too), line and
/// paragraph separators, format characters (zero width, bidirectional), and all that Unicode calls default
/// ignorable (tags, variation selectors, fillers).
[[nodiscard]] bool isInvisible(char32_t character);

/// Has no shape that people agree on: private use, not assigned, a lone surrogate, the blank Braille pattern.
[[nodiscard]] bool isShapeless(char32_t character);

/// A picture, which U+FE0F behind it only paints in colour.
[[nodiscard]] bool isPictograph(char32_t character);

/// U+200B, as it is spelled out.
[[nodiscard]] std::string codePointName(char32_t character);

} // namespace gatehouse
