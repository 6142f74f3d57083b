// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/route/access.h"
#include "tests/core/api/gate_bench.h"

using namespace gatehouse;
using namespace gatehouse::test;
using namespace std::chrono_literals;

namespace {

constexpr std::int64_t kDay = 86'400'000;
constexpr std::int64_t kYear = 365 * kDay;

/// The bench with a wall clock that somebody has set.
class JumpBench final
{
public:
    explicit JumpBench(ContractTaskerProcess &upstream)
        : gate(upstream)
    {
        gate.takeGrantsAway();
    }
    void jump(std::int64_t by)
    {
        gate.api.clock.setWall(gate.api.clock.now() + by);
        gate.api.settle();
    }
    void grant(GrantPolicy answer, std::optional<std::int64_t> until)
    {
        Grant given;
        given.id = GrantId(gate.api.random.uuid());
        given.agent = gate.api.agent;
        given.project = ProjectId(gate.tasker.project("ENG").value("id", ""));
        given.projectName = given.projectIdentifier = "ENG";
        given.scope = nameOf(Scope::IssuesCreate);
        given.answer = answer;
        given.until = until;
        gate.api.apply(
            [given](Stores &stores) -> Result<> {
                const auto put = stores.grants.put(given);
                return put ? Result<>() : tl::unexpected<Error>(put.error());
            },
            EventKind::GrantChanged);
    }
    RecordedPtr beginCreate(const std::string &name)
    {
        return gate.api.send({ "POST", "/api/v1/tools/tasker_create_issue", gate.api.agentToken,
                               Json{ { "project", "ENG" }, { "name", name } }.dump() });
    }
    int create(const std::string &name)
    {
        const RecordedPtr answer = beginCreate(name);
        return gate.api.waitFor([&answer] { return answer->response.has_value(); }) ? answer->status() : 0;
    }
    int session()
    {
        const auto answer = gate.api.send({ "GET", "/api/v1/agent-session", gate.api.agentToken });
        gate.api.wind(kWrongTokenDelay);
        return answer->status();
    }
    /// The owner says that the clock is right.
    void believe()
    {
        gate.api.registry.settleClock(ClockAnswer::IsRight, {}, [](const Result<> &) {});
        gate.api.settle();
    }
    int mintAfterStepUp()
    {
        return gate.api
            .send({ "POST",
                    "/api/v1/owner-tokens",
                    gate.api.ownerToken,
                    R"({"name":"x"})",
                    { { "x-step-up-token", gate.api.stepUpToken } } })
            ->status();
    }

    GateBench gate;
};

} // namespace

