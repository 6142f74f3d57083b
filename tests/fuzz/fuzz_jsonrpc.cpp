// SPDX-License-Identifier: GPL-3.0-or-later
// The body of POST /mcp, as far as the call that it asks for.
#include "gateway_core/api/mcp/jsonrpc.h"
#include "gateway_core/api/mcp/mcp_tools.h"
#include "gateway_core/base/json.h"
#include "gateway_core/tracker/tool_rows.h"
#include "tests/fuzz/promise.h"

using namespace gatehouse;
using namespace gatehouse::fuzz;

// mcp_tools.cpp also says what a tool answered and what is granted, for which it would take the rest of the
// room; this target only reads calls.
namespace gatehouse {
Json errorBody(const Error &, const std::string &)
{
    return {};
}
Json grantsByProject(const Directory &, const AgentId &, std::int64_t)
{
    return {};
}
} // namespace gatehouse

namespace {

const ToolCatalogue kCatalogue{ { trackerTools() } };

bool isId(const Json &id)
{
    return id.is_number_integer()
        || (id.is_string() && id.get_ref<const std::string &>().size() <= rpc::kIdTextMost);
}

/// What we answer is read again as what it is, whatever came in.
void checkAnswers(const Json &id, const rpc::Fault &fault)
{
    const auto good = rpc::read(canonicalJson(rpc::result(id, Json::object())));
    require(good && good->kind == rpc::Message::Kind::Response && good->id == id, "a result can be read");
    require(parseJson(canonicalJson(rpc::error(id, fault))).has_value(), "an error can be read");
}

void checkMessage(const rpc::Message &message)
{
    require(message.params.is_object(), "params are an object");
    const bool hasId = message.kind != rpc::Message::Kind::Notification;
    require(hasId ? isId(message.id) : message.id.is_null(), "only a notification has no id");
    if (hasId)
        checkAnswers(message.id, { rpc::kInvalidParams, "Unknown tool", nullptr, message.id });
}

void checkCall(const Json &params)
{
    const auto call = mcp::callOf(kCatalogue, params);
    if (!call) {
        require(call.error().code == rpc::kInvalidParams, "a call that is none is invalid params");
        return;
    }
    require(kCatalogue.find(call->tool) != nullptr, "a tool of the catalogue");
    require(call->arguments.is_object(), "arguments are an object");
    require(call->idempotencyKey.empty() || isVisible(call->idempotencyKey, 255), "a key fits a header");
    require(call->traceparent.empty() || (isVisible(call->traceparent, 55) && call->traceparent.size() == 55),
            "a traceparent fits a header");
    require(call->codex.is_null() || call->codex.is_object(), "what Codex says is an object");
    if (call->codex.is_object()) {
        for (const Json &word : call->codex)
            require(word.is_string() && word.get_ref<const std::string &>().size() <= 128, "short words");
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string_view body = textOf(data, size);
    if (const auto value = parseJson(body)) {
        const auto again = parseJson(canonicalJson(*value));
        require(again && canonicalJson(*again) == canonicalJson(*value), "one spelling of a value");
        if (value->is_object())
            checkCall(*value);
    }
    const auto message = rpc::read(body);
    if (!message) {
        checkAnswers(message.error().id.is_null() ? Json(1) : message.error().id, message.error());
        return 0;
    }
    checkMessage(*message);
    checkCall(message->params);
    return 0;
}
