// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/calls/explain.h"
#include "tests/core/calls/pipeline_bench.h"

#include <QSignalSpy>

using namespace gatehouse;
using namespace gatehouse::test;
using namespace std::chrono_literals;

namespace {

const Storage::Done kUnheard = [](const Result<> &) {};
const char *const kUpdate = "tasker_update_issue";

Json renaming(const char *issue, const char *name)
{
    return { { "issue", issue }, { "name", name } };
}

/// A pipeline where changing issues of ENG is asked.
class YesBench final : public PipelineBench
{
public:
    explicit YesBench(ContractTaskerProcess &upstream)
        : PipelineBench(upstream)
    {
        grant("ENG", "issues:update", GrantPolicy::Ask);
    }
    /// A call as Codex makes it, in this turn.
    Call inTurn(const char *tool, const Json &arguments, const char *turn)
    {
        Call call = callOf(tool, arguments);
        call.codex = { { "threadId", "thread-1" }, { "turnId", turn } };
        return call;
    }
    /// Makes the call, answers its question, and waits until it is done.
    CallAnswer askedAndAllowed(const Call &call, const Yes &yes)
    {
        const auto answer = begin(call);
        approvals->allow(nextQuestion(), yes, "window", kUnheard);
        (void)until([&answer] { return answer->has_value(); });
        storage.settle();
        return answer->value_or(CallAnswer());
    }
    /// True if the owner is asked about it; the question is withdrawn again.
    bool asks(const Call &call)
    {
        const auto answer = begin(call);
        (void)until([&] { return answer->has_value() || !approvals->open().empty(); });
        storage.settle();
        if (approvals->open().empty())
            return false;
        approvals->withdraw(approvals->open().front().asked.call);
        storage.settle();
        return true;
    }
};

} // namespace

