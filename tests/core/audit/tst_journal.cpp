// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/audit/journal.h"

#include "gateway_core/base/json.h"
#include "tests/support/fake_clock.h"
#include "tests/support/test_storage.h"

#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>

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
        QTest::ignoreMessage(QtCriticalMsg, QRegularExpression(QStringLiteral("^nothing can be recorded.*storage_read_only")));
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
            journal.recordRefusal(refusal(1000), ErrorCode::Unauthorized);
            journal.recordRefusal(refusal(1000), ErrorCode::Unauthorized);
        }
        storage.reopen();

        QCOMPARE(storage.kinds(), (std::vector<std::string>{ "call_refused", "refusals_counted" }));
    }
};

QTEST_GUILESS_MAIN(JournalTest)
#include "tst_journal.moc"
