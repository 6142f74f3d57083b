// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/result.h"

#include <string>
#include <string_view>

// JSON-RPC 2.0 as MCP uses it: one message a body, no batches, ids that are strings or integers.
// Pure. Thread: any.
namespace gatehouse::rpc {

inline constexpr int kParseError = -32700;
inline constexpr int kInvalidRequest = -32600;
inline constexpr int kMethodNotFound = -32601;
inline constexpr int kInvalidParams = -32602;
inline constexpr int kInternalError = -32603;
/// MCP's own up to 2025-11-25; from 2026-07-28 on it goes out as kInvalidParams.
inline constexpr int kResourceNotFound = -32002;
inline constexpr std::size_t kIdTextMost = 256;

struct Fault
{
    int code = kInternalError;
    std::string message;
    Json data = nullptr;
    Json id = nullptr; ///< of the message at fault, where it could be read
};

template <typename T> using Outcome = tl::expected<T, Fault>;

[[nodiscard]] inline tl::unexpected<Fault> fault(int code, std::string message, Json data = nullptr)
{
    return tl::unexpected<Fault>(Fault{ code, std::move(message), std::move(data), nullptr });
}

struct Message
{
    enum class Kind { Request, Notification, Response } kind = Kind::Request;
    Json id = nullptr;
    std::string method;
    Json params = Json::object(); ///< always an object; without nulls, but for those in a tool's arguments
};

/// Null is as good as absent for what may be left out. kParseError: not JSON (base/json.h is strict).
/// kInvalidRequest: a batch, or no JSON-RPC 2.0 message. kInvalidParams: params that are no object.
[[nodiscard]] Outcome<Message> read(std::string_view body);

[[nodiscard]] Json result(const Json &id, Json value);
[[nodiscard]] Json error(const Json &id, const Fault &fault);
[[nodiscard]] Json notification(std::string_view method, Json params);

} // namespace gatehouse::rpc