/// What a yes for a time covers, and what ends it.
class StandingYesTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QVERIFY2(m_tasker.start(), qPrintable(m_tasker.error())); }

    void question_offersWhatItNames_narrowestFirst()
    {
        YesBench bench(m_tasker);
        bench.grant("ENG", "issues:create", GrantPolicy::Ask);
        bench.begin(bench.inTurn(kUpdate, renaming("ENG-1", "a"), "turn-1"));
        bench.nextQuestion();
        QCOMPARE(choicesFor(bench.approvals->open().back().asked),
                 (std::vector{ Covers::Issue, Covers::Turn, Covers::Project }));

        bench.begin(bench.callOf("tasker_create_issue", { { "project", "ENG" }, { "name", "b" } }));
        QVERIFY(PipelineBench::until([&] { return bench.approvals->open().size() == 2; }));
        bench.storage.settle();
        QCOMPARE(choicesFor(bench.approvals->open().back().asked), std::vector{ Covers::Project });
        ErrorCode told = ErrorCode::Internal;
        bench.approvals->allow(bench.approvals->open().back().id, Yes(Reach::Hour1, Covers::Issue), "window",
                               [&told](const Result<> &done) { told = done ? told : done.error().code; });
        QCOMPARE(told, ErrorCode::ValidationFailed);
        QCOMPARE(bench.approvals->open().size(), std::size_t(2)); // it waits on
    }

    void yesForOneIssue_letsNoOtherThrough()
    {
        YesBench bench(m_tasker);

        // Nothing said about what it covers: the narrowest.
        QVERIFY(bench
                    .askedAndAllowed(bench.callOf(kUpdate, { { "issue", "ENG-1" }, { "priority", "high" } }),
                                     Reach::Hours8)
                    .result);

        QVERIFY(bench.use(kUpdate, renaming("ENG-1", "The same issue")).result);
        QVERIFY(bench.asks(bench.callOf(kUpdate, renaming("ENG-2", "Another issue"))));
        QCOMPARE(bench.writesSeen(), 2);
    }

    void yesForATurn_endsWithTheTurn_andIsOneClients()
    {
        YesBench bench(m_tasker);

        QVERIFY(bench
                    .askedAndAllowed(bench.inTurn(kUpdate, renaming("ENG-1", "a"), "turn-1"),
                                     { Reach::Hour1, Covers::Turn })
                    .result);

        QVERIFY(bench.use(bench.inTurn(kUpdate, renaming("ENG-2", "b"), "turn-1")).result);
        QVERIFY(bench.asks(bench.inTurn(kUpdate, renaming("ENG-2", "c"), "turn-2")));
        QVERIFY(bench.asks(bench.callOf(kUpdate, renaming("ENG-2", "d"))));
        Client other = bench.client;
        other.id = ClientId("8a1c0b52-0c3f-4d61-9d6e-0b1f6ad3c003");
        other.tokenHash.fill(7);
        bench.change([other](Stores &stores) { return stores.agents.save(other); });
        Call elsewhere = bench.inTurn(kUpdate, renaming("ENG-2", "e"), "turn-1");
        elsewhere.client = other.id;
        QVERIFY(bench.asks(elsewhere));
    }

    void yesForTheProject_coversNoScopeThatWasNotAsked()
    {
        YesBench bench(m_tasker);
        bench.grant("ENG", "issues:move", GrantPolicy::AskWithPin);
        bench.grant("ENG", "issues:create", GrantPolicy::Ask);
        const Json plain{ { "project", "ENG" }, { "name", "plain" } };

        QVERIFY(bench
                    .askedAndAllowed(bench.callOf("tasker_create_issue", plain),
                                     { Reach::Hour1, Covers::Project })
                    .result);

        Json moved = plain;
        moved["state"] = "Done";
        QVERIFY(bench.asks(bench.callOf("tasker_create_issue", moved)));
        QVERIFY(!bench.asks(bench.callOf("tasker_create_issue", plain)));
    }

    void yes_isOnRecordWithTheCallsThatItLetThrough()
    {
        YesBench bench(m_tasker);
        const std::int64_t given = bench.clock.now();
        QVERIFY(bench
                    .askedAndAllowed(bench.callOf(kUpdate, renaming("ENG-1", "a")),
                                     { Reach::Hour1, Covers::Project })
                    .result);
        const TimedApproval yes = bench.approvals->standing().front();
        QCOMPARE(bench.lastRow("approval_allowed").at("more").at("covers"), Json("project"));
        QCOMPARE(bench.lastRow("call_outcome").at("decision"), Json("asked"));
        QCOMPARE(yes.uses, 1);

        bench.clock.advance(5min);
        QVERIFY(bench.use(kUpdate, renaming("ENG-2", "b")).result);

        for (const char *kind : { "call_intent", "call_outcome" }) {
            const Json row = bench.lastRow(kind);
            QCOMPARE(row.at("decision"), Json("allowed"));
            QCOMPARE(row.at("more").at("yes").at("approval_id"), Json(yes.id.text()));
            QCOMPARE(row.at("more").at("yes").at("given_at"), Json(given));
        }
        QCOMPARE(bench.approvals->standing().front().uses, 2);
        QCOMPARE(bench.approvals->standing().front().lastUsedAt, std::optional(given + Millis(5min).count()));
    }

    void end_isAtOnce_andOnRecord()
    {
        YesBench bench(m_tasker);
        QVERIFY(bench
                    .askedAndAllowed(bench.callOf(kUpdate, renaming("ENG-1", "a")),
                                     { Reach::Hours8, Covers::Project })
                    .result);
        const ApprovalId id = bench.approvals->standing().front().id;
        QSignalSpy changed(bench.approvals.get(), &Approvals::standingChanged);

        bench.approvals->end(id, "ctl", kUnheard);

        QVERIFY(bench.approvals->standing().empty());
        QCOMPARE(changed.size(), 1);
        QVERIFY(bench.asks(bench.callOf(kUpdate, renaming("ENG-1", "b"))));
        const Json row = bench.lastRow("approval_ended");
        QCOMPARE(row.at("via"), Json("ctl"));
        QCOMPARE(row.at("more").at("approval_id"), Json(id.text()));
        ErrorCode told = ErrorCode::Internal;
        bench.approvals->end(id, "ctl",
                             [&told](const Result<> &done) { told = done ? told : done.error().code; });
        QCOMPARE(told, ErrorCode::NotFound);
    }

    void grantChanged_orTakenAway_orAgentPaused_endsIt_data()
    {
        QTest::addColumn<int>("what");
        QTest::addColumn<QByteArray>("reason");
        QTest::newRow("the same answer again") << 0 << QByteArray("grant changed");
        QTest::newRow("taken away") << 1 << QByteArray("grant changed");
        QTest::newRow("agent paused") << 2 << QByteArray("agent paused");
    }
    void grantChanged_orTakenAway_orAgentPaused_endsIt()
    {
        QFETCH(int, what);
        QFETCH(QByteArray, reason);
        YesBench bench(m_tasker);
        QVERIFY(bench
                    .askedAndAllowed(bench.callOf(kUpdate, renaming("ENG-1", "a")),
                                     { Reach::Hours8, Covers::Project })
                    .result);
        const Grant grant = bench.registry->current()->grants.at(bench.agent.id).begin()->second;
        QVERIFY(widestOn(grant, bench.approvals->standing()));

        if (what == 0)
            bench.grant("ENG", "issues:update", GrantPolicy::Ask);
        if (what == 1)
            bench.change([grant](Stores &stores) -> Result<> {
                const auto removed = stores.grants.remove(grant);
                return removed ? Result<>() : tl::unexpected<Error>(removed.error());
            });
        Agent paused = bench.agent;
        paused.state = AgentState::Paused;
        if (what == 2)
            bench.change([paused](Stores &stores) { return stores.agents.save(paused); });

        QVERIFY(bench.approvals->standing().empty());
        QCOMPARE(bench.lastRow("approval_ended").at("more").at("reason"), Json(reason.toStdString()));
    }

    void explain_saysWhatStands_andWhatIsNarrower()
    {
        YesBench bench(m_tasker);
        HypotheticalCall call;
        call.agent = bench.agent.id;
        call.tool = bench.catalogue.find(kUpdate);
        call.project = ProjectId(bench.projectId("ENG"));
        const auto step = [&] {
            const auto steps = bench.pipeline->explain(call).steps;
            return *std::ranges::find(steps, std::string_view("approval"), &StepVerdict::step);
        };
        QVERIFY(bench.askedAndAllowed(bench.callOf(kUpdate, renaming("ENG-1", "a")), Reach::Hour1).result);
        QCOMPARE(step().because, std::string("ask")); // of any issue
        QCOMPARE(step().standing.size(), std::size_t(1));
        QVERIFY(bench
                    .askedAndAllowed(bench.callOf(kUpdate, renaming("ENG-2", "b")),
                                     { Reach::Hour1, Covers::Project })
                    .result);

        QCOMPARE(step().because, std::string("standing_yes"));
        QCOMPARE(step().standing.size(), std::size_t(1));
        QVERIFY(step().standing.front().covers == Covers::Project);
    }

    void explain_countsFullAsTheQueueDoes()
    {
        YesBench bench(m_tasker);
        for (int i = 0; i < kHeldPerClient; ++i)
            bench.begin(bench.callOf(kUpdate, renaming("ENG-1", std::to_string(i).c_str())));
        QVERIFY(PipelineBench::until(
            [&] { return bench.approvals->open().size() == std::size_t(kHeldPerClient); }));
        bench.storage.settle();
        bench.clock.advance(45s); // none is held any more, and all are open
        HypotheticalCall call;
        call.agent = bench.agent.id;
        call.client = bench.client.id;
        call.tool = bench.catalogue.find(kUpdate);
        call.project = ProjectId(bench.projectId("ENG"));

        const auto steps = bench.pipeline->explain(call).steps;
        const auto answer = bench.use(kUpdate, renaming("ENG-1", "one more"));

        QCOMPARE(std::ranges::find(steps, std::string_view("approval"), &StepVerdict::step)->because,
                 std::string("approvals_full"));
        QCOMPARE(codeOf(answer), ErrorCode::ApprovalsFull);
    }

private:
    ContractTaskerProcess m_tasker;
};

QTEST_GUILESS_MAIN(StandingYesTest)
#include "tst_standing_yes.moc"
