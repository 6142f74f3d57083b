// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/api/api_bench.h"

using namespace gatehouse;
using namespace gatehouse::test;
using namespace std::chrono_literals;

namespace {

const std::string kCreate = R"({"project":"ENG","name":"Engine stalls"})";

} // namespace

/// Pairing, who-am-I and tools by REST.
class AgentApiTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void session_namesTheAgentItsGrantsAndTheMode()
    {
        ApiBench bench;
        bench.grant(Scope::IssuesRead, GrantPolicy::Allow);
        bench.grant(Scope::IssuesCreate, GrantPolicy::Ask);

        const Json session = bench.send({ "GET", "/api/v1/agent-session", bench.agentToken })->json();

        QCOMPARE(session["agent"]["display_name"], "Builder");
        QCOMPARE(session["gateway"]["mode"], "running");
        QCOMPARE(session["projects"].size(), std::size_t(1));
        QCOMPARE(session["projects"][0]["identifier"], "ENG");
        QCOMPARE(session["projects"][0]["grants"].size(), std::size_t(2));
        QVERIFY(session.dump().find(bench.agentToken) == std::string::npos);
    }

    void tool_withoutAGrant_isRefusedByTheHallway()
    {
        ApiBench bench;

        const auto record
            = bench.send({ "POST", "/api/v1/tools/tasker_create_issue", bench.agentToken, kCreate });

        QCOMPARE(record->status(), 404);
        QVERIFY(!record->header("gatehouse-call-id").empty());
        QCOMPARE(bench.lastCall()["transport"], "404");
        QVERIFY(!bench.lastCall().contains("protocol"));
    }

    void tool_unknown_is404()
    {
        ApiBench bench;

        const auto record
            = bench.send({ "POST", "/api/v1/tools/tasker_drop_database", bench.agentToken, "{}" });

        QCOMPARE(record->status(), 404);
    }

    void tool_pausedGateway_is503()
    {
        ApiBench bench;
        bench.grant(Scope::IssuesCreate, GrantPolicy::Allow);
        bench.setMode(Mode::Paused);

        const auto record
            = bench.send({ "POST", "/api/v1/tools/tasker_create_issue", bench.agentToken, kCreate });

        QCOMPARE(record->status(), 503);
        QCOMPARE(record->error(), std::string("gateway_paused"));
    }

    void tool_malformedKey_is400()
    {
        ApiBench bench;

        const auto record = bench.send({ "POST",
                                         "/api/v1/tools/tasker_create_issue",
                                         bench.agentToken,
                                         kCreate,
                                         { { "idempotency-key", "a b" } } });

        QCOMPARE(record->status(), 400);
    }

    void heldCall_unanswered_is202ApprovalPending()
    {
        ApiBench bench;
        bench.grant(Scope::IssuesCreate, GrantPolicy::Ask);
        const auto record
            = bench.send({ "POST", "/api/v1/tools/tasker_create_issue", bench.agentToken, kCreate });
        QVERIFY(bench.waitFor([&] { return bench.approvals.open().size() == 1; }));
        QCOMPARE(record->answers, 0);

        bench.wind(kHoldTime);

        QCOMPARE(record->status(), 202);
        QCOMPARE(record->error(), std::string("approval_pending"));
        QVERIFY(!record->json()["details"]["approval_id"].get<std::string>().empty());
    }

    void idempotencyKey_empty_is400_notNone()
    {
        ApiBench bench;
        bench.grant(Scope::IssuesCreate, GrantPolicy::Ask);

        const auto record = bench.send({ "POST",
                                         "/api/v1/tools/tasker_create_issue",
                                         bench.agentToken,
                                         kCreate,
                                         { { "idempotency-key", "" } } });

        QCOMPARE(record->status(), 400);
        QCOMPARE(record->json()["details"]["field"], "Idempotency-Key");
        QVERIFY(bench.approvals.open().empty());
    }

    void heldCall_clientGoes_keepsItsQuestion_oneForAllRepeats()
    {
        ApiBench bench;
        bench.grant(Scope::IssuesCreate, GrantPolicy::Ask);
        const auto record
            = bench.send({ "POST", "/api/v1/tools/tasker_create_issue", bench.agentToken, kCreate });
        QVERIFY(bench.waitFor([&] { return bench.approvals.open().size() == 1; }));

        record->gone();
        bench.settle();

        QCOMPARE(bench.approvals.open().size(), std::size_t(1));
        QVERIFY(!bench.approvals.open().front().held);
        QCOMPARE(bench.lastCall()["outcome"], "approval_pending");
        QCOMPARE(bench.lastCall()["transport"], "no answer");

        const auto repeat
            = bench.send({ "POST", "/api/v1/tools/tasker_create_issue", bench.agentToken, kCreate });
        QVERIFY(bench.waitFor([&] { return bench.approvals.open().front().held; }));
        QCOMPARE(bench.approvals.open().size(), std::size_t(1));
        repeat->gone();
        bench.settle();
        QVERIFY(!bench.approvals.open().front().held);
    }

    void pairing_codeToToken_givesTheTokenOnce()
    {
        ApiBench bench;
        std::string code;
        bench.pairing.open(bench.agent, kCodeLifetime, "window",
                           [&code](const Result<PairingCode> &opened) { code = opened ? opened->text : ""; });
        bench.settle();

        const auto redeemed = bench.send(
            { "POST",
              "/api/v1/pairing/redeem",
              {},
              R"({"code":")" + code + R"(","client_name":"Codex","nonce":"0123456789abcdef"})" });
        QCOMPARE(redeemed->status(), 202);
        QCOMPARE(redeemed->json()["check_number"].get<std::string>().size(), std::size_t(6));
        const std::string path
            = "/api/v1/pairing/confirmations/" + redeemed->json()["confirmation_id"].get<std::string>();
        const std::string nonce = R"({"nonce":"0123456789abcdef"})";
        QCOMPARE(bench.send({ "POST", path, {}, R"({"nonce":"another-nonce-xx"})" })->status(), 404);

        const auto waiting = bench.send({ "POST", path, {}, nonce });
        bench.wind(kLongPoll);
        QCOMPARE(waiting->status(), 202);
        const auto second = bench.send({ "POST", path, {}, nonce });
        bench.pairing.confirm(ConfirmationId(redeemed->json()["confirmation_id"].get<std::string>()),
                              "window", [](const Result<> &) {});
        bench.settle();

        QCOMPARE(second->status(), 200);
        const std::string token = second->json()["token"];
        QVERIFY(token.starts_with(kAgentTokenPrefix));
        QCOMPARE(second->json()["agent"]["display_name"], "Builder");
        QCOMPARE(bench.send({ "GET", "/api/v1/agent-session", token })->status(), 200);
        QVERIFY(bench.send({ "POST", path, {}, nonce })->status() >= 400);
    }

    void pairing_ownerSaysNo_is403()
    {
        ApiBench bench;
        std::string code;
        bench.pairing.open(bench.agent, kCodeLifetime, "window",
                           [&code](const Result<PairingCode> &opened) { code = opened ? opened->text : ""; });
        bench.settle();
        const auto redeemed = bench.send(
            { "POST",
              "/api/v1/pairing/redeem",
              {},
              R"({"code":")" + code + R"(","client_name":"Codex","nonce":"0123456789abcdef"})" });
        const std::string id = redeemed->json()["confirmation_id"];
        const auto waiting = bench.send(
            { "POST", "/api/v1/pairing/confirmations/" + id, {}, R"({"nonce":"0123456789abcdef"})" });

        bench.pairing.deny(ConfirmationId(id), "window", [](const Result<> &) {});
        bench.settle();

        QCOMPARE(waiting->status(), 403);
        QCOMPARE(waiting->error(), std::string("approval_denied"));
    }
};

QTEST_GUILESS_MAIN(AgentApiTest)
#include "tst_agent_api.moc"
