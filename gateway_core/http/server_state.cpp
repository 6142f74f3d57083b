// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/http/server_state.h"

namespace gatehouse {

HttpResponse ServerState::refusalFor(const HttpRejection &fault, std::string_view path,
                                     const std::string &requestId) const
{
    HttpResponse response;
    if (refusal) {
        response = refusal(fault.status, fault.reason, path, requestId);
    } else {
        // The reason is one of ours: letters and underscores, nothing to escape.
        response.headers = { { "content-type", "application/json" } };
        response.body.append(R"({"error":")").append(fault.reason).append(R"(","request_id":")");
        response.body.append(requestId).append("\"}");
    }
    response.status = fault.status;
    if (fault.status == 405)
        response.headers.emplace_back("allow", "GET, POST, PATCH, PUT, DELETE");
    if (fault.status == 429)
        response.headers.emplace_back("retry-after", "1");
    return response;
}

} // namespace gatehouse
