// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/clock.h"

#include <QPointer>

#include <algorithm>
#include <utility>
#include <vector>

namespace gatehouse::test {

/// Time wound by hand. advance() runs what falls due, in order, on the calling thread.
class FakeClock final : public Clock
{
public:
    [[nodiscard]] std::int64_t now() const override { return m_now; }
    [[nodiscard]] std::int64_t sinceBoot() const override { return m_boot; }

    void after(Millis delay, QObject *context, std::function<void()> act) override
    {
        m_timers.push_back({ m_boot + delay.count(), m_next++, context, std::move(act) });
    }

    void advance(Millis by)
    {
        const std::int64_t end = m_boot + by.count();
        while (!m_timers.empty()) {
            const auto first
                = std::min_element(m_timers.begin(), m_timers.end(), [](const auto &a, const auto &b) {
                      return std::pair(a.at, a.order) < std::pair(b.at, b.order);
                  });
            if (first->at > end)
                break;
            const Timer timer = std::move(*first);
            m_timers.erase(first);
            m_now += timer.at - m_boot;
            m_boot = timer.at;
            if (timer.context)
                timer.act();
        }
        m_now += end - m_boot;
        m_boot = end;
    }

    /// The wall clock alone jumps, as after a correction.
    void setWall(std::int64_t now) { m_now = now; }

private:
    struct Timer
    {
        std::int64_t at;
        int order;
        QPointer<QObject> context;
        std::function<void()> act;
    };
    std::int64_t m_now = 1'790'000'000'000; // September 2026
    std::int64_t m_boot = 1'000'000;
    int m_next = 0;
    std::vector<Timer> m_timers;
};

} // namespace gatehouse::test
