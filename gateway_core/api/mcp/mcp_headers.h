// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/api/mcp/jsonrpc.h"
#include "gateway_core/api/mcp/mcp_provider.h"
#include "gateway_core/http/message.h"

#include <array>
#include <optional>
#include <string>
#include <string_view>

// What MCP 2026-07-28 asks of each request's headers and `_meta` (its pages basic/index, "_meta", and
// basic/transports/streamable-http, "Request Metadata"). Pure. Thread: any.
namespace gatehouse::mcp {

/// The versions without sessions, newest first.
inline constexpr std::array<std::string_view, 1> kStatelessVersions{ "2026-07-28" };

// Of the sub-range that MCP keeps for itself (basic/index, "Error Codes"); each goes out as 400.
inline constexpr int kHeaderMismatch = -32020;
inline constexpr int kMissingClientCapability = -32021;
inline constexpr int kUnsupportedVersion = -32022;

/// Of a resource that is not there, or not the caller's to know (server/resources, "Error Handling"):
/// 2026-07-28 has no code of its own for it.
[[nodiscard]] int missingResourceCode(std::string_view version);

inline constexpr const char *kMetaVersion = "io.modelcontextprotocol/protocolVersion";
inline constexpr const char *kMetaCapabilities = "io.modelcontextprotocol/clientCapabilities";
inline constexpr const char *kMetaLogLevel = "io.modelcontextprotocol/logLevel";
inline constexpr const char *kMetaServerInfo = "io.modelcontextprotocol/serverInfo";
inline constexpr const char *kMetaSubscription = "io.modelcontextprotocol/subscriptionId";
inline constexpr const char *kTasksExtension = "io.modelcontextprotocol/tasks";

[[nodiscard]] bool isStateless(std::string_view version);
/// Is this spoken without a session: by its `_meta`, or by its MCP-Protocol-Version?
[[nodiscard]] bool isStateless(const HttpRequest &request);
[[nodiscard]] bool isStateless(const HttpRequest &request, const rpc::Message &message);

/// What a request says of itself.
struct RequestTerms
{
    std::string_view version; ///< of kStatelessVersions
    Json clientCapabilities;
    std::optional<McpLogLevel> logLevel; ///< nullopt: no log messages
};

/// kInvalidParams: `_meta` lacks the version or the capabilities, or names no log level. kHeaderMismatch: a
/// header is missing, comes twice, cannot be read or differs from the body. kUnsupportedVersion {supported,
/// requested}.
[[nodiscard]] rpc::Outcome<RequestTerms> termsOf(const HttpRequest &request, const rpc::Message &message);

/// A header's value as meant: `=?base64?…?=` is taken apart. nullopt: malformed, or not UTF-8.
[[nodiscard]] std::optional<std::string> headerText(std::string_view value);

/// Does the client follow tasks (io.modelcontextprotocol/tasks)? And what one is told that would have to.
[[nodiscard]] bool followsTasks(const Json &clientCapabilities);
[[nodiscard]] rpc::Fault tasksAreNeeded();

/// Every version that is spoken here, of both eras, newest first.
[[nodiscard]] Json supportedVersions();

} // namespace gatehouse::mcp
