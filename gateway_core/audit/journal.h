// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/audit/event.h"
#include "gateway_core/base/clock.h"
#include "gateway_core/storage/storage.h"

#include <QObject>

#include <functional>
#include <map>
#include <vector>

namespace gatehouse {

constexpr int kJournalQueueLimit = 8192; // product.md, A call, step 10

/// The record of everything, append-only. Nothing is relayed before its intent row is durable.
/// Thread: core. Storage and clock must outlive it.
class Journal final : public QObject
{
    Q_OBJECT

public:
    Journal(Storage &storage, const Clock &clock, QObject *parent = nullptr);

    /// Writes now; `done` after the row is on disk. AuditUnavailable when it cannot be.
    void recordDurably(const Event &event, Storage::Done done);
    /// The same together with a change: both or neither. `change` runs on the storage thread.
    void recordWith(const Event &event, Storage::Work change, Storage::Done done);
    /// Queues the row and returns at once. AuditUnavailable: 8,192 rows wait already, or storage has
    /// been failing for a second; then the caller must refuse what it was about to do.
    [[nodiscard]] Result<> recordSoon(const Event &event);
    /// A refusal. The first of a (uid, reason) is a row of its own; more within 10 s are counted and
    /// written as one row when the 10 s end.
    void recordRefusal(const Event &event, ErrorCode reason);

    /// Rows not yet on disk.
    [[nodiscard]] int waiting() const { return m_waiting; }
    /// False while the last write failed. Readiness asks this.
    [[nodiscard]] bool isHealthy() const { return m_failingSince < 0; }

signals:
    /// After each commit, in chain order; the rows are on disk.
    void appended(const std::vector<gatehouse::JournalRow> &rows);
    void healthChanged(bool healthy);

private:
    void finished(const Result<> &outcome);

    Storage &m_storage;
    const Clock &m_clock;
    int m_waiting = 0;
    std::int64_t m_failingSince = -1;
    struct Flood
    {
        Event first;
        int more = 0;
    };
    std::map<std::pair<std::uint32_t, ErrorCode>, Flood> m_floods;
};

} // namespace gatehouse
