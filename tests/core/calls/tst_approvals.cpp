// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/calls/pipeline_bench.h"

#include <QRegularExpression>
#include <QSignalSpy>

using namespace gatehouse;
using namespace gatehouse::test;
using namespace std::chrono_literals;

namespace {

const Json kCreate{ { "project", "ENG" }, { "name", "Asked for" } };
const char *const kTool = "tasker_create_issue";
const Storage::Done kUnheard = [](const Result<> &) {};

} // namespace

class ApprovalsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QVERIFY2(m_tasker.start(), qPrintable(m_tasker.error())); }

    void allow_whileHeld_letsTheCallGoOn()
    {
        PipelineBench bench(m_tasker);
        bench.grant("ENG", "issues:create", GrantPolicy::Ask);
        const auto answer = bench.begin(bench.callOf(kTool, kCreate));
        const ApprovalId question = bench.nextQuestion();
        QVERIFY(bench.requests().empty());

        bench.approvals->allow(question, Reach::Once, "window", kUnheard);

        QVERIFY(PipelineBench::until([&] { return answer->has_value(); }));
        QVERIFY((*answer)->result);
        QCOMPARE(bench.writesSeen(), 1);
        bench.storage.settle();
        QCOMPARE(bench.lastRow("approval_allowed").at("more").at("reach"), Json("once"));
        QCOMPARE(bench.lastRow("call_intent").at("decision"), Json("asked"));
    }

    void allowOnce_isForOneRun()
    {
        PipelineBench bench(m_tasker);
        bench.grant("ENG", "issues:create", GrantPolicy::Ask);
        const auto first = bench.begin(bench.callOf(kTool, kCreate));
        const auto twin = bench.begin(bench.callOf(kTool, kCreate));
        const ApprovalId question = bench.nextQuestion();
        QVERIFY(PipelineBench::until([&] { return bench.pipeline->underWay() == 2; }));
        QTest::qWait(0);
        QCOMPARE(bench.approvals->open().size(), std::size_t(1)); // the two are one question

        bench.approvals->allow(question, Reach::Once, "window", kUnheard);
        QVERIFY(PipelineBench::until([&] { return first->has_value() || twin->has_value(); }));

        QCOMPARE(bench.writesSeen(), 1);
        const ApprovalId second = bench.nextQuestion();
        QVERIFY(!(second == question));
        bench.approvals->allow(second, Reach::Once, "window", kUnheard);
        QVERIFY(PipelineBench::until([&] { return first->has_value() && twin->has_value(); }));
        QCOMPARE(bench.writesSeen(), 2);
    }

    void allowOnce_afterTheHold_isUsedByTheRepeat()
    {
        PipelineBench bench(m_tasker);
        bench.grant("ENG", "issues:create", GrantPolicy::Ask);
        const auto held = bench.begin(bench.callOf(kTool, kCreate, "key-1"));
        const ApprovalId question = bench.nextQuestion();
        bench.clock.advance(45s);
        QVERIFY(held->has_value());
        QCOMPARE(codeOf(**held), ErrorCode::ApprovalPending);
        QCOMPARE((*held)->result.error().details.at("approval_id"), Json(question.text()));

        bench.approvals->allow(question, Reach::Once, "window", kUnheard);
        bench.storage.settle();
        const auto repeat = bench.use(kTool, kCreate, "key-1");
        const auto another = bench.begin(bench.callOf(kTool, kCreate, "key-2"));

        QVERIFY(repeat.result);
        QCOMPARE(bench.writesSeen(), 1);
        QVERIFY(!bench.nextQuestion().isEmpty()); // single use: the next one asks again
        QVERIFY(!another->has_value());
    }

    void repeat_ofAnOpenQuestion_isToldWithItsNewWait()
    {
        PipelineBench bench(m_tasker);
        bench.grant("ENG", "issues:create", GrantPolicy::Ask);
        QSignalSpy again(bench.approvals.get(), &Approvals::askedAgain);
        bench.begin(bench.callOf(kTool, kCreate, "key-1"));
        const ApprovalId question = bench.nextQuestion();
        const std::int64_t first = bench.approvals->find(question)->heldUntil;
        QCOMPARE(first, bench.clock.now() + 45'000);
        bench.clock.advance(60s);
        QVERIFY(!bench.approvals->find(question)->held);

        bench.begin(bench.callOf(kTool, kCreate, "key-1"));

        QVERIFY(PipelineBench::until([&] { return again.size() == 1; }));
        QCOMPARE(bench.approvals->find(question)->heldUntil, bench.clock.now() + 45'000);
        QVERIFY(bench.approvals->find(question)->held);
    }

    void allowOnce_afterTenMinutes_isOver()
    {
        PipelineBench bench(m_tasker);
        bench.grant("ENG", "issues:create", GrantPolicy::Ask);
        bench.begin(bench.callOf(kTool, kCreate));
        const ApprovalId question = bench.nextQuestion();
        bench.clock.advance(45s);
        bench.approvals->allow(question, Reach::Once, "window", kUnheard);
        bench.storage.settle();

        bench.clock.advance(10min);
        bench.begin(bench.callOf(kTool, kCreate));

        QVERIFY(!bench.nextQuestion().isEmpty());
        QVERIFY(bench.requests().empty());
    }

    void allowOnce_ofOtherArguments_isNoYes()
    {
        PipelineBench bench(m_tasker);
        bench.grant("ENG", "issues:create", GrantPolicy::Ask);
        bench.begin(bench.callOf(kTool, kCreate));
        const ApprovalId question = bench.nextQuestion();
        bench.clock.advance(45s);
        bench.approvals->allow(question, Reach::Once, "window", kUnheard);
        bench.storage.settle();
        Json other = kCreate;
        other["description_markdown"] = "and one thing more";

        bench.begin(bench.callOf(kTool, other));

        QVERIFY(!bench.nextQuestion().isEmpty());
        QVERIFY(bench.requests().empty());
    }

    void allowOnce_afterTheIssueChanged_asksAgain()
    {
        PipelineBench bench(m_tasker);
        bench.grant("ENG", "issues:update", GrantPolicy::Ask);
        const Json update{ { "issue", "ENG-1" }, { "name", "Renamed" } };
        bench.begin(bench.callOf("tasker_update_issue", update));
        const ApprovalId question = bench.nextQuestion();
        bench.clock.advance(45s);
        bench.approvals->allow(question, Reach::Once, "window", kUnheard);
        bench.storage.settle();
        m_tasker.touch(bench.entry("issues", "ENG-1").at("id"));

        bench.begin(bench.callOf("tasker_update_issue", update));

        QVERIFY(!bench.nextQuestion().isEmpty());
        QCOMPARE(bench.writesSeen(), 0);
    }

    void allow_whileHeldAndTheIssueChanged_isRefusedByTasker()
    {
        PipelineBench bench(m_tasker);
        bench.grant("ENG", "issues:update", GrantPolicy::Ask);
        const auto answer = bench.begin(
            bench.callOf("tasker_update_issue", { { "issue", "ENG-1" }, { "name", "Renamed" } }));
        const ApprovalId question = bench.nextQuestion();
        m_tasker.touch(bench.entry("issues", "ENG-1").at("id"));

        bench.approvals->allow(question, Reach::Once, "window", kUnheard);

        QVERIFY(PipelineBench::until([&] { return answer->has_value(); }));
        QCOMPARE(codeOf(**answer), ErrorCode::IssueChanged);
        QVERIFY(bench.entry("issues", "ENG-1").at("name") != "Renamed");
    }

    void allowForATime_reachesAgentToolAndProject_andEnds()
    {
        PipelineBench bench(m_tasker);
        bench.grant("ENG", "issues:create", GrantPolicy::Ask);
        bench.grant("OPS", "issues:create", GrantPolicy::Ask);
        bench.grant("ENG", "comments:create", GrantPolicy::Ask);
        const auto first = bench.begin(bench.callOf(kTool, kCreate));
        bench.approvals->allow(bench.nextQuestion(), Reach::Minutes15, "window", kUnheard);
        QVERIFY(PipelineBench::until([&] { return first->has_value(); }));

        QVERIFY(bench.use(kTool, { { "project", "ENG" }, { "name", "Another" } }).result);
        QCOMPARE(bench.approvals->standing().size(), std::size_t(1));
        bench.begin(bench.callOf(kTool, { { "project", "OPS" }, { "name", "Elsewhere" } }));
        QVERIFY(!bench.nextQuestion().isEmpty());
        bench.approvals->withdraw(bench.approvals->open().front().asked.call);
        bench.begin(bench.callOf("tasker_add_comment", { { "issue", "ENG-1" }, { "body_markdown", "b" } }));
        QVERIFY(!bench.nextQuestion().isEmpty());
        bench.approvals->withdraw(bench.approvals->open().front().asked.call);
        bench.clock.advance(15min);
        bench.begin(bench.callOf(kTool, { { "project", "ENG" }, { "name", "Too late" } }));
        QVERIFY(!bench.nextQuestion().isEmpty());
        QCOMPARE(bench.writesSeen(), 2);
    }

    void allowForATime_endsWhenTheGrantChanges()
    {
        PipelineBench bench(m_tasker);
        bench.grant("ENG", "issues:create", GrantPolicy::Ask);
        const auto first = bench.begin(bench.callOf(kTool, kCreate));
        bench.approvals->allow(bench.nextQuestion(), Reach::Hours8, "window", kUnheard);
        QVERIFY(PipelineBench::until([&] { return first->has_value(); }));

        bench.grant("ENG", "issues:create", GrantPolicy::AskWithPin);
        bench.begin(bench.callOf(kTool, kCreate));

        QVERIFY(!bench.nextQuestion().isEmpty());
        QVERIFY(bench.approvals->open().front().asked.withPin);
    }

    void deny_tellsTheReason_andFreesTheKey()
    {
        PipelineBench bench(m_tasker);
        bench.grant("ENG", "issues:create", GrantPolicy::Ask);
        const auto denied = bench.begin(bench.callOf(kTool, kCreate, "key-1"));

        bench.approvals->deny(bench.nextQuestion(), "Not today", false, "window", kUnheard);

        QVERIFY(PipelineBench::until([&] { return denied->has_value(); }));
        QCOMPARE(codeOf(**denied), ErrorCode::ApprovalDenied);
        QCOMPARE((*denied)->result.error().details.at("reason"), Json("Not today"));
        QVERIFY(bench.requests().empty());
        Json other = kCreate;
        other["name"] = "Another body under the same key";
        bench.begin(bench.callOf(kTool, other, "key-1"));
        QVERIFY(!bench.nextQuestion().isEmpty());
    }

    void denyAndPause_pausesTheAgent()
    {
        PipelineBench bench(m_tasker);
        bench.grant("ENG", "issues:create", GrantPolicy::Ask);
        const auto denied = bench.begin(bench.callOf(kTool, kCreate));

        bench.approvals->deny(bench.nextQuestion(), "", true, "window", kUnheard);

        QVERIFY(PipelineBench::until([&] { return denied->has_value(); }));
        QCOMPARE(codeOf(**denied), ErrorCode::ApprovalDenied);
        QCOMPARE(codeOf(bench.use(kTool, kCreate)), ErrorCode::AgentPaused);
    }

    void denyAndPause_leavesNothingForAStartToClose()
    {
        PipelineBench bench(m_tasker);
        bench.grant("ENG", "issues:create", GrantPolicy::Ask);
        const auto denied = bench.begin(bench.callOf(kTool, kCreate));
        bench.approvals->deny(bench.nextQuestion(), "", true, "window", kUnheard);
        QVERIFY(PipelineBench::until([&] { return denied->has_value(); }));
        bench.storage.settle();

        bench.live();
        bench.pipeline->recover(kUnheard);
        bench.storage.settle();

        QCOMPARE(bench.pipeline->questionsClosed(), 0);
        QVERIFY(bench.lastRow("approval_closed").is_null());
    }

    void unanswered_isPending_neverAYes()
    {
        PipelineBench bench(m_tasker);
        bench.grant("ENG", "issues:create", GrantPolicy::Ask);
        const auto held = bench.begin(bench.callOf(kTool, kCreate));
        bench.nextQuestion();

        bench.clock.advance(30min);
        bench.storage.settle();

        QCOMPARE(codeOf(**held), ErrorCode::ApprovalPending);
        QVERIFY(bench.approvals->open().empty());
        QCOMPARE(bench.lastRow("approval_closed").at("more").at("reason"), Json("expired"));
        QVERIFY(bench.requests().empty());
    }

    void progress_isToldEveryTenSeconds()
    {
        PipelineBench bench(m_tasker);
        bench.grant("ENG", "issues:create", GrantPolicy::Ask);
        std::vector<int> told;
        bench.pipeline->begin(
            bench.callOf(kTool, kCreate), [](const CallAnswer &) {},
            [&told](int seconds, const std::string &) { told.push_back(seconds); });
        bench.nextQuestion();

        bench.clock.advance(60s);

        QCOMPARE(told, (std::vector{ 10, 20, 30, 40 }));
    }

    void keyOfAHeldCall_namesItsQuestion()
    {
        PipelineBench bench(m_tasker);
        bench.grant("ENG", "issues:create", GrantPolicy::Ask);
        bench.begin(bench.callOf(kTool, kCreate, "key-1"));
        const ApprovalId question = bench.nextQuestion();

        const auto repeat = bench.use(kTool, kCreate, "key-1");

        QCOMPARE(codeOf(repeat), ErrorCode::IdempotencyInProgress);
        QCOMPARE(repeat.result.error().details.at("approval_id"), Json(question.text()));
    }

    void connectionLost_whileHeld_keepsTheQuestion_andTheRepeatDoesItOnce()
    {
        PipelineBench bench(m_tasker);
        bench.grant("ENG", "issues:create", GrantPolicy::Ask);
        QSignalSpy held(bench.approvals.get(), &Approvals::heldChanged);
        CallId call;
        const auto answer = bench.begin(bench.callOf(kTool, kCreate), &call);
        const ApprovalId question = bench.nextQuestion();

        bench.pipeline->lose(call);

        QCOMPARE(codeOf(**answer), ErrorCode::ApprovalPending);
        QCOMPARE(bench.approvals->open().size(), std::size_t(1));
        QVERIFY(!bench.approvals->find(question)->held);
        QCOMPARE(held.size(), 2);
        bench.approvals->allow(question, Reach::Once, "window", kUnheard);
        bench.storage.settle();
        QVERIFY(bench.requests().empty());
        QVERIFY(bench.use(kTool, kCreate).result);
        QCOMPARE(bench.writesSeen(), 1);
        bench.begin(bench.callOf(kTool, kCreate));
        QVERIFY(!(bench.nextQuestion() == question)); // the yes was for one
        QCOMPARE(bench.writesSeen(), 1);
    }

    void connectionLost_beforeTheQuestion_asksAllTheSame()
    {
        PipelineBench bench(m_tasker);
        bench.grant("ENG", "issues:create", GrantPolicy::Ask);
        CallId call;
        const auto answer = bench.begin(bench.callOf(kTool, kCreate), &call);

        bench.pipeline->lose(call);

        QVERIFY(PipelineBench::until([&] { return answer->has_value(); }));
        QCOMPARE(codeOf(**answer), ErrorCode::ApprovalPending);
        QCOMPARE(bench.approvals->open().size(), std::size_t(1));
        QVERIFY(!bench.approvals->open().front().held);
    }

    void connectionLost_whileTwoAskTheSame_theOtherStillWaits()
    {
        PipelineBench bench(m_tasker);
        bench.grant("ENG", "issues:create", GrantPolicy::Ask);
        CallId first;
        bench.begin(bench.callOf(kTool, kCreate), &first);
        const auto second = bench.begin(bench.callOf(kTool, kCreate));
        const ApprovalId question = bench.nextQuestion();
        QVERIFY(PipelineBench::until([&] { return bench.pipeline->underWay() == 2; }));
        QTest::qWait(0);

        bench.pipeline->lose(first);
        QVERIFY(bench.approvals->find(question)->held);
        bench.approvals->allow(question, Reach::Once, "window", kUnheard);

        QVERIFY(PipelineBench::until([&] { return second->has_value(); }));
        QVERIFY((*second)->result);
        QCOMPARE(bench.writesSeen(), 1);
    }

    void question_ofAnOlderIssue_nobodyWaitingForIt_isReplacedByTheNewOne()
    {
        PipelineBench bench(m_tasker);
        bench.grant("ENG", "issues:update", GrantPolicy::Ask);
        const Json update{ { "issue", "ENG-1" }, { "name", "Renamed" } };
        CallId call;
        bench.begin(bench.callOf("tasker_update_issue", update), &call);
        const ApprovalId question = bench.nextQuestion();
        bench.pipeline->lose(call);
        m_tasker.touch(bench.entry("issues", "ENG-1").at("id"));

        bench.begin(bench.callOf("tasker_update_issue", update));

        QVERIFY(PipelineBench::until([&] { return !bench.approvals->find(question); }));
        QCOMPARE(bench.approvals->open().size(), std::size_t(1));
        QCOMPARE(bench.lastRow("approval_closed").at("more").at("reason"), Json("asked anew"));
    }

    void cancel_whileHeld_withdrawsTheQuestion()
    {
        PipelineBench bench(m_tasker);
        bench.grant("ENG", "issues:create", GrantPolicy::Ask);
        CallId call;
        const auto answer = bench.begin(bench.callOf(kTool, kCreate), &call);
        const ApprovalId question = bench.nextQuestion();

        // An error's detail goes to the log, with the request, and nowhere else.
        QTest::ignoreMessage(QtInfoMsg,
                             QRegularExpression(QStringLiteral("^request .+: cancelled: by the client$")));
        bench.pipeline->cancel(call);
        bool notFound = false;
        bench.approvals->allow(question, Reach::Once, "window", [&](const Result<> &done) {
            notFound = !done && done.error().code == ErrorCode::NotFound;
        });
        bench.storage.settle();

        QCOMPARE(codeOf(**answer), ErrorCode::Cancelled);
        QVERIFY(notFound);
        QCOMPARE(bench.lastRow("approval_closed").at("more").at("reason"), Json("withdrawn"));
        QVERIFY(bench.lastRow("call_refused").dump().find("by the client") == std::string::npos);
        QVERIFY(bench.requests().empty());
    }

    void grantTakenAway_whileHeld_beatsTheYes()
    {
        PipelineBench bench(m_tasker);
        bench.grant("ENG", "issues:create", GrantPolicy::Ask);
        const auto answer = bench.begin(bench.callOf(kTool, kCreate));
        const ApprovalId question = bench.nextQuestion();
        bench.grant("ENG", "issues:create", GrantPolicy::Off);

        bench.approvals->allow(question, Reach::Once, "window", kUnheard);

        QVERIFY(PipelineBench::until([&] { return answer->has_value(); }));
        QVERIFY(!(*answer)->result);
        QVERIFY(bench.requests().empty());
    }

    void gatewayPaused_whileHeld_beatsTheYes()
    {
        PipelineBench bench(m_tasker);
        bench.grant("ENG", "issues:create", GrantPolicy::Ask);
        const auto answer = bench.begin(bench.callOf(kTool, kCreate));
        const ApprovalId question = bench.nextQuestion();
        bench.change([](Stores &stores) -> Result<> {
            auto profile = stores.profile.load();
            profile->mode = Mode::Paused;
            return stores.profile.save(*profile);
        });

        bench.approvals->allow(question, Reach::Once, "window", kUnheard);

        QVERIFY(PipelineBench::until([&] { return answer->has_value(); }));
        QCOMPARE(codeOf(**answer), ErrorCode::GatewayPaused);
        QVERIFY(bench.requests().empty());
    }

    void questions_ofOneClient_areBounded()
    {
        PipelineBench bench(m_tasker);
        bench.grant("ENG", "issues:create", GrantPolicy::Ask);
        for (int i = 0; i < kHeldPerClient; ++i)
            bench.begin(
                bench.callOf(kTool, { { "project", "ENG" }, { "name", "Number " + std::to_string(i) } }));
        QVERIFY(PipelineBench::until(
            [&] { return bench.approvals->open().size() == std::size_t(kHeldPerClient); }));

        const auto ninth = bench.use(kTool, { { "project", "ENG" }, { "name", "One too many" } });

        QCOMPARE(codeOf(ninth), ErrorCode::ApprovalsFull);
        QCOMPARE(bench.approvals->open().size(), std::size_t(kHeldPerClient));
    }

    void questions_seenAndIgnoredTwice_bringQuiet()
    {
        PipelineBench bench(m_tasker);
        bench.grant("ENG", "issues:create", GrantPolicy::Ask);
        for (const char *name : { "First", "Second" }) {
            const std::size_t before = bench.approvals->open().size();
            bench.begin(bench.callOf(kTool, { { "project", "ENG" }, { "name", name } }));
            QVERIFY(PipelineBench::until([&] { return bench.approvals->open().size() > before; }));
            bench.approvals->seen(bench.nextQuestion());
            bench.clock.advance(45s);
        }

        const auto third = bench.use(kTool, { { "project", "ENG" }, { "name", "Third" } });
        QCOMPARE(codeOf(third), ErrorCode::ApprovalPending); // at once, not after 45 s
        QVERIFY(!bench.approvals->open().back().held);
        bench.clock.advance(5min);
        bench.begin(bench.callOf(kTool, { { "project", "ENG" }, { "name", "Fourth" } }));
        QVERIFY(PipelineBench::until([&] { return bench.approvals->open().size() == 4; }));
        QVERIFY(bench.approvals->open().back().held);
    }

    void restart_closesOpenQuestionsOnRecord()
    {
        PipelineBench bench(m_tasker);
        bench.grant("ENG", "issues:create", GrantPolicy::Ask);
        bench.begin(bench.callOf(kTool, kCreate));
        const ApprovalId question = bench.nextQuestion();

        bench.live();
        bench.pipeline->recover(kUnheard);
        bench.storage.settle();
        bench.pipeline->recover(kUnheard);

        QCOMPARE(bench.lastRow("approval_closed").at("more").at("approval_id"), Json(question.text()));
        QCOMPARE(bench.lastRow("approval_closed").at("more").at("reason"), Json("restart"));
        const auto kinds = bench.storage.kinds();
        QCOMPARE(std::ranges::count(kinds, "approval_closed"), 1);
        QVERIFY(bench.approvals->open().empty());
    }

    void question_notOnRecord_isNotAsked()
    {
        PipelineBench bench(m_tasker);
        bench.grant("ENG", "issues:create", GrantPolicy::Ask);
        QSignalSpy asked(bench.approvals.get(), &Approvals::asked);
        bench.storage.fault = ErrorCode::StorageFull;

        const auto answer = bench.use(kTool, kCreate);

        QCOMPARE(codeOf(answer), ErrorCode::AuditUnavailable);
        QCOMPARE(asked.count(), 0);
        QVERIFY(bench.approvals->open().empty());
    }

    void yes_notOnRecord_isNoYes()
    {
        PipelineBench bench(m_tasker);
        bench.grant("ENG", "issues:create", GrantPolicy::Ask);
        const auto answer = bench.begin(bench.callOf(kTool, kCreate));
        const ApprovalId question = bench.nextQuestion();
        bench.storage.fault = ErrorCode::StorageFull;
        ErrorCode told = ErrorCode::Internal;

        bench.approvals->allow(question, Reach::Once, "window",
                               [&](const Result<> &done) { told = done.error().code; });
        bench.storage.settle();

        QCOMPARE(told, ErrorCode::AuditUnavailable);
        QVERIFY(!answer->has_value());
        QVERIFY(bench.approvals->find(question));
    }

private:
    ContractTaskerProcess m_tasker;
};

QTEST_GUILESS_MAIN(ApprovalsTest)
#include "tst_approvals.moc"
