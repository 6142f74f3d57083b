// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/contract_tasker/times.h"

#include <QDateTime>
#include <QRegularExpression>

#include <chrono>

namespace contract {

namespace {

constexpr Micros kSecond = 1'000'000;

}

Micros wallMicros()
{
    using namespace std::chrono;
    return duration_cast<microseconds>(system_clock::now().time_since_epoch()).count();
}

std::string timeText(Micros time)
{
    const auto seconds = QDateTime::fromSecsSinceEpoch(time / kSecond, Qt::UTC);
    const auto fraction = QStringLiteral("%1").arg(time % kSecond, 6, 10, QLatin1Char('0'));
    return (seconds.toString(QStringLiteral("yyyy-MM-ddTHH:mm:ss.")) + fraction + QLatin1Char('Z'))
        .toStdString();
}

std::optional<Micros> timeIn(const std::string &text)
{
    static const QRegularExpression form(
        QStringLiteral(R"(^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$)"));
    const auto match = form.match(QString::fromStdString(text));
    if (!match.hasMatch())
        return std::nullopt;
    const auto seconds = QDateTime::fromString(match.captured(1) + match.captured(3), Qt::ISODate);
    if (!seconds.isValid())
        return std::nullopt;
    return seconds.toSecsSinceEpoch() * kSecond
        + match.captured(2).leftJustified(6, QLatin1Char('0'), true).toInt();
}

bool isDate(const std::string &text)
{
    static const QRegularExpression form(QStringLiteral(R"(^\d{4}-\d\d-\d\d$)"));
    const auto value = QString::fromStdString(text);
    return form.match(value).hasMatch() && QDate::fromString(value, Qt::ISODate).isValid();
}

} // namespace contract
