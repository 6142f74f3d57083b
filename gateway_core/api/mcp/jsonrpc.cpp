// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/mcp/jsonrpc.h"

#include "gateway_core/base/json.h"

namespace gatehouse::rpc {

namespace {

bool isId(const Json &id)
{
    return id.is_number_integer()
        || (id.is_string() && id.get_ref<const std::string &>().size() <= kIdTextMost);
}

bool says(const Json &json, const char *name)
{
    return json.contains(name) && !json[name].is_null();
}

/// A null stands for what may be left out, but not in a tool's arguments, where it is a value.
void leaveOutNulls(Json &object, bool withArguments)
{
    for (auto member = object.begin(); member != object.end();) {
        if (member->is_null()) {
            member = object.erase(member);
            continue;
        }
        if (member->is_object() && (withArguments || member.key() != "arguments"))
            leaveOutNulls(*member, true);
        ++member;
    }
}

} // namespace

Outcome<Message> read(std::string_view body)
{
    auto parsed = parseJson(body, kRequestPartsLimit);
    if (!parsed)
        return fault(kParseError, "Parse error", parsed.error().details);
    Json &json = *parsed;
    if (json.is_array())
        return fault(kInvalidRequest, "Batches are not part of this protocol version");
    if (!json.is_object() || json.value("jsonrpc", Json()) != "2.0")
        return fault(kInvalidRequest, "Not a JSON-RPC 2.0 message");

    Message message;
    const bool notifies = textAt(json, "method").starts_with("notifications/");
    const bool hasId = notifies ? says(json, "id") : json.contains("id");
    if (hasId && !isId(json["id"]))
        return fault(kInvalidRequest, "The id must be a string or an integer");
    if (hasId)
        message.id = json["id"];
    if (!json.contains("method")) {
        const bool failed = says(json, "error");
        if (!hasId || (failed ? says(json, "result") : !json.contains("result")))
            return fault(kInvalidRequest, "Neither a request, a notification nor a response");
        message.kind = Message::Kind::Response;
        return message;
    }
    if (!json["method"].is_string())
        return fault(kInvalidRequest, "The method must be a string");
    message.method = json["method"].get<std::string>();
    message.kind = hasId ? Message::Kind::Request : Message::Kind::Notification;
    if (says(json, "params")) {
        if (!json["params"].is_object())
            return tl::unexpected<Fault>(
                Fault{ kInvalidParams, "The params must be an object", nullptr, message.id });
        message.params = std::move(json["params"]);
        leaveOutNulls(message.params, message.method != "tools/call");
    }
    return message;
}

Json result(const Json &id, Json value)
{
    return { { "jsonrpc", "2.0" }, { "id", id }, { "result", std::move(value) } };
}

Json error(const Json &id, const Fault &fault)
{
    Json error{ { "code", fault.code }, { "message", fault.message } };
    if (!fault.data.is_null())
        error["data"] = fault.data;
    return { { "jsonrpc", "2.0" }, { "id", id }, { "error", std::move(error) } };
}

Json notification(std::string_view method, Json params)
{
    return { { "jsonrpc", "2.0" }, { "method", method }, { "params", std::move(params) } };
}

} // namespace gatehouse::rpc
