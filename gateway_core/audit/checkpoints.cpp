// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/audit/checkpoints.h"

#include "gateway_core/audit/audit_log.h"
#include "gateway_core/base/json.h"

#include <QPointer>

#include <algorithm>

namespace gatehouse {

namespace {

/// What a start must know of the database.
struct Found
{
    std::optional<JournalRow> last;
    std::optional<JournalRow> atKept; ///< the row that the keychain's checkpoint names
    std::vector<Checkpoint> stored;
};

Result<Found> findIn(Stores &stores, std::int64_t keptSeq)
{
    Found found;
    auto last = stores.journal.last();
    auto rows = stores.journal.from(keptSeq, 1);
    auto stored = stores.journal.checkpoints();
    if (!last || !rows || !stored)
        return tl::unexpected(!last ? last.error() : !rows ? rows.error() : stored.error());
    found.last = std::move(*last);
    if (!rows->empty() && rows->front().seq == keptSeq)
        found.atKept = std::move(rows->front());
    found.stored = std::move(*stored);
    return found;
}

} // namespace

std::string_view nameOf(Checkpoints::Hold hold)
{
    switch (hold) {
    case Checkpoints::Hold::None: return "none";
    case Checkpoints::Hold::RolledBack: return "rolled_back";
    case Checkpoints::Hold::KeyLost: return "key_lost";
    }
    return "none";
}

Checkpoints::Checkpoints(const Dependencies &dependencies, ProfileId profile, std::string bootId,
                         QObject *parent)
    : QObject(parent)
    , m_services(dependencies)
    , m_profile(profile)
    , m_bootId(std::move(bootId))
    , m_signedAt(dependencies.clock.sinceBoot() - kCheckpointApart.count())
    , m_keptAt(dependencies.clock.sinceBoot() - kKeepApart.count())
{
    connect(&m_services.journal, &Journal::appended, this, &Checkpoints::gathered);
}

void Checkpoints::start(Storage::Done done)
{
    m_state = State::Starting;
    m_key.reset(); // of an earlier start: the keychain's word counts
    m_services.secrets.read(signingKeyEntry(numberOf(m_profile)),
                            [self = QPointer(this), done = std::move(done)](const Result<Secret> &seed) {
                                if (!self)
                                    return;
                                if (!seed && seed.error().code != ErrorCode::SecretNotFound)
                                    return done(tl::unexpected(seed.error()));
                                if (seed) {
                                    auto key = SigningKey::fromSecret(*seed);
                                    if (!key)
                                        return done(tl::unexpected(key.error()));
                                    self->m_key.emplace(std::move(*key));
                                }
                                self->readKept(done);
                            });
}

void Checkpoints::readKept(Storage::Done done)
{
    m_services.secrets.read(
        checkpointEntry(numberOf(m_profile)),
        [self = QPointer(this), done = std::move(done)](const Result<Secret> &entry) {
            if (!self)
                return;
            if (!entry && entry.error().code != ErrorCode::SecretNotFound)
                return done(tl::unexpected(entry.error()));
            std::optional<Checkpoint> kept;
            if (entry) {
                const auto json = parseJson(entry->text());
                const auto read = json ? checkpointFrom(*json) : failure(ErrorCode::InvalidRequest);
                if (!read)
                    return done(failure(ErrorCode::SecretsRefused, "the kept checkpoint is not readable"));
                kept = *read;
            }
            self->compare(std::move(kept), done);
        });
}

void Checkpoints::compare(std::optional<Checkpoint> kept, Storage::Done done)
{
    m_kept = std::move(kept);
    const std::int64_t keptSeq = m_kept ? m_kept->seq : 0;
    m_services.storage.read<Found>(
        [keptSeq](Stores &stores) { return findIn(stores, keptSeq); },
        [self = QPointer(this), done = std::move(done), keptSeq](const Result<Found> &found) {
            if (!self)
                return;
            if (!found)
                return done(tl::unexpected(found.error()));
            if (!found->stored.empty())
                self->m_last = found->stored.back();
            self->begin(found->last);
            const std::int64_t end = found->last ? found->last->seq : 0;
            const bool isOlder = keptSeq > end;
            const bool isOther = found->atKept && found->atKept->hash != self->m_kept->head;
            if (isOlder || isOther) {
                self->holdFor(Hold::RolledBack);
                emit self->rolledBack(keptSeq, end);
                return done(failure(ErrorCode::StorageRolledBack,
                                    isOlder ? "the secrets know row " + std::to_string(keptSeq)
                                            + ", this file ends at row " + std::to_string(end)
                                            : "row " + std::to_string(keptSeq)
                                            + " is not the one that the secrets know"));
            }
            if (!self->m_key) {
                // A new key on a signed journal would make a forger's work look like ours.
                if (self->m_last || self->m_kept) {
                    self->holdFor(Hold::KeyLost);
                    return done(failure(ErrorCode::SecretNotFound, "the signing key is gone"));
                }
                auto key = std::make_shared<SigningKey>(SigningKey::make(self->m_services.random));
                return self->useKey(std::move(key), [self, done](Result<> written) {
                    if (!self || !written)
                        return done(std::move(written));
                    self->m_state = State::Signing;
                    self->plan();
                    done({});
                });
            }
            self->m_state = State::Signing;
            self->plan();
            done({});
        });
}

void Checkpoints::begin(const std::optional<JournalRow> &last)
{
    if (!last || last->seq <= m_headSeq)
        return; // rows that came meanwhile know better
    m_headSeq = last->seq;
    m_head = last->hash;
    m_gathered = m_headSeq - (m_last ? m_last->seq : 0);
    m_oldestAt = m_services.clock.sinceBoot();
}

void Checkpoints::holdFor(Hold why)
{
    qCCritical(lcAudit, "the journal is not signed: %s; gatehousectl doctor says what to do",
               nameOf(why).data());
    m_state = State::Held;
    m_hold = why;
}

/// Into the keychain first: what it does not have must sign nothing.
void Checkpoints::useKey(std::shared_ptr<SigningKey> key, Storage::Done done)
{
    m_services.secrets.write(signingKeyEntry(numberOf(m_profile)), key->seed(),
                             [self = QPointer(this), key, done = std::move(done)](Result<> written) {
                                 if (!self)
                                     return;
                                 if (written)
                                     self->m_key.emplace(std::move(*key));
                                 done(std::move(written));
                             });
}

void Checkpoints::acceptRestore(Event said, Storage::Done done)
{
    if (m_state != State::Held)
        return done(failure(ErrorCode::Conflict, "nothing is held"));
    auto fresh = m_key ? nullptr : std::make_shared<SigningKey>(SigningKey::make(m_services.random));
    said.kind = EventKind::StorageRestored;
    if (!said.more.is_object())
        said.more = Json::object();
    said.more["found_seq"] = m_headSeq;
    said.more["found_head"] = hex(m_head);
    if (m_kept)
        said.more["kept"] = toJson(*m_kept);
    if (fresh)
        said.more["new_key"] = hex(fresh->publicKey());
    // The row before the key: should the second fail, nothing is signed by a key that no row names.
    m_services.journal.recordDurably(
        said, [self = QPointer(this), fresh, done = std::move(done)](Result<> recorded) {
            if (!self || !recorded)
                return done(std::move(recorded));
            if (!fresh)
                return self->goOn(done);
            self->useKey(fresh, [self, done](Result<> kept) {
                if (!self || !kept)
                    return done(std::move(kept));
                self->goOn(done);
            });
        });
}

/// At once, into the keychain too: the next start must know which of the two goes on.
void Checkpoints::goOn(Storage::Done done)
{
    m_state = State::Signing;
    emit accepted();
    keepNow(std::move(done));
}

void Checkpoints::keepNow(Storage::Done done)
{
    if (m_state != State::Signing || m_headSeq == 0)
        return done({});
    signNow([self = QPointer(this), done = std::move(done)](Result<> outcome) {
        if (!self || !outcome)
            return done(std::move(outcome));
        self->keep(done);
    });
}

void Checkpoints::stop(Storage::Done done)
{
    if (m_state != State::Signing) {
        m_state = State::Off;
        return done({});
    }
    if (m_gathered == 0) {
        m_state = State::Off;
        return keep(std::move(done));
    }
    signNow([self = QPointer(this), done = std::move(done)](Result<> outcome) {
        if (!self || !outcome)
            return done(std::move(outcome));
        self->m_state = State::Off;
        self->keep(done);
    });
}

void Checkpoints::gathered(const std::vector<JournalRow> &rows)
{
    if (m_gathered == 0)
        m_oldestAt = m_services.clock.sinceBoot();
    m_gathered += static_cast<std::int64_t>(rows.size());
    m_headSeq = rows.back().seq;
    m_head = rows.back().hash;
    plan();
}

/// Signs now if it is time, or comes back when it will be.
void Checkpoints::plan()
{
    if (m_state != State::Signing || m_signing || m_gathered == 0)
        return;
    const std::int64_t now = m_services.clock.sinceBoot();
    const std::int64_t due = m_gathered >= kRowsPerCheckpoint ? now : m_oldestAt + kCheckpointAfter.count();
    const std::int64_t at = std::max(due, m_signedAt + kCheckpointApart.count());
    if (at <= now)
        return signNow([](const Result<> &) {});
    if (at >= m_plannedFor)
        return;
    m_plannedFor = at;
    m_services.clock.after(Millis(at - now), this, [this, at] {
        if (m_plannedFor == at)
            m_plannedFor = kNever;
        plan();
    });
}

void Checkpoints::signNow(Storage::Done done)
{
    Checkpoint checkpoint;
    checkpoint.seq = m_headSeq;
    checkpoint.head = m_head;
    checkpoint.at = m_services.clock.now();
    checkpoint.bootId = m_bootId;
    checkpoint.sinceBoot = m_services.clock.sinceBoot();
    checkpoint.signature = m_key->sign(signedText(m_profile, checkpoint));
    m_signing = true;
    m_signedAt = checkpoint.sinceBoot;
    m_services.storage.write(
        [checkpoint](Stores &stores) { return stores.journal.saveCheckpoint(checkpoint); },
        [self = QPointer(this), checkpoint, done = std::move(done)](Result<> saved) {
            if (!self)
                return;
            self->m_signing = false;
            if (saved) {
                self->m_last = checkpoint;
                self->m_gathered = self->m_headSeq - checkpoint.seq;
                self->m_oldestAt = self->m_services.clock.sinceBoot();
                emit self->signedAt(checkpoint.seq);
                self->planKeep();
            }
            self->plan();
            done(std::move(saved));
        });
}

void Checkpoints::planKeep()
{
    if (m_keepPlanned || m_state != State::Signing)
        return;
    m_keepPlanned = true;
    const std::int64_t at = m_keptAt + kKeepApart.count();
    const std::int64_t wait = std::max<std::int64_t>(0, at - m_services.clock.sinceBoot());
    m_services.clock.after(Millis(wait), this, [this] {
        m_keepPlanned = false;
        if (m_state == State::Signing)
            keep([](const Result<> &) {});
    });
}

void Checkpoints::keep(Storage::Done done)
{
    if (!m_last || (m_kept && m_kept->seq == m_last->seq && m_kept->signature == m_last->signature))
        return done({});
    m_keptAt = m_services.clock.sinceBoot();
    m_services.secrets.write(
        checkpointEntry(numberOf(m_profile)), Secret(canonicalJson(toJson(*m_last))),
        [self = QPointer(this), copied = *m_last, done = std::move(done)](Result<> written) {
            if (!self)
                return;
            if (written)
                self->m_kept = copied;
            else
                emit self->keychainFailed(written.error().code);
            done(std::move(written));
        });
}

} // namespace gatehouse
