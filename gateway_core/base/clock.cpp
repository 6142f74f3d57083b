// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/base/clock.h"

#include <QTimer>

#include <ctime>

namespace gatehouse {

std::int64_t SystemClock::now() const
{
    return std::chrono::duration_cast<Millis>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::int64_t SystemClock::sinceBoot() const
{
#ifdef CLOCK_BOOTTIME
    constexpr auto kClock = CLOCK_BOOTTIME;
#else
    constexpr auto kClock = CLOCK_MONOTONIC;
#endif
    timespec time{};
    clock_gettime(kClock, &time);
    return std::int64_t{ time.tv_sec } * 1000 + time.tv_nsec / 1'000'000;
}

void SystemClock::after(Millis delay, QObject *context, std::function<void()> act)
{
    QTimer::singleShot(delay, context, std::move(act));
}

} // namespace gatehouse
