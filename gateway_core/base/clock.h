// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include <chrono>
#include <cstdint>
#include <functional>

namespace gatehouse {

using Millis = std::chrono::milliseconds;

/// Time, as the core sees it. A port: tests wind a FakeClock by hand.
/// Thread: now() and sinceBoot() from any; after() from the thread of `context`.
class Clock
{
public:
    virtual ~Clock() = default;

    /// Wall time, milliseconds since 1970-01-01 UTC. May jump either way.
    [[nodiscard]] virtual std::int64_t now() const = 0;
    /// Milliseconds since boot, counting sleep (CLOCK_BOOTTIME). Never goes back.
    [[nodiscard]] virtual std::int64_t sinceBoot() const = 0;
    /// Runs `act` once, `delay` from now, on `context`'s thread; never if `context` is gone by then.
    virtual void after(Millis delay, QObject *context, std::function<void()> act) = 0;
};

/// The real one.
class SystemClock final : public Clock
{
public:
    [[nodiscard]] std::int64_t now() const override;
    [[nodiscard]] std::int64_t sinceBoot() const override;
    void after(Millis delay, QObject *context, std::function<void()> act) override;
};

} // namespace gatehouse
