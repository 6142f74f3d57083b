// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/identity/step_up_inside.h"

#include "gateway_core/identity/identity_log.h"

#include <openssl/crypto.h>

#include <QPointer>

#include <array>
#include <utility>

namespace gatehouse {

namespace {

constexpr std::size_t kCallersWaiting = 8;
constexpr std::size_t kSaltBytes = 16;
constexpr std::size_t kHashBytes = 32;

tl::unexpected<Error> stepUpRequired(const char *reason, Json details = Json::object())
{
    details["reason"] = reason;
    return failure(ErrorCode::StepUpRequired, {}, std::move(details));
}

} // namespace

Storage::Done StepUp::Inside::freeing(Storage::Done done)
{
    return [this, done = std::move(done)](Result<> outcome) {
        const QPointer<StepUp> alive(&self);
        done(std::move(outcome));
        if (alive)
            next();
    };
}

bool StepUp::Inside::enqueue(std::function<void()> job)
{
    if (jobs.size() >= kCallersWaiting)
        return false;
    jobs.push_back(std::move(job));
    if (!isBusy)
        next();
    return true;
}

void StepUp::Inside::next()
{
    isBusy = !jobs.empty();
    if (!isBusy)
        return;
    const auto job = std::move(jobs.front());
    jobs.pop_front();
    job();
}

void StepUp::Inside::verify(std::shared_ptr<Secret> pin, const std::string &caller, Storage::Done done)
{
    if (!record || lockLeft(*record, clock.sinceBoot()) > 0 || !checkPinForm(pin->text())) {
        journal.recordRefusal(about(EventKind::StepUpFailed, caller), ErrorCode::StepUpRequired);
        return done(refusal());
    }
    // Count before comparing: a crash between the two must not give a free guess.
    const PinRecord counted = withWrongTry(*record, clock.sinceBoot(), ground.bootId);
    storage.write(
        [counted](Stores &stores) { return stores.profile.savePin(counted); },
        [alive = QPointer(&self), this, pin, counted, caller, done = std::move(done)](Result<> outcome) {
            if (!alive)
                return;
            if (!outcome)
                return done(std::move(outcome));
            hash(pin, counted.salt, [this, counted, caller, done](Result<Secret> hashed) {
                if (!hashed)
                    return done(tl::unexpected<Error>(hashed.error()));
                compare(*hashed, counted, caller, done);
            });
        });
}

void StepUp::Inside::compare(const Secret &hashed, const PinRecord &counted, const std::string &caller,
                             Storage::Done done)
{
    record = counted;
    const std::string given = base64Url(hashed.bytes());
    const bool isRight = given.size() == counted.hash.size()
        && CRYPTO_memcmp(given.data(), counted.hash.data(), given.size()) == 0;
    if (isRight) {
        const PinRecord cleared = withoutTries(counted);
        journal.recordWith(
            about(EventKind::StepUpPassed, caller),
            [cleared](Stores &stores) { return stores.profile.savePin(cleared); },
            [alive = QPointer(&self), this, cleared, done = std::move(done)](Result<> outcome) {
                if (!alive)
                    return;
                if (outcome)
                    record = cleared;
                else
                    awaitEndOfLock();
                done(std::move(outcome));
            });
        return;
    }
    Event event = about(EventKind::StepUpFailed, caller);
    event.more["tries_left"] = kPinTries - counted.wrongTries;
    event.more["locked"] = lockLeft(counted, clock.sinceBoot()) > 0;
    awaitEndOfLock();
    emit self.changed();
    journal.recordDurably(event, [alive = QPointer(&self), this, done = std::move(done)](Result<> outcome) {
        if (alive)
            done(outcome ? refusal() : std::move(outcome));
    });
}

void StepUp::Inside::storeFresh(std::shared_ptr<Secret> fresh, Storage::Done done)
{
    std::array<std::uint8_t, kSaltBytes> salt{};
    random.fill(salt);
    PinRecord stored;
    stored.salt = base64Url(salt);
    hash(std::move(fresh), stored.salt,
         [this, stored, done = std::move(done)](Result<Secret> hashed) mutable {
             if (!hashed)
                 return done(tl::unexpected<Error>(hashed.error()));
             stored.hash = base64Url(hashed->bytes());
             journal.recordWith(
                 about(EventKind::PinChanged, std::string(kWindowCaller)),
                 [stored](Stores &stores) { return stores.profile.savePin(stored); },
                 [alive = QPointer(&self), this, stored, done](Result<> outcome) {
                     if (!alive)
                         return;
                     if (!outcome)
                         return done(std::move(outcome));
                     record = stored;
                     tickets.clear();
                     emit self.changed();
                     keep(stored, [done] { done({}); });
                 });
         });
}

void StepUp::Inside::hash(std::shared_ptr<Secret> pin, std::string salt, Hashed done)
{
    if (worker.joinable())
        worker.join(); // it has posted its answer, so it is at its end
    struct Task
    {
        Hashed done;
        Result<Secret> hashed = failure(ErrorCode::Internal);
    };
    auto task = std::make_shared<Task>();
    task->done = std::move(done);
    worker = std::thread([&stepUp = self, pin = std::move(pin), salt = std::move(salt),
                          cost = ground.scryptCost, task]() mutable {
        const std::span bytes(reinterpret_cast<const std::uint8_t *>(salt.data()), salt.size());
        task->hashed = scrypt(*pin, bytes, kHashBytes, cost);
        pin.reset();
        // `stepUp` outlives this thread: its destructor joins first.
        QMetaObject::invokeMethod(
            &stepUp,
            [task] {
                const Hashed answer = std::exchange(task->done, {}); // must not die on the worker
                answer(std::move(task->hashed));
            },
            Qt::QueuedConnection);
    });
}

void StepUp::Inside::awaitEndOfLock()
{
    if (!record || record->lockedForMs <= 0)
        return;
    const std::int64_t left = lockLeft(*record, clock.sinceBoot());
    clock.after(Millis(left), &self, [this] {
        // Through the queue: a try that is being compared must not be overwritten.
        if (!enqueue([this] { serveLock(); }))
            qCWarning(lcIdentity, "the end of the lock is noted at the next try");
    });
}

void StepUp::Inside::serveLock()
{
    if (!record || record->lockedForMs <= 0 || lockLeft(*record, clock.sinceBoot()) > 0) {
        awaitEndOfLock(); // the timer does not count sleep, or it was an older lock's
        return next();
    }
    const PinRecord served = withLockServed(*record);
    storage.write([served](Stores &stores) { return stores.profile.savePin(served); },
                  [alive = QPointer(&self), this, served](const Result<> &outcome) {
                      if (!alive)
                          return;
                      if (outcome)
                          record = served;
                      emit self.changed();
                      next();
                  });
}

tl::unexpected<Error> StepUp::Inside::refusal() const
{
    if (!record)
        return stepUpRequired("setup");
    const std::int64_t left = lockLeft(*record, clock.sinceBoot());
    if (left > 0)
        return stepUpRequired("locked", Json{ { "retry_after", (left + 999) / 1000 } });
    const int wrong = record->lockedForMs > 0 ? 0 : record->wrongTries;
    return stepUpRequired("pin", Json{ { "tries_left", kPinTries - wrong } });
}

Result<> StepUp::Inside::isReady() const
{
    return isLoaded ? Result<>() : failure(ErrorCode::GatewayLocked, "the PIN has not been read yet");
}

Event StepUp::Inside::about(EventKind kind, const std::string &caller) const
{
    Event event;
    event.kind = kind;
    event.via = caller == kWindowCaller || caller.empty() ? "window" : "rest";
    if (!caller.empty())
        event.more = Json{ { "caller", caller } };
    return event;
}

} // namespace gatehouse
