// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDateTime>
#include <QString>

#include <functional>
#include <optional>

namespace gatehouse::ui {

/// The wall clock as a function, so that a test can hold it.
using Now = std::function<QDateTime()>;
[[nodiscard]] Now systemNow();

// Times for people: near ones in words, the exact one for the tooltip. Local zone and locale. Thread: any.

/// "just now", "5 min ago", "in 3 days", "yesterday, 14:02", "12 Mar 2026".
[[nodiscard]] QString relativeTime(const QDateTime &at, const QDateTime &now);
/// Day, time with seconds and zone, in the locale's order.
[[nodiscard]] QString exactTime(const QDateTime &at);
/// A time of the clock near now: "18:40", with its day where that is not today's.
[[nodiscard]] QString clockText(const QDateTime &at, const QDateTime &now);
/// "12 March 2026, 14:02": how far back something reaches.
[[nodiscard]] QString momentText(const QDateTime &at);
/// How far back a list reaches; a Day is the calendar's, in the local zone.
enum class Period { Hour, Day, Week, Month };
[[nodiscard]] QDateTime startOf(Period period, const QDateTime &now);
/// "12 ms", "1.4 s", "2 min"; empty for a negative number (not known).
[[nodiscard]] QString durationText(qint64 milliseconds);
/// "1:05" for 65 s; never below "0:00". Rounded up, so that it shows 0:00 only when it is over.
[[nodiscard]] QString countdownText(qint64 milliseconds);
/// "No end" or a day.
[[nodiscard]] QString untilText(const std::optional<QDateTime> &until, const QDateTime &now);

} // namespace gatehouse::ui
