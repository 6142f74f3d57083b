// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/audit/verify.h"
#include "gateway_core/secrets/secret_store.h"
#include "gateway_core/storage/storage.h"

#include <QObject>

#include <functional>
#include <memory>

namespace gatehouse {

/// Verifies the stored journal in steps of 2,000 rows, so that the calls of others go on between them.
/// Thread: core. Storage and secrets must outlive it. It deletes itself after the answer, or with its parent.
class JournalCheck final : public QObject
{
    Q_OBJECT

public:
    using Done = std::function<void(Result<VerificationReport>)>;
    using Progress = std::function<void(std::int64_t rows)>;

    /// `done` comes once, unless `parent` is gone. A keychain entry that was never made is no error: the
    /// verdict says what it cannot vouch for. SecretsLocked · SecretsUnavailable · SecretsRefused ·
    /// storage's.
    static void run(Storage &storage, SecretStore &secrets, ProfileId profile, Done done,
                    Progress progress = {}, QObject *parent = nullptr);

private:
    JournalCheck(Storage &storage, SecretStore &secrets, ProfileId profile, Done done, Progress progress,
                 QObject *parent);
    void readKey();
    void readKept();
    struct Step
    {
        std::vector<JournalRow> rows;
        bool isBeginning = false; ///< no row stands before them
    };
    void readStored(std::int64_t from);
    void walkFrom(std::int64_t seq);
    void taken(const Result<Step> &step);
    void end(Result<VerificationReport> verdict);

    Storage &m_storage;
    SecretStore &m_secrets;
    ProfileId m_profile;
    Done m_done;
    Progress m_progress;
    Evidence m_evidence;
    std::unique_ptr<Verifier> m_verifier;
    std::int64_t m_rows = 0;
};

} // namespace gatehouse
