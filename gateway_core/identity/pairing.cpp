// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/identity/pairing.h"

#include "gateway_core/identity/identity_log.h"
#include "gateway_core/identity/pairing_inside.h"
#include "gateway_core/identity/pairing_code.h"
#include "gateway_core/identity/requesting_process.h"

#include <QPointer>

namespace gatehouse {

namespace {

constexpr std::int64_t kMinute = 60'000;

} // namespace

Pairing::Pairing(Registry &registry, Journal &journal, Clock &clock, Random &random, QObject *parent)
    : QObject(parent)
    , m_inside(std::make_unique<Inside>(*this, registry, journal, clock, random))
{
}

Pairing::~Pairing() = default;

void Pairing::open(const AgentId &agent, std::chrono::seconds lifetime, const std::string &via,
                   std::function<void(Result<PairingCode>)> done)
{
    if (lifetime <= std::chrono::seconds(0) || lifetime > kCodeLifetimeMost)
        return done(failure(ErrorCode::ValidationFailed, {}, Json{ { "field", "lifetime" } }));
    if (auto taking = m_inside->isTakingTries(); !taking)
        return done(tl::unexpected<Error>(taking.error()));
    if (auto active = m_inside->isActive(agent); !active)
        return done(tl::unexpected<Error>(active.error()));
    m_inside->voidCode("replaced", via);

    Inside::OpenCode fresh;
    fresh.letters = freshCode(m_inside->random);
    fresh.shown.text = spelled(fresh.letters);
    fresh.shown.agent = agent;
    fresh.turn = ++m_inside->codeTurn;
    m_inside->journal.recordDurably(m_inside->about(EventKind::PairingOpened, agent, via),
                                    [self = QPointer(this), fresh = std::move(fresh), lifetime,
                                     done = std::move(done)](Result<> outcome) mutable {
                                        if (!self)
                                            return;
                                        if (!outcome)
                                            return done(tl::unexpected<Error>(outcome.error()));
                                        if (fresh.turn != self->m_inside->codeTurn)
                                            return done(failure(ErrorCode::Conflict));
                                        self->m_inside->show(std::move(fresh), lifetime);
                                        done(self->m_inside->code->shown);
                                    });
}

std::optional<PairingCode> Pairing::openCode() const
{
    return m_inside->code ? std::optional(m_inside->code->shown) : std::nullopt;
}

void Pairing::close(const std::string &via)
{
    m_inside->voidCode("closed", via);
}

void Pairing::redeem(const RedeemRequest &request, const Peer &peer,
                     std::function<void(Result<Confirmation>)> done)
{
    if (auto taking = m_inside->isTakingTries(); !taking) {
        m_inside->recordRefused(taking.error().code, {}, peer); // what it calls itself was not looked at
        return done(tl::unexpected<Error>(taking.error()));
    }
    const auto typed = codeTyped(request.code);
    if (!typed)
        return done(failure(ErrorCode::ValidationFailed, {}, Json{ { "field", "code" } }));
    for (auto &&checked : { checkClientName(request.clientName), checkNonce(request.nonce) }) {
        if (!checked)
            return done(tl::unexpected<Error>(checked.error()));
    }
    if (!m_inside->code || !sameSecretText(m_inside->code->letters, *typed)) {
        m_inside->wrongTry(request, peer);
        return done(failure(ErrorCode::NotFound));
    }
    if (m_inside->isAsking(false))
        return done(failure(ErrorCode::Conflict, "a confirmation is open"));

    Inside::Question question;
    question.shown.agent = m_inside->code->shown.agent;
    question.shown.clientName = request.clientName;
    question.nonce = request.nonce;
    question.peer = peer;
    // Spent before anything can fail: a code is tried once.
    m_inside->code.reset();
    ++m_inside->codeTurn;
    emit codeChanged();
    m_inside->ask(std::move(question), EventKind::PairingRedeemed, std::move(done));
}

Result<> Pairing::Inside::isTakingTries() const
{
    const std::int64_t left = pausedUntilBoot - clock.sinceBoot();
    if (left <= 0)
        return {};
    return failure(ErrorCode::RateLimited, "pairing pauses", Json{ { "retry_after", (left + 999) / 1000 } });
}

Result<> Pairing::Inside::isActive(const AgentId &agent) const
{
    const Agent *known = registry.current()->agent(agent);
    if (!known)
        return failure(ErrorCode::NotFound, "no such agent");
    if (known->state != AgentState::Active)
        return failure(ErrorCode::AgentPaused);
    return {};
}

void Pairing::Inside::show(OpenCode fresh, std::chrono::seconds lifetime)
{
    fresh.shown.expiresAt = clock.now() + Millis(lifetime).count();
    const std::uint64_t turn = fresh.turn;
    code = std::move(fresh);
    clock.after(lifetime, &self, [this, turn] {
        if (!code || code->turn != turn)
            return;
        Event event = about(EventKind::PairingExpired, code->shown.agent, "gateway");
        event.more = Json{ { "what", "code" } };
        code.reset();
        recordSoon(event);
        emit self.codeChanged();
    });
    emit self.codeChanged();
}

void Pairing::Inside::voidCode(const char *reason, const std::string &via)
{
    ++codeTurn; // also ends an open() whose row is still being written
    if (!code)
        return;
    Event event = about(EventKind::PairingVoided, code->shown.agent, via);
    event.more = Json{ { "reason", reason } };
    code.reset();
    recordSoon(event);
    emit self.codeChanged();
}

void Pairing::Inside::wrongTry(const RedeemRequest &request, const Peer &peer)
{
    recordRefused(ErrorCode::NotFound, request.clientName, peer);

    const std::int64_t now = clock.sinceBoot();
    while (!wrongTries.empty() && now - wrongTries.front() >= kMinute)
        wrongTries.pop_front();
    wrongTries.push_back(now);
    if (wrongTries.size() >= kPairingTriesAMinute)
        return pauseForGuessing();
    if (code && ++code->wrongTries >= kCodeTries) {
        voidCode("wrong_tries", "gateway");
        emit self.codeVoided();
    }
}

void Pairing::Inside::recordRefused(ErrorCode reason, const std::string &clientName, const Peer &peer)
{
    Event event = about(EventKind::CallRefused, AgentId(), "rest");
    event.clientName = clientName;
    event.peer = peer;
    event.decision = "denied";
    event.outcome = nameOf(reason);
    event.more = Json{ { "what", "pairing_code" } };
    journal.recordRefusal(event, reason);
}

void Pairing::Inside::pauseForGuessing()
{
    wrongTries.clear();
    pausedUntilBoot = clock.sinceBoot() + Millis(kPairingPause).count();
    voidCode("guessing", "gateway");
    Event event = about(EventKind::PairingVoided, AgentId(), "gateway");
    event.more = Json{ { "reason", "paused_for_guessing" } };
    recordSoon(event);
    emit self.pausedForGuessing(clock.now() + Millis(kPairingPause).count());
}

void Pairing::Inside::recordSoon(const Event &event)
{
    // What it tells of has closed something; that stands even if it cannot be written down.
    if (const auto outcome = journal.recordSoon(event); !outcome)
        qCWarning(lcIdentity, "%s is not on record: %s", nameOf(event.kind).data(),
                  nameOf(outcome.error().code).data());
}

Event Pairing::Inside::about(EventKind kind, const AgentId &agent, const std::string &via) const
{
    Event event;
    event.kind = kind;
    event.agent = agent;
    if (const Agent *known = registry.current()->agent(agent))
        event.agentName = known->displayName;
    event.via = via;
    return event;
}

} // namespace gatehouse
