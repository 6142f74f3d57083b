// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/api/jsonrpc.h"
#include "gateway_core/api/reply.h"
#include "gateway_core/http/message.h"

// What MCP's transport asks of HTTP headers and statuses (docs/mcp.md, Transport). Thread: core.
namespace gatehouse::mcp {

/// -32001, as the official SDKs have it for a session that is not there.
inline constexpr int kUnknownSession = -32001;

[[nodiscard]] bool isJsonBody(const HttpRequest &request);
/// The client takes JSON or an event stream, in whatever order it says so.
[[nodiscard]] bool acceptsAnswer(const HttpRequest &request);
[[nodiscard]] bool acceptsStream(const HttpRequest &request);

/// A refusal by status: the body is a JSON-RPC error whose data is our own error body.
void refuse(const Reply &reply, ErrorCode code, const rpc::Fault &fault);

} // namespace gatehouse::mcp
