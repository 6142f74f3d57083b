// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/http/fault.h"
#include "gateway_core/http/message.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace gatehouse {

/// A token of RFC 9110, section 5.6.2: what a header's name is made of.
[[nodiscard]] bool isToken(std::string_view text);
/// Headers that fix where a request ends, or that would be read differently if they came twice.
[[nodiscard]] std::optional<Fault> checkFraming(const HttpRequest &request);
/// GET, POST, PATCH, PUT and DELETE. HEAD, OPTIONS, TRACE and CONNECT are known and not allowed; anything
/// else is unknown. Case matters (RFC 9110, section 9.1).
[[nodiscard]] std::optional<Fault> checkMethod(std::string_view method);

/// What this door is called by those that may come in.
struct DoorNames
{
    int port = 0; ///< of the loopback listener; 0 if there is none
    bool unixSocket = false; ///< the request came by the Unix socket
    std::span<const std::string> navigable; ///< paths a browser may be sent to from another site
};

/// Host, Origin and Sec-Fetch-Site: a page of another site, or a foreign name that resolves to loopback,
/// does not get in.
[[nodiscard]] std::optional<Fault> checkNames(const HttpRequest &request, const DoorNames &door);

} // namespace gatehouse
