// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gatehouse-mcp/bridge.h"
#include "app/gatehouse-mcp/line_reader.h"
#include "tests/app/fake_gateway.h"
#include "tests/support/fixed_random.h"

#include <QSignalSpy>
#include <QTest>

#include <array>
#include <set>
#include <thread>

#include <unistd.h>

using namespace gatehouse;
using namespace gatehouse::test;

namespace {

const std::string kInitialize
    = R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18"}})";
const std::string kInitialized = R"({"jsonrpc":"2.0","method":"notifications/initialized"})";
const std::string kCall
    = R"({"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"tasker_create_issue"}})";
constexpr auto kKey = "/params/_meta/gatehouse~1idempotencyKey";

/// A client's two pipes, the bridge between, and a gateway of 2025-06-18 behind.
struct Bench
{
    FakeGateway gateway;
    SystemClock clock;
    FixedRandom random;
    SocketClient client{ gateway.path() };
    Bridge bridge;
    std::vector<Json> lines;
    std::vector<std::string> complaints;
    int sessions = 0;
    std::string session;
    FakeGateway::Answer onCall;

    explicit Bench(BridgeTimeouts patience = { .firstWait = Millis(1),
                                               .longestWait = Millis(10),
                                               .whole = Millis(400),
                                               .lastAnswers = Millis(50) })
        : bridge(client, clock, random, patience)
    {
        QObject::connect(&bridge, &Bridge::lineReady, &bridge,
                         [this](const std::string &line) { lines.push_back(Json::parse(line)); });
        QObject::connect(&bridge, &Bridge::complained, &bridge,
                         [this](const std::string &text) { complaints.push_back(text); });
        gateway.answer = [this](const SeenRequest &request) { return answer(request); };
        onCall = [](const SeenRequest &request) {
            return mcpAnswer(request, { { "content", Json::array() } });
        };
    }

    void useToken() { bridge.useToken(std::make_shared<const Secret>("gh_a_sesame")); }
    void open()
    {
        useToken();
        bridge.take(kInitialize);
        bridge.take(kInitialized);
        QTRY_VERIFY(std::any_of(gateway.seen.begin(), gateway.seen.end(),
                                [](const auto &seen) { return seen.method == "GET"; }));
    }

    std::string answer(const SeenRequest &request)
    {
        if (request.header("authorization") != "Bearer gh_a_sesame")
            return httpAnswer(401, "{}");
        const Json body = request.json();
        if (request.method == "POST" && body.value("method", "") == "initialize") {
            session = "s" + std::to_string(++sessions);
            return mcpAnswer(request, { { "protocolVersion", "2025-06-18" } },
                             "Mcp-Session-Id: " + session + "\r\n");
        }
        if (request.header("mcp-session-id") != session)
            return httpAnswer(404, "{}");
        if (request.method == "GET")
            return "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
        if (request.method == "DELETE" || body.value("id", Json()).is_null())
            return httpAnswer(202, "");
        return onCall(request);
    }

    [[nodiscard]] std::vector<SeenRequest> calls() const
    {
        std::vector<SeenRequest> found;
        for (const auto &seen : gateway.seen) {
            if (seen.method == "POST" && seen.json().value("method", "") == "tools/call")
                found.push_back(seen);
        }
        return found;
    }
};

} // namespace

class BridgeTest final : public QObject
{
    Q_OBJECT

private slots:
    void initialize_isAnsweredAndTheSessionIsUsed()
    {
        Bench bench;
        bench.open();

        QCOMPARE(bench.lines.size(), 1u);
        QCOMPARE(bench.lines[0]["result"]["protocolVersion"].get<std::string>(), "2025-06-18");
        const auto &initialized = bench.gateway.seen[1];
        QCOMPARE(initialized.header("mcp-session-id"), "s1");
        QCOMPARE(initialized.header("mcp-protocol-version"), "2025-06-18");
        QCOMPARE(initialized.header("host"), "gatehouse");
    }

    void messages_beforeTheToken_waitForIt()
    {
        Bench bench;
        bench.bridge.take(kInitialize);
        QCOMPARE(bench.gateway.seen.size(), 0u);

        bench.useToken();

        QTRY_COMPARE(bench.lines.size(), 1u);
    }

