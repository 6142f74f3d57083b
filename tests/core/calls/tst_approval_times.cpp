// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/calls/pipeline_bench.h"

using namespace gatehouse;
using namespace gatehouse::test;
using namespace std::chrono_literals;

namespace {

const char *const kTool = "tasker_create_issue";
const Storage::Done kUnheard = [](const Result<> &) {};

Json issue(const char *name)
{
    return { { "project", "ENG" }, { "name", name } };
}

/// A pipeline where creating an issue in ENG is asked.
class AskingBench final : public PipelineBench
{
public:
    explicit AskingBench(ContractTaskerProcess &upstream)
        : PipelineBench(upstream)
    {
        grant("ENG", "issues:create", GrantPolicy::Ask);
    }
    /// Begins a call of that name and waits until its question is on record.
    auto asked(const char *name)
    {
        const std::size_t open = approvals->open().size();
        const auto place = begin(callOf(kTool, issue(name)));
        (void)until([&] { return approvals->open().size() > open; });
        storage.settle();
        return place;
    }
    void allow(Reach reach)
    {
        approvals->allow(approvals->open().back().id, reach, "window", kUnheard);
        storage.settle();
    }
};

} // namespace

/// Each time of docs/numbers.md, "Approvals", to the millisecond: a moment before it nothing has changed.
class ApprovalTimesTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QVERIFY2(m_tasker.start(), qPrintable(m_tasker.error())); }

    void call_isHeldForFortyFiveSeconds()
    {
        AskingBench bench(m_tasker);
        const auto answer = bench.asked("Held");

        bench.clock.advance(45s - 1ms);
        QVERIFY(!answer->has_value());
        bench.clock.advance(1ms);

        QCOMPARE(codeOf(**answer), ErrorCode::ApprovalPending);
    }

    void question_staysOpenForThirtyMinutes()
    {
        AskingBench bench(m_tasker);
        bench.asked("Unanswered");

        bench.clock.advance(30min - 1ms);
        QCOMPARE(bench.approvals->open().size(), std::size_t(1));
        bench.clock.advance(1ms);

        QVERIFY(bench.approvals->open().empty());
    }

    void allowOnce_waitsTenMinutesForTheSameCall_data()
    {
        QTest::addColumn<int>("later");
        QTest::addColumn<int>("writes");
        QTest::newRow("a moment before") << -1 << 1;
        QTest::newRow("then") << 0 << 0;
    }
    void allowOnce_waitsTenMinutesForTheSameCall()
    {
        QFETCH(int, later);
        QFETCH(int, writes);
        AskingBench bench(m_tasker);
        bench.asked("Repeated");
        bench.clock.advance(45s);
        bench.allow(Reach::Once);

        bench.clock.advance(10min + Millis(later));
        const auto repeat = bench.begin(bench.callOf(kTool, issue("Repeated")));

        QVERIFY(
            PipelineBench::until([&] { return repeat->has_value() || !bench.approvals->open().empty(); }));
        QCOMPARE(bench.writesSeen(), writes);
        QCOMPARE(bench.approvals->open().empty(), writes == 1);
    }

    void allowForATime_reachesAsFarAsItSays_data()
    {
        QTest::addColumn<Reach>("reach");
        QTest::addColumn<int>("minutes");
        QTest::newRow("15 min") << Reach::Minutes15 << 15;
        QTest::newRow("1 h") << Reach::Hour1 << 60;
        QTest::newRow("8 h") << Reach::Hours8 << 480;
    }
    void allowForATime_reachesAsFarAsItSays()
    {
        QFETCH(Reach, reach);
        QFETCH(int, minutes);
        AskingBench bench(m_tasker);
        const auto first = bench.asked("First");
        bench.allow(reach);
        QVERIFY(PipelineBench::until([&] { return first->has_value(); }));

        bench.clock.advance(std::chrono::minutes(minutes) - 1ms);
        QVERIFY(bench.use(kTool, issue("In time")).result);
        bench.clock.advance(1ms);
        bench.asked("Too late");

        QCOMPARE(bench.approvals->open().size(), std::size_t(1));
        QCOMPARE(bench.writesSeen(), 2);
    }

    void coolDown_isFiveMinutes()
    {
        AskingBench bench(m_tasker);
        for (const char *name : { "First", "Second" }) {
            bench.asked(name);
            bench.approvals->seen(bench.approvals->open().back().id);
            bench.clock.advance(45s);
        }

        bench.clock.advance(5min - 1ms);
        QCOMPARE(codeOf(bench.use(kTool, issue("Still quiet"))), ErrorCode::ApprovalPending);
        bench.clock.advance(1ms);
        const auto held = bench.asked("Asked again");

        QVERIFY(!held->has_value());
        QVERIFY(bench.approvals->open().back().held);
    }

private:
    ContractTaskerProcess m_tasker;
};

QTEST_GUILESS_MAIN(ApprovalTimesTest)
#include "tst_approval_times.moc"
