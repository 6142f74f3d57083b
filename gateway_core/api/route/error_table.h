// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/result.h"
#include "gateway_core/http/message.h"

#include <string>
#include <string_view>

// The one table from an ErrorCode to what a caller sees, by REST and in MCP alike (docs/rest-api.md,
// Errors). `Error::detail` never gets here: it belongs to the log. Pure. Thread: any.
namespace gatehouse {

/// The code as it goes out: storage and secrets codes stay on this machine and leave as
/// audit_unavailable, gateway_locked or conflict.
[[nodiscard]] ErrorCode onTheWire(ErrorCode code);
[[nodiscard]] int httpStatusOf(ErrorCode code);
/// The code for a status that http/ refuses with.
[[nodiscard]] ErrorCode codeOfStatus(int status);
/// A sentence for a person, in English; the window has its own, translated.
[[nodiscard]] std::string_view sentenceOf(ErrorCode code);
/// The same, and more exactly where `details` has the reason: a connection that broke, something in between.
[[nodiscard]] std::string sentenceOf(const Error &error);
/// True for a code that says *no* to what the caller asked: it counts against its refusals a minute.
[[nodiscard]] bool isRefusal(ErrorCode code);

/// ValidationFailed {errors: [{field, problem}]}.
[[nodiscard]] Error fieldProblem(std::string_view field, std::string_view problem);
/// {"error", "message", "details", "request_id"}: the body by REST, and `structuredContent` in MCP.
[[nodiscard]] Json errorBody(const Error &error, const std::string &requestId);
/// Status, body and Retry-After (from details.retry_after, in seconds). 401 gets its WWW-Authenticate
/// from the access check, which knows the address.
[[nodiscard]] HttpResponse errorAnswer(const Error &error, const std::string &requestId);

} // namespace gatehouse
