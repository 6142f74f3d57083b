// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/client/wire.h"
#include "app/gatehousectl/doctor/finding.h"

/// What the gateway says of itself, as findings. `body` is its answer, whatever came. Pure. Thread: any.
namespace gatehouse::gateway {

/// No answer at the socket.
[[nodiscard]] Finding silent(WireFailure failure);
/// GET /readyz.
[[nodiscard]] Finding readiness(const Json &body);
/// GET /api/v1/status: mode, PIN, journal; versions.
[[nodiscard]] std::vector<Finding> state(const Json &body);
[[nodiscard]] Finding versions(const Json &body, std::string_view ownVersion);
/// The latest wall time in it, milliseconds since 1970; 0: none.
[[nodiscard]] std::int64_t latestTime(const Json &body);
/// Why the owner's routes were not asked: `code` is the name of the error, as unauthorized.
[[nodiscard]] Finding notSignedIn(std::string_view code);
/// GET /api/v1/projects: a question to Tasker, asked by the gateway. 0: it was not asked.
[[nodiscard]] Finding tasker(int status, const Json &body, std::int64_t milliseconds);
/// What /readyz tells of Tasker: the last call's result.
[[nodiscard]] Finding lastHeard(const Json &ready);

/// The text at a JSON Pointer; empty where there is none.
[[nodiscard]] std::string textAt(const Json &body, const char *pointer);

} // namespace gatehouse::gateway
