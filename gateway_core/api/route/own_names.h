// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/api/route/condition.h"
#include "gateway_core/http/message.h"

#include <string>
#include <string_view>

// The names that this gateway answers to on loopback: 127.0.0.1, localhost and [::1], with the port that is
// open. What a login reads is told in the name that it was asked for (RFC 9728, section 3.3), but all of them
// are one audience. Pure. Thread: any.
namespace gatehouse {

/// `http://` and the name in Host. Condition's own name where it is none of the three with our port: by the
/// Unix socket, and for whatever http/ would have refused. A foreign name is never repeated.
[[nodiscard]] std::string originAskedFor(const HttpRequest &request, const Condition &condition);

/// What logins' tokens are good for, and are kept under: /mcp of Condition's own name.
[[nodiscard]] std::string ownAudience(const Condition &condition);
/// The same for each spelling of it (each of the three names; /mcp, /mcp/ or the bare origin); anything else
/// as it is.
[[nodiscard]] std::string audienceOf(std::string_view resource, const Condition &condition);

} // namespace gatehouse
