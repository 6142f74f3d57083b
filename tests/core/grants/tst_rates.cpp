// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/grants/rates.h"

#include <QTest>

using namespace gatehouse;

class RatesTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void take_burst_isThereAtOnceAndThenRefillsEvenly()
    {
        Rate rate(60); // one a second, 120 at once
        for (int i = 0; i < 120; ++i)
            QCOMPARE(rate.take("codex", 1, 1000), std::int64_t{ 0 });

        QCOMPARE(rate.take("codex", 1, 1000), std::int64_t{ 1000 });

        QCOMPARE(rate.take("codex", 1, 1999), std::int64_t{ 1 });
        QCOMPARE(rate.take("codex", 1, 2000), std::int64_t{ 0 });
        QCOMPARE(rate.take("codex", 1, 2000), std::int64_t{ 1000 });
    }

    void take_overAnHour_neverGivesMoreThanRateAndBurst()
    {
        Rate rate(60);
        int given = 0;

        for (std::int64_t now = 0; now <= 3'600'000; now += 100)
            given += rate.take("codex", 1, now) == 0;

        QCOMPARE(given, 60 * 60 + 120);
    }

    void take_cost_isTakenWholeOrNotAtAll()
    {
        Rate rate(60, 2);

        QVERIFY(rate.take("codex", 3, 0) > 0);
        QCOMPARE(rate.take("codex", 2, 0), std::int64_t{ 0 });
        QCOMPARE(rate.take("codex", 2, 0), std::int64_t{ 2000 });
    }

    void take_oneKey_leavesTheOthersAlone()
    {
        Rate rate(60, 1);
        QCOMPARE(rate.take("a", 1, 0), std::int64_t{ 0 });

        QVERIFY(rate.take("a", 1, 0) > 0);
        QCOMPARE(rate.take("b", 1, 0), std::int64_t{ 0 });
    }

    void take_clockGoingBack_givesNothing()
    {
        Rate rate(60, 1);
        QCOMPARE(rate.take("a", 1, 10'000), std::int64_t{ 0 });

        QVERIFY(rate.take("a", 1, 0) > 0);
        QVERIFY(rate.take("a", 1, 10'500) > 0);
    }

    void take_noRefill_waitsAMinute()
    {
        Rate rate(0, 1);
        QCOMPARE(rate.take("a", 1, 0), std::int64_t{ 0 });

        QCOMPARE(rate.take("a", 1, 1'000'000), std::int64_t{ 60'000 });
    }

    void prune_fullAgain_isForgottenAndOthersAreKept()
    {
        Rate rate(60, 2);
        QCOMPARE(rate.take("early", 2, 0), std::int64_t{ 0 });
        QCOMPARE(rate.take("late", 2, 1500), std::int64_t{ 0 });

        rate.prune(2000);

        QCOMPARE(rate.keys(), std::size_t{ 1 });
        QVERIFY(rate.take("late", 2, 2000) > 0);
    }
};

QTEST_APPLESS_MAIN(RatesTest)
#include "tst_rates.moc"
