// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/tracker/upstream_budget.h"

#include <QTest>

#include <map>
#include <vector>

using namespace gatehouse;
using namespace std::chrono_literals;
using Kind = UpstreamBudget::Kind;

namespace {

const AgentId kAda{ "ada" };
const AgentId kBob{ "bob" };

int taken(UpstreamBudget &budget, const AgentId &agent, Kind kind, int tries, std::int64_t now)
{
    int count = 0;
    for (int i = 0; i < tries; ++i)
        count += budget.take(agent, kind, now) == 0;
    return count;
}

} // namespace

class UpstreamBudgetTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void take_readsAlone_leaveTwentyForWrites()
    {
        UpstreamBudget budget;

        QCOMPARE(taken(budget, kAda, Kind::Read, 100, 0), 30);
        QCOMPARE(taken(budget, kAda, Kind::Write, 100, 0), 20);
    }

    void take_writesAlone_mayTakeAll()
    {
        UpstreamBudget budget;

        QCOMPARE(taken(budget, kAda, Kind::Write, 100, 0), 50);
        QCOMPARE(taken(budget, kAda, Kind::Read, 1, 0), 0);
    }

    void take_anyMinute_neverHoldsMoreThanFifty()
    {
        UpstreamBudget budget;
        std::vector<std::int64_t> sent;
        for (std::int64_t now = 0; now < 600'000; now += 137) {
            const Kind kind = now % 3 == 0 ? Kind::Write : Kind::Read;
            if (budget.take(now % 2 == 0 ? kAda : kBob, kind, now) == 0)
                sent.push_back(now);
        }

        for (std::size_t i = 50; i < sent.size(); ++i)
            QVERIFY(sent[i] - sent[i - 50] >= 60'000);
        QVERIFY(sent.size() > 400); // and it does not starve
    }

    void take_refused_tellsExactlyWhenItIsWorthAsking()
    {
        UpstreamBudget budget;
        QCOMPARE(taken(budget, kAda, Kind::Write, 50, 1000), 50);

        const std::int64_t wait = budget.take(kAda, Kind::Write, 21'000);

        QCOMPARE(wait, std::int64_t{ 40'000 });
        QVERIFY(budget.take(kAda, Kind::Write, 21'000 + wait - 1) > 0);
        QCOMPARE(budget.take(kAda, Kind::Write, 21'000 + wait), std::int64_t{ 0 });
    }

    void take_greedyAgent_yieldsWhileAnotherWaits()
    {
        UpstreamBudget budget;
        QCOMPARE(taken(budget, kAda, Kind::Write, 50, 0), 50);
        QVERIFY(budget.take(kBob, Kind::Write, 100) > 0); // Bob waits now

        // The window is free again, Ada is first at the door and takes as much as she can get.
        QVERIFY(budget.take(kBob, Kind::Write, 59'000) > 0);
        const int ada = taken(budget, kAda, Kind::Write, 50, 60'000);
        const int bob = taken(budget, kBob, Kind::Write, 50, 60'000);

        QCOMPARE(ada, 25);
        QCOMPARE(bob, 25);
    }

    void take_waiterGone_freesItsShare()
    {
        UpstreamBudget budget;
        QCOMPARE(taken(budget, kAda, Kind::Write, 50, 0), 50);
        QVERIFY(budget.take(kBob, Kind::Write, 0) > 0);

        QCOMPARE(taken(budget, kAda, Kind::Write, 100, 200'000), 50);
    }

    void refused_lowersToWhatTaskerReallyBearsAndPauses()
    {
        UpstreamBudget budget;
        QCOMPARE(taken(budget, kAda, Kind::Write, 40, 0), 40);

        budget.refused(20s, 1000);

        QCOMPARE(budget.limit(1000), 32);
        QCOMPARE(budget.take(kAda, Kind::Write, 1000),
                 std::int64_t{ 59'000 }); // 40 in the window, 32 allowed
        QCOMPARE(taken(budget, kAda, Kind::Write, 100, 61'000), 34); // two came back in a minute
    }

    void refused_pause_holdsEvenAnEmptyWindow()
    {
        UpstreamBudget budget;

        budget.refused(20s, 0);

        QCOMPARE(budget.take(kAda, Kind::Read, 5000), std::int64_t{ 15'000 });
        QCOMPARE(budget.take(kAda, Kind::Read, 20'000), std::int64_t{ 0 });
    }

    void refused_severalInFlight_countAsOne()
    {
        UpstreamBudget budget;
        QCOMPARE(taken(budget, kAda, Kind::Write, 50, 0), 50);

        for (int i = 0; i < 10; ++i)
            budget.refused(std::nullopt, 100 + i);

        QCOMPARE(budget.limit(200), 40);
    }

    void refused_againAndAgain_keepsALeastAndComesBack()
    {
        UpstreamBudget budget;
        for (int i = 0; i < 100; ++i)
            budget.refused(1s, i * 11'000);
        const std::int64_t end = 99 * 11'000;

        QCOMPARE(budget.limit(end), kUpstreamLeast);
        QCOMPARE(taken(budget, kAda, Kind::Read, 1, end + 1000), 1); // a read is always possible
        QCOMPARE(budget.limit(end + 60'000), kUpstreamLeast + 2);
        QCOMPARE(budget.limit(end + 24 * 3'600'000), kUpstreamAMinute);
    }

    void refused_absurdRetryAfter_isBounded()
    {
        UpstreamBudget budget;

        budget.refused(Millis(std::int64_t{ 1 } << 40), 0);
        QCOMPARE(budget.take(kAda, Kind::Read, 0), Millis(kUpstreamPauseMost).count());

        UpstreamBudget other;
        other.refused(Millis(-5), 0);
        QCOMPARE(other.take(kAda, Kind::Read, 1), std::int64_t{ 0 });
    }

    void take_manyAgents_eachGetsSome()
    {
        UpstreamBudget budget;
        std::map<int, int> served;

        for (std::int64_t now = 0; now < 300'000; now += 500) {
            for (int agent = 0; agent < 10; ++agent)
                served[agent] += budget.take(AgentId(std::to_string(agent)), Kind::Write, now) == 0;
        }

        for (const auto &[agent, count] : served)
            QVERIFY2(count >= 15, qPrintable(QStringLiteral("agent %1 got %2").arg(agent).arg(count)));
    }
};

QTEST_APPLESS_MAIN(UpstreamBudgetTest)
#include "tst_upstream_budget.moc"
