// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

// Where a login may send the browser back to: a program on this machine, and nowhere else (RFC 8252,
// section 7.3). Pure. Thread: any.
namespace gatehouse {

inline constexpr std::size_t kRedirectMost = 512;

/// `http://` + 127.0.0.1, [::1] or localhost + optional port + optional path and query; visible ASCII, no
/// user, no fragment, 512 characters at most.
[[nodiscard]] bool isLoopbackRedirect(std::string_view uri);
/// Exactly the same, but for the port: such a program takes whichever is free.
[[nodiscard]] bool sameRedirect(std::string_view registered, std::string_view asked);

} // namespace gatehouse
