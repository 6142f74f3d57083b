// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/mcp/mcp_provider.h"
#include "gateway_core/api/mcp/mcp_session_exchange.h"
#include "gateway_core/api/mcp/mcp_tools.h"
#include "tests/core/api/api_bench.h"

using namespace gatehouse;
using namespace gatehouse::test;

namespace {

/// Tools that do nothing but talk, and lists that can be changed by hand.
class TalkingOffer final : public McpProvider
{
public:
    [[nodiscard]] Json capabilities() const override
    {
        return { { "tools", { { "listChanged", true } } },
                 { "resources", { { "subscribe", true }, { "listChanged", true } } } };
    }
    [[nodiscard]] std::string instructions(const RouteCaller &) const override { return "talk"; }
    [[nodiscard]] Json tools(const RouteCaller &) const override { return toolList; }
    void callTool(const McpExchangePtr &exchange) override
    {
        underWay = exchange;
        exchange->onCancelled([this] { ++cancelled; });
    }
    [[nodiscard]] Json resources(const RouteCaller &) const override { return resourceList; }
    [[nodiscard]] Json resourceTemplates(const RouteCaller &) const override { return Json::array(); }
    void readResource(const McpExchangePtr &exchange) override
    {
        exchange->fail({ rpc::kResourceNotFound, "Resource not found", nullptr, nullptr });
    }
    [[nodiscard]] bool mayWatch(const RouteCaller &, const std::string &uri) const override
    {
        return watchable.contains(uri);
    }
    [[nodiscard]] Json prompts(const RouteCaller &) const override { return Json::array(); }
    void getPrompt(const McpExchangePtr &) override { }
    void complete(const McpExchangePtr &) override { }

    Json toolList = Json::array({ { { "name", "talk" } } });
    Json resourceList = Json::array();
    std::set<std::string> watchable{ "x://a" };
    McpExchangePtr underWay;
    int cancelled = 0;
};

class OfferBench final
{
public:
    OfferBench()
    {
        const auto answer = ask("initialize", { { "protocolVersion", "2025-11-25" } });
        session = answer->header("mcp-session-id");
        hello = answer->json()["result"];
    }
    RecordedPtr ask(const std::string &method, const Json &params = Json::object(), const Json &id = 1)
    {
        Headers headers{ { "accept", "text/event-stream, application/json" } };
        if (!session.empty())
            headers.emplace_back("mcp-session-id", session);
        const Json message{ { "jsonrpc", "2.0" }, { "id", id }, { "method", method }, { "params", params } };
        return api.send({ "POST", "/mcp", api.agentToken, message.dump(), std::move(headers) });
    }
    RecordedPtr call(const Json &meta = Json::object())
    {
        return ask("tools/call", { { "name", "talk" }, { "_meta", meta } }, 7);
    }
    RecordedPtr listen()
    {
        return api.send({ "GET",
                          "/mcp",
                          api.agentToken,
                          {},
                          { { "accept", "text/event-stream" }, { "mcp-session-id", session } } });
    }

    TalkingOffer offer;
    ApiBench api{ &offer };
    std::string session;
    Json hello;
};

int codeOf(const RecordedPtr &record)
{
    return record->json().value("error", Json::object()).value("code", 0);
}

} // namespace

