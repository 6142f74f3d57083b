// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/contract_tasker/control.h"

namespace contract {

namespace {

Response done()
{
    return jsonResponse(200, { { "done", true } });
}

Response post(const std::string &what, const Json &body, Contract &contract, Wire &wire)
{
    if (what == "fault") {
        if (const auto stray = contract.faults().add(body))
            return errorResponse(422, "validation_failed", "Not a fault.", *stray);
        return done();
    }
    if (what == "reset") {
        contract.reset();
        return done();
    }
    if (what == "close_idle") {
        wire.closeIdle();
        return done();
    }
    if (what == "retire_agent") {
        contract.retire(body.value("agent_id", ""));
        return done();
    }
    if (what == "touch")
        return contract.world().touch(body.value("issue_id", ""));
    return errorResponse(404, "not_found", "No such control.");
}

Response get(const std::string &what, Contract &contract, Wire &wire)
{
    if (what == "requests")
        return jsonResponse(200, contract.log());
    if (what == "world")
        return jsonResponse(200, contract.world().data());
    if (what == "counters") {
        Json counters = contract.counters();
        counters["connections_accepted"] = wire.accepted();
        counters["connections_open"] = wire.open();
        return jsonResponse(200, counters);
    }
    return errorResponse(404, "not_found", "No such control.");
}

} // namespace

Response control(const Request &request, const std::string &token, Contract &contract, Wire &wire)
{
    if (request.header("authorization") != "Bearer " + token)
        return errorResponse(401, "unauthorized", "The control token is not accepted.");
    const auto what = request.path.substr(std::string_view("/_control/").size());
    if (request.method == "GET")
        return get(what, contract, wire);
    const Json body = request.body.empty() ? Json::object() : Json::parse(request.body, nullptr, false);
    if (request.method != "POST" || !body.is_object())
        return errorResponse(400, "validation_failed", "POST with a JSON object, or GET.");
    return post(what, body, contract, wire);
}

} // namespace contract
