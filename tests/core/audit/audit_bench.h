// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/audit/checkpoints.h"
#include "gateway_core/audit/journal_check.h"
#include "gateway_core/base/json.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fixed_random.h"
#include "tests/support/memory_secrets.h"
#include "tests/support/test_storage.h"

#include <QTest>

namespace gatehouse::test {

/// A journal on a real database, with its checkpoints; restart() begins another life of the program.
struct AuditBench
{
    TestStorage storage;
    FakeClock clock;
    FixedRandom random;
    MemorySecrets secrets;
    std::unique_ptr<Journal> journal;
    std::unique_ptr<Checkpoints> checkpoints;

    AuditBench() { build(); }

    void build()
    {
        journal = std::make_unique<Journal>(storage, clock);
        checkpoints = std::make_unique<Checkpoints>(
            Checkpoints::Dependencies{ *journal, storage, secrets, clock, random }, ProfileId{ 1 }, "boot-1");
    }
    /// Waits for the answers of the secrets and of storage. Nothing here stands on time passing.
    void settle()
    {
        for (int round = 0; round < 8; ++round) {
            QCoreApplication::processEvents();
            storage.settle();
        }
    }
    Result<> start()
    {
        return outcomeOf([this](auto done) { checkpoints->start(std::move(done)); });
    }
    Result<> stop()
    {
        return outcomeOf([this](auto done) { checkpoints->stop(std::move(done)); });
    }
    Result<> outcomeOf(const std::function<void(Storage::Done)> &act)
    {
        Result<> outcome = failure(ErrorCode::Internal, "no answer");
        act([&outcome](Result<> heard) { outcome = std::move(heard); });
        settle();
        return outcome;
    }
    void record(int count)
    {
        for (int i = 0; i < count; ++i) {
            Event event;
            event.kind = EventKind::ModeChanged;
            event.via = "window";
            event.more = { { "n", i } };
            journal->recordDurably(event, {});
        }
        settle();
    }
    std::vector<Checkpoint> stored()
    {
        return storage
            .readNow<std::vector<Checkpoint>>([](Stores &stores) { return stores.journal.checkpoints(); })
            .value_or(std::vector<Checkpoint>());
    }
    std::optional<Checkpoint> kept()
    {
        std::optional<Checkpoint> found;
        secrets.read(checkpointEntry("1"), [&found](const Result<Secret> &entry) {
            if (entry)
                found = *checkpointFrom(*parseJson(entry->text()));
        });
        settle();
        return found;
    }
    VerificationReport verdict()
    {
        Result<VerificationReport> verdict = failure(ErrorCode::Internal, "no answer");
        JournalCheck::run(storage, secrets, ProfileId{ 1 },
                          [&verdict](Result<VerificationReport> heard) { verdict = std::move(heard); });
        settle();
        if (!verdict)
            qWarning("%s", verdict.error().detail.c_str());
        VerificationReport none;
        none.finding = JournalState::BadCheckpoint;
        return verdict.value_or(none);
    }
};

} // namespace gatehouse::test
