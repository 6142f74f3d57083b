// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/mcp_http.h"

#include "gateway_core/api/error_table.h"
#include "gateway_core/api/media_type.h"

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

void refuse(const Reply &reply, ErrorCode code, const rpc::Fault &fault)
{
    const Error error{ code, {}, fault.data };
    rpc::Fault told = fault;
    told.data = errorBody(error, reply.requestId());
    reply.countRefusal(code);
    reply.send(httpStatusOf(code), rpc::error(fault.id, told));
}

} // namespace gatehouse::mcp
