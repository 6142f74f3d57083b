// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/time_text.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>

namespace gatehouse::ui {

namespace {

struct Moments
{
    Q_DECLARE_TR_FUNCTIONS(Moments)
};

constexpr qint64 kMinute = 60;
constexpr qint64 kHour = 60 * kMinute;
constexpr qint64 kDay = 24 * kHour;

QString clockTime(const QDateTime &at)
{
    return QLocale().toString(at.time(), QLocale::ShortFormat);
}

QString inTheFuture(qint64 seconds, const QDateTime &at)
{
    if (seconds < kMinute)
        return Moments::tr("in less than a minute");
    if (seconds < kHour)
        return Moments::tr("in %n min", nullptr, static_cast<int>(seconds / kMinute));
    if (seconds < kDay)
        return Moments::tr("in %n h", nullptr, static_cast<int>(seconds / kHour));
    if (seconds < 60 * kDay)
        return Moments::tr("in %n day(s)", nullptr, static_cast<int>(seconds / kDay));
    return QLocale().toString(at.date(), QLocale::ShortFormat);
}

} // namespace

Now systemNow()
{
    return [] { return QDateTime::currentDateTime(); };
}

QString clockText(const QDateTime &at, const QDateTime &now)
{
    const QDateTime local = at.toLocalTime();
    const qint64 days = now.toLocalTime().date().daysTo(local.date());
    if (days == 0)
        return clockTime(local);
    if (days == 1)
        return Moments::tr("tomorrow, %1").arg(clockTime(local));
    return days == -1 ? Moments::tr("yesterday, %1").arg(clockTime(local)) : momentText(at);
}

QString momentText(const QDateTime &at)
{
    return QLocale().toString(at.toLocalTime(), QStringLiteral("d MMMM yyyy, hh:mm"));
}

QString relativeTime(const QDateTime &when, const QDateTime &now)
{
    if (!when.isValid())
        return {};
    const QDateTime at = when.toLocalTime();
    const qint64 ago = at.secsTo(now);
    if (ago < -5)
        return inTheFuture(-ago, at);
    if (ago < 10)
        return Moments::tr("just now");
    if (ago < kMinute)
        return Moments::tr("%n s ago", nullptr, static_cast<int>(ago));
    if (ago < kHour)
        return Moments::tr("%n min ago", nullptr, static_cast<int>(ago / kMinute));
    const qint64 days = at.date().daysTo(now.toLocalTime().date());
    if (days == 0)
        return Moments::tr("today, %1").arg(clockTime(at));
    if (days == 1)
        return Moments::tr("yesterday, %1").arg(clockTime(at));
    if (days < 7)
        return Moments::tr("%n day(s) ago", nullptr, static_cast<int>(days));
    return QLocale().toString(at.date(), QLocale::ShortFormat);
}

QString exactTime(const QDateTime &at)
{
    if (!at.isValid())
        return {};
    const QDateTime local = at.toLocalTime();
    return Moments::tr("%1, %2 (%3)", "date, time, time zone")
        .arg(QLocale().toString(local.date(), QLocale::LongFormat),
             QLocale().toString(local.time(), QStringLiteral("HH:mm:ss.zzz")), local.timeZoneAbbreviation());
}

QDateTime startOf(Period period, const QDateTime &now)
{
    switch (period) {
    case Period::Hour: return now.addSecs(-3600);
    case Period::Day: return now.toLocalTime().date().startOfDay();
    case Period::Week: return now.addDays(-7);
    case Period::Month: return now.addDays(-30);
    }
    return now;
}

QString durationText(qint64 milliseconds)
{
    if (milliseconds < 0)
        return {};
    if (milliseconds < 1000)
        return Moments::tr("%1 ms").arg(QLocale().toString(milliseconds));
    if (milliseconds < 60'000)
        return Moments::tr("%1 s").arg(
            QLocale().toString(static_cast<double>(milliseconds) / 1000.0, 'f', 1));
    return Moments::tr("%n min", nullptr, static_cast<int>(milliseconds / 60'000));
}

QString countdownText(qint64 milliseconds)
{
    const qint64 seconds = (std::max<qint64>(milliseconds, 0) + 999) / 1000;
    return QStringLiteral("%1:%2").arg(seconds / 60).arg(seconds % 60, 2, 10, QLatin1Char('0'));
}

QString untilText(const std::optional<QDateTime> &until, const QDateTime &now)
{
    if (!until)
        return Moments::tr("No end");
    if (*until <= now)
        return Moments::tr("Ended");
    if (now.secsTo(*until) < 2 * kDay)
        return relativeTime(*until, now);
    return QLocale().toString(until->toLocalTime().date(), QLocale::ShortFormat);
}

} // namespace gatehouse::ui
