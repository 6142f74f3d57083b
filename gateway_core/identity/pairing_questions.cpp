// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/identity/pairing_inside.h"
#include "gateway_core/identity/pairing_code.h"
#include "gateway_core/identity/token.h"
#include "gateway_core/identity/requesting_process.h"

#include <QPointer>

#include <algorithm>
#include <utility>

namespace gatehouse {

namespace {

// Long enough for a client between two long polls to hear how its question ended.
constexpr auto kAnswerKept = kTokenFetchTime + kLongPoll;

} // namespace

void Pairing::await(const ConfirmationId &id, const std::string &nonce, Inside::Waiting done)
{
    const auto found = m_inside->questions.find(id);
    if (found == m_inside->questions.end() || found->second.nonce.empty()
        || !sameSecretText(found->second.nonce, nonce))
        return done(failure(ErrorCode::NotFound));

    Inside::Question &question = found->second;
    if (auto replaced = std::exchange(question.waiting, std::move(done)))
        replaced(std::optional<PairedClient>());
    if (question.state != Inside::State::Asked && question.state != Inside::State::Storing)
        return m_inside->handOut(question);

    const std::uint64_t turn = ++question.waitTurn;
    m_inside->clock.after(kLongPoll, this, [this, id, turn] {
        const auto waited = m_inside->questions.find(id);
        if (waited == m_inside->questions.end() || waited->second.waitTurn != turn)
            return;
        if (auto waiting = std::exchange(waited->second.waiting, {}))
            waiting(std::optional<PairedClient>());
    });
}

void Pairing::askLogin(const LoginRequest &request, const Peer &peer,
                       std::function<void(Result<Confirmation>)> done,
                       std::function<void(Result<AgentId>)> heard)
{
    if (auto checked = checkClientName(request.clientName); !checked)
        return done(tl::unexpected<Error>(checked.error()));
    if (m_inside->isAsking(true)) {
        const auto wait = std::chrono::seconds(kConfirmationLifetime).count();
        return done(failure(ErrorCode::RateLimited, "a login is open", Json{ { "retry_after", wait } }));
    }
    Inside::Question question;
    question.shown.agent = request.suggested;
    question.shown.clientName = request.clientName;
    question.shown.login = true;
    question.shown.scopeLimit = request.scopeLimit;
    question.peer = peer;
    question.heard = std::move(heard);
    m_inside->ask(std::move(question), EventKind::LoginStarted, std::move(done));
}

std::vector<Confirmation> Pairing::questions() const
{
    std::vector<Confirmation> open;
    for (const auto &[id, question] : m_inside->questions) {
        if (question.state == Inside::State::Asked)
            open.push_back(question.shown);
    }
    return open;
}

void Pairing::confirm(const ConfirmationId &id, const std::string &via, Storage::Done done)
{
    const Inside::Question *question = m_inside->asked(id);
    if (!question)
        return done(failure(ErrorCode::NotFound));
    if (question->shown.agent.isEmpty())
        return done(failure(ErrorCode::ValidationFailed, {}, Json{ { "field", "agent" } }));
    m_inside->answerYes(id, question->shown.agent, via, std::move(done));
}

void Pairing::confirmAs(const ConfirmationId &id, const AgentId &agent, const std::string &via,
                        Storage::Done done)
{
    const Inside::Question *question = m_inside->asked(id);
    if (!question || !question->shown.login)
        return done(failure(ErrorCode::NotFound));
    m_inside->answerYes(id, agent, via, std::move(done));
}

void Pairing::deny(const ConfirmationId &id, const std::string &via, Storage::Done done)
{
    Inside::Question *question = m_inside->asked(id);
    if (!question)
        return done(failure(ErrorCode::NotFound));
    const auto kind = question->shown.login ? EventKind::LoginDenied : EventKind::PairingDenied;
    const Event event = m_inside->about(kind, *question, via);
    m_inside->end(*question, Inside::State::Denied);
    m_inside->journal.recordDurably(event, std::move(done));
}

void Pairing::Inside::ask(Question question, EventKind kind, std::function<void(Result<Confirmation>)> done)
{
    Confirmation &shown = question.shown;
    shown.id = ConfirmationId(random.uuid());
    shown.checkNumber = freshCheckNumber(random);
    shown.peer = requestingProcess(question.peer);
    shown.expiresAt = clock.now() + Millis(kConfirmationLifetime).count();
    if (const Agent *agent = registry.current()->agent(shown.agent))
        shown.agentName = agent->displayName;
    question.endsAtBoot = clock.sinceBoot() + Millis(kConfirmationLifetime).count();
    question.state = State::Storing; // until it is on record
    const ConfirmationId id = shown.id;
    const Event event = about(kind, question, "rest");
    questions.emplace(id, std::move(question));

    journal.recordDurably(
        event, [pairing = QPointer(&self), this, id, done = std::move(done)](Result<> outcome) {
            if (!pairing)
                return;
            Question &stored = questions.at(id);
            if (!outcome) {
                questions.erase(id);
                return done(tl::unexpected<Error>(outcome.error()));
            }
            const Confirmation confirmation = stored.shown;
            reopen(id);
            clock.after(Millis(std::max<std::int64_t>(0, stored.endsAtBoot - clock.sinceBoot())), &self,
                        [this, id] {
                            if (Question *open = asked(id))
                                expire(*open);
                        });
            done(confirmation);
            if (pairing && asked(id))
                emit self.confirmationAsked(confirmation);
        });
}

bool Pairing::Inside::isAsking(bool login) const
{
    return std::ranges::any_of(questions, [&](const auto &entry) {
        const Question &question = entry.second;
        return question.shown.login == login
            && (question.state == State::Asked || question.state == State::Storing);
    });
}

Pairing::Inside::Question *Pairing::Inside::asked(const ConfirmationId &id)
{
    const auto found = questions.find(id);
    return found != questions.end() && found->second.state == State::Asked ? &found->second : nullptr;
}

void Pairing::Inside::answerYes(const ConfirmationId &id, const AgentId &agent, const std::string &via,
                                Storage::Done done)
{
    Question *question = asked(id);
    if (!question)
        return done(failure(ErrorCode::NotFound));
    if (auto active = isActive(agent); !active)
        return done(std::move(active));
    if (question->shown.login)
        grantLogin(*question, agent, via, std::move(done));
    else
        mint(*question, via, std::move(done));
}

void Pairing::Inside::mint(Question &question, const std::string &via, Storage::Done done)
{
    question.state = State::Storing;
    const Confirmation &shown = question.shown;
    MintedClient fresh
        = mintClient(shown.agent, shown.clientName, shown.peer.process.executable, registry.now(), random);
    Event paired = about(EventKind::ClientPaired, question, via);
    paired.client = fresh.client.id;
    const JournalRow confirmed = toRow(about(EventKind::PairingConfirmed, question, via), clock.now());

    auto secret = std::make_shared<PairedClient>(
        PairedClient{ fresh.client.id, shown.agent, shown.agentName, std::move(fresh.token) });
    registry.apply(
        [client = std::move(fresh.client), confirmed](Stores &stores) -> Result<> {
            if (auto kept = stores.journal.append(confirmed); !kept)
                return tl::unexpected<Error>(kept.error());
            return stores.agents.save(client);
        },
        paired,
        [pairing = QPointer(&self), this, id = shown.id, secret, done = std::move(done)](Result<> outcome) {
            if (!pairing)
                return;
            if (outcome)
                minted(id, std::move(*secret));
            else
                reopen(id);
            done(std::move(outcome));
        });
}

void Pairing::Inside::minted(const ConfirmationId &id, PairedClient paired)
{
    Question &question = questions.at(id);
    const ClientId client = paired.client;
    question.paired = std::move(paired);
    clock.after(kTokenFetchTime, &self, [this, id] { revokeUnfetched(id); });
    end(question, State::Granted);
    emit self.clientPaired(client);
}

void Pairing::Inside::grantLogin(Question &question, const AgentId &agent, const std::string &via,
                                 Storage::Done done)
{
    question.state = State::Storing;
    question.shown.agent = agent;
    question.shown.agentName = registry.current()->agent(agent)->displayName;
    journal.recordDurably(
        about(EventKind::LoginGranted, question, via),
        [pairing = QPointer(&self), this, id = question.shown.id, done = std::move(done)](Result<> outcome) {
            if (!pairing)
                return;
            if (outcome)
                end(questions.at(id), State::Fetched);
            else
                reopen(id);
            done(std::move(outcome));
        });
}

void Pairing::Inside::reopen(const ConfirmationId &id)
{
    Question &question = questions.at(id);
    question.state = State::Asked;
    if (clock.sinceBoot() >= question.endsAtBoot)
        expire(question);
}

void Pairing::Inside::expire(Question &question)
{
    Event event = about(question.shown.login ? EventKind::LoginDenied : EventKind::PairingExpired, question,
                        "gateway");
    event.outcome = nameOf(ErrorCode::PairingExpired);
    event.more["what"] = "confirmation";
    recordSoon(event);
    end(question, State::Expired);
}

void Pairing::Inside::end(Question &question, State state)
{
    question.state = state;
    const ConfirmationId id = question.shown.id;
    clock.after(kAnswerKept, &self, [this, id] { questions.erase(id); });
    if (auto heard = std::exchange(question.heard, {})) {
        if (state == State::Fetched)
            heard(question.shown.agent);
        else
            heard(failure(state == State::Denied ? ErrorCode::ApprovalDenied : ErrorCode::PairingExpired));
    }
    handOut(question);
    emit self.confirmationClosed(id);
}

void Pairing::Inside::handOut(Question &question)
{
    auto waiting = std::exchange(question.waiting, {});
    if (!waiting)
        return;
    switch (question.state) {
    case State::Granted: {
        question.state = State::Fetched;
        std::optional<PairedClient> paired = std::exchange(question.paired, std::nullopt);
        return waiting(std::move(paired));
    }
    case State::Denied: return waiting(failure(ErrorCode::ApprovalDenied));
    case State::Expired: return waiting(failure(ErrorCode::PairingExpired));
    case State::Asked:
    case State::Storing:
    case State::Fetched: return waiting(failure(ErrorCode::NotFound));
    }
}

void Pairing::Inside::revokeUnfetched(const ConfirmationId &id)
{
    const auto found = questions.find(id);
    if (found == questions.end() || found->second.state != State::Granted)
        return;
    Question &question = found->second;
    Event event = about(EventKind::ClientRevoked, question, "gateway");
    event.client = question.paired->client;
    event.more = Json{ { "reason", "not_fetched" } };
    question.paired.reset(); // the token is gone, even if the row below cannot be written
    question.state = State::Expired;
    registry.apply(
        [client = event.client, at = registry.now()](Stores &stores) -> Result<> {
            auto clients = stores.agents.clients();
            if (!clients)
                return tl::unexpected<Error>(clients.error());
            for (Client &kept : *clients) {
                if (kept.id == client) {
                    kept.revokedAt = at;
                    return stores.agents.save(kept);
                }
            }
            return {};
        },
        event, [](const Result<> &) {});
}

Event Pairing::Inside::about(EventKind kind, const Question &question, const std::string &via) const
{
    Event event = about(kind, question.shown.agent, via);
    event.clientName = question.shown.clientName;
    event.peer = question.peer;
    event.more = Json{ { "confirmation", question.shown.id.text() } };
    return event;
}

} // namespace gatehouse
