// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace gatehouse {

/// A request target in origin-form (RFC 9112, section 3.2.1), read once so that nobody behind reads it again.
struct Target
{
    std::string path; ///< percent-decoded, UTF-8
    std::string query; ///< raw, every escape in it whole
};

/// Empty for anything that could mean two things: absolute-, authority- and asterisk-form, a fragment, a
/// broken escape, an encoded slash, a backslash, a control byte, text that is not UTF-8, and an empty,
/// "." or ".." segment however it is spelled ("/" alone is the root). Thread: any.
[[nodiscard]] std::optional<Target> parseTarget(std::string_view raw);

} // namespace gatehouse
