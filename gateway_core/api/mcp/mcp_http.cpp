// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/mcp/mcp_http.h"

#include "gateway_core/api/route/error_table.h"
#include "gateway_core/api/route/media_type.h"
#include "gateway_core/api/route/wire.h"

namespace gatehouse::mcp {

bool isJsonBody(const HttpRequest &request)
{
    return mediaTypeIs(request.header("content-type"), "application/json");
}

bool acceptsAnswer(const HttpRequest &request)
{
    return accepts(request.header("accept"), "application/json") || acceptsStream(request);
}

bool acceptsStream(const HttpRequest &request)
{
    return accepts(request.header("accept"), "text/event-stream");
}

rpc::Outcome<Json> progressTokenOf(const Json &params)
{
    const Json meta = params.value("_meta", Json::object());
    if (!meta.is_object())
        return rpc::fault(rpc::kInvalidParams, "_meta must be an object");
    Json token = meta.value("progressToken", Json());
    if (!token.is_null() && !token.is_string() && !token.is_number_integer())
        return rpc::fault(rpc::kInvalidParams, "progressToken must be a string or an integer");
    return token;
}

McpExchange::Asked askedOf(const RouteCall &call, const rpc::Message &message)
{
    McpExchange::Asked asked;
    asked.caller = call.caller;
    asked.requestId = call.request.id;
    asked.peer = call.request.peer;
    asked.traceparent = wire::checkedTraceparent(call.request.header("traceparent"));
    asked.method = message.method;
    asked.params = message.params;
    return asked;
}

Json serverInfo(const Condition &condition)
{
    return { { "name", "gatehouse" }, { "title", "Gatehouse" }, { "version", condition.version } };
}

void refuse(const Reply &reply, ErrorCode code, const rpc::Fault &fault)
{
    const Error error{ code, {}, fault.data };
    rpc::Fault told = fault;
    told.data = errorBody(error, reply.requestId());
    reply.countRefusal(code);
    reply.send(httpStatusOf(code), rpc::error(fault.id, told));
}

} // namespace gatehouse::mcp