    void messages_behindInitialize_areSentAfterIt()
    {
        Bench bench;
        bench.useToken();
        bench.bridge.take(kInitialize);
        bench.bridge.take(kInitialized);
        bench.bridge.take(kCall);

        QTRY_COMPARE(bench.lines.size(), 2u);
        QCOMPARE(bench.gateway.seen[0].json()["method"].get<std::string>(), "initialize");
        QCOMPARE(bench.gateway.seen[1].json()["method"].get<std::string>(), "notifications/initialized");
    }

    void call_withoutAKey_getsOne()
    {
        Bench bench;
        bench.open();
        bench.bridge.take(kCall);

        QTRY_COMPARE(bench.lines.size(), 2u);
        const Json sent = bench.calls()[0].json();
        QCOMPARE(sent.at(Json::json_pointer(kKey)).get<std::string>().size(), 36u);
        QCOMPARE(sent["id"], Json(7));
    }

    void call_withAKey_keepsIt()
    {
        Bench bench;
        bench.open();
        Json call = Json::parse(kCall);
        call["params"]["_meta"]["gatehouse/idempotencyKey"] = "mine";
        bench.bridge.take(call.dump());

        QTRY_COMPARE(bench.lines.size(), 2u);
        QCOMPARE(bench.calls()[0].json().at(Json::json_pointer(kKey)).get<std::string>(), "mine");
    }

    void call_cutOffByARestart_isRepeatedUnderItsKeyInANewSession()
    {
        Bench bench;
        bench.open();
        bool restarted = false;
        bench.onCall = [&](const SeenRequest &request) {
            if (std::exchange(restarted, true))
                return mcpAnswer(request, { { "done", true } });
            bench.session = "gone";
            return std::string(); // the connection dies after the gateway took the call
        };
        bench.bridge.take(kCall);

        QTRY_COMPARE(bench.lines.size(), 2u);
        QCOMPARE(bench.lines[1]["result"]["done"], Json(true));
        QCOMPARE(bench.lines[1]["id"], Json(7));
        const auto calls = bench.calls();
        QCOMPARE(calls.size(), 3u); // the one cut off, the one with the unknown session, the one that counted
        for (const auto &call : calls)
            QCOMPARE(call.body, calls[0].body);
        QCOMPARE(calls.back().header("mcp-session-id"), "s2");
        QCOMPARE(bench.sessions, 2);
    }

