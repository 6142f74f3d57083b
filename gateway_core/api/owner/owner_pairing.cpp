// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/owner/owner_pairing.h"

#include "gateway_core/api/route/request_schemas.h"

#include "gateway_core/api/owner/owner_caller.h"
#include "gateway_core/api/route/wire.h"

namespace gatehouse {

// What it answers, and what openapi.json and /describe say of it.
std::span<const Route> OwnerPairing::routes()
{
    // clang-format off
    static constexpr std::string_view kOpenPairing = R"({
  "type":"object","additionalProperties":false,"required":["agent_id"],"properties":{
    "agent_id":{"type":"string","minLength":1,"maxLength":64},
    "lifetime_seconds":{"type":"integer","minimum":10,"maximum":600}}})";
    static constexpr std::string_view kConfirm = R"({
  "type":"object","additionalProperties":false,"properties":{
    "agent_id":{"type":"string","minLength":1,"maxLength":64}}})";
    static constexpr std::array kRoutes{
        Route{ .method = Method::Post, .path = "/api/v1/pairing/codes", .access = Access::Owner, .kind = Kind::Write,
               .bodyLimit = 8_KiB, .summary = "Open a pairing code",
               .answer = to<&OwnerPairing::open>, .bodySchema = kOpenPairing,
               .responses = {{ { 201, "PairingCode" } }} },
        Route{ .method = Method::Get, .path = "/api/v1/pairing/codes", .access = Access::Owner, .kind = Kind::Read,
               .bodyLimit = 0, .summary = "The open pairing code",
               .answer = to<&OwnerPairing::show>,
               .responses = {{ { 200, "PairingCode" } }} },
        Route{ .method = Method::Delete, .path = "/api/v1/pairing/codes", .access = Access::Owner, .kind = Kind::Write,
               .bodyLimit = 0, .summary = "Close it",
               .answer = to<&OwnerPairing::close>,
               .responses = {{ { 204, "" } }} },
        Route{ .method = Method::Get, .path = "/api/v1/confirmations", .access = Access::Owner, .kind = Kind::Read,
               .bodyLimit = 0, .summary = "Clients that wait to be let in",
               .answer = to<&OwnerPairing::questions>,
               .responses = {{ { 200, "confirmations:Confirmation[]" } }},
               .example = { true } },
        Route{ .method = Method::Post, .path = "/api/v1/confirmations/{id}/confirm", .access = Access::OwnerStepUp, .kind = Kind::Write,
               .bodyLimit = 8_KiB, .summary = "Let one in",
               .answer = to<&OwnerPairing::confirm>, .bodySchema = kConfirm,
               .responses = {{ { 204, "" } }} },
        Route{ .method = Method::Post, .path = "/api/v1/confirmations/{id}/deny", .access = Access::Owner, .kind = Kind::Write,
               .bodyLimit = 8_KiB, .summary = "Turn one away",
               .answer = to<&OwnerPairing::deny>, .bodySchema = schema::kEmpty,
               .responses = {{ { 204, "" } }} },
    };
    // clang-format on
    static_assert(routesAreClosed(kRoutes) && answeredBy<OwnerPairing>(kRoutes)
                  && onlyTheOwnerComesIn(kRoutes));
    return kRoutes;
}

OwnerPairing::OwnerPairing(OwnerService &owner, Pairing &pairing)
    : m_owner(owner)
    , m_pairing(pairing)
{
}

void OwnerPairing::open(RouteCall &call)
{
    const std::chrono::seconds lifetime(call.body.value("lifetime_seconds", kCodeLifetime.count()));
    m_owner.openPairing(ownerOf(call), AgentId(wire::text(call.body, "agent_id")), lifetime,
                        [reply = call.reply](const Result<PairingCode> &code) {
                            reply.answer(code, 201,
                                         [](const PairingCode &opened) { return wire::toJson(opened); });
                        });
}

void OwnerPairing::show(RouteCall &call)
{
    if (const auto code = m_pairing.openCode())
        call.reply.ok(wire::toJson(*code));
    else
        call.reply.fail(ErrorCode::NotFound);
}

void OwnerPairing::close(RouteCall &call)
{
    m_owner.closePairing(ownerOf(call), [reply = call.reply](const Result<> &done) { reply.done(done); });
}

void OwnerPairing::questions(RouteCall &call)
{
    Json questions = Json::array();
    for (const Confirmation &question : m_pairing.questions())
        questions.push_back(wire::toJson(question));
    call.reply.ok({ { "confirmations", std::move(questions) } });
}

void OwnerPairing::confirm(RouteCall &call)
{
    const ConfirmationId id(call.parameters.front());
    const AgentId agent(wire::text(call.body, "agent_id"));
    const auto done = [reply = call.reply](const Result<> &confirmed) { reply.done(confirmed); };
    if (agent.isEmpty())
        m_owner.confirmPairing(ownerOf(call), id, done);
    else
        m_owner.confirmLogin(ownerOf(call), id, agent, done);
}

void OwnerPairing::deny(RouteCall &call)
{
    m_owner.denyPairing(ownerOf(call), ConfirmationId(call.parameters.front()),
                        [reply = call.reply](const Result<> &done) { reply.done(done); });
}

} // namespace gatehouse
