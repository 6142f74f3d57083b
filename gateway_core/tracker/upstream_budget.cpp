// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/tracker/upstream_budget.h"

#include "gateway_core/grants/grants_log.h"

#include <algorithm>
#include <set>

namespace gatehouse {

namespace {

constexpr std::int64_t kWindow = 60'000;
// Who was told to wait and does not come back this long after has given up; its share is free again.
constexpr std::int64_t kGrace = 5'000;

} // namespace

std::int64_t UpstreamBudget::take(const AgentId &agent, Kind kind, std::int64_t sinceBoot)
{
    forget(sinceBoot);
    const std::int64_t wait = waitFor(agent, kind, sinceBoot);
    if (wait > 0) {
        m_waiting[agent] = sinceBoot + wait + kGrace;
        return wait;
    }
    m_waiting.erase(agent);
    m_sent.push_back({ sinceBoot, agent, kind });
    return 0;
}

void UpstreamBudget::refused(std::optional<Millis> retryAfter, std::int64_t sinceBoot)
{
    const Millis pause
        = std::clamp<Millis>(retryAfter.value_or(kUpstreamPause), Millis(1), kUpstreamPauseMost);
    m_pausedUntil = std::max(m_pausedUntil, sinceBoot + pause.count());
    if (m_loweredAt && sinceBoot - *m_loweredAt < Millis(kUpstreamPause).count())
        return;
    forget(sinceBoot);
    const int least = std::min(kUpstreamLeast, m_most);
    const int sent = static_cast<int>(m_sent.size());
    m_limit = std::clamp(std::min(limit(sinceBoot), sent) * 4 / 5, least, m_most);
    m_loweredAt = sinceBoot;
    qCInfo(lcGrants, "Tasker asks for patience: %d requests a minute from now on", m_limit);
}

int UpstreamBudget::limit(std::int64_t sinceBoot) const
{
    if (!m_loweredAt)
        return m_most;
    const std::int64_t back = (sinceBoot - *m_loweredAt) / Millis(kUpstreamRecovery).count();
    return static_cast<int>(std::min<std::int64_t>(m_most, m_limit + std::max<std::int64_t>(0, back)));
}

void UpstreamBudget::forget(std::int64_t sinceBoot)
{
    while (!m_sent.empty() && sinceBoot - m_sent.front().at >= kWindow)
        m_sent.pop_front();
    std::erase_if(m_waiting, [&](const auto &entry) { return entry.second < sinceBoot; });
}

int UpstreamBudget::readLimit(int limit) const
{
    // The part kept for writes shrinks with the limit; one read must always be possible.
    return std::max(1, limit - limit * m_keptForWrites / m_most);
}

int UpstreamBudget::evenShare(const AgentId &agent, int pool) const
{
    std::set<AgentId> takers{ agent };
    for (const auto &[waiting, until] : m_waiting)
        takers.insert(waiting);
    return takers.size() == 1 ? pool : std::max(1, pool / static_cast<int>(takers.size()));
}

std::int64_t UpstreamBudget::waitFor(const AgentId &agent, Kind kind, std::int64_t sinceBoot) const
{
    std::int64_t until = std::max(sinceBoot, m_pausedUntil);
    // Waits until so many of the matching requests have left the window that one more is below `most`.
    const auto waitBelow = [&](int most, auto &&matches) {
        const auto count = static_cast<int>(std::ranges::count_if(m_sent, matches));
        int tooMany = count - most + 1;
        for (auto sent = m_sent.begin(); tooMany > 0 && sent != m_sent.end(); ++sent) {
            if (matches(*sent) && --tooMany == 0)
                until = std::max(until, sent->at + kWindow);
        }
    };

    const int all = limit(sinceBoot);
    const bool isRead = kind == Kind::Read;
    const int pool = isRead ? readLimit(all) : all;
    waitBelow(all, [](const Sent &) { return true; });
    if (isRead)
        waitBelow(pool, [](const Sent &sent) { return sent.kind == Kind::Read; });
    waitBelow(evenShare(agent, pool),
              [&](const Sent &sent) { return sent.agent == agent && (!isRead || sent.kind == Kind::Read); });
    return until - sinceBoot;
}

} // namespace gatehouse
