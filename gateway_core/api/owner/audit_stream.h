// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/api/owner/stream_readers.h"
#include "gateway_core/storage/storage.h"

#include <QObject>

#include <optional>

namespace gatehouse {

inline constexpr int kReplayPage = 100; ///< rows read at once
inline constexpr std::int64_t kReplayMost = 10'000; ///< rows told again; older ones are a gap
inline constexpr std::int64_t kReplayAhead = 128 << 10; ///< bytes a reader may owe before the next page
inline constexpr Millis kReplayPause{ 50 };

/// The journal as it grows, row by row, to any number of readers: each row is made into text once. The id
/// of an event is the row's place in the chain, so a reader that was away goes on from the journal itself.
///   audit   a row; the fields of the list's lines, `kind` being the row's own
///   gap     {first, last, reason}: rows that this reader is not told: not_kept | too_many | unknown_id
///   live    {seq}: everything up to there was told (or filtered out); what follows is new
/// A reader is Catching up -> Live, and back should it ever miss a row. Thread: core. Storage and clock
/// must outlive it.
class AuditStream final : public QObject
{
    Q_OBJECT

public:
    AuditStream(Storage &storage, Clock &clock);
    ~AuditStream() override;

    /// From now on, or on from `lastId`, the last row that this reader had.
    void add(ReaderPtr reader, CallFilter filter, std::optional<std::int64_t> lastId);
    /// Rows that have just been committed, in chain order.
    void publish(const std::vector<JournalRow> &rows);
    /// Tells readers whose filter let nothing pass how far they are.
    void beat();

private:
    struct Follower;
    using FollowerPtr = std::shared_ptr<Follower>;

    void begin(const FollowerPtr &follower, std::optional<std::int64_t> lastId);
    void readOn(const FollowerPtr &follower);
    void took(const FollowerPtr &follower, const std::vector<JournalRow> &rows);

    Storage &m_storage;
    Clock &m_clock;
    std::vector<FollowerPtr> m_followers;
};

} // namespace gatehouse
