// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/mcp/mcp_with_sessions.h"
#include "tests/core/api/mcp_client.h"

using namespace gatehouse;
using namespace gatehouse::test;
using namespace std::chrono_literals;

namespace {

class ListenBench final
{
public:
    RecordedPtr listen(const Json &filter, const Json &id = "sub-1")
    {
        return client.ask("subscriptions/listen", { { "notifications", filter } }, id);
    }

    ApiBench api;
    StatelessClient client{ api };
};

std::vector<std::string> methodsOf(const RecordedPtr &record)
{
    std::vector<std::string> methods;
    for (const auto &event : record->stream->events)
        methods.push_back(event.json().value("method", "response"));
    return methods;
}

} // namespace

/// subscriptions/listen of MCP 2026-07-28.
class McpSubscriptionsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void stream_beginsWithWhatIsHonoured()
    {
        ListenBench bench;

        const auto record = bench.listen({ { "toolsListChanged", true },
                                           { "promptsListChanged", false },
                                           { "resourceSubscriptions", { "tasker://nothing/of/ours" } } });

        QCOMPARE(record->stream->events.size(), std::size_t(1));
        const Json first = record->stream->events[0].json();
        QCOMPARE(first["method"], "notifications/subscriptions/acknowledged");
        QCOMPARE(first["params"]["notifications"], (Json{ { "toolsListChanged", true } }));
        QCOMPARE(first["params"]["_meta"][mcp::kMetaSubscription], "sub-1");
    }

    void changedTools_areTold_toThoseThatAsked()
    {
        ListenBench bench;
        const auto asked = bench.listen({ { "toolsListChanged", true } }, 4);
        const auto other = bench.listen(Json::object(), 5);

        bench.api.grant(Scope::IssuesRead, GrantPolicy::Allow);
        bench.api.grant(Scope::IssuesRead, GrantPolicy::Ask); // the same tools

        QCOMPARE(methodsOf(asked).size(), std::size_t(2));
        const Json told = asked->stream->events[1].json();
        QCOMPARE(told["method"], "notifications/tools/list_changed");
        QCOMPARE(told["params"]["_meta"][mcp::kMetaSubscription], 4);
        QCOMPARE(methodsOf(other).size(), std::size_t(1));
    }

    void changeThatLeavesTheListAsItIs_isSilent()
    {
        ListenBench bench;
        const auto record = bench.listen({ { "toolsListChanged", true } });

        bench.api.setMode(Mode::Paused);

        QCOMPARE(methodsOf(record).size(), std::size_t(1));
    }

    void malformedFilter_isInvalidParams()
    {
        ListenBench bench;

        QCOMPARE(codeOf(bench.client.ask("subscriptions/listen")), rpc::kInvalidParams);
        QCOMPARE(codeOf(bench.listen({ { "toolsListChanged", "yes" } })), rpc::kInvalidParams);
        QCOMPARE(codeOf(bench.listen({ { "resourceSubscriptions", "x" } })), rpc::kInvalidParams);
        QCOMPARE(codeOf(bench.listen({ { "resourceSubscriptions", { 7 } } })), rpc::kInvalidParams);
        QCOMPARE(codeOf(bench.listen({ { "resourceSubscriptions", Json::array_t(257, "x") } })),
                 rpc::kInvalidParams);
    }

    void tasks_areTold_toAClientThatFollowsThem()
    {
        ListenBench bench;
        QCOMPARE(codeOf(bench.listen({ { "taskIds", { "x" } } })), mcp::kMissingClientCapability);
        bench.client.capabilities = { { "extensions", { { mcp::kTasksExtension, Json::object() } } } };
        const auto held = bench.client.hold();
        bench.api.wind(10s);
        const std::string task = held->json()["result"]["taskId"].get<std::string>();

        const auto record = bench.listen({ { "taskIds", { task, "another's" } } });
        bench.client.deny();

        QCOMPARE(record->stream->events[0].json()["params"]["notifications"],
                 (Json{ { "taskIds", { task } } }));
        const Json told = record->stream->events.back().json();
        QCOMPARE(told["method"], "notifications/tasks");
        QCOMPARE(told["params"]["status"], "completed");
        QCOMPARE(told["params"]["result"]["structuredContent"]["error"], "approval_denied");
    }

    void heartbeat_keepsAlive_andDropsWhoIsGone()
    {
        ListenBench bench;
        const auto record = bench.listen({ { "toolsListChanged", true } });
        bench.api.wind(kMcpHeartbeat);
        QVERIFY(record->stream->comments >= 1);

        record->gone();
        bench.api.grant(Scope::IssuesRead, GrantPolicy::Allow);

        QCOMPARE(methodsOf(record).size(), std::size_t(1));
    }

    void revokedClient_losesItsStreamAtOnce()
    {
        ListenBench bench;
        const auto record = bench.listen({ { "toolsListChanged", true } });
        Client revoked = *bench.api.registry.current()->client(bench.api.client);
        revoked.revokedAt = bench.api.clock.now();

        bench.api.apply([revoked](Stores &stores) { return stores.agents.save(revoked); },
                        EventKind::ClientRevoked);

        QVERIFY(record->stream->closed);
        QCOMPARE(methodsOf(record).size(), std::size_t(1));
    }

    void stopEverything_endsTheStreamInGoodOrder()
    {
        ListenBench bench;
        const auto record = bench.listen({ { "toolsListChanged", true } }, 9);

        emit bench.api.ownerService.closeStreams();

        QVERIFY(record->stream->closed);
        const Json last = record->stream->events.back().json();
        QCOMPARE(last["id"], 9);
        QCOMPARE(last["result"]["resultType"], "complete");
        QCOMPARE(last["result"]["_meta"][mcp::kMetaSubscription], 9);
    }
};

QTEST_GUILESS_MAIN(McpSubscriptionsTest)
#include "tst_mcp_subscriptions.moc"
