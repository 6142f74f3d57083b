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
/// The same address, but for the port: such a program takes whichever is free.
[[nodiscard]] bool sameRedirect(std::string_view registered, std::string_view asked);
/// The same address, however it is spelled: no path is "/", no port is 80 (RFC 3986, section 6.2.3). The
/// three names are three addresses: a program may listen at one of them alone.
[[nodiscard]] bool sameAddress(std::string_view one, std::string_view other);

} // namespace gatehouse