    void call_whileTheGatewayIsDown_goesThroughWhenItIsBack()
    {
        Bench bench({ .firstWait = Millis(1),
                      .longestWait = Millis(10),
                      .whole = Millis(10'000),
                      .lastAnswers = Millis(50) });
        bench.open();
        bench.gateway.stop();
        bench.bridge.take(kCall);
        QTRY_VERIFY(!bench.complaints.empty());
        QCOMPARE(bench.lines.size(), 1u);

        bench.gateway.start();

        QTRY_COMPARE(bench.lines.size(), 2u);
        QVERIFY(bench.lines[1].contains("result"));
    }

    void call_withTheGatewayAwayForGood_isAnsweredWithAnError()
    {
        Bench bench;
        bench.open();
        bench.gateway.stop();
        bench.bridge.take(kCall);

        QTRY_COMPARE(bench.lines.size(), 2u);
        QCOMPARE(bench.lines[1]["id"], Json(7));
        QCOMPARE(bench.lines[1]["error"]["code"], Json(kGatewayError));
    }

    void call_repeatedWhileTheFirstTryRuns_waitsForItsAnswer()
    {
        Bench bench;
        bench.open();
        int tries = 0;
        bench.onCall = [&](const SeenRequest &request) {
            ++tries;
            if (tries == 1)
                return std::string();
            if (tries == 2)
                return mcpAnswer(request,
                                 { { "isError", true },
                                   { "structuredContent", { { "error", "idempotency_in_progress" } } } });
            return mcpAnswer(request, { { "tries", tries } });
        };
        bench.bridge.take(kCall);

        QTRY_COMPARE(bench.lines.size(), 2u);
        QCOMPARE(bench.lines[1]["result"]["tries"], Json(3));
    }

    void eventStream_isForwardedLineByLine()
    {
        Bench bench;
        bench.open();
        bench.onCall = [](const SeenRequest &request) {
            const std::string progress
                = R"({"jsonrpc":"2.0","method":"notifications/progress","params":{"progress":1}})";
            const Json answer{ { "jsonrpc", "2.0" },
                               { "id", request.json()["id"] },
                               { "result", Json::object() } };
            return httpAnswer(
                200, ": hello\n\ndata: " + progress + "\n\nevent: message\ndata: " + answer.dump() + "\n\n",
                "Content-Type: text/event-stream\r\n");
        };
        bench.bridge.take(kCall);

        QTRY_COMPARE(bench.lines.size(), 3u);
        QCOMPARE(bench.lines[1]["method"].get<std::string>(), "notifications/progress");
        QCOMPARE(bench.lines[2]["id"], Json(7));
    }

    void notificationOnTheGetStream_reachesTheClient()
    {
        Bench bench;
        bench.open();
        QTRY_COMPARE(bench.lines.size(), 1u);

        bench.gateway.pushEvent(R"({"jsonrpc":"2.0","method":"notifications/tools/list_changed"})");

        QTRY_COMPARE(bench.lines.size(), 2u);
        QCOMPARE(bench.lines[1]["method"].get<std::string>(), "notifications/tools/list_changed");
    }

    void requestWithoutASession_carriesItsHeaders_andNoSession()
    {
        Bench bench;
        bench.open(); // a client of both eras
        bench.gateway.answer = [](const SeenRequest &request) {
            return mcpAnswer(request, { { "resultType", "complete" } });
        };
        Json call = Json::parse(kCall);
        call["params"]["name"] = "ж";
        call["params"]["_meta"]["io.modelcontextprotocol/protocolVersion"] = "2026-07-28";

        bench.bridge.take(call.dump());

        QTRY_COMPARE(bench.lines.size(), 2u);
        const SeenRequest sent = bench.calls()[0];
        QCOMPARE(sent.header("mcp-protocol-version"), "2026-07-28");
        QCOMPARE(sent.header("mcp-method"), "tools/call");
        QCOMPARE(sent.header("mcp-name"), "=?base64?0LY=?=");
        QCOMPARE(sent.header("mcp-session-id"), "");
        QVERIFY(sent.json().contains(Json::json_pointer(kKey)));
    }

    void requestWithoutASession_cancelled_closesItsConnection_andSaysNoMore()
    {
        Bench bench;
        bench.useToken();
        int closed = 0;
        bench.gateway.answer = [](const SeenRequest &) {
            return std::string(
                "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
        };
        Json call = Json::parse(kCall);
        call["params"]["_meta"]["io.modelcontextprotocol/protocolVersion"] = "2026-07-28";
        bench.bridge.take(call.dump());
        QTRY_COMPARE(bench.calls().size(), 1u);
        connect(&bench.gateway, &FakeGateway::connectionClosed, this, [&closed] { ++closed; });

        bench.bridge.take(R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7}})");

        QTRY_COMPARE(closed, 1);
        QCOMPARE(bench.gateway.seen.size(), 1u); // no notification was posted
        QVERIFY(bench.lines.empty());
    }

    void calls_atOnce_areAnsweredEachWithItsId()
    {
        Bench bench;
        bench.open();
        for (int id = 100; id < 116; ++id)
            bench.bridge.take(Json{ { "jsonrpc", "2.0" }, { "id", id }, { "method", "tools/list" } }.dump());

        QTRY_COMPARE(bench.lines.size(), 17u);
        std::set<int> ids;
        for (const Json &line : bench.lines)
            ids.insert(line["id"].get<int>());
        QCOMPARE(ids.size(), 17u);
    }

    void end_ofInput_endsTheSession()
    {
        Bench bench;
        bench.open();
        QSignalSpy ended(&bench.bridge, &Bridge::ended);

        bench.bridge.finish();

        QVERIFY(ended.wait());
        QCOMPARE(bench.gateway.seen.back().method, "DELETE");
        QCOMPARE(bench.gateway.seen.back().header("mcp-session-id"), "s1");
    }

    // Tests of the error paths.

    void wrongToken_isSaidInWords()
    {
        Bench bench;
        bench.bridge.useToken(std::make_shared<const Secret>("gh_a_other"));
        bench.bridge.take(kInitialize);

        QTRY_COMPARE(bench.lines.size(), 1u);
        QVERIFY(bench.lines[0]["error"]["message"].get<std::string>().find("gatehouse-mcp pair")
                != std::string::npos);
        for (const auto &complaint : bench.complaints)
            QVERIFY(complaint.find("gh_a_") == std::string::npos);
    }

