// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/identity/step_up.h"

#include "gateway_core/identity/step_up_inside.h"

#include <openssl/crypto.h>

#include <QPointer>

#include <array>

namespace gatehouse {

namespace {

constexpr std::size_t kTicketBytes = 32;

tl::unexpected<Error> tooManyWait()
{
    return failure(ErrorCode::RateLimited, "callers wait for the PIN check", Json{ { "retry_after", 1 } });
}

/// Hands out 256 bits as text and leaves nothing behind.
Secret freshTicket(Random &random)
{
    std::array<std::uint8_t, kTicketBytes> bytes{};
    random.fill(bytes);
    std::string digits = base64Url(bytes);
    Secret token(digits);
    wipe(bytes.data(), bytes.size());
    wipe(digits.data(), digits.size());
    return token;
}

Result<> askEverywhere(GrantStore &store)
{
    auto grants = store.grants();
    if (!grants)
        return tl::unexpected<Error>(grants.error());
    for (Grant &grant : *grants) {
        if (grant.answer == GrantPolicy::Off || grant.answer == GrantPolicy::Ask)
            continue;
        grant.answer = GrantPolicy::Ask;
        if (auto put = store.put(grant); !put)
            return tl::unexpected<Error>(put.error());
    }
    return {};
}

template <typename Record>
Result<> revokeAll(AgentStore &store, Result<std::vector<Record>> records, std::int64_t at)
{
    if (!records)
        return tl::unexpected<Error>(records.error());
    for (Record &record : *records) {
        if (record.revokedAt)
            continue;
        record.revokedAt = at;
        if (auto saved = store.save(record); !saved)
            return saved;
    }
    return {};
}

} // namespace

StepUp::StepUp(Storage &storage, Registry &registry, Journal &journal, Clock &clock, Random &random,
               QObject *parent, StepUpConfig ground)
    : QObject(parent)
    , m_inside(std::make_unique<Inside>(*this, storage, registry, journal, clock, random, std::move(ground)))
{
}

StepUp::~StepUp() = default;

void StepUp::load(Storage::Done done, PinOf of)
{
    m_inside->readKept(
        [self = QPointer(this), of, done = std::move(done)](const Result<std::optional<PinRecord>> &kept) {
            if (!self)
                return;
            if (!kept)
                return done(tl::unexpected<Error>(kept.error()));
            self->m_inside->take(*kept, of, done);
        });
}

bool StepUp::hasPin() const
{
    return m_inside->record.has_value();
}

std::int64_t StepUp::lockedFor() const
{
    return m_inside->record ? lockLeft(*m_inside->record, m_inside->clock.sinceBoot()) : 0;
}

void StepUp::setPin(Secret old, Secret fresh, Storage::Done done)
{
    if (auto form = checkPinForm(fresh.text()); !form)
        return done(std::move(form));
    const bool taken = m_inside->enqueue([this, oldPin = std::make_shared<Secret>(std::move(old)),
                                          freshPin = std::make_shared<Secret>(std::move(fresh)),
                                          done]() mutable {
        auto answer = m_inside->freeing(std::move(done));
        if (auto ready = m_inside->isReady(); !ready)
            return answer(std::move(ready));
        if (!hasPin())
            return m_inside->storeFresh(freshPin, std::move(answer));
        m_inside->verify(oldPin, std::string(kWindowCaller), [this, freshPin, answer](Result<> outcome) {
            if (!outcome)
                return answer(std::move(outcome));
            m_inside->storeFresh(freshPin, answer);
        });
    });
    if (!taken)
        done(tooManyWait());
}

void StepUp::reset(Storage::Done done)
{
    const bool taken = m_inside->enqueue([this, done]() mutable {
        auto answer = m_inside->freeing(std::move(done));
        if (auto ready = m_inside->isReady(); !ready)
            return answer(std::move(ready));
        // The secrets first: what they still know would come back at the next start.
        m_inside->forgetKept([self = QPointer(this), answer](Result<> forgotten) {
            if (!self)
                return;
            if (!forgotten)
                return answer(std::move(forgotten));
            self->m_inside->resetAll(answer);
        });
    });
    if (!taken)
        done(tooManyWait());
}

void StepUp::Inside::resetAll(Storage::Done done)
{
    registry.apply(
        [at = registry.now()](Stores &stores) -> Result<> {
            if (auto saved = stores.profile.savePin(std::nullopt); !saved)
                return saved;
            if (auto revoked = revokeAll(stores.agents, stores.agents.clients(), at); !revoked)
                return revoked;
            if (auto revoked = revokeAll(stores.agents, stores.agents.ownerTokens(), at); !revoked)
                return revoked;
            return askEverywhere(stores.grants);
        },
        about(EventKind::PinReset, {}),
        [alive = QPointer(&self), this, done = std::move(done)](Result<> outcome) {
            if (!alive)
                return;
            if (outcome) {
                record.reset();
                tickets.clear();
                emit self.changed();
            }
            done(std::move(outcome));
        });
}

void StepUp::enter(const std::string &caller, Secret pin, std::function<void(Result<StepUpTicket>)> done)
{
    const auto give = [this, caller, done](const Result<> &outcome) {
        if (!outcome)
            return done(tl::unexpected<Error>(outcome.error()));
        StepUpTicket ticket{ freshTicket(m_inside->random),
                             m_inside->clock.now() + Millis(kStepUpLifetime).count() };
        m_inside->tickets[caller] = { sha256({ ticket.token.text() }),
                                      m_inside->clock.sinceBoot() + Millis(kStepUpLifetime).count() };
        emit changed();
        done(std::move(ticket));
    };
    const bool taken
        = m_inside->enqueue([this, caller, entered = std::make_shared<Secret>(std::move(pin)), give] {
              auto answer = m_inside->freeing(give);
              if (auto ready = m_inside->isReady(); !ready)
                  return answer(std::move(ready));
              m_inside->verify(entered, caller, std::move(answer));
          });
    if (!taken)
        done(tooManyWait());
}

Result<> StepUp::check(const std::string &caller, std::string_view token) const
{
    const auto found = m_inside->tickets.find(caller);
    const bool isFresh
        = found != m_inside->tickets.end() && m_inside->clock.sinceBoot() < found->second.endsAtBoot;
    if (!isFresh || !hasPin())
        return m_inside->refusal();
    if (caller == kWindowCaller && token.empty())
        return {};
    const Digest given = sha256({ token });
    if (CRYPTO_memcmp(given.data(), found->second.hash.data(), given.size()) != 0)
        return m_inside->refusal();
    return {};
}

void StepUp::forget(const std::string &caller)
{
    if (m_inside->tickets.erase(caller) > 0)
        emit changed();
}

} // namespace gatehouse
