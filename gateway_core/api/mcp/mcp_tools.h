// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/api/mcp/jsonrpc.h"
#include "gateway_core/calls/call_pipeline.h"
#include "gateway_core/identity/directory.h"

#include <string>

// The catalogue and the answers of the pipeline, in MCP's words (docs/mcp.md, Tools). Pure. Thread: any.
namespace gatehouse::mcp {

/// The tools of every scope that the agent holds anywhere, in the catalogue's order. `scopeLimit`: the bit
/// set of a login that asked for less (Call::scopeLimit).
[[nodiscard]] Json toolsFor(const ToolCatalogue &catalogue, const Directory &directory, const AgentId &agent,
                            std::int64_t now, std::optional<std::int64_t> scopeLimit);

/// In `_meta` of a result: where in it the words of others stand, as JSON Pointers (RFC 6901) below
/// structuredContent, or below the JSON of a resource; `*` is every entry of a list.
inline constexpr const char *kUntrusted = "gatehouse/untrusted";

/// A CallToolResult. Failures are in-band: isError and {error, message, details, request_id}.
/// The pipeline has cleaned and cut the text that others wrote.
[[nodiscard]] Json toolResult(const CallAnswer &answer, const std::string &requestId);

/// The `_meta` of a result: call, request, replayed, partial, and kUntrusted.
[[nodiscard]] Json resultMeta(const CallAnswer &answer, const std::string &requestId);

/// A project's or agent's name, as others wrote it, fit for one line of a text for the model.
[[nodiscard]] std::string shownName(const std::string &name);

/// The call that `params` of tools/call ask for; client, peer and request id are the door's to fill in.
/// kInvalidParams: no such tool, arguments that are no object, a malformed idempotency key.
[[nodiscard]] rpc::Outcome<Call> callOf(const ToolCatalogue &catalogue, const Json &params);

/// For the model, once a session: who it is here, where it may work, how repeats and questions behave.
[[nodiscard]] std::string instructionsFor(const Directory &directory, const AgentId &agent, std::int64_t now);

} // namespace gatehouse::mcp