/// Wall clocks are set by people, batteries and attackers: none of that may give back what has ended.
class ClocksTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QVERIFY2(m_tasker.start(), qPrintable(m_tasker.error())); }

    void farAhead_endsNothing_untilTheOwnerBelievesIt()
    {
        JumpBench bench(m_tasker);
        bench.grant(GrantPolicy::Allow, bench.gate.api.clock.now() + kDay);

        bench.jump(10 * kYear);

        QCOMPARE(bench.session(), 200);
        QCOMPARE(bench.create("In doubt"), 200);
        bench.jump(-10 * kYear);
        QCOMPARE(bench.create("As if nothing had been"), 200);
    }

    void token_ended_staysEndedWhenTheClockGoesBack()
    {
        JumpBench bench(m_tasker);
        QCOMPARE(bench.session(), 200);
        bench.jump(31 * kDay);
        QCOMPARE(bench.session(), 200);
        bench.believe();
        QCOMPARE(bench.session(), 401);

        bench.jump(-31 * kDay);

        QCOMPARE(bench.session(), 401);
    }

    void token_clockSetBackFirst_stillEndsByTheTimeThatPassed()
    {
        JumpBench bench(m_tasker);
        bench.jump(-kYear);
        QCOMPARE(bench.session(), 200);

        bench.gate.api.clock.advance(7 * 24h);

        QCOMPARE(bench.session(), 401);
    }

    void grant_ended_staysEndedWhenTheClockGoesBack()
    {
        JumpBench bench(m_tasker);
        bench.grant(GrantPolicy::Allow, bench.gate.api.clock.now() + kDay);
        QCOMPARE(bench.create("Within its time"), 200);
        bench.jump(2 * kDay);
        bench.believe();
        QCOMPARE(bench.create("After it"), 404);

        bench.jump(-2 * kDay);

        QCOMPARE(bench.create("With the clock set back"), 404);
        QVERIFY(bench.gate.reachedTasker().size() <= 1);
    }

    void grant_clockSetBackFirst_stillEndsByTheTimeThatPassed()
    {
        JumpBench bench(m_tasker);
        bench.grant(GrantPolicy::Allow, bench.gate.api.clock.now() + kDay);
        bench.jump(-kYear);
        QCOMPARE(bench.create("Within its time"), 200);

        bench.gate.api.clock.advance(24h);

        QCOMPARE(bench.create("After it"), 404);
    }

    void stepUp_anyJump_isFiveMinutes_data()
    {
        QTest::addColumn<qlonglong>("by");
        QTest::newRow("back") << qlonglong(-kYear);
        QTest::newRow("forward, as long as the token lives") << qlonglong(kDay / 4);
    }
    void stepUp_anyJump_isFiveMinutes()
    {
        QFETCH(qlonglong, by);
        JumpBench bench(m_tasker);
        bench.gate.api.enterPin();
        QCOMPARE(bench.mintAfterStepUp(), 201);

        bench.jump(by);
        QCOMPARE(bench.mintAfterStepUp(), 201);
        bench.gate.api.wind(5min);

        QCOMPARE(bench.mintAfterStepUp(), 403);
    }

    void yesForATime_anyJump_isNeverLonger_data()
    {
        QTest::addColumn<qlonglong>("by");
        QTest::newRow("back") << qlonglong(-kYear);
        QTest::newRow("forward and back") << qlonglong(0);
    }
    void yesForATime_anyJump_isNeverLonger()
    {
        QFETCH(qlonglong, by);
        JumpBench bench(m_tasker);
        bench.grant(GrantPolicy::Ask, std::nullopt);
        const RecordedPtr first = bench.beginCreate("Asked");
        QVERIFY(bench.gate.api.waitFor([&] { return !bench.gate.api.approvals.open().empty(); }));
        bench.gate.api.approvals.allow(bench.gate.api.approvals.open().front().id, Reach::Minutes15, "window",
                                       [](const Result<> &) {});
        QVERIFY(bench.gate.api.waitFor([&] { return first->response.has_value(); }));
        QCOMPARE(first->status(), 200);
        QCOMPARE(bench.create("Within its reach"), 200);

        if (by == 0) {
            bench.jump(kDay);
            (void)bench.beginCreate("A day later");
            QVERIFY(bench.gate.api.waitFor([&] { return !bench.gate.api.approvals.open().empty(); }));
            bench.jump(-kDay);
        } else {
            bench.jump(by);
            bench.gate.api.wind(15min);
        }
        const auto before = bench.gate.api.approvals.open().size();
        const RecordedPtr after = bench.beginCreate("Not any more");

        QVERIFY(bench.gate.api.waitFor([&] { return bench.gate.api.approvals.open().size() > before; }));
        QCOMPARE(after->answers, 0);
    }

    void rates_anyJump_giveNothing()
    {
        JumpBench bench(m_tasker);
        const auto ask = [&] {
            return bench.gate.api.send({ "GET", "/api/v1/agent-session", bench.gate.api.agentToken })
                ->status();
        };
        while (ask() == 200) { }

        bench.jump(kDay);
        QCOMPARE(ask(), 429);
        bench.jump(-2 * kDay);
        QCOMPARE(ask(), 429);
    }

private:
    ContractTaskerProcess m_tasker;
};

QTEST_GUILESS_MAIN(ClocksTest)
#include "tst_clocks.moc"
