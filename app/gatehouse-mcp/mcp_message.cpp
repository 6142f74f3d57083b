// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gatehouse-mcp/mcp_message.h"

#include <QByteArray>

#include <algorithm>
#include <array>

namespace gatehouse {

namespace {

constexpr auto kKeyName = "gatehouse/idempotencyKey";

bool says(const Json &object, const char *name)
{
    const auto found = object.find(name);
    return found != object.end() && !found->is_null();
}

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
    if (!meta.is_object() || says(meta, kKeyName))
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
        if (id == message.end() || !isMessage(message))
            return failure(ErrorCode::InvalidRequest, "neither a method nor a result");
        read.kind = McpMessage::Kind::Answer;
        read.body = line;
        return read;
    }
    if (!method->is_string())
        return failure(ErrorCode::InvalidRequest, "a method that is no text");
    read.method = method->get<std::string>();
    if (id != message.end() && !(id->is_null() && read.method.starts_with("notifications/"))) {
        if (!id->is_string() && !id->is_number_integer())
            return failure(ErrorCode::InvalidRequest, "an id that is neither text nor a whole number");
        read.kind = McpMessage::Kind::Request;
        read.id = *id;
    }
    const Json params = message.value("params", Json());
    const bool changed = read.method == "tools/call" && addKey(message, random);
    read.body = changed ? message.dump() : std::string(line);
    if (read.kind == McpMessage::Kind::Request)
        read.headers = headersOf(read.method, params);
    if (read.method == "notifications/cancelled" && params.is_object())
        read.cancels = params.value("requestId", Json());
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

bool isMessage(const Json &value)
{
    return value.is_object() && value.value("jsonrpc", Json()) == "2.0"
        && (value.contains("method") || value.contains("result") || value.contains("error"));
}

std::string onOneLine(std::string text, const Json &value)
{
    return text.find_first_of("\r\n") == std::string::npos ? text : value.dump();
}

std::string_view messageText(std::string_view line)
{
    constexpr std::string_view kMark = "\xef\xbb\xbf";
    constexpr std::string_view kBlanks = " \t\r\n";
    if (line.starts_with(kMark))
        line.remove_prefix(kMark.size());
    const auto first = line.find_first_not_of(kBlanks);
    if (first == std::string_view::npos)
        return {};
    return line.substr(first, line.find_last_not_of(kBlanks) - first + 1);
}

} // namespace gatehouse
