// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/consent_guard.h"
#include "ui/models/time_text.h"

#include <QLocale>
#include <QTest>

using namespace gatehouse::ui;

class MomentsTest : public QObject
{
    Q_OBJECT

private:
    const QDateTime m_now{ QDate(2026, 3, 12), QTime(14, 0) };

private slots:
    void initTestCase() { QLocale::setDefault(QLocale(QStringLiteral("en_GB"))); }

    void relative_growsCoarserWithDistance()
    {
        QCOMPARE(relativeTime(m_now.addSecs(-3), m_now), QStringLiteral("just now"));
        QCOMPARE(relativeTime(m_now.addSecs(-5 * 60), m_now), QStringLiteral("5 min ago"));
        QCOMPARE(relativeTime(m_now.addSecs(-3 * 3600), m_now), QStringLiteral("today, 11:00"));
        QCOMPARE(relativeTime(m_now.addDays(-1), m_now), QStringLiteral("yesterday, 14:00"));
        QVERIFY(relativeTime(m_now.addDays(-60), m_now).contains(QStringLiteral("2026")));
    }
    void period_beginsWhereItsNameSays()
    {
        QCOMPARE(startOf(Period::Hour, m_now), m_now.addSecs(-3600));
        QCOMPARE(startOf(Period::Day, m_now).time(), QTime(0, 0));
        QCOMPARE(startOf(Period::Day, m_now).date(), m_now.date());
        QCOMPARE(startOf(Period::Week, m_now), m_now.addDays(-7));
        QCOMPARE(startOf(Period::Month, m_now), m_now.addDays(-30));
    }
    void relative_inTheFuture_saysIn()
    {
        QCOMPARE(relativeTime(m_now.addSecs(600), m_now), QStringLiteral("in 10 min"));
        QVERIFY(relativeTime(m_now.addDays(3), m_now).startsWith(QStringLiteral("in 3")));
    }
    void exact_isLocalWithSecondsAndZone()
    {
        const QString exact = exactTime(m_now.toUTC());
        QVERIFY(exact.contains(QStringLiteral("14:00:00.000")));
        QVERIFY(exact.contains(m_now.timeZoneAbbreviation()));
    }
    void anInvalidTime_isEmpty() { QVERIFY(relativeTime({}, m_now).isEmpty() && exactTime({}).isEmpty()); }

    void countdown_showsZeroOnlyWhenItIsOver()
    {
        QCOMPARE(countdownText(65'000), QStringLiteral("1:05"));
        QCOMPARE(countdownText(1), QStringLiteral("0:01"));
        QCOMPARE(countdownText(0), QStringLiteral("0:00"));
        QCOMPARE(countdownText(-5), QStringLiteral("0:00"));
    }
    void until_saysNoEndEndedOrWhen()
    {
        QCOMPARE(untilText(std::nullopt, m_now), QStringLiteral("No end"));
        QCOMPARE(untilText(m_now.addSecs(-1), m_now), QStringLiteral("Ended"));
        QCOMPARE(untilText(m_now.addSecs(7200), m_now), QStringLiteral("in 2 h"));
    }
    void duration_picksItsUnit()
    {
        QCOMPARE(durationText(12), QStringLiteral("12 ms"));
        QCOMPARE(durationText(1400), QStringLiteral("1.4 s"));
        QVERIFY(durationText(-1).isEmpty());
    }

    void guard_isShutForSevenHundredMilliseconds()
    {
        qint64 ticks = 1000;
        ConsentGuard guard([&] { return ticks; });
        QVERIFY(!guard.isOpen());
        guard.appeared();
        ticks += 699;
        QVERIFY(!guard.isOpen());
        ticks += 1;
        QVERIFY(guard.isOpen());
        guard.appeared(); // another question, or the focus came back
        QVERIFY(!guard.isOpen());
        ticks += 5000;
        guard.disappeared();
        QVERIFY(!guard.isOpen());
    }
    void guard_aKey_shutsItAgain()
    {
        qint64 ticks = 1000;
        ConsentGuard guard([&] { return ticks; });
        guard.typed(); // nothing is asked: nothing opens
        ticks += 5000;
        QVERIFY(!guard.isOpen());
        guard.appeared();
        ticks += 700;
        QVERIFY(guard.isOpen());
        guard.typed();
        QCOMPARE(guard.remaining(), kConsentDelayMs);
        ticks += 700;
        QVERIFY(guard.isOpen());
    }
};

QTEST_GUILESS_MAIN(MomentsTest)
#include "tst_moments.moc"
