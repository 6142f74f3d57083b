// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/audit/event.h"
#include "gateway_core/audit/reduce.h"

#include "gateway_core/base/json.h"

#include <QTest>

#include <set>

using namespace gatehouse;

namespace {

const Secret kKey{ std::string_view("the journal key of this test....") };

} // namespace

class EventTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void kinds_haveNamesOfTheirOwn()
    {
        std::set<std::string_view> names;
        for (int kind = 0; kind <= static_cast<int>(EventKind::EverythingStopped); ++kind) {
            const auto name = nameOf(static_cast<EventKind>(kind));
            QVERIFY(name != "unknown");
            QVERIFY2(names.insert(name).second, std::string(name).c_str());
        }
    }

    void callKinds_areThoseThatTheListsJoin()
    {
        // storage/call_store.cpp knows these three; it may not include this room.
        QCOMPARE(nameOf(EventKind::CallIntent), std::string_view("call_intent"));
        QCOMPARE(nameOf(EventKind::CallOutcome), std::string_view("call_outcome"));
        QCOMPARE(nameOf(EventKind::CallRefused), std::string_view("call_refused"));
    }

    void toRow_leavesEmptyFieldsOut()
    {
        Event event;
        event.kind = EventKind::ModeChanged;
        event.via = "window";

        const auto row = toRow(event, 77);

        QCOMPARE(row.body, std::string(R"({"at":77,"kind":"mode_changed","via":"window"})"));
        QCOMPARE(row.kind, std::string("mode_changed"));
        QCOMPARE(row.at, 77);
        QVERIFY(row.callId.empty());
    }

    void toRow_keepsEveryField()
    {
        Event event;
        event.kind = EventKind::CallOutcome;
        event.call = CallId("call-1");
        event.requestId = "r";
        event.agent = AgentId("a");
        event.agentName = "Ada";
        event.client = ClientId("c");
        event.clientName = "Codex";
        event.via = "mcp";
        event.tool = "t";
        event.project = ProjectId("p");
        event.projectName = "P";
        event.issue = "ENG-1";
        event.title = "a \"title\"\nтекст";
        event.decision = "allowed";
        event.grants = "issues:create=allow@3";
        event.outcome = "ok";
        event.transport = "200";
        event.protocol = "result";
        event.upstream = "201";
        event.durationMs = 0;
        event.arguments = { { "title", { { "size", 3 } } } };
        event.more = { { "codex", "x" } };

        const auto body = parseJson(toRow(event, 1).body);

        QVERIFY(body);
        const Json expected{ { "at", 1 },
                             { "kind", "call_outcome" },
                             { "call", "call-1" },
                             { "request", "r" },
                             { "agent", "a" },
                             { "agent_name", "Ada" },
                             { "client", "c" },
                             { "client_name", "Codex" },
                             { "via", "mcp" },
                             { "tool", "t" },
                             { "project", "p" },
                             { "project_name", "P" },
                             { "issue", "ENG-1" },
                             { "title", event.title },
                             { "decision", "allowed" },
                             { "grants", "issues:create=allow@3" },
                             { "outcome", "ok" },
                             { "transport", "200" },
                             { "protocol", "result" },
                             { "upstream", "201" },
                             { "duration_ms", 0 },
                             { "peer", { { "uid", 0 } } },
                             { "arguments", { { "title", { { "size", 3 } } } } },
                             { "more", { { "codex", "x" } } } };
        QCOMPARE(canonicalJson(*body), canonicalJson(expected));
    }

    void toRow_peer_isReducedToWhoAndWhere()
    {
        Event event;
        event.via = "rest";
        event.peer = {
            1000, true, { 42, "/usr/bin/codex", "/home/a" }, { { 41, "/bin/bash", "/" }, { 1, "", "" } }
        };

        const auto body = parseJson(toRow(event, 1).body);

        QCOMPARE(canonicalJson((*body)["peer"]),
                 std::string(R"({"executable":"/usr/bin/codex","folder":"/home/a","parents":["/bin/bash"],)"
                             R"("pid":42,"socket":"unix","uid":1000})"));
    }

    void toRow_textThatIsNoUtf8_isStillARow()
    {
        Event event;
        event.via = "rest";
        event.peer.process.executable = "/tmp/\xff\xfe";

        QVERIFY(parseJson(toRow(event, 1).body));
    }

    // reduce.h

    void reduced_holdsNoValue_howeverShort()
    {
        const Json arguments{ { "title", "the secret plan" },
                              { "priority", "low" },
                              { "done", true },
                              { "labels", { "red", "blue" } },
                              { "nothing", nullptr } };

        const std::string text = canonicalJson(reduceArguments(arguments, kKey));

        for (const char *value : { "secret", "plan", "low\"", "true", "red", "blue" })
            QVERIFY2(text.find(value) == std::string::npos, value);
        const auto reduced = reduceArguments(arguments, kKey);
        QCOMPARE(reduced.size(), std::size_t{ 5 });
        QCOMPARE(reduced["title"]["size"].get<int>(), 17);
        QCOMPARE(reduced["title"]["hmac"].get<std::string>().size(), std::size_t{ 16 });
    }

    void reduced_sameValue_isRecognisedUnderItsNameAndKeyOnly()
    {
        const auto one = reduceArguments({ { "a", "x" }, { "b", "x" } }, kKey);
        const auto again = reduceArguments({ { "a", "x" } }, kKey);
        const auto other = reduceArguments({ { "a", "x" } }, Secret(std::string_view("another journal key")));

        QVERIFY(one["a"] == again["a"]);
        QVERIFY(one["a"]["hmac"] != one["b"]["hmac"]);
        QVERIFY(one["a"]["hmac"] != other["a"]["hmac"]);
    }

    void reduced_isBounded()
    {
        Json arguments = Json::object();
        for (int i = 0; i < 1000; ++i)
            arguments[std::to_string(i) + std::string(500, 'n')] = i;

        const auto reduced = reduceArguments(arguments, kKey);

        QCOMPARE(reduced.size(), std::size_t{ 33 });
        QCOMPARE(reduced["…"].get<int>(), 968);
        QVERIFY(canonicalJson(reduced).size() < 5000);
        QVERIFY(reduceArguments("no object", kKey).empty());
    }

    void reduced_longNameOfWideLetters_staysUtf8()
    {
        Json arguments;
        arguments["a" + std::string(40, 'x') + "дддддддддддддддддддддддд"] = 1;

        QVERIFY(parseJson(reduceArguments(arguments, kKey).dump()));
    }

    void argumentDigest_dependsOnEveryArgument_notOnTheirOrder()
    {
        const auto one = argumentDigest(*parseJson(R"({"a":1,"b":2})"), kKey);

        QCOMPARE(argumentDigest(*parseJson(R"({"b":2,"a":1})"), kKey), one);
        QVERIFY(argumentDigest(*parseJson(R"({"a":1,"b":3})"), kKey) != one);
        QCOMPARE(one.size(), std::size_t{ 64 });
    }
};

QTEST_APPLESS_MAIN(EventTest)
#include "tst_event.moc"