    void noToken_isSaidInWords()
    {
        Bench bench;
        bench.bridge.take(kInitialize);
        bench.bridge.refuseAll("not paired");

        QTRY_COMPARE(bench.lines.size(), 1u);
        QCOMPARE(bench.lines[0]["error"]["message"].get<std::string>(), "not paired");
        QCOMPARE(bench.gateway.seen.size(), 0u);
    }

    void line_thatIsNoMessage_isAnsweredAndTheNextOneWorks_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<int>("code");
        QTest::newRow("no JSON") << QByteArray("hello") << kParseError;
        QTest::newRow("an array") << QByteArray("[]") << kInvalidMessage;
        QTest::newRow("no version") << QByteArray(R"({"id":1,"method":"ping"})") << kInvalidMessage;
        QTest::newRow("a null id") << QByteArray(R"({"jsonrpc":"2.0","id":null,"method":"ping"})")
                                   << kInvalidMessage;
        QTest::newRow("a duplicate key")
            << QByteArray(R"({"jsonrpc":"2.0","id":1,"id":2,"method":"ping"})") << kInvalidMessage;
    }
    void line_thatIsNoMessage_isAnsweredAndTheNextOneWorks()
    {
        QFETCH(QByteArray, line);
        QFETCH(int, code);
        Bench bench;
        bench.useToken();
        bench.bridge.take(line.toStdString());
        bench.bridge.take(kInitialize);

        QTRY_COMPARE(bench.lines.size(), 2u);
        QCOMPARE(bench.lines[0]["error"]["code"], Json(code));
        QVERIFY(bench.lines[1].contains("result"));
    }

    void line_thatCannotBeReadWhole_isAnsweredUnderItsId_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<int>("code");
        QTest::newRow("half an emoji") << QByteArray(
            R"({"method":"tools/call","params":{"name":"\ud83d","id":3},"jsonrpc":"2.0","id":"r1"})")
                                       << kParseError;
        QTest::newRow("half an emoji before it")
            << QByteArray(R"({"jsonrpc":"2.0","id":"r1","method":"x\ud83d","params":{}})") << kParseError;
        QTest::newRow("a duplicate key")
            << QByteArray(R"({"jsonrpc":"2.0","id":"r1","method":"ping","params":{"a":1,"a":2}})")
            << kInvalidMessage;
        QTest::newRow("cut off") << QByteArray(R"({"jsonrpc":"2.0","id":"r1","method":"ping","params":{"a")")
                                 << kParseError;
        QTest::newRow("too long") << R"({"method":"ping","params":{"id":"no","a":[)"
                + QByteArray(kMessageMost, '1') + R"(]},"jsonrpc":"2.0","id":"r1"})"
                                  << kInvalidMessage;
    }
    void line_thatCannotBeReadWhole_isAnsweredUnderItsId()
    {
        QFETCH(QByteArray, line);
        QFETCH(int, code);
        Bench bench;
        bench.useToken();
        bench.bridge.take(line.toStdString());

        QCOMPARE(bench.lines.size(), 1u);
        QCOMPARE(bench.lines[0]["id"], Json("r1"));
        QCOMPARE(bench.lines[0]["error"]["code"], Json(code));
        QVERIFY(bench.gateway.seen.empty());
    }

    void lines_fromAPipe_tooLongOnes_areAnsweredWithTheLimit()
    {
        std::array<int, 2> ends{};
        QCOMPARE(::pipe(ends.data()), 0);
        Bench bench;
        bench.useToken();
        LineReader in(ends[0]);
        connect(&in, &LineReader::lineRead, &bench.bridge, &Bridge::take);
        connect(&in, &LineReader::tooLong, &bench.bridge, &Bridge::refuseTooLong);
        const std::string five(5 << 20, '1');
        std::thread writer([&five, to = ends[1]] {
            const std::string text = R"({"method":"tools/call","params":{"id":1,"a":[)" + five
                + R"(]},"jsonrpc":"2.0","id":9})" + "\r\n\r\n \n\n" + kInitialize + "\r\n";
            for (std::size_t done = 0; done < text.size();)
                done += static_cast<std::size_t>(::write(to, text.data() + done, text.size() - done));
            ::close(to);
        });

        QTRY_COMPARE(bench.lines.size(), 2u);
        writer.join();
        ::close(ends[0]);
        QCOMPARE(bench.lines[0]["id"], Json(9));
        QCOMPARE(bench.lines[0]["error"]["data"]["limit"], Json(kMessageMost));
        QCOMPARE(bench.lines[1]["id"], Json(0));
    }

    void blankLines_areSilent_aByteOrderMarkIsSkipped()
    {
        Bench bench;
        bench.useToken();
        for (const char *blank : { "", "\r", "  \t", "\xef\xbb\xbf" })
            bench.bridge.take(blank);
        bench.bridge.take("\xef\xbb\xbf" + kInitialize + "\r");

        QTRY_COMPARE(bench.lines.size(), 1u);
        QVERIFY(bench.lines[0].contains("result"));
        QCOMPARE(bench.gateway.seen.size(), 1u);
    }

    void null_forWhatMayBeLeftOut_isAsIfItWereAbsent()
    {
        Bench bench;
        bench.open();
        bench.bridge.take(
            R"({"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"t","_meta":{"gatehouse/idempotencyKey":null}}})");
        bench.bridge.take(
            R"({"jsonrpc":"2.0","id":null,"method":"notifications/initialized","params":null})");
        bench.bridge.take(R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":null})");
        bench.bridge.take(R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":[1]})");

        QTRY_COMPARE(bench.lines.size(), 2u);
        QCOMPARE(bench.calls()[0].json().at(Json::json_pointer(kKey)).get<std::string>().size(), 36u);
    }

    void outputs_areMessages_andNothingElseEver()
    {
        Bench bench; // whose lineReady is parsed: an empty line would end this test
        bench.open();
        for (const char *data : { "", " ", "7", "[]", "{}", "half" })
            bench.gateway.pushEvent(data);
        bench.gateway.pushEvent(R"({"jsonrpc":"2.0","method":"notifications/tools/list_changed"})");
        bench.onCall = [](const SeenRequest &request) {
            return httpAnswer(
                200,
                "id: 1-0\ndata:\n\ndata: []\n\ndata: "
                    + Json{ { "jsonrpc", "2.0" }, { "id", request.json()["id"] }, { "result", 1 } }.dump()
                    + "\n\n",
                "Content-Type: text/event-stream\r\n");
        };
        bench.bridge.take(kCall);

        QTRY_COMPARE(bench.lines.size(), 3u);
        for (const Json &line : bench.lines)
            QCOMPARE(line.value("jsonrpc", std::string()), std::string("2.0"));
    }

    void refusal_overHttp_becomesAnErrorWithTheGatewaysWords()
    {
        Bench bench;
        bench.open();
        bench.onCall = [](const SeenRequest &) {
            return httpAnswer(413, R"({"error":"payload_too_large","message":"Too large.","details":{}})",
                              "Content-Type: application/json\r\n");
        };
        bench.bridge.take(kCall);

        QTRY_COMPARE(bench.lines.size(), 2u);
        QCOMPARE(bench.lines[1]["error"]["message"].get<std::string>(), "Too large.");
        QCOMPARE(bench.lines[1]["error"]["data"]["error"].get<std::string>(), "payload_too_large");
    }

    void cancelledCall_whileTheGatewayIsDown_isNeverSent()
    {
        Bench bench({ .firstWait = Millis(1),
                      .longestWait = Millis(10),
                      .whole = Millis(10'000),
                      .lastAnswers = Millis(50) });
        bench.open();
        bench.gateway.stop();
        bench.bridge.take(kCall);
        QTRY_VERIFY(!bench.complaints.empty());
        bench.bridge.take(R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7}})");
        bench.gateway.start();
        bench.bridge.take(R"({"jsonrpc":"2.0","id":8,"method":"ping"})");

        QTRY_COMPARE(bench.lines.size(), 2u);
        QCOMPARE(bench.lines[1]["id"], Json(8));
        QCOMPARE(bench.calls().size(), 0u);
    }
};

QTEST_GUILESS_MAIN(BridgeTest)
#include "tst_bridge.moc"
