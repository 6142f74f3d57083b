// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/mcp/mcp_tasks.h"
#include "tests/core/api/mcp_client.h"

using namespace gatehouse;
using namespace gatehouse::test;
using namespace std::chrono_literals;

namespace {

/// A client that follows tasks, and a call of its own that has become one.
class TaskBench final
{
public:
    TaskBench()
    {
        client.capabilities = { { "extensions", { { mcp::kTasksExtension, Json::object() } } } };
        record = client.hold();
        api.wind(10s);
        made = record->json()["result"];
        id = made.value("taskId", "");
    }
    Json get() { return client.ask("tasks/get", { { "taskId", id } })->json()["result"]; }

    ApiBench api;
    StatelessClient client{ api };
    RecordedPtr record;
    Json made;
    std::string id;
};

} // namespace

/// io.modelcontextprotocol/tasks: calls that wait for the owner while their client does other things.
class McpTasksTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void heldCall_becomesATask_whereTheClientFollowsTasks()
    {
        TaskBench bench;

        QCOMPARE(bench.made["resultType"], "task");
        QCOMPARE(bench.made["status"], "working");
        QCOMPARE(bench.id.size(), std::size_t(43));
        QVERIFY(!bench.made["statusMessage"].get<std::string>().empty());
        QCOMPARE(bench.made["ttlMs"], kMcpTaskTime.count());
        QCOMPARE(bench.get()["resultType"], "complete");
        QCOMPARE(bench.get()["status"], "working");
    }

    void answeredInTime_isNoTask()
    {
        ApiBench api;
        StatelessClient client(api);
        client.capabilities = { { "extensions", { { mcp::kTasksExtension, Json::object() } } } };
        const auto record = client.hold();

        client.deny();

        QCOMPARE(record->json()["result"]["resultType"], "complete");
    }

    void ownersYes_endsTheTaskWithTheCallsOwnResult()
    {
        TaskBench bench;

        bench.client.allow();

        QVERIFY(bench.api.waitFor([&] { return bench.get()["status"] == "completed"; }));
        const Json result = bench.get()["result"];
        QCOMPARE(result["isError"], true); // there is no Tasker behind this bench
        QCOMPARE(result["structuredContent"]["error"], "upstream_not_configured");
        QCOMPARE(bench.record->answers, 1);
    }

    void task_waitsForTheOwnerLongerThanACallDoes()
    {
        TaskBench bench;
        bench.record->gone(); // the client has its answer and goes
        bench.api.wind(20min);
        QCOMPARE(bench.get()["status"], "working");
        QCOMPARE(bench.api.approvals.open().size(), std::size_t(1));

        bench.client.deny();

        QVERIFY(bench.api.waitFor([&] { return bench.get()["status"] == "completed"; }));
        QCOMPARE(bench.get()["result"]["structuredContent"]["error"], "approval_denied");
    }

    void unansweredQuestion_endsTheTask_andIsNotAskedAnew()
    {
        TaskBench bench;

        bench.api.wind(30min);
        bench.api.settle();

        QCOMPARE(bench.get()["status"], "completed");
        QCOMPARE(bench.get()["result"]["structuredContent"]["error"], "approval_pending");
        QVERIFY(bench.api.approvals.open().empty());
    }

    void cancel_withdrawsTheQuestion_heldOrNot()
    {
        for (const Millis waited : { Millis(0s), Millis(5min) }) {
            TaskBench bench;
            bench.api.wind(waited);

            const auto record = bench.client.ask("tasks/cancel", { { "taskId", bench.id } });

            QCOMPARE(record->json()["result"]["resultType"], "complete");
            QCOMPARE(bench.get()["status"], "cancelled");
            QVERIFY(bench.api.approvals.open().empty());
        }
    }

    void update_isAcknowledged_andIsNoConsent()
    {
        TaskBench bench;
        const Json yes{ { "action", "accept" }, { "content", { { "approved", true } } } };

        const auto record = bench.client.ask(
            "tasks/update", { { "taskId", bench.id }, { "inputResponses", { { "approval", yes } } } });

        QCOMPARE(record->status(), 200);
        QCOMPARE(bench.get()["status"], "working");
        QCOMPARE(bench.api.approvals.open().size(), std::size_t(1));
    }

    void taskOfAnotherClient_doesNotExist()
    {
        TaskBench bench;
        bench.client.token = bench.api.addClient(bench.api.agent).second;

        for (const char *method : { "tasks/get", "tasks/update", "tasks/cancel" })
            QCOMPARE(codeOf(bench.client.ask(method, { { "taskId", bench.id } })), rpc::kInvalidParams);

        bench.client.token = bench.api.agentToken;
        QCOMPARE(bench.get()["status"], "working");
        QCOMPARE(codeOf(bench.client.ask("tasks/get", { { "taskId", "unknown" } })), rpc::kInvalidParams);
    }

    void clientThatFollowsNoTasks_isToldWhatItLacks()
    {
        TaskBench bench;
        bench.client.capabilities = Json::object();

        const auto record = bench.client.ask("tasks/get", { { "taskId", bench.id } });

        QCOMPARE(record->status(), 400);
        QCOMPARE(codeOf(record), mcp::kMissingClientCapability);
        const Json needed = record->json()["error"]["data"]["requiredCapabilities"];
        QVERIFY(needed["extensions"].contains(mcp::kTasksExtension));
    }

    void revokedClient_losesItsTasksAndQuestions()
    {
        TaskBench bench;
        Client revoked = *bench.api.registry.current()->client(bench.api.client);
        revoked.revokedAt = bench.api.clock.now();

        bench.api.apply([revoked](Stores &stores) { return stores.agents.save(revoked); },
                        EventKind::ClientRevoked);
        bench.api.settle();

        QVERIFY(bench.api.approvals.open().empty());
    }

    void tasks_areBoundedPerClient_andMakeRoomOnlyOnceTheyAreOver()
    {
        FakeClock clock;
        FixedRandom random;
        McpTasks tasks(clock, random);
        const ClientId one("one");
        std::vector<McpTaskPtr> made;
        for (int i = 0; i < kMcpTasksPerClient; ++i)
            made.push_back(tasks.open(one, "working", {}));

        QVERIFY(!tasks.open(one, "one too many", {}));
        QVERIFY(tasks.open(ClientId("two"), "another's", {}));
        tasks.finish(*made.front(), McpTask::State::Completed, Json::object());
        QVERIFY(tasks.open(one, "in its place", {}));
        QVERIFY(!tasks.find(one, made.front()->id));
    }

    void task_overItsTime_isGone_andItsWorkCancelled()
    {
        FakeClock clock;
        FixedRandom random;
        McpTasks tasks(clock, random);
        Directory directory;
        Client client;
        client.id = ClientId("one");
        client.expiresAt = 9'000'000'000'000;
        directory.clients.emplace(client.id, client);
        bool cancelled = false;
        const auto task = tasks.open(client.id, "working", [&cancelled] { cancelled = true; });
        tasks.sweep(directory, clock.now());
        QVERIFY(!cancelled);

        clock.advance(kMcpTaskTime);
        QVERIFY(!tasks.find(client.id, task->id));
        tasks.sweep(directory, clock.now());

        QVERIFY(cancelled);
    }
};

QTEST_GUILESS_MAIN(McpTasksTest)
#include "tst_mcp_tasks.moc"
