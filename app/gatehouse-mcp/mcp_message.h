// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/json.h"
#include "gateway_core/base/random.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gatehouse {

/// The most that the gateway takes as a body (HttpLimits::body): what is longer is answered here.
inline constexpr std::size_t kMessageMost = 1 << 20;

/// One JSON-RPC message from the client, ready to be posted as often as it takes.
struct McpMessage
{
    enum class Kind { Request, Notification, Answer };

    Kind kind = Kind::Notification;
    Json id; ///< of a request
    std::string method;
    std::string body; ///< what is posted; a tools/call always carries an idempotency key
    /// Of a request that needs no session (MCP 2026-07-28): the headers that repeat what its body says.
    /// Empty: it belongs to the session.
    std::vector<std::pair<std::string, std::string>> headers;
    Json cancels; ///< the request that `notifications/cancelled` names
};

/// InvalidRequest for what is no single JSON-RPC 2.0 message. Null is as good as absent for what may be left
/// out. A tools/call without
/// `_meta["gatehouse/idempotencyKey"]` gets one, so that repeating it after a broken connection applies
/// it once.
[[nodiscard]] Result<McpMessage> readMessage(std::string_view line, Random &random);

/// A JSON-RPC error answer on one line. `code` is JSON-RPC's; `data` may be null.
[[nodiscard]] std::string errorLine(const Json &id, int code, std::string_view sentence,
                                    const Json &data = nullptr);

/// Is it a JSON-RPC 2.0 message at all?
[[nodiscard]] bool isMessage(const Json &value);
/// `text`, which is `value`, without a line break.
[[nodiscard]] std::string onOneLine(std::string text, const Json &value);
/// The line without the white space around it, and without a byte order mark; empty: a blank line.
[[nodiscard]] std::string_view messageText(std::string_view line);

inline constexpr int kParseError = -32700;
inline constexpr int kInvalidMessage = -32600;
inline constexpr int kGatewayError = -32000; // JSON-RPC 2.0, section 5.1: for the server's own use

} // namespace gatehouse
