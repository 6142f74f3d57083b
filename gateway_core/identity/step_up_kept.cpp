// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/base/json.h"
#include "gateway_core/identity/step_up_inside.h"

#include <QLoggingCategory>
#include <QPointer>

namespace gatehouse {

namespace {

Q_LOGGING_CATEGORY(lcKeptPin, "gatehouse.identity")

Result<PinRecord> recordFrom(const Secret &entry)
{
    const auto json = parseJson(entry.text());
    const bool whole = json && json->is_object() && json->value("salt", Json()).is_string()
        && json->value("hash", Json()).is_string();
    if (!whole)
        return failure(ErrorCode::SecretsRefused, "the kept record of the PIN is not readable");
    PinRecord record;
    record.salt = json->at("salt").get<std::string>();
    record.hash = json->at("hash").get<std::string>();
    return record;
}

bool isSamePin(const PinRecord &one, const PinRecord &other)
{
    return one.salt == other.salt && one.hash == other.hash;
}

} // namespace

std::string StepUp::Inside::keptEntry() const
{
    return pinEntry(numberOf(registry.current()->profile.id));
}

void StepUp::Inside::readKept(std::function<void(Result<std::optional<PinRecord>>)> done)
{
    if (!ground.secrets)
        return done(std::optional<PinRecord>());
    ground.secrets->read(keptEntry(),
                         [alive = QPointer(&self), done = std::move(done)](const Result<Secret> &entry) {
                             if (!alive)
                                 return;
                             if (!entry && entry.error().code == ErrorCode::SecretNotFound)
                                 return done(std::optional<PinRecord>());
                             if (!entry)
                                 return done(tl::unexpected<Error>(entry.error()));
                             auto kept = recordFrom(*entry);
                             if (!kept)
                                 return done(tl::unexpected<Error>(kept.error()));
                             done(std::optional(std::move(*kept)));
                         });
}

void StepUp::Inside::take(const std::optional<PinRecord> &kept, PinOf of, Storage::Done done)
{
    storage.write<std::optional<PinRecord>>(
        [kept, of, now = clock.sinceBoot(),
         boot = ground.bootId](Stores &stores) -> Result<std::optional<PinRecord>> {
            const auto stored = stores.profile.pin();
            if (!stored)
                return stored;
            if (!*stored && !kept)
                return std::optional<PinRecord>();
            PinRecord taken = *stored ? **stored : *kept;
            if (kept && of == PinOf::Secrets) { // the tries against it stay counted
                taken.salt = kept->salt;
                taken.hash = kept->hash;
            }
            taken = inThisBoot(std::move(taken), now, boot);
            const bool isStored = *stored && isSamePin(taken, **stored)
                && taken.lockedUntilBoot == (*stored)->lockedUntilBoot
                && taken.lockedBootId == (*stored)->lockedBootId;
            if (!isStored)
                if (auto saved = stores.profile.savePin(taken); !saved)
                    return tl::unexpected<Error>(saved.error());
            return std::optional(std::move(taken));
        },
        [alive = QPointer(&self), this, kept,
         done = std::move(done)](Result<std::optional<PinRecord>> loaded) {
            if (!alive)
                return;
            if (!loaded)
                return done(tl::unexpected<Error>(loaded.error()));
            record = std::move(*loaded);
            isLoaded = true;
            awaitEndOfLock();
            emit self.changed();
            if (!record || (kept && isSamePin(*kept, *record)))
                return done({});
            keep(*record, [done] { done({}); });
        });
}

void StepUp::Inside::keep(const PinRecord &stored, std::function<void()> done)
{
    if (!ground.secrets)
        return done();
    const std::string text = Json{ { "hash", stored.hash }, { "salt", stored.salt } }.dump();
    ground.secrets->write(keptEntry(), Secret(text),
                          [alive = QPointer(&self), done = std::move(done)](const Result<> &written) {
                              if (!alive)
                                  return;
                              if (!written)
                                  qCWarning(lcKeptPin, "the PIN's record is not in the secrets yet: %s",
                                            written.error().detail.c_str());
                              done();
                          });
}

void StepUp::Inside::forgetKept(Storage::Done done)
{
    if (!ground.secrets)
        return done({});
    ground.secrets->remove(keptEntry(), [alive = QPointer(&self), done = std::move(done)](Result<> removed) {
        if (alive)
            done(std::move(removed));
    });
}

} // namespace gatehouse
