// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/result.h"
#include "gateway_core/http/message.h"

#include <string>
#include <string_view>

// Errors in OAuth's own form (docs/oauth.md, Errors). Clients of OAuth know no other: what they do not know
// they take for a reason to open a browser. Pure. Thread: any.
namespace gatehouse {

/// {"error", "error_description"} as RFC 6749, section 5.2, wants it.
struct OAuthFault
{
    int status = 400;
    std::string_view word;
    std::string_view sentence;
};

/// What an error of Logins is at the token endpoint. Whatever will pass is 503, never invalid_grant: a
/// client throws its tokens away on that. NotFound {field: client_id} is 401 invalid_client, on which it
/// throws its registration away.
[[nodiscard]] OAuthFault oauthFaultOf(const Error &error);
/// What an error is that somebody in front of the endpoints gave: the door, the access check, the dispatcher.
[[nodiscard]] OAuthFault oauthFaultInFront(const Error &error);
/// With Retry-After where it will pass: details.retry_after, or 5 s.
[[nodiscard]] HttpResponse oauthAnswer(const OAuthFault &fault, const Error &error,
                                       const std::string &requestId);

} // namespace gatehouse
