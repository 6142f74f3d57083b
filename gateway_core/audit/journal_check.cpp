// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/audit/journal_check.h"

#include "gateway_core/base/json.h"

#include <QPointer>

namespace gatehouse {

namespace {

constexpr int kStep = 500; // about 5 ms

} // namespace

void JournalCheck::run(Storage &storage, SecretStore &secrets, ProfileId profile, Done done,
                       Progress progress, QObject *parent)
{
    auto *check = new JournalCheck(storage, secrets, profile, std::move(done), std::move(progress), parent);
    check->readKey();
}

JournalCheck::JournalCheck(Storage &storage, SecretStore &secrets, ProfileId profile, Done done,
                           Progress progress, QObject *parent)
    : QObject(parent)
    , m_storage(storage)
    , m_secrets(secrets)
    , m_profile(profile)
    , m_done(std::move(done))
    , m_progress(std::move(progress))
{
    m_evidence.profile = profile;
}

// The order matters: what was signed is read before the rows, so that a row written meanwhile is no riddle.
void JournalCheck::readKey()
{
    m_secrets.read(signingKeyEntry(numberOf(m_profile)), [self = QPointer(this)](const Result<Secret> &seed) {
        if (!self)
            return;
        if (seed) {
            const auto key = SigningKey::fromSecret(*seed);
            if (!key)
                return self->end(tl::unexpected(key.error()));
            self->m_evidence.key = key->publicKey();
        } else if (seed.error().code != ErrorCode::SecretNotFound) {
            return self->end(tl::unexpected(seed.error()));
        }
        self->readKept();
    });
}

void JournalCheck::readKept()
{
    m_secrets.read(
        checkpointEntry(numberOf(m_profile)), [self = QPointer(this)](const Result<Secret> &entry) {
            if (!self)
                return;
            if (entry) {
                const auto json = parseJson(entry->text());
                const auto kept = json ? checkpointFrom(*json) : failure(ErrorCode::InvalidRequest);
                if (!kept)
                    return self->end(
                        failure(ErrorCode::SecretsRefused, "the keychain's checkpoint is not readable"));
                self->m_evidence.kept = *kept;
            } else if (entry.error().code != ErrorCode::SecretNotFound) {
                return self->end(tl::unexpected(entry.error()));
            }
            self->readStored(0);
        });
}

void JournalCheck::readStored(std::int64_t from)
{
    m_storage.read<std::vector<Checkpoint>>(
        [from](Stores &stores) { return stores.journal.checkpointsFrom(from, kStep); },
        [self = QPointer(this)](const Result<std::vector<Checkpoint>> &some) {
            if (!self)
                return;
            if (!some)
                return self->end(tl::unexpected(some.error()));
            auto &stored = self->m_evidence.stored;
            stored.insert(stored.end(), some->begin(), some->end());
            if (some->size() == kStep)
                return self->readStored(some->back().seq + 1);
            self->m_verifier = std::make_unique<Verifier>(self->m_evidence);
            self->walkFrom(0);
        });
}

void JournalCheck::walkFrom(std::int64_t seq)
{
    m_storage.read<Step>(
        [seq](Stores &stores) -> Result<Step> {
            auto rows = stores.journal.from(seq, kStep);
            const auto first = stores.journal.from(0, 1);
            if (!rows || !first)
                return tl::unexpected(rows ? first.error() : rows.error());
            const bool isBeginning = !rows->empty() && rows->front().seq == first->front().seq;
            return Step{ std::move(*rows), isBeginning };
        },
        [self = QPointer(this)](const Result<Step> &step) {
            if (self)
                self->taken(step);
        });
}

void JournalCheck::taken(const Result<Step> &step)
{
    if (!step)
        return end(tl::unexpected(step.error()));
    // Retention cut while we walked: the journal begins here now, and here the walk begins anew.
    if (step->isBeginning && m_rows > 0) {
        m_verifier = std::make_unique<Verifier>(m_evidence);
        m_rows = 0;
    }
    for (const auto &row : step->rows)
        if (!m_verifier->take(row))
            return end(m_verifier->finish());
    m_rows += static_cast<std::int64_t>(step->rows.size());
    if (m_progress)
        m_progress(m_rows);
    if (step->rows.size() < kStep)
        return end(m_verifier->finish());
    walkFrom(step->rows.back().seq + 1);
}

void JournalCheck::end(Result<VerificationReport> verdict)
{
    deleteLater();
    if (const auto done = std::exchange(m_done, {}))
        done(std::move(verdict));
}

} // namespace gatehouse
