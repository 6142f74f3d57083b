// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/api/route/condition.h"
#include "gateway_core/api/mcp/mcp_provider.h"

// What MCP's transport asks of HTTP headers and statuses, and of every request (docs/mcp.md, Transport).
// Thread: core.
namespace gatehouse::mcp {

/// -32001, as the official SDKs have it for a session that is not there.
inline constexpr int kUnknownSession = -32001;

[[nodiscard]] bool isJsonBody(const HttpRequest &request);
/// The client takes JSON or an event stream, in whatever order it says so.
[[nodiscard]] bool acceptsAnswer(const HttpRequest &request);
[[nodiscard]] bool acceptsStream(const HttpRequest &request);

/// The progress token in `_meta`; null where there is none. kInvalidParams: `_meta` is no object, or the
/// token neither a string nor an integer.
[[nodiscard]] rpc::Outcome<Json> progressTokenOf(const Json &params);
/// The request as an offer sees it, but for its version and the client's capabilities.
[[nodiscard]] McpExchange::Asked askedOf(const RouteCall &call, const rpc::Message &message);
/// {name, title, version}.
[[nodiscard]] Json serverInfo(const Condition &condition);

/// A refusal by status: the body is a JSON-RPC error whose data is our own error body.
void refuse(const Reply &reply, ErrorCode code, const rpc::Fault &fault);

} // namespace gatehouse::mcp
