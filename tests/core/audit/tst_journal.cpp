// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/audit/journal.h"

#include "gateway_core/base/json.h"
#include "tests/support/fake_clock.h"
#include "tests/support/test_storage.h"

#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>

#include <filesystem>

using namespace gatehouse;
using namespace gatehouse::test;
using namespace std::chrono_literals;

namespace {

struct JournalBench
{
    TestStorage storage;
    FakeClock clock;
    Journal journal{ storage, clock };
};

Event intent(const std::string &call)
{
    Event event;
    event.kind = EventKind::CallIntent;
    event.call = CallId(call);
    event.via = "mcp";
    event.tool = "tasker_create_issue";
    event.decision = "allowed";
    event.peer.uid = 1000;
    return event;
}

Event refusal(std::uint32_t uid)
{
    Event event;
    event.kind = EventKind::CallRefused;
    event.via = "rest";
    event.outcome = "unauthorized";
    event.peer.uid = uid;
    return event;
}

} // namespace

class JournalTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void recordDurably_answersAfterTheRowIsOnDisk()
    {
        JournalBench bench;
        std::optional<Result<>> heard;

        bench.journal.recordDurably(intent("c1"), [&heard](Result<> outcome) { heard = std::move(outcome); });
        QVERIFY(!heard);
        QCOMPARE(bench.journal.waiting(), 1);
        bench.storage.settle();

        QVERIFY(heard && *heard);
        QCOMPARE(bench.journal.waiting(), 0);
        bench.storage.reopen();
        QCOMPARE(bench.storage.kinds(), std::vector<std::string>{ "call_intent" });
    }

    void appended_isHeardBeforeTheAnswer_inChainOrder()
    {
        JournalBench bench;
        std::vector<std::string> order;
        connect(&bench.journal, &Journal::appended, this, [&order](const std::vector<JournalRow> &rows) {
            for (const auto &row : rows)
                order.push_back("row " + std::to_string(row.seq) + ' ' + row.callId);
        });

        for (const char *call : { "c1", "c2" })
            bench.journal.recordDurably(intent(call),
                                        [&order, call](const Result<> &) { order.push_back(call); });
        bench.storage.settle();

        const auto at = [&order](const char *what) { return std::find(order.begin(), order.end(), what); };
        QCOMPARE(order.size(), std::size_t{ 4 });
        QVERIFY(at("row 1 c1") < at("c1"));
        QVERIFY(at("row 2 c2") < at("c2"));
        QVERIFY(at("row 1 c1") < at("row 2 c2"));
    }

    void recordWith_aChangeThatSaysNo_leavesNeitherAndStaysHealthy()
    {
        JournalBench bench;
        Result<> heard;

        bench.journal.recordWith(
            intent("c1"),
            [](Stores &stores) -> Result<> {
                if (auto saved = stores.profile.saveNote("x", "1"); !saved)
                    return saved;
                return failure(ErrorCode::NotFound);
            },
            [&heard](Result<> outcome) { heard = std::move(outcome); });
        bench.storage.settle();

        QVERIFY(!heard);
        QCOMPARE(heard.error().code, ErrorCode::NotFound);
        QVERIFY(bench.journal.isHealthy());
        QVERIFY(bench.storage.journal().empty());
        const auto note = bench.storage.readNow<std::optional<std::string>>(
            [](Stores &stores) { return stores.profile.note("x"); });
        QVERIFY(note && !*note);
    }

    void recordWith_success_leavesBoth()
    {
        JournalBench bench;

        bench.journal.recordWith(intent("c1"),
                                 [](Stores &stores) { return stores.profile.saveNote("x", "1"); }, {});
        bench.storage.settle();

        QCOMPARE(bench.storage.journal().size(), std::size_t{ 1 });
        const auto note = bench.storage.readNow<std::optional<std::string>>(
            [](Stores &stores) { return stores.profile.note("x"); });
        QCOMPARE(note->value_or(""), std::string("1"));
    }

    void recordSoon_beyondTheQueue_isRefused()
    {
        JournalBench bench;
        for (int i = 0; i < kJournalQueueLimit; ++i)
            QVERIFY(bench.journal.recordSoon(intent("c" + std::to_string(i))));

        const auto refused = bench.journal.recordSoon(intent("one too many"));

        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::AuditUnavailable);
        bench.storage.settle();
        QVERIFY(bench.journal.recordSoon(intent("room again")));
        bench.storage.settle();
        QCOMPARE(bench.storage.journal().size(), std::size_t{ kJournalQueueLimit + 1 });
    }

    // Tests of the error paths

    void recordDurably_storageFails_isAuditUnavailableAndUnhealthy()
    {
        JournalBench bench;
        const QSignalSpy health(&bench.journal, &Journal::healthChanged);
        Result<> heard;
        bench.storage.fault = ErrorCode::StorageFull;

        bench.journal.recordDurably(intent("c1"), [&heard](Result<> outcome) { heard = std::move(outcome); });
        bench.storage.settle();

        QVERIFY(!heard);
        QCOMPARE(heard.error().code, ErrorCode::AuditUnavailable);
        QVERIFY(!bench.journal.isHealthy());
        QCOMPARE(health.count(), 1);
    }

    void recordSoon_storageFailingForASecond_isRefusedAndRecoversByItself()
    {
        JournalBench bench;
        bench.storage.fault = ErrorCode::StorageFull;
        QVERIFY(bench.journal.recordSoon(intent("kept")));
        bench.storage.settle();
        for (int i = 0; i < 3; ++i) {
            bench.clock.advance(250ms);
            bench.storage.settle();
        }
        QVERIFY(bench.journal.recordSoon(intent("kept too")));
        bench.storage.settle();
        bench.clock.advance(250ms);
        bench.storage.settle();
        QVERIFY(!bench.journal.recordSoon(intent("too late")));

        bench.storage.fault.reset();
        bench.clock.advance(250ms);
        bench.storage.settle();

        QVERIFY(bench.journal.isHealthy());
        QCOMPARE(bench.journal.waiting(), 0);
        const auto rows = bench.storage.journal();
        QCOMPARE(rows.size(), std::size_t{ 2 });
        QCOMPARE(rows[0].callId, std::string("kept"));
        QCOMPARE(rows[1].callId, std::string("kept too"));
    }

    void health_afterAFailedDurableRow_comesBackWithoutAnyNewRow()
    {
        JournalBench bench;
        // Said once when it begins, and once when it ends.
        QTest::ignoreMessage(
            QtCriticalMsg, QRegularExpression(QStringLiteral("^nothing can be recorded.*storage_read_only")));
        QTest::ignoreMessage(QtWarningMsg, "calls are recorded again");
        bench.storage.fault = ErrorCode::StorageReadOnly;
        bench.journal.recordDurably(intent("c1"), {});
        bench.storage.settle();
        QVERIFY(!bench.journal.isHealthy());

        bench.storage.fault.reset();
        bench.clock.advance(250ms);
        bench.storage.settle();

        QVERIFY(bench.journal.isHealthy());
        QVERIFY(bench.storage.journal().empty());
    }

    // Floods

    void recordRefusal_flood_isOneRowAndOneCountEachTenSeconds()
    {
        JournalBench bench;
        for (int i = 0; i < 1000; ++i)
            bench.journal.recordRefusal(refusal(1000), ErrorCode::Unauthorized);
        bench.storage.settle();
        QCOMPARE(bench.storage.kinds(), std::vector<std::string>{ "call_refused" });

        bench.clock.advance(10s);
        bench.storage.settle();

        const auto rows = bench.storage.journal();
        QCOMPARE(rows.size(), std::size_t{ 2 });
        const auto body = parseJson(rows[1].body);
        QCOMPARE(rows[1].kind, std::string("refusals_counted"));
        QCOMPARE((*body)["more"]["count"].get<int>(), 999);
        QCOMPARE((*body)["peer"]["uid"].get<int>(), 1000);
        QCOMPARE((*body)["outcome"].get<std::string>(), std::string("unauthorized"));
    }

    void recordRefusal_twoUidsAndTwoReasons_areCountedApart()
    {
        JournalBench bench;
        for (int i = 0; i < 3; ++i) {
            bench.journal.recordRefusal(refusal(1000), ErrorCode::Unauthorized);
            bench.journal.recordRefusal(refusal(1001), ErrorCode::Unauthorized);
            bench.journal.recordRefusal(refusal(1000), ErrorCode::OriginDenied);
        }
        bench.clock.advance(10s);
        bench.storage.settle();

        QCOMPARE(bench.storage.journal().size(), std::size_t{ 6 });
    }

    void recordRefusal_ofSeveralClients_keepsEachOnesName_toolAndProject()
    {
        JournalBench bench;
        const auto by = [](const char *client, const char *tool, const char *project) {
            Event event = refusal(1000);
            event.client = ClientId(client);
            event.clientName = client;
            event.agentName = client;
            event.tool = tool;
            event.projectName = project;
            return event;
        };
        for (int i = 0; i < 20; ++i) {
            for (const char *client : { "ada", "ben", "cem" })
                bench.journal.recordRefusal(by(client, "tasker_get_issue", "ENG"), ErrorCode::NotFound);
        }
        for (int i = 0; i < 2; ++i)
            bench.journal.recordRefusal(by("ada", "tasker_create_issue", "ENG"), ErrorCode::NotFound);
        bench.journal.recordRefusal(by("ben", "tasker_get_issue", "SECRET"), ErrorCode::NotFound);
        bench.clock.advance(10s);
        bench.storage.settle();

        std::map<std::string, int> whole;
        std::map<std::string, Json> counted;
        for (const JournalRow &row : bench.storage.journal()) {
            const Json body = Json::parse(row.body);
            const std::string client = body.at("client_name");
            if (row.kind == "call_refused")
                ++whole[client + ' ' + body.at("tool").get<std::string>() + ' '
                        + body.at("project_name").get<std::string>()];
            else
                counted[client] = body;
        }
        QCOMPARE(whole.size(), std::size_t(5));
        QCOMPARE(whole.at("ben tasker_get_issue SECRET"), 1);
        QCOMPARE(counted.size(), std::size_t(3));
        QCOMPARE(counted.at("ada").at("more").at("count"), Json(20));
        QCOMPARE(counted.at("ada").at("more").at("tools"),
                 Json::parse(
                     R"([{"count":1,"tool":"tasker_create_issue"},{"count":19,"tool":"tasker_get_issue"}])"));
        QCOMPARE(counted.at("ben").at("tool"), Json("tasker_get_issue"));
        QCOMPARE(counted.at("cem").at("more").at("count"), Json(19));
        QCOMPARE(counted.at("cem").at("outcome"), Json("not_found"));
    }

    void recordRefusal_oneMore_isNotMany()
    {
        JournalBench bench;
        Event second = refusal(1000);
        second.requestId = "the second";
        bench.journal.recordRefusal(refusal(1000), ErrorCode::Unauthorized);
        bench.journal.recordRefusal(second, ErrorCode::Unauthorized);
        bench.clock.advance(10s);
        bench.storage.settle();

        QCOMPARE(bench.storage.kinds(), (std::vector<std::string>{ "call_refused", "call_refused" }));
        QCOMPARE(Json::parse(bench.storage.journal().back().body).at("request"), Json("the second"));
    }

    void recordRefusal_moreClientsThanPlaces_areCountedTogether_andSaySo()
    {
        JournalBench bench;
        for (std::uint32_t uid = 0; uid < 300; ++uid)
            for (int i = 0; i < 3; ++i)
                bench.journal.recordRefusal(refusal(uid), ErrorCode::Unauthorized);
        bench.clock.advance(10s);
        bench.storage.settle();

        int refusals = 0;
        int together = 0;
        for (const JournalRow &row : bench.storage.journal()) {
            const Json body = Json::parse(row.body);
            refusals += row.kind == "call_refused" ? 1 : body.at("more").at("count").get<int>();
            together += body.value("more", Json::object()).contains("others");
        }
        QCOMPARE(refusals, 900);
        QCOMPARE(together, 1);
    }

    void recordRefusal_afterAQuietWindow_isARowOfItsOwnAgain()
    {
        JournalBench bench;
        bench.journal.recordRefusal(refusal(1000), ErrorCode::Unauthorized);
        bench.clock.advance(10s);
        bench.journal.recordRefusal(refusal(1000), ErrorCode::Unauthorized);
        bench.storage.settle();

        QCOMPARE(bench.storage.kinds(), (std::vector<std::string>{ "call_refused", "call_refused" }));
    }

    void goingAway_writesWhatIsStillCounted()
    {
        TestStorage storage;
        FakeClock clock;
        {
            Journal journal(storage, clock);
            for (int i = 0; i < 3; ++i)
                journal.recordRefusal(refusal(1000), ErrorCode::Unauthorized);
        }
        storage.reopen();

        QCOMPARE(storage.kinds(), (std::vector<std::string>{ "call_refused", "refusals_counted" }));
    }

    void flush_whileNobodyCalls_findsOutThatTheFileIsGone()
    {
        JournalBench bench;
        bench.journal.flush([](int) {});
        bench.storage.settle();
        QVERIFY(bench.journal.isHealthy());
        std::filesystem::rename(bench.storage.file(), bench.storage.file().string() + ".moved");

        bench.journal.flush([](int) {});
        bench.storage.settle();

        QVERIFY(bench.journal.problem());
        QCOMPARE(bench.journal.problem()->code, ErrorCode::StorageMissing);
        std::filesystem::rename(bench.storage.file().string() + ".moved", bench.storage.file());
        bench.clock.advance(kJournalRetry);
        bench.storage.settle();
        QVERIFY(bench.journal.isHealthy());
    }

    void flush_saysHowManyRowsAreLost()
    {
        JournalBench bench;
        bench.storage.fault = ErrorCode::StorageReadOnly;
        for (int i = 0; i < 3; ++i)
            QVERIFY(bench.journal.recordSoon(intent("c" + std::to_string(i))));
        bench.storage.settle();
        QCOMPARE(bench.journal.problem()->code, ErrorCode::StorageReadOnly);
        int lost = -1;
        bench.journal.flush([&lost](int rows) { lost = rows; });
        bench.storage.settle();
        QCOMPARE(lost, 3);

        bench.storage.fault.reset();
        bench.journal.flush([&lost](int rows) { lost = rows; });
        bench.storage.settle();

        QCOMPARE(lost, 0);
        QVERIFY(!bench.journal.problem());
        QCOMPARE(bench.storage.journal().size(), std::size_t{ 3 });
    }
};

QTEST_GUILESS_MAIN(JournalTest)
#include "tst_journal.moc"