/// What the door does for whatever is offered behind it.
class McpOfferTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /// What Tasker has instead of what was asked is a text of other people too.
    void partial_isNamedAmongWhatOthersWrote()
    {
        CallAnswer answer;
        answer.result = Json{ { "partial", { { "name", { { "asked", "a door" }, { "is", "a gate" } } } } } };

        const Json meta = mcp::resultMeta(answer, "r");

        QCOMPARE(meta.at(mcp::kUntrusted), Json::array({ "/partial/name/is" }));
    }

    void capabilities_areTheOffersAndTheDoors()
    {
        OfferBench bench;

        QVERIFY(bench.hello["capabilities"].contains("tools"));
        QVERIFY(bench.hello["capabilities"].contains("logging"));
        QVERIFY(!bench.hello["capabilities"].contains("prompts"));
        QCOMPARE(bench.hello["instructions"], "talk");
        QCOMPARE(codeOf(bench.ask("prompts/list")), rpc::kMethodNotFound);
        QCOMPARE(codeOf(bench.ask("completion/complete")), rpc::kMethodNotFound);
        QCOMPARE(bench.ask("tools/list")->json()["result"]["tools"].size(), std::size_t(1));
        QCOMPARE(codeOf(bench.ask("tools/list", { { "cursor", "2" } })), rpc::kInvalidParams);
    }

    void logMessages_areSentFromTheLevelThatTheSessionSet()
    {
        OfferBench bench;
        const auto silent = bench.call();
        bench.offer.underWay->log(McpLogLevel::Emergency, "t", "nobody asked");
        bench.offer.underWay->answer(Json::object());
        QVERIFY(!silent->stream);

        bench.ask("logging/setLevel", { { "level", "warning" } });
        const auto record = bench.call();
        bench.offer.underWay->log(McpLogLevel::Notice, "t", "too quiet");
        bench.offer.underWay->log(McpLogLevel::Warning, "t", { { "n", 1 } });
        bench.offer.underWay->answer({ { "done", true } });

        QCOMPARE(record->stream->events.size(), std::size_t(2));
        const Json log = record->stream->events[0].json();
        QCOMPARE(log["method"], "notifications/message");
        QCOMPARE(log["params"],
                 (Json{ { "level", "warning" }, { "logger", "t" }, { "data", { { "n", 1 } } } }));
        QCOMPARE(record->stream->events[1].json()["result"]["done"], true);
        QVERIFY(record->stream->closed);
    }

    void logLevel_ofOneSession_saysNothingOfAnother()
    {
        OfferBench bench;
        bench.ask("logging/setLevel", { { "level", "debug" } });
        bench.session.clear();
        bench.session
            = bench.ask("initialize", { { "protocolVersion", "2025-06-18" } })->header("mcp-session-id");

        const auto record = bench.call();
        bench.offer.underWay->log(McpLogLevel::Error, "t", "x");
        bench.offer.underWay->answer(Json::object());

        QVERIFY(!record->stream);
    }

    void progress_withoutAToken_isDropped()
    {
        OfferBench bench;

        const auto record = bench.call();
        bench.offer.underWay->progress(1, 2, "half");
        bench.offer.underWay->answer(Json::object());

        QVERIFY(!record->stream);
        QCOMPARE(record->status(), 200);
    }

    void exchange_droppedUnanswered_isAnInternalError()
    {
        OfferBench bench;

        const auto record = bench.call();
        bench.offer.underWay.reset();

        QCOMPARE(codeOf(record), rpc::kInternalError);
        QCOMPARE(bench.ask("ping", Json::object(), 7)->status(), 200); // the id is free again
    }

    void exchange_cancelledThenAnswered_saysNothingMore()
    {
        OfferBench bench;
        const auto record = bench.call();

        bench.api.send(
            { "DELETE", "/mcp", bench.api.agentToken, {}, { { "mcp-session-id", bench.session } } });
        bench.offer.underWay->answer(Json::object());

        QCOMPARE(bench.offer.cancelled, 1);
        QCOMPARE(record->answers, 1);
        QCOMPARE(codeOf(record), kMcpRequestCancelled);
    }

    void changedLists_areTold_eachOnItsOwn()
    {
        OfferBench bench;
        const auto standing = bench.listen();

        bench.offer.listsChanged(); // nothing has
        bench.offer.resourceList.push_back({ { "uri", "x://a" } });
        bench.offer.listsChanged();
        bench.offer.toolList.push_back({ { "name", "shout" } });
        bench.offer.listsChanged();

        QCOMPARE(standing->stream->events.size(), std::size_t(2));
        QCOMPARE(standing->stream->events[0].json()["method"], "notifications/resources/list_changed");
        QCOMPARE(standing->stream->events[1].json()["method"], "notifications/tools/list_changed");
    }

    void subscriber_hearsOfItsResources_asLongAsItMay()
    {
        OfferBench bench;
        const auto standing = bench.listen();
        QCOMPARE(codeOf(bench.ask("resources/subscribe", { { "uri", "x://b" } })), rpc::kResourceNotFound);
        QCOMPARE(codeOf(bench.ask("resources/subscribe", { { "uri", "x://a" } })), 0);

        bench.offer.resourceUpdated("x://b");
        bench.offer.resourceUpdated("x://a");
        bench.offer.watchable.clear();
        bench.offer.resourceUpdated("x://a");
        bench.offer.watchable.insert("x://a");
        bench.ask("resources/unsubscribe", { { "uri", "x://a" } });
        bench.offer.resourceUpdated("x://a");

        QCOMPARE(standing->stream->events.size(), std::size_t(1));
        QCOMPARE(standing->stream->events[0].json()["params"]["uri"], "x://a");
    }

    void subscriptions_areBounded()
    {
        OfferBench bench;
        for (std::size_t i = 0; i <= kMcpWatchedMost; ++i)
            bench.offer.watchable.insert("x://" + std::to_string(i));
        int refused = 0;
        for (std::size_t i = 0; i <= kMcpWatchedMost; ++i)
            refused += codeOf(bench.ask("resources/subscribe", { { "uri", "x://" + std::to_string(i) } }))
                ? 1
                : 0;

        QCOMPARE(refused, 1);
    }
};

QTEST_GUILESS_MAIN(McpOfferTest)
#include "tst_mcp_offer.moc"
