// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/http/http_rejection.h"
#include "gateway_core/http/message.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace gatehouse {

/// A token of RFC 9110, section 5.6.2: what a header's name is made of.
[[nodiscard]] bool isToken(std::string_view text);
/// Printable ASCII and tabs. Other bytes in a value are opaque (RFC 9110, section 5.5): a header that is read
/// here or behind must not hold them, and of any other header nobody gets to see them.
[[nodiscard]] bool isAsciiValue(std::string_view value);
/// A header whose value decides something, here or behind. `name` in lower case. tst_request_reader holds the
/// list against every header that the sources read.
[[nodiscard]] bool isRead(std::string_view name);
/// The path in a head that was refused before it was understood, as it stands there; empty where the first
/// line is no request for one. For choosing the words of a refusal and nothing else.
[[nodiscard]] std::string_view glimpsedPath(std::string_view head);
/// Headers that fix where a request ends, or that would be read differently if they came twice.
[[nodiscard]] std::optional<HttpRejection> checkFraming(const HttpRequest &request);
/// GET, POST, PATCH, PUT and DELETE. HEAD, OPTIONS, TRACE and CONNECT are known and not allowed; anything
/// else is unknown. Case matters (RFC 9110, section 9.1).
[[nodiscard]] std::optional<HttpRejection> checkMethod(std::string_view method);

/// What this door is called by those that may come in.
struct DoorNames
{
    int port = 0; ///< of the loopback listener; 0 if there is none
    bool unixSocket = false; ///< the request came by the Unix socket
    std::span<const std::string> navigable; ///< paths a browser may be sent to from another site
};

/// Host, Origin and Sec-Fetch-Site: a page of another site, or a foreign name that resolves to loopback,
/// does not get in.
[[nodiscard]] std::optional<HttpRejection> checkNames(const HttpRequest &request, const DoorNames &door);

} // namespace gatehouse
