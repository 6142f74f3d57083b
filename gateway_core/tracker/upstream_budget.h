// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/clock.h"
#include "gateway_core/base/ids.h"

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>

namespace gatehouse {

// Product numbers: what Tasker is asked for, in any 60 s.
inline constexpr int kUpstreamAMinute = 50;
inline constexpr int kUpstreamKeptForWrites = 20;
inline constexpr int kUpstreamLeast = 5; ///< learning never goes below: else a bad hour at Tasker is for ever
inline constexpr auto kUpstreamPause = std::chrono::seconds(10); ///< after a 429 that names no time
inline constexpr auto kUpstreamPauseMost = std::chrono::minutes(5);
inline constexpr auto kUpstreamRecovery = std::chrono::seconds(30); ///< one more a minute, each 30 s of quiet

/// How much of Tasker's patience is left, over all agents of the profile.
/// In any 60 s at most `limit` requests, of which reads may take all but the part kept for writes. While
/// another agent waits, nobody takes more than an even share. A 429 from Tasker lowers the limit to four
/// fifths of what was really sent in that minute and pauses; quiet time brings it back one by one.
/// Pure: the clock is passed in (boot time, milliseconds). Thread: core.
class UpstreamBudget final
{
public:
    enum class Kind { Read, Write };

    explicit UpstreamBudget(int aMinute = kUpstreamAMinute, int keptForWrites = kUpstreamKeptForWrites)
        : m_most(aMinute)
        , m_limit(aMinute)
        , m_keptForWrites(keptForWrites)
    {
    }

    /// 0: taken, send it. Else milliseconds until it is worth asking again (at least 1); the agent then
    /// counts as waiting until it was served or did not come back in time.
    [[nodiscard]] std::int64_t take(const AgentId &agent, Kind kind, std::int64_t sinceBoot);
    /// Tasker said 429, with its Retry-After if it sent one. Several within kUpstreamPause count as one.
    void refused(std::optional<Millis> retryAfter, std::int64_t sinceBoot);
    /// The present limit a minute.
    [[nodiscard]] int limit(std::int64_t sinceBoot) const;

private:
    struct Sent
    {
        std::int64_t at;
        AgentId agent;
        Kind kind;
    };
    void forget(std::int64_t sinceBoot);
    [[nodiscard]] int readLimit(int limit) const;
    [[nodiscard]] int evenShare(const AgentId &agent, int pool) const;
    [[nodiscard]] std::int64_t waitFor(const AgentId &agent, Kind kind, std::int64_t sinceBoot) const;

    int m_most;
    int m_limit; ///< as it was at m_loweredAt
    int m_keptForWrites;
    std::optional<std::int64_t> m_loweredAt;
    std::int64_t m_pausedUntil = 0;
    std::deque<Sent> m_sent; ///< of the last 60 s, oldest first: m_most at most
    std::map<AgentId, std::int64_t> m_waiting; ///< until when each is believed to come back
};

} // namespace gatehouse
