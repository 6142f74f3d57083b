// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gatehouse-mcp/mcp_message.h"

#include <QByteArray>

#include <algorithm>
#include <array>

namespace gatehouse {

namespace {

constexpr auto kKeyName = "gatehouse/idempotencyKey";

/// Answers whether the message was changed.
bool addKey(Json &message, Random &random)
{
    Json &params = message["params"];
    if (params.is_null())
        params = Json::object();
    if (!params.is_object())
        return false;
    Json &meta = params["_meta"];
    if (meta.is_null())
        meta = Json::object();
    if (!meta.is_object() || meta.contains(kKeyName))
        return false;
    meta[kKeyName] = random.uuid();
    return true;
}

constexpr auto kVersionName = "io.modelcontextprotocol/protocolVersion";

/// Methods whose Mcp-Name repeats a parameter (basic/transports/streamable-http, "Standard Request
/// Headers"; the tasks' are of their extension).
constexpr std::array<std::pair<std::string_view, const char *>, 6> kNamed{ {
    { "tools/call", "name" },
    { "resources/read", "uri" },
    { "prompts/get", "name" },
    { "tasks/get", "taskId" },
    { "tasks/update", "taskId" },
    { "tasks/cancel", "taskId" },
} };

/// A text as a header can carry it (the same page, "Value Encoding").
std::string headerValue(const std::string &text)
{
    const bool plain = std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7f; })
        && !text.starts_with(' ') && !text.ends_with(' ') && !text.starts_with("=?base64?");
    return plain ? text : "=?base64?" + QByteArray::fromStdString(text).toBase64().toStdString() + "?=";
}

/// What a request without a session says of itself, once more as headers; empty: it belongs to a session.
std::vector<std::pair<std::string, std::string>> headersOf(const std::string &method, const Json &params)
{
    const Json meta = params.is_object() ? params.value("_meta", Json()) : Json();
    const Json version = meta.is_object() ? meta.value(kVersionName, Json()) : Json();
    if (!version.is_string())
        return {};
    std::vector<std::pair<std::string, std::string>> headers{
        { "MCP-Protocol-Version", headerValue(version.get<std::string>()) },
        { "Mcp-Method", headerValue(method) },
    };
    for (const auto &[named, parameter] : kNamed) {
        const Json name = named == method ? params.value(parameter, Json()) : Json();
        if (name.is_string())
            headers.emplace_back("Mcp-Name", headerValue(name.get<std::string>()));
    }
    return headers;
}

} // namespace

Result<McpMessage> readMessage(std::string_view line, Random &random)
{
    auto parsed = parseJson(line);
    if (!parsed)
        return tl::unexpected<Error>(parsed.error());
    Json &message = *parsed;
    if (!message.is_object() || message.value("jsonrpc", Json()) != "2.0")
        return failure(ErrorCode::InvalidRequest, "not a JSON-RPC 2.0 message");

    McpMessage read;
    const auto method = message.find("method");
    const auto id = message.find("id");
    if (method == message.end()) {
        if (id == message.end() || (!message.contains("result") && !message.contains("error")))
            return failure(ErrorCode::InvalidRequest, "neither a method nor a result");
        read.kind = McpMessage::Kind::Answer;
        read.body = line;
        return read;
    }
    if (!method->is_string())
        return failure(ErrorCode::InvalidRequest, "a method that is no text");
    read.method = method->get<std::string>();
    if (id != message.end()) {
        if (!id->is_string() && !id->is_number_integer())
            return failure(ErrorCode::InvalidRequest, "an id that is neither text nor a whole number");
        read.kind = McpMessage::Kind::Request;
        read.id = *id;
    }
    const bool changed = read.method == "tools/call" && addKey(message, random);
    read.body = changed ? message.dump() : std::string(line);
    if (read.kind == McpMessage::Kind::Request)
        read.headers = headersOf(read.method, message.value("params", Json()));
    if (read.method == "initialize" || read.method == "notifications/cancelled")
        read.params = message.value("params", Json::object());
    return read;
}

std::string errorLine(const Json &id, int code, std::string_view sentence, const Json &data)
{
    Json error{ { "code", code }, { "message", sentence } };
    if (!data.is_null())
        error["data"] = data;
    const Json answer{ { "jsonrpc", "2.0" }, { "id", id }, { "error", std::move(error) } };
    return answer.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<std::string> onOneLine(std::string text)
{
    if (text.find_first_of("\r\n") == std::string::npos)
        return text;
    const Json value = Json::parse(text, nullptr, false);
    if (value.is_discarded())
        return failure(ErrorCode::InvalidRequest, "not JSON");
    return value.dump();
}

} // namespace gatehouse
