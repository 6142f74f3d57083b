// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/audit/checkpoints.h"
#include "gateway_core/audit/feed.h"
#include "gateway_core/audit/retention.h"
#include "gateway_core/calls/call_pipeline.h"
#include "gateway_core/identity/logins.h"
#include "gateway_core/identity/pairing.h"
#include "gateway_core/identity/step_up.h"
#include "gateway_core/owner/owner_service.h"
#include "gateway_core/storage/storage.h"
#include "gateway_core/tracker/tracker_family.h"

#include <QObject>

#include <memory>

namespace gatehouse {

/// The tools of all families.
[[nodiscard]] const ToolCatalogue &toolCatalogue();

/// Every room behind an open storage, built in the order in which they lean on each other. The one place
/// that joins services.
/// Thread: core. Owns: all of them, and the storage.
class Services final : public QObject
{
    Q_OBJECT

public:
    /// `exports`: where old rows of the journal go as long as the owner has named no other folder.
    Services(std::unique_ptr<Storage> storage, SecretStore &secrets, Clock &clock, Random &random,
             const std::filesystem::path &exports, QObject *parent = nullptr);
    ~Services() override;

    /// Reads what is stored, mends what the last life left open, points the relay at Tasker.
    /// StorageRolledBack: it stands still before anything is changed. Only `stepUp` and the owner's
    /// acceptRestore() are of use then, and goOn() once the owner has accepted.
    /// Any other storage_* or secrets_* code: the services are not usable.
    /// On a full disk it opens all the same and records nothing until there is room (Journal::problem()).
    void open(Storage::Done done);
    void goOn(Storage::Done done);
    /// Records the stop and writes the last checkpoint; then this object may go.
    void close(Storage::Done done);

private:
    std::unique_ptr<Storage> m_storage;
    SecretStore &m_secrets;
    Clock &m_clock;
    Random &m_random;

public:
    // In construction order; each leans only on those above it, but for the time, which is asked for later.
    GuardedClock guardedClock;
    Journal journal;
    Checkpoints checkpoints;
    Retention retention;
    Registry registry;
    StepUp stepUp;
    Pairing pairing;
    Logins logins;
    Approvals approvals;
    TaskerClient tasker;
    TrackerFamily tracker;
    CallPipeline pipeline;
    OwnerService owner;
    Feed feed;

    [[nodiscard]] Storage &storage() { return *m_storage; }
    [[nodiscard]] SecretStore &secrets() { return m_secrets; }

private:
    void loadJournalKey(Storage::Done done);
    void startCheckpoints(Storage::Done done);
    void recordStart(Storage::Done done);
    void lookLater();
    void connectTasker(Storage::Done done);
    void askTasker();
};

} // namespace gatehouse
