// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/audit/event.h"
#include "gateway_core/audit/flood.h"
#include "gateway_core/base/clock.h"
#include "gateway_core/storage/storage.h"

#include <QObject>

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <vector>

namespace gatehouse {

inline constexpr int kJournalQueueLimit = 8192; // product.md, A call, step 10
inline constexpr Millis kJournalPatience{ 1000 }; // the same step: failing this long, reads are refused too
inline constexpr Millis kJournalRetry{ 250 };
inline constexpr Millis kFloodWindow{ 10'000 }; // product.md, A call
inline constexpr std::size_t kFloodLimit
    = 256; // of clients and reasons counted apart; the rest of a reason count as one

/// The record of everything, append-only. Nothing is relayed before its intent row is durable.
/// Thread: core. Storage and clock must outlive it. What still waits or is being counted when it goes is
/// handed to storage, which writes it before it closes.
class Journal final : public QObject
{
    Q_OBJECT

public:
    Journal(Storage &storage, Clock &clock, QObject *parent = nullptr);
    ~Journal() override;

    /// Writes now; `done` after the row is on disk. AuditUnavailable when it cannot be.
    void recordDurably(const Event &event, Storage::Done done);
    /// The same together with a change: both or neither. `change` runs on the storage thread; an error of
    /// its own (not one of storage) comes back as it is.
    void recordWith(const Event &event, Storage::Work change, Storage::Done done);
    /// Queues the row and returns at once; a row that could not be written is tried again until it is.
    /// AuditUnavailable: 8,192 rows wait already, or storage has been failing for a second; then the
    /// caller must refuse what it was about to do.
    [[nodiscard]] Result<> recordSoon(const Event &event);
    /// A refusal. In 10 s each client's (uid's where there is none) first for a reason, tool and project is a
    /// row of its own; more are counted by client and reason, and written as one row when the 10 s end.
    void recordRefusal(const Event &event, ErrorCode reason);

    /// Rows not yet on disk.
    [[nodiscard]] int waiting() const { return m_waiting; }
    /// False while the last write failed. Readiness asks this.
    [[nodiscard]] bool isHealthy() const { return m_failingSince < 0; }
    /// What the last write failed of (a storage_* code); nullopt while it is healthy.
    [[nodiscard]] const std::optional<Error> &problem() const { return m_problem; }

    /// Tries once more what is not on disk; where nothing waits, whether the file would still take a row.
    /// `done`: how many rows are lost if the program ends now.
    void flush(std::function<void(int lost)> done);

signals:
    /// After each commit, in chain order; the rows are on disk.
    void appended(const std::vector<gatehouse::JournalRow> &rows);
    void healthChanged(bool healthy);

private:
    void finished(const Result<> &outcome);
    void writeSoon(const JournalRow &row);
    void retryLater();
    void retry();
    void endWindow(const Flood::Key &key);
    [[nodiscard]] JournalRow rowOf(const Flood &flood, const Flood::Key &key) const;

    Storage &m_storage;
    Clock &m_clock;
    int m_waiting = 0;
    std::int64_t m_failingSince = -1; ///< since boot
    std::optional<Error> m_problem;
    bool m_retrying = false;
    std::deque<JournalRow> m_unwritten; ///< rows of recordSoon that a failed commit gave back
    std::map<Flood::Key, Flood> m_floods;
};

} // namespace gatehouse
