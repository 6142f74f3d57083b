// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/calls/pipeline_bench.h"

using namespace gatehouse;
using namespace gatehouse::test;
using namespace std::chrono_literals;

namespace {

const Json kCreate{ { "project", "ENG" }, { "name", "Only once" } };
const char *const kTool = "tasker_create_issue";

} // namespace

class IdempotencyTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QVERIFY2(m_tasker.start(), qPrintable(m_tasker.error())); }

    void repeat_withTheSameBody_isReplayed()
    {
        PipelineBench bench(m_tasker);
        bench.grant("ENG", "issues:create");

        const auto first = bench.use(kTool, kCreate, "key-1");
        const auto second = bench.use(kTool, kCreate, "key-1");

        QVERIFY(first.result && second.result);
        QVERIFY(!first.replayed && second.replayed);
        QCOMPARE(*second.result, *first.result);
        QCOMPARE(bench.requests().size(), std::size_t(1));
    }

    void repeat_afterARestart_isReplayed()
    {
        PipelineBench bench(m_tasker);
        bench.grant("ENG", "issues:create");
        const auto first = bench.use(kTool, kCreate, "key-1");

        bench.live();
        const auto second = bench.use(kTool, kCreate, "key-1");

        QVERIFY(second.result && second.replayed);
        QCOMPARE(*second.result, *first.result);
        QCOMPARE(bench.writesSeen(), 1);
    }

    void repeat_withAnotherBody_isRefusedAtAnyTime()
    {
        PipelineBench bench(m_tasker);
        bench.grant("ENG", "issues:create");
        Json other = kCreate;
        other["name"] = "Something else";

        const auto running = bench.begin(bench.callOf(kTool, kCreate, "key-1"));
        const auto meanwhile = bench.begin(bench.callOf(kTool, other, "key-1"));
        QVERIFY(PipelineBench::until([&] { return running->has_value() && meanwhile->has_value(); }));
        const auto after = bench.use(kTool, other, "key-1");

        QVERIFY((*running)->result);
        QCOMPARE(codeOf(**meanwhile), ErrorCode::IdempotencyKeyReused);
        QCOMPARE(codeOf(after), ErrorCode::IdempotencyKeyReused);
        QCOMPARE(bench.writesSeen(), 1);
    }

    void repeat_whileTheFirstRuns_isInProgress()
    {
        PipelineBench bench(m_tasker);
        bench.grant("ENG", "issues:create");

        const auto first = bench.begin(bench.callOf(kTool, kCreate, "key-1"));
        const auto second = bench.begin(bench.callOf(kTool, kCreate, "key-1"));

        QVERIFY(PipelineBench::until([&] { return first->has_value() && second->has_value(); }));
        QVERIFY((*first)->result);
        QCOMPARE(codeOf(**second), ErrorCode::IdempotencyInProgress);
        QCOMPARE(bench.writesSeen(), 1);
    }

    void keys_ofOtherTools_areOtherKeys()
    {
        PipelineBench bench(m_tasker);
        bench.grant("ENG", "issues:create");
        bench.grant("ENG", "comments:create");

        QVERIFY(bench.use(kTool, kCreate, "key-1").result);
        QVERIFY(bench.use("tasker_add_comment", { { "issue", "ENG-1" }, { "body_markdown", "b" } }, "key-1")
                    .result);
        QCOMPARE(bench.writesSeen(), 2);
    }

    void codexIds_repeated_areTheSameCall()
    {
        PipelineBench bench(m_tasker);
        bench.grant("ENG", "issues:create");
        Call call = bench.callOf(kTool, kCreate);
        call.codex = { { "threadId", "t" }, { "turnId", "u" }, { "itemId", "fc_1" } };
        Call nextTurn = bench.callOf(kTool, kCreate);
        nextTurn.codex = { { "threadId", "t" }, { "turnId", "v" }, { "itemId", "fc_1" } };

        QVERIFY(bench.use(call).result);
        call.requestId = bench.random.uuid();
        QVERIFY(bench.use(call).replayed);
        QVERIFY(!bench.use(nextTurn).replayed);
        QCOMPARE(bench.writesSeen(), 2);
    }

    void clientsIds_theSameOnEveryCall_areToldApartByWhatTheyAsk()
    {
        PipelineBench bench(m_tasker);
        bench.grant("ENG", "issues:create");
        const Json ids{ { "threadId", "t" }, { "turnId", "t" }, { "itemId", "call_1" } };
        Call call = bench.callOf(kTool, kCreate);
        call.codex = ids;
        Call other = bench.callOf(kTool, { { "project", "ENG" }, { "name", "Another" } });
        other.codex = ids;

        QVERIFY(bench.use(call).result);
        const CallAnswer second = bench.use(other);

        QVERIFY(second.result && !second.replayed);
        QCOMPARE(bench.writesSeen(), 2);
    }

    void calls_withoutAnyKey_areTwoCalls()
    {
        PipelineBench bench(m_tasker);
        bench.grant("ENG", "issues:create");

        QVERIFY(bench.use(kTool, kCreate).result);
        QVERIFY(bench.use(kTool, kCreate).result);
        QCOMPARE(bench.writesSeen(), 2);
    }

    void refusal_ofTasker_isReplayedToo()
    {
        PipelineBench bench(m_tasker);
        bench.grant("ENG", "issues:create");
        m_tasker.fault({ { "match", "POST /issues" },
                         { "kind", "status" },
                         { "status", 422 },
                         { "error", "validation_failed" } });

        const auto first = bench.use(kTool, kCreate, "key-1");
        const auto second = bench.use(kTool, kCreate, "key-1");

        QCOMPARE(codeOf(first), ErrorCode::ValidationFailed);
        QCOMPARE(codeOf(second), ErrorCode::ValidationFailed);
        QVERIFY(second.replayed);
        QCOMPARE(bench.requests().size(), std::size_t(1));
    }

    void passing_errors_releaseTheKey_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<int>("code");
        QTest::newRow("busy") << 503 << int(ErrorCode::UpstreamUnavailable);
        QTest::newRow("too many") << 429 << int(ErrorCode::RateLimited);
    }
    void passing_errors_releaseTheKey()
    {
        QFETCH(int, status);
        QFETCH(int, code);
        PipelineBench bench(m_tasker);
        bench.grant("ENG", "issues:create");
        m_tasker.fault({ { "match", "POST /issues" },
                         { "kind", "status" },
                         { "status", status },
                         { "error", "rate_limited" } });

        const auto first = bench.use(kTool, kCreate, "key-1");
        bench.clock.advance(61s);
        const auto second = bench.use(kTool, kCreate, "key-1");

        QCOMPARE(int(codeOf(first)), code);
        QVERIFY2(second.result, second.result ? "" : second.result.error().detail.c_str());
        QVERIFY(!second.replayed);
    }

    void somethingInBetween_keepsNothingUnderTheKey()
    {
        for (const int status : { 302, 401, 403, 404, 407, 409, 422, 429, 502, 503 }) {
            PipelineBench bench(m_tasker);
            bench.grant("ENG", "issues:create");
            m_tasker.fault({ { "match", "POST /issues" },
                             { "kind", "status" },
                             { "status", status },
                             { "body", "<html>Sign in</html>" } });

            const auto first = bench.use(kTool, kCreate, "key-1");
            bench.clock.advance(61s);
            const auto second = bench.use(kTool, kCreate, "key-1");

            QCOMPARE(codeOf(first), ErrorCode::UpstreamUnavailable);
            QCOMPARE(first.result.error().details.value("reason", ""), "intercepted");
            QCOMPARE(first.result.error().details.value("status", 0), status);
            QVERIFY2(second.result, qPrintable(QString::number(status)));
            QVERIFY(!second.replayed);
            QCOMPARE(m_tasker.counters()["writes_applied"], Json(1));
        }
    }

    // Tests of the unknown: something was sent, and nobody knows what became of it.
    void unknown_repeated_isSentAgainUnderTheSameKey_data()
    {
        QTest::addColumn<QByteArray>("kind");
        for (const char *kind : { "reset_after", "truncate", "not_json", "wrong_shape" })
            QTest::newRow(kind) << QByteArray(kind);
    }
    void unknown_repeated_isSentAgainUnderTheSameKey()
    {
        QFETCH(QByteArray, kind);
        PipelineBench bench(m_tasker);
        bench.grant("ENG", "issues:create");
        m_tasker.fault({ { "match", "POST /issues" }, { "kind", kind.toStdString() } });

        const auto first = bench.use(kTool, kCreate, "key-1");
        const Json recorded = bench.lastRow("call_outcome");
        const auto second = bench.use(kTool, kCreate, "key-1");

        QVERIFY(!first.result);
        QCOMPARE(first.result.error().details.at("outcome"), Json("unknown"));
        QCOMPARE(recorded.at("outcome"), Json("unknown"));
        QVERIFY2(second.result, second.result ? "" : second.result.error().detail.c_str());
        const auto sent = bench.requests();
        QCOMPARE(sent.size(), std::size_t(2));
        QCOMPARE(sent[0].at("headers").at("idempotency-key"), sent[1].at("headers").at("idempotency-key"));
        QCOMPARE(sent[0].at("body"), sent[1].at("body"));
        QCOMPARE(issuesNamed(bench, "Only once"), 1);
    }

    void unknown_ofAnAskedCall_isNotAskedAgain()
    {
        PipelineBench bench(m_tasker);
        bench.grant("ENG", "issues:create", GrantPolicy::Ask);
        m_tasker.fault({ { "match", "POST /issues" }, { "kind", "reset_after" } });
        const auto first = bench.begin(bench.callOf(kTool, kCreate, "key-1"));
        bench.approvals->allow(bench.nextQuestion(), Reach::Once, "window", [](const Result<> &) {});
        QVERIFY(PipelineBench::until([&] { return first->has_value(); }));

        const auto second = bench.use(kTool, kCreate, "key-1");

        QVERIFY(second.result);
        QVERIFY(bench.approvals->open().empty());
        QCOMPARE(issuesNamed(bench, "Only once"), 1);
    }

    void unknown_afterADay_isNeverSentAgain()
    {
        PipelineBench bench(m_tasker);
        bench.grant("ENG", "issues:create");
        m_tasker.fault({ { "match", "POST /issues" }, { "kind", "reset_after" } });
        bench.use(kTool, kCreate, "key-1");

        bench.clock.advance(24h);
        const auto late = bench.use(kTool, kCreate, "key-1");

        QCOMPARE(codeOf(late), ErrorCode::OutcomeUnknownExpired);
        QCOMPARE(bench.writesSeen(), 1);
    }

    void gateway_diedMidway_findsOutUnderTheSameKey()
    {
        PipelineBench bench(m_tasker);
        bench.grant("ENG", "issues:create");
        m_tasker.fault({ { "match", "POST /issues" }, { "kind", "hang" }, { "apply", true } });
        bench.begin(bench.callOf(kTool, kCreate, "key-1"));
        QVERIFY(PipelineBench::until([&] { return bench.writesSeen() == 1; }));

        bench.live(); // nobody has heard anything
        bool recovered = false;
        bench.pipeline->recover([&recovered](const Result<> &done) { recovered = done.has_value(); });
        bench.storage.settle();
        const Json closed = bench.lastRow("call_outcome");
        const auto again = bench.use(kTool, kCreate, "key-1");

        QVERIFY(recovered);
        QCOMPARE(closed.at("outcome"), Json("unknown"));
        QCOMPARE(closed.at("call"), bench.storage.journal().empty() ? Json() : firstIntent(bench).at("call"));
        QVERIFY2(again.result, again.result ? "" : again.result.error().detail.c_str());
        QCOMPARE(issuesNamed(bench, "Only once"), 1);
    }

    void replay_withoutItsGrant_showsNothing()
    {
        PipelineBench bench(m_tasker);
        bench.grant("ENG", "issues:create");
        QVERIFY(bench.use(kTool, kCreate, "key-1").result);
        bench.grant("ENG", "issues:read");
        bench.grant("ENG", "issues:create", GrantPolicy::Off);

        const auto second = bench.use(kTool, kCreate, "key-1");

        QCOMPARE(codeOf(second), ErrorCode::ScopeDenied);
        QVERIFY(!second.replayed);
    }

    void outcome_notOnDisk_leavesTheKeyOpen()
    {
        PipelineBench bench(m_tasker);
        bench.grant("ENG", "issues:create");
        m_tasker.fault({ { "match", "POST /issues" }, { "kind", "slow" }, { "delay_ms", 300 } });
        const auto first = bench.begin(bench.callOf(kTool, kCreate, "key-1"));
        QVERIFY(PipelineBench::until([&] { return bench.writesSeen() == 1; }));
        bench.storage.fault = ErrorCode::StorageFull;
        QVERIFY(PipelineBench::until([&] { return first->has_value(); }));
        QVERIFY((*first)->result); // it has happened, and that is what is said
        bench.storage.fault.reset();

        const auto second = bench.use(kTool, kCreate, "key-1");

        QVERIFY(second.result);
        QCOMPARE(issuesNamed(bench, "Only once"), 1);
    }

    void cancelled_pastTheIntent_isStillWritten()
    {
        PipelineBench bench(m_tasker);
        bench.grant("ENG", "issues:create");
        m_tasker.fault({ { "match", "POST /issues" }, { "kind", "slow" }, { "delay_ms", 200 } });
        CallId call;
        const auto answer = bench.begin(bench.callOf(kTool, kCreate, "key-1"), &call);
        QVERIFY(PipelineBench::until([&] { return bench.writesSeen() == 1; }));

        bench.pipeline->cancel(call);
        QVERIFY(PipelineBench::until([&] { return bench.pipeline->underWay() == 0; }));

        QVERIFY(!answer->has_value());
        QCOMPARE(issuesNamed(bench, "Only once"), 1);
        const Json outcome = bench.lastRow("call_outcome");
        QCOMPARE(outcome.at("outcome"), Json("ok"));
        QCOMPARE(outcome.at("transport"), Json("no answer")); // it was done, and nobody was told
        QCOMPARE(outcome.at("upstream"), Json("201"));
    }

    void cancelled_beforeTheIntent_sendsNothing()
    {
        PipelineBench bench(m_tasker);
        bench.grant("ENG", "issues:create");
        CallId call;
        const auto answer = bench.begin(bench.callOf(kTool, kCreate, "key-1"), &call);

        bench.pipeline->cancel(call);

        QVERIFY(answer->has_value());
        QCOMPARE(codeOf(**answer), ErrorCode::Cancelled);
        QCOMPARE(bench.requests().size(), std::size_t(0));
        QVERIFY(bench.use(kTool, kCreate, "key-1").result);
    }

private:
    static int issuesNamed(PipelineBench &bench, const char *name)
    {
        const Json world = bench.tasker.world();
        return static_cast<int>(std::ranges::count_if(
            world.at("issues"), [name](const Json &issue) { return issue.at("name") == name; }));
    }
    static Json firstIntent(PipelineBench &bench)
    {
        for (const auto &row : bench.storage.journal()) {
            if (row.kind == "call_intent")
                return Json::parse(row.body);
        }
        return Json::object();
    }

    ContractTaskerProcess m_tasker;
};

QTEST_GUILESS_MAIN(IdempotencyTest)
#include "tst_idempotency.moc"
