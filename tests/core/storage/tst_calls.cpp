// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/storage/filter_cursor.h"

#include "gateway_core/base/json.h"
#include "tests/support/test_storage.h"

#include <QTest>

using namespace gatehouse;
using namespace gatehouse::test;

namespace {

constexpr std::int64_t kNoon = 1'790'000'000'000;

/// A journal row whose body has these fields.
JournalRow rowOf(const std::string &kind, const std::string &call, std::int64_t at, Json fields)
{
    JournalRow row;
    row.kind = kind;
    row.callId = call;
    row.at = at;
    fields["at"] = at;
    fields["kind"] = kind;
    if (!call.empty())
        fields["call"] = call;
    row.body = canonicalJson(fields);
    return row;
}

struct CallsBench
{
    TestStorage storage;

    void append(const std::vector<JournalRow> &rows)
    {
        const auto done = storage.writeNow([&rows](Stores &stores) -> Result<> {
            for (const auto &row : rows)
                if (auto added = stores.journal.append(row); !added)
                    return tl::unexpected(added.error());
            return {};
        });
        QVERIFY(done);
    }
    std::vector<CallRow> page(const CallFilter &filter = {}) { return read(filter).rows; }
    CallPage read(const CallFilter &filter)
    {
        auto page
            = storage.readNow<CallPage>([&filter](Stores &stores) { return stores.calls.page(filter); });
        if (!page)
            qWarning("%s", page.error().detail.c_str());
        return page.value_or(CallPage());
    }
    std::vector<std::int64_t> seqs(const CallFilter &filter = {})
    {
        std::vector<std::int64_t> seqs;
        for (const auto &row : page(filter))
            seqs.push_back(row.seq);
        return seqs;
    }
    std::int64_t behind()
    {
        return storage.readNow<std::int64_t>([](Stores &stores) { return stores.calls.behind(); })
            .value_or(-1);
    }
    void catchUp()
    {
        while (behind() > 0)
            (void)storage.readNow<int>([](Stores &stores) { return stores.calls.catchUp(1000); });
    }
    /// Calls of two tools by turns, each by an agent of its own: tool "odd" and agent "a0" meet in `meeting`
    /// alone.
    void fillAlternating(int calls, int meeting)
    {
        std::vector<JournalRow> rows;
        for (int i = 1; i <= calls; ++i)
            rows.push_back(rowOf("call_intent", "c" + std::to_string(i), kNoon + i - 1,
                                 { { "tool", i % 2 || i == meeting ? "odd" : "even" },
                                   { "agent", i % 2 == 0 || i == meeting ? "a0" : "a1" } }));
        append(rows);
        catchUp();
    }
    /// Two calls of two agents, a refusal and a mode change.
    void fill()
    {
        const Json ada{ { "agent", "a1" },
                        { "agent_name", "Ada" },
                        { "client", "c1" },
                        { "client_name", "Codex" },
                        { "via", "mcp" },
                        { "tool", "tasker_create_issue" },
                        { "project", "p1" },
                        { "project_name", "Engine" },
                        { "title", "Straße frei räumen" },
                        { "decision", "allowed" } };
        const Json bob{ { "agent", "a2" },        { "agent_name", "Bob" },          { "client", "c2" },
                        { "via", "rest" },        { "tool", "tasker_list_issues" }, { "project", "p2" },
                        { "decision", "allowed" } };
        append({ rowOf("call_intent", "call-1", kNoon, ada),
                 rowOf("call_intent", "call-2", kNoon + 1000, bob),
                 rowOf("call_outcome", "call-1", kNoon + 2000,
                       { { "outcome", "ok" },
                         { "issue", "ENG-42" },
                         { "upstream", "201" },
                         { "duration_ms", 2000 } }),
                 rowOf("call_refused", "call-3", kNoon + 3000,
                       { { "agent", "a1" },
                         { "tool", "tasker_move_issue" },
                         { "decision", "denied" },
                         { "outcome", "scope_denied" } }),
                 rowOf("mode_changed", "", kNoon + 4000, { { "via", "window" } }),
                 rowOf("call_outcome", "call-2", kNoon + 5000, { { "outcome", "upstream_timeout" } }) });
    }
};

CallFilter filterBy(std::string CallFilter::*field, const std::string &value)
{
    CallFilter filter;
    filter.*field = value;
    return filter;
}

} // namespace

class CallsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void counts_areOfCallsInThatTime()
    {
        CallsBench bench;
        bench.fill();
        bench.append({ rowOf("call_refused", "", kNoon + 6000, { { "decision", "denied" } }),
                       rowOf("call_intent", "call-4", kNoon + 7000, { { "decision", "asked" } }) });
        const auto counts = [&](std::int64_t from, std::int64_t to) {
            return bench.storage
                .readNow<CallCounts>([=](Stores &stores) { return stores.calls.counts(from, to); })
                .value_or(CallCounts{});
        };

        const auto all = counts(kNoon, kNoon + 60'000);
        QCOMPARE(all.calls, 4); // one was asked, one refused; no refusal at the door, no mode change
        QCOMPARE(all.refused, 1);
        QCOMPARE(all.asked, 1);
        QCOMPARE(all.upTo, 8);
        const auto late = counts(kNoon + 3000, kNoon + 7000); // the end is not in it
        QCOMPARE(late.calls, 1);
        QCOMPARE(late.refused, 1);
        QCOMPARE(counts(kNoon + 60'000, kNoon + 70'000).calls, 0);
    }

    void intentAndOutcome_areOneLineUnderTheFirstSeq()
    {
        CallsBench bench;
        bench.fill();

        QCOMPARE(bench.seqs(), (std::vector<std::int64_t>{ 5, 4, 2, 1 }));
        const auto line = bench.page().back();
        QCOMPARE(line.kind, std::string("call"));
        QCOMPARE(line.callId, std::string("call-1"));
        QCOMPARE(line.at, kNoon);
        QCOMPARE(line.agentName, std::string("Ada"));
        QCOMPARE(line.clientName, std::string("Codex"));
        QCOMPARE(line.projectName, std::string("Engine"));
        QCOMPARE(line.issue, std::string("ENG-42"));
        QCOMPARE(line.outcome, std::string("ok"));
        QCOMPARE(line.upstream, std::string("201"));
        QCOMPARE(line.durationMs, 2000);
        QCOMPARE(line.decision, std::string("allowed"));
    }

    void outcomeOfALaterBatch_completesTheLineAndItsWords()
    {
        CallsBench bench;
        bench.append({ rowOf("call_intent", "call-1", kNoon,
                             { { "tool", "tasker_create_issue" }, { "title", "Door" } }) });
        QCOMPARE(bench.seqs(filterBy(&CallFilter::text, "door")), std::vector<std::int64_t>{ 1 });

        bench.append({ rowOf("call_outcome", "call-1", kNoon + 1,
                             { { "outcome", "ok" }, { "issue", "ENG-7" }, { "title", "Gate" } }) });

        QCOMPARE(bench.seqs(filterBy(&CallFilter::outcome, "ok")), std::vector<std::int64_t>{ 1 });
        QCOMPARE(bench.seqs(filterBy(&CallFilter::text, "eng-7 gate")), std::vector<std::int64_t>{ 1 });
        QVERIFY(bench.seqs(filterBy(&CallFilter::text, "door")).empty());
    }

    void intentAlone_isALineThatStillRuns()
    {
        CallsBench bench;
        bench.append({ rowOf("call_intent", "call-1", kNoon, { { "tool", "t" } }) });

        const auto lines = bench.page();
        QCOMPARE(lines.size(), std::size_t{ 1 });
        QCOMPARE(lines[0].outcome, std::string());
        QCOMPARE(lines[0].durationMs, -1);
    }

    void filter_eachField_data()
    {
        QTest::addColumn<int>("field");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QList<qint64>>("seqs");
        QTest::newRow("agent") << 0 << "a1" << QList<qint64>{ 4, 1 };
        QTest::newRow("client") << 1 << "c2" << QList<qint64>{ 2 };
        QTest::newRow("tool") << 2 << "tasker_move_issue" << QList<qint64>{ 4 };
        QTest::newRow("project") << 3 << "p1" << QList<qint64>{ 1 };
        QTest::newRow("decision") << 4 << "denied" << QList<qint64>{ 4 };
        QTest::newRow("outcome") << 5 << "upstream_timeout" << QList<qint64>{ 2 };
        QTest::newRow("kind") << 6 << "call" << QList<qint64>{ 4, 2, 1 };
        QTest::newRow("other kind") << 6 << "mode_changed" << QList<qint64>{ 5 };
        QTest::newRow("text, one word") << 7 << "engine" << QList<qint64>{ 1 };
        QTest::newRow("text, beginning") << 7 << "räum" << QList<qint64>{ 1 };
        QTest::newRow("text, identifier") << 7 << "ENG-42" << QList<qint64>{ 1 };
        QTest::newRow("text, two words") << 7 << "ada create" << QList<qint64>{ 1 };
        QTest::newRow("text, words of two lines") << 7 << "ada list" << QList<qint64>{};
        QTest::newRow("text, of another event") << 7 << "mode" << QList<qint64>{ 5 };
        QTest::newRow("text, signs only") << 7 << "\"*()" << QList<qint64>{};
        QTest::newRow("text, FTS syntax") << 7 << "ada OR bob" << QList<qint64>{};
        QTest::newRow("nothing") << 0 << "a9" << QList<qint64>{};
    }
    void filter_eachField()
    {
        QFETCH(int, field);
        QFETCH(QString, value);
        QFETCH(QList<qint64>, seqs);
        constexpr std::string CallFilter::*kFields[]
            = { &CallFilter::agentId,  &CallFilter::clientId, &CallFilter::tool, &CallFilter::projectId,
                &CallFilter::decision, &CallFilter::outcome,  &CallFilter::kind, &CallFilter::text };
        CallsBench bench;
        bench.fill();

        const auto found = bench.seqs(filterBy(kFields[field], value.toStdString()));

        QCOMPARE(QList<qint64>(found.begin(), found.end()), seqs);
    }

    void filter_byTime_isHalfOpen_alsoWithAnotherField()
    {
        CallsBench bench;
        bench.fill();
        CallFilter filter;
        filter.from = kNoon + 1000;
        filter.to = kNoon + 4000;

        QCOMPARE(bench.seqs(filter), (std::vector<std::int64_t>{ 4, 2 }));
        filter.agentId = "a1";
        QCOMPARE(bench.seqs(filter), (std::vector<std::int64_t>{ 4 }));
        filter.text = "move";
        QCOMPARE(bench.seqs(filter), (std::vector<std::int64_t>{ 4 }));
        filter.from = kNoon + 90'000;
        filter.to.reset();
        QVERIFY(bench.seqs(filter).empty());
    }

    void filter_byTime_findsRowsOfAClockThatWentBack()
    {
        CallsBench bench;
        std::vector<JournalRow> rows;
        for (int i = 0; i < 3000; ++i)
            rows.push_back(rowOf("tick", "", i < 2500 ? kNoon + i : 1000 + i, Json::object()));
        bench.append(rows);
        bench.catchUp();
        CallFilter filter;
        filter.to = 10'000;
        filter.limit = 500;

        const auto found = bench.seqs(filter);

        QCOMPARE(found.size(), std::size_t{ 500 });
        QCOMPARE(found.front(), 3000);
        QCOMPARE(found.back(), 2501);
    }

    void pages_joinWithoutGapOrRepeat()
    {
        CallsBench bench;
        std::vector<JournalRow> rows;
        for (int i = 0; i < 250; ++i)
            rows.push_back(rowOf("call_intent", "c" + std::to_string(i), kNoon + i,
                                 { { "tool", i % 2 ? "odd" : "even" }, { "title", "word" } }));
        bench.append(rows);
        for (const bool byText : { false, true }) {
            CallFilter filter;
            filter.tool = "odd";
            filter.text = byText ? "word" : "";
            filter.limit = 40;
            std::vector<std::int64_t> walked;
            for (std::optional<std::int64_t> before = 0; before;) {
                filter.before = *before;
                const auto page = bench.read(filter);
                for (const auto &row : page.rows)
                    walked.push_back(row.seq);
                before = page.nextBefore;
            }
            QCOMPARE(walked.size(), std::size_t{ 125 });
            for (std::size_t i = 0; i < walked.size(); ++i)
                QCOMPARE(walked[i], 250 - 2 * static_cast<std::int64_t>(i));
        }
    }

    void rareMix_isFoundFarBackOverSeveralReads_eachBounded()
    {
        CallsBench bench;
        bench.fillAlternating(36'000, 3);
        CallFilter filter;
        filter.tool = "odd";
        filter.agentId = "a0"; // of the even calls, and of one odd call far back

        int reads = 0;
        std::vector<std::int64_t> found;
        int percent = -1;
        std::int64_t backTo = kNoon + 1'000'000;
        for (std::optional<std::int64_t> before = 0; before; ++reads) {
            QVERIFY2(reads < 20, "no end");
            filter.before = *before;
            const auto page = bench.read(filter);
            for (const auto &row : page.rows)
                found.push_back(row.seq);
            QVERIFY(page.searchedPercent > percent || reads == 0);
            percent = page.searchedPercent;
            QVERIFY(page.searchedBackTo && *page.searchedBackTo < backTo);
            backTo = *page.searchedBackTo;
            before = page.nextBefore;
        }

        QVERIFY(reads > 1);
        QCOMPARE(found, std::vector<std::int64_t>{ 3 });
        QCOMPARE(percent, 100);
        QCOMPARE(backTo, kNoon);

        filter.before = 0;
        const auto once = bench.read(filter);
        bench.storage.reopen();
        QVERIFY(once.nextBefore);
        QCOMPARE(*bench.read(filter).nextBefore, *once.nextBefore); // counted, so the same line again
    }

    void rareMix_newRowsMeanwhile_areNeitherRepeatedNorMissed()
    {
        CallsBench bench;
        bench.fillAlternating(36'000, 3);
        CallFilter filter;
        filter.tool = "odd";
        filter.agentId = "a0";
        const auto first = bench.read(filter);
        const Json both{ { "tool", "odd" }, { "agent", "a0" } };
        bench.append({ rowOf("call_intent", "late", kNoon + 50'000, both) });

        std::vector<std::int64_t> found;
        for (auto before = first.nextBefore; before;) {
            filter.before = *before;
            const auto page = bench.read(filter);
            for (const auto &row : page.rows)
                found.push_back(row.seq);
            before = page.nextBefore;
        }
        QCOMPARE(found, std::vector<std::int64_t>{ 3 });
        filter.before = 0;
        filter.after = 36'000;
        const auto news = bench.read(filter);
        QCOMPARE(news.rows.size(), std::size_t{ 1 });
        QVERIFY(!news.nextBefore);
    }

    void textOfManyWords_stillFillsAPageInOneRead()
    {
        CallsBench bench;
        bench.append(std::vector<JournalRow>(
            60, rowOf("tick", "", kNoon, { { "title", "one two three four five six seven eight nine" } })));

        const auto page = bench.read(filterBy(&CallFilter::text, "one two three four five six seven eight"));

        QCOMPARE(page.rows.size(), std::size_t{ 25 });
    }

    void emptyPage_saysHowFarItWasSearched()
    {
        CallsBench bench;
        QVERIFY(!bench.read({}).searchedBackTo);
        bench.fill();

        const auto page = bench.read(filterBy(&CallFilter::agentId, "nobody"));

        QVERIFY(page.rows.empty() && !page.nextBefore);
        QCOMPARE(page.searchedPercent, 100);
        QCOMPARE(*page.searchedBackTo, kNoon);
    }

    void window_boundsThePage_alsoByTextAndTime()
    {
        CallsBench bench;
        bench.append(std::vector<JournalRow>(100, rowOf("tick", "", kNoon, { { "title", "word" } })));
        CallFilter filter;
        filter.after = 40;
        filter.before = 60;
        filter.limit = 100;
        for (const char *text : { "", "word" }) {
            filter.text = text;
            const auto found = bench.seqs(filter);
            QCOMPARE(found.size(), std::size_t{ 19 });
            QCOMPARE(found.front(), 59);
            QCOMPARE(found.back(), 41);
        }
        filter.from = kNoon - 1;
        QCOMPARE(bench.seqs(filter).size(), std::size_t{ 19 });
    }

    void call_isFoundByItsId_beforeTheQuestionAboutIt()
    {
        CallsBench bench;
        bench.append({ rowOf("approval_asked", "call-1", kNoon, { { "tool", "t" } }) });
        const auto find = [&bench](const std::string &id) {
            return *bench.storage.readNow<std::optional<CallRow>>(
                [&id](Stores &stores) { return stores.calls.call(CallId(id)); });
        };
        QCOMPARE(find("call-1")->kind, std::string("approval_asked"));

        bench.append({ rowOf("call_intent", "call-1", kNoon + 1, { { "tool", "t" } }) });

        QCOMPARE(find("call-1")->kind, std::string("call"));
        QVERIFY(!find("call-2"));
        QVERIFY(!find(""));
    }

    void projection_fillsItselfBehindTheCommit()
    {
        CallsBench bench;
        bench.append(std::vector<JournalRow>(700, rowOf("tick", "", kNoon, Json::object())));

        QTRY_COMPARE_WITH_TIMEOUT(bench.behind(), 0, 10'000);
        bench.append({ rowOf("tick", "", kNoon, Json::object()) });
        QTRY_COMPARE_WITH_TIMEOUT(bench.behind(), 0, 10'000);
    }

    void projectionOfAnOldFile_fillsItselfAfterOpening()
    {
        CallsBench bench;
        bench.append(std::vector<JournalRow>(300, rowOf("tick", "", kNoon, Json::object())));
        QVERIFY(bench.storage.writeNow([](Stores &stores) { return stores.calls.rebuild(); }));

        bench.storage.reopen();

        QTRY_COMPARE_WITH_TIMEOUT(bench.behind(), 0, 10'000);
    }

    void rebuild_givesTheSameLines()
    {
        CallsBench bench;
        bench.fill();
        const auto before = bench.page();

        QVERIFY(bench.storage.writeNow([](Stores &stores) { return stores.calls.rebuild(); }));

        const auto after = bench.page();
        QCOMPARE(after.size(), before.size());
        for (std::size_t i = 0; i < after.size(); ++i) {
            QCOMPARE(after[i].seq, before[i].seq);
            QCOMPARE(after[i].outcome, before[i].outcome);
            QCOMPARE(after[i].issue, before[i].issue);
            QCOMPARE(after[i].text, before[i].text);
        }
        QCOMPARE(bench.seqs(filterBy(&CallFilter::text, "eng-42")), std::vector<std::int64_t>{ 1 });
    }

    void cut_takesTheLinesToo()
    {
        CallsBench bench;
        bench.fill();
        (void)bench.page();
        const auto rows = bench.storage.journal();

        QVERIFY(bench.storage.writeNow([&rows](Stores &stores) {
            return stores.journal.cutAt({ 2, rows[1].hash, 1, "boot", 1, "s" });
        }));

        QCOMPARE(bench.seqs(), (std::vector<std::int64_t>{ 5, 4 }));
        QVERIFY(bench.seqs(filterBy(&CallFilter::text, "ada")).empty());
    }

    void outcomeWithoutIntent_isALineOfItsOwn()
    {
        CallsBench bench;
        bench.append({ rowOf("call_outcome", "lost", kNoon, { { "outcome", "ok" } }) });

        QCOMPARE(bench.page().size(), std::size_t{ 1 });
    }

    void damagedBody_stillShowsThatARowIsThere()
    {
        CallsBench bench;
        JournalRow row;
        row.kind = "mode_changed";
        row.at = kNoon;
        row.body = "{not json";
        bench.append({ row });

        QCOMPARE(bench.page().size(), std::size_t{ 1 });
    }

    void matchExpression_letsNoSyntaxThrough()
    {
        QCOMPARE(matchExpression("ENG-42"), std::string("\"ENG*\" \"42*\""));
        QCOMPARE(matchExpression("a\"b:c NEAR/2 -d ^e"),
                 std::string("\"a*\" \"b*\" \"c*\" \"NEAR*\" \"2*\" \"d*\" \"e*\""));
        QCOMPARE(matchExpression("  "), std::string());
    }
};

QTEST_GUILESS_MAIN(CallsTest)
#include "tst_calls.moc"
