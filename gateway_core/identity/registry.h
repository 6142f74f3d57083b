// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/audit/journal.h"
#include "gateway_core/identity/directory.h"

#include <QObject>

#include <chrono>

namespace gatehouse {

inline constexpr auto kNoteEvery = std::chrono::minutes(1); // product numbers: stored at most once a minute
/// For how long the owner is shown that a client had more connections to open than it may.
inline constexpr auto kCrowdedShown = std::chrono::minutes(15);
inline constexpr auto kClockJump = std::chrono::hours(24); // a longer way ahead is the owner's to believe

/// The wall clock, and the time by which things end (Registry::now). A day apart they are a question to the
/// owner: Ahead, the wall clock jumped; Behind, the time that was believed stands in the wall clock's future.
struct ClockSight
{
    enum class Question { None, Ahead, Behind } question = Question::None;
    std::int64_t wall = 0, latest = 0;
};
[[nodiscard]] std::string_view nameOf(ClockSight::Question question); ///< none | ahead | behind

/// What the owner says of the wall clock.
enum class ClockAnswer {
    IsRight, ///< to Ahead: it is the time from now on, and what ended by it ends
    WasWrong, ///< it is right now and once stood in the future: the time goes back to it, and revives nothing
};

/// Holds the present Directory and is the one way to change it: a change, its journal row and the new
/// snapshot are one unit of work. It also keeps the latest wall time that was believed, so that a clock set
/// back revives nothing and one that jumps ahead ends nothing (ADR 0030).
/// Thread: core. Owns: the snapshot.
class Registry final : public QObject
{
    Q_OBJECT

public:
    using Change = Storage::Work;

    Registry(Storage &storage, Journal &journal, const Clock &clock, QObject *parent = nullptr);

    /// Reads everything once; before it, current() is an empty directory. Errors are storage's.
    void load(Storage::Done done);
    [[nodiscard]] DirectoryPtr current() const { return m_directory; }
    /// Applies and records; `done` after the snapshot was swapped and changed() was emitted. On any
    /// error (the change's own, or AuditUnavailable) nothing has changed.
    void apply(Change change, const Event &event, Storage::Done done);
    /// The later of the wall clock and the latest time: what expiry is checked against, and what new expiry
    /// dates are made from. With the wall clock set back, or ahead by more than a day, it runs on from the
    /// latest time by the boot clock. The latest time is stored at most once a minute.
    [[nodiscard]] std::int64_t now() const;
    /// Stores nothing.
    [[nodiscard]] ClockSight clockSight() const;
    /// On record as ClockAccepted or ClockSetBack, with both times. Conflict: that is not what the two times
    /// ask. WasWrong is taken from a minute apart on.
    void settleClock(ClockAnswer answer, Event said, Storage::Done done);
    /// Notes that a client was heard; stored at most once a minute per client, without a new snapshot
    /// being read and without changed().
    void clientHeard(const ClientId &client);
    /// When a client was last heard, more exact than the stored value.
    [[nodiscard]] std::int64_t lastHeard(const ClientId &client) const;
    /// Notes that a client was refused a connection because too many of its own are open, and when it last
    /// was (wall time; 0: never in this life).
    void clientCrowded(const ClientId &client) { m_crowded[client] = now(); }
    [[nodiscard]] std::int64_t lastCrowded(const ClientId &client) const;

signals:
    void changed();
    void timeSet(); ///< by settleClock; after changed()

private:
    [[nodiscard]] std::int64_t runOn() const;
    void storeWall(std::int64_t wall) const;
    void showUse(const ClientId &client, std::int64_t at);

    Storage &m_storage;
    Journal &m_journal;
    const Clock &m_clock;
    DirectoryPtr m_directory;
    bool m_loaded = false;
    mutable std::int64_t m_latestWall = 0; ///< the latest time, and the boot clock then
    mutable std::int64_t m_latestBoot = 0;
    mutable std::int64_t m_storedWall = 0;
    std::unordered_map<ClientId, std::int64_t> m_heard;
    std::unordered_map<ClientId, std::int64_t> m_storedHeard;
    std::unordered_map<ClientId, std::int64_t> m_crowded;
};

/// The registry's time as a clock, for rooms that lie below it. Thread: core.
class GuardedClock final : public Clock
{
public:
    GuardedClock(Clock &clock, const Registry &registry)
        : m_clock(clock)
        , m_registry(registry)
    {
    }
    [[nodiscard]] std::int64_t now() const override { return m_registry.now(); }
    [[nodiscard]] std::int64_t sinceBoot() const override { return m_clock.sinceBoot(); }
    void after(Millis delay, QObject *context, std::function<void()> act) override
    {
        m_clock.after(delay, context, std::move(act));
    }

private:
    Clock &m_clock;
    const Registry &m_registry;
};

} // namespace gatehouse
