// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/route/access.h"
#include "tests/core/api/api_bench.h"

using namespace gatehouse;
using namespace gatehouse::test;
using namespace std::chrono_literals;

/// Bounds on who may ask how often.
class AccessTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void wrongTokens_moreThanSixteenWaiting_are429AtOnce()
    {
        ApiBench bench;
        std::vector<RecordedPtr> waiting;
        for (int i = 0; i < kWrongTokensWaiting; ++i)
            waiting.push_back(bench.send({ "GET", "/mcp", "gh_a_wrong" }));

        const auto oneMore = bench.send({ "GET", "/mcp", "gh_a_wrong" });
        bench.peer = std::make_shared<FakePeer>(1001);
        const auto ofAnotherUser = bench.send({ "GET", "/mcp", "gh_a_wrong" });

        QCOMPARE(oneMore->status(), 429);
        QCOMPARE(oneMore->header("retry-after"), std::string("1"));
        QCOMPARE(ofAnotherUser->answers, 0);
        bench.wind(kWrongTokenDelay);
        for (const auto &record : waiting)
            QCOMPARE(record->status(), 401);
    }

    void wrongToken_isOnRecordWithoutTheToken()
    {
        ApiBench bench;

        bench.send({ "GET", "/mcp", "gh_a_someoneelsestoken" });
        bench.wind(1s);

        const auto rows = bench.storage.journal();
        QCOMPARE(rows.back().kind, std::string(nameOf(EventKind::CallRefused)));
        QVERIFY(rows.back().body.find("unauthorized") != std::string::npos);
        QVERIFY(rows.back().body.find("/usr/bin/codex") != std::string::npos);
        QVERIFY(rows.back().body.find("someoneelses") == std::string::npos);
    }

    void requests_beyondTheRate_are429AndComeBack()
    {
        ApiBench bench;
        RecordedPtr last;
        int served = 0;
        do {
            last = bench.send({ "GET", "/api/v1/agent-session", bench.agentToken });
            served += last->status() == 200;
        } while (last->status() == 200 && served < 5000);

        QCOMPARE(served, kRequestsPerMinute);
        QCOMPARE(last->status(), 429);
        QVERIFY(!last->header("retry-after").empty());
        bench.wind(200ms);
        QCOMPARE(bench.send({ "GET", "/api/v1/agent-session", bench.agentToken })->status(), 200);
    }

    void refusals_sixtyInAMinute_shutTheClientOutForAWhile()
    {
        ApiBench bench;
        const auto other = bench.addClient(bench.agent).second;
        for (int i = 0; i <= kRefusalsPerMinute; ++i)
            QCOMPARE(bench.send({ "GET", "/api/v1/status", bench.agentToken })->status(), 403);

        const auto shut = bench.send({ "GET", "/api/v1/agent-session", bench.agentToken });
        const auto neighbour = bench.send({ "GET", "/api/v1/agent-session", other });

        QCOMPARE(shut->status(), 429);
        QCOMPARE(neighbour->status(), 200);
        bench.wind(2s);
        QCOMPARE(bench.send({ "GET", "/api/v1/agent-session", bench.agentToken })->status(), 200);
    }

    void ceremony_eleventhTryOfAUser_is429()
    {
        ApiBench bench;
        const Ask guess{ "POST",
                         "/api/v1/pairing/redeem",
                         {},
                         R"({"code":"BBBB-BBBB","client_name":"x","nonce":"0123456789abcdef"})" };
        for (int i = 0; i < kCeremoniesPerMinute; ++i)
            QCOMPARE(bench.send(guess)->status(), 404);

        QCOMPARE(bench.send(guess)->status(), 429);
    }

    void connections_tooManyOfAClient_is429AndClosed()
    {
        ApiBench bench;
        bench.peer->full = true;

        const auto record = bench.send({ "GET", "/api/v1/agent-session", bench.agentToken });

        QCOMPARE(record->status(), 429);
        QCOMPARE(record->header("connection"), std::string("close"));
        QCOMPARE(bench.peer->countedAs, "client:" + bench.client.text());
    }

    /// The door knows who knocks: what it refuses is on record under that name, and with the tool.
    void refusalAtTheDoor_namesTheClient()
    {
        ApiBench bench;
        bench.send({ "POST", "/api/v1/mode", bench.agentToken, "{}" });
        bench.send({ "DELETE", "/api/v1/tools/tasker_get_issue", bench.agentToken });
        bench.send({ "POST", "/api/v1/tools/tasker_get_issue", bench.agentToken, "no JSON" });
        bench.wind(1min);

        int rows = 0;
        bool hasTool = false;
        for (const JournalRow &row : bench.storage.journal()) {
            if (row.kind != "call_refused")
                continue;
            ++rows;
            const Json body = Json::parse(row.body);
            QCOMPARE(body["client"], bench.client.text());
            QCOMPARE(body["agent"], bench.agent.text());
            hasTool = hasTool || body.value("tool", "") == "tasker_get_issue";
        }
        QCOMPARE(rows, 3);
        QVERIFY(hasTool);
    }

    void expiredToken_isWrong()
    {
        ApiBench bench;
        bench.clock.advance(kAgentTokenLifetime + 1h);

        const auto record = bench.send({ "GET", "/api/v1/agent-session", bench.agentToken });
        bench.wind(kWrongTokenDelay);

        QCOMPARE(record->status(), 401);
    }
};

QTEST_GUILESS_MAIN(AccessTest)
#include "tst_access.moc"
