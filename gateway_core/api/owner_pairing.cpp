// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/owner_pairing.h"

#include "gateway_core/api/owner_caller.h"
#include "gateway_core/api/wire.h"

namespace gatehouse {

OwnerPairing::OwnerPairing(Desk &desk, Pairing &pairing)
    : m_desk(desk)
    , m_pairing(pairing)
{
}

void OwnerPairing::open(RouteCall &call)
{
    const std::chrono::seconds lifetime(call.body.value("lifetime_seconds", kCodeLifetime.count()));
    m_desk.openPairing(ownerOf(call), AgentId(wire::text(call.body, "agent_id")), lifetime,
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
    m_desk.closePairing(ownerOf(call), [reply = call.reply](const Result<> &done) { reply.done(done); });
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
        m_desk.confirmPairing(ownerOf(call), id, done);
    else
        m_desk.confirmLogin(ownerOf(call), id, agent, done);
}

void OwnerPairing::deny(RouteCall &call)
{
    m_desk.denyPairing(ownerOf(call), ConfirmationId(call.parameters.front()),
                       [reply = call.reply](const Result<> &done) { reply.done(done); });
}

} // namespace gatehouse
