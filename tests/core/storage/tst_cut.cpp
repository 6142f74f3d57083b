// SPDX-License-Identifier: GPL-3.0-or-later
// What a cut of the journal leaves in the file, and how that leaves it.
#include "gateway_core/storage/call_store.h"
#include "gateway_core/storage/filter_cursor.h"
#include "gateway_core/storage/cut_sweep.h"
#include "gateway_core/storage/database_file.h"
#include "gateway_core/storage/migrations.h"

#include "gateway_core/base/json.h"
#include "tests/support/test_storage.h"

#include <QTest>

using namespace gatehouse;
using namespace gatehouse::test;

namespace {

constexpr ProfileId kProfile{ 1 };

struct CutBench
{
    QTemporaryDir folder;
    sql::Connection connection;
    SqlJournalStore journal{ connection, kProfile };
    SqlCallStore calls{ connection, journal, kProfile };

    CutBench()
    {
        auto opened = openDatabaseFile(folder.path().toStdString() + "/cut.db", TestStorage::key());
        if (!opened)
            qFatal("%s", opened.error().detail.c_str());
        connection = std::move(*opened);
        if (!migrate(connection)
            || !connection.execute(
                "INSERT INTO profiles (id, name, install_id, created_at) VALUES (1, 'x', 'y', 1)"))
            qFatal("no database");
    }
    void append(int count)
    {
        auto transaction = sql::Transaction::begin(connection, sql::Transaction::Sync::Later);
        for (int i = 0; i < count; ++i) {
            JournalRow row;
            row.kind = "mode_changed";
            row.at = 1000;
            row.body
                = canonicalJson({ { "at", 1000 },
                                  { "kind", row.kind },
                                  { "agent_name", "Ada" },
                                  { "title", "word" + std::to_string(last() + 1) + std::string(600, '.') } });
            if (!journal.append(row))
                qFatal("no row");
        }
        if (!transaction || !transaction->commit())
            qFatal("no commit");
        while (calls.catchUp(500).value_or(0) > 0) { }
    }
    std::int64_t last() { return journal.last()->value_or(JournalRow{}).seq; }
    /// The line of this row as if there had been so many before it.
    void renumber(std::int64_t seq, std::int64_t id)
    {
        const std::string line = "(SELECT id FROM calls WHERE seq = " + std::to_string(seq) + ")";
        const std::string part = std::to_string(id / kIdsInPart);
        if (auto done = connection.execute(
                "DELETE FROM calls_text WHERE docid = " + line + "; UPDATE calls SET id = "
                + std::to_string(id) + ", part = " + part + " WHERE seq = " + std::to_string(seq)
                + "; INSERT INTO calls_text (docid, part, text) SELECT id, part, text FROM "
                  "calls WHERE seq = "
                + std::to_string(seq));
            !done)
            qFatal("%s", done.error().detail.c_str());
    }
    Result<> cut(std::int64_t seq)
    {
        const auto row = journal.from(seq, 1);
        if (!row || row->empty())
            return failure(ErrorCode::NotFound);
        return journal.cutAt({ seq, row->front().hash, 1, "boot", 1, "signature" });
    }
    int sweepAll()
    {
        int steps = 0;
        for (;; ++steps) {
            const auto more = sweepCut(connection, kProfile);
            if (!more)
                qFatal("%s", more.error().detail.c_str());
            if (!*more)
                return steps;
        }
    }
    std::int64_t number(const std::string &sql)
    {
        const auto found = connection.one(sql, [](const sql::Statement &row) { return row.integer(0); });
        return found ? found->value_or(-1) : -2;
    }
    std::vector<std::int64_t> seqs(const std::string &text)
    {
        CallFilter filter;
        filter.text = text;
        filter.limit = 500;
        std::vector<std::int64_t> seqs;
        for (const auto &line : calls.page(filter).value_or(CallPage()).rows)
            seqs.push_back(line.seq);
        return seqs;
    }
};

} // namespace

class CutTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cut_isOneRowWritten_andReadersSeeNothingBeforeIt()
    {
        CutBench bench;
        bench.append(300);

        QVERIFY(bench.cut(250));

        QCOMPARE(bench.number("SELECT count(*) FROM journal"), 300); // nobody waited for their removal
        QCOMPARE(bench.journal.leftOfCut().value_or(-1), 250);
        QCOMPARE(bench.journal.from(0, 1)->front().seq, 251);
        QCOMPARE(bench.seqs("Ada").size(), std::size_t{ 50 });
        QVERIFY(bench.seqs("word250").empty());
        QCOMPARE(bench.calls.counts(0, 2000)->upTo, 300);
    }

    void sweep_takesOutWhatWasCut_inBoundedSteps()
    {
        CutBench bench;
        bench.append(2000);
        QVERIFY(bench.cut(1900));
        std::int64_t before = bench.number("SELECT count(*) FROM journal");

        for (;;) {
            const auto more = sweepCut(bench.connection, kProfile);
            QVERIFY(more);
            if (!*more)
                break;
            const auto now = bench.number("SELECT count(*) FROM journal");
            QVERIFY(before - now <= 2 * kSweepRows);
            before = now;
            // A kill here: what is read is the same at every step.
            QCOMPARE(bench.journal.from(0, 1)->front().seq, 1901);
        }

        QCOMPARE(before, 100);
        QCOMPARE(bench.number("SELECT count(*) FROM calls"), 100);
        QCOMPARE(bench.journal.leftOfCut().value_or(-1), 0);
        QCOMPARE(bench.seqs("Ada").size(), std::size_t{ 100 });
        QCOMPARE(bench.seqs("word1950"), std::vector<std::int64_t>{ 1950 });
        QVERIFY(bench.seqs("word1900").empty());
        QCOMPARE(bench.number("SELECT count(*) FROM calls_text_docsize"), 100);
    }

    void sweep_givesThePagesBack()
    {
        CutBench bench;
        bench.append(4000);
        const auto pages = bench.number("PRAGMA page_count");
        QVERIFY(bench.cut(3990));

        bench.sweepAll();

        QVERIFY2(bench.number("PRAGMA page_count") < pages / 2,
                 qPrintable(QString::number(bench.number("PRAGMA page_count"))));
        QVERIFY(bench.number("PRAGMA freelist_count") <= kFreePagesKept);
        const auto check = bench.connection.one("PRAGMA integrity_check",
                                                [](const sql::Statement &row) { return row.text(0); });
        QCOMPARE(check->value_or(""), std::string("ok"));
    }

    void sweep_ofWholePartsOfTheText_dropsThemAndKeepsTheOthers()
    {
        CutBench bench;
        bench.append(40);
        bench.renumber(40, kIdsInPart - 1);
        bench.append(30); // the next part
        bench.renumber(70, 2 * kIdsInPart - 1);
        bench.append(30); // the third
        QCOMPARE(bench.number("SELECT max(part) FROM calls"), 2);

        QVERIFY(bench.cut(80));
        bench.sweepAll();

        QCOMPARE(bench.number("SELECT count(*) FROM calls_text_segdir WHERE level < 2048"), 0);
        QCOMPARE(bench.seqs("Ada").size(), std::size_t{ 20 });
        QCOMPARE(bench.seqs("word81"), std::vector<std::int64_t>{ 81 });
        QVERIFY(bench.seqs("word70").empty());
        QVERIFY(bench.seqs("word80").empty());
        bench.append(1);
        QCOMPARE(bench.seqs("word101"), std::vector<std::int64_t>{ 101 });
    }

    void sweep_secondCut_goesOn()
    {
        CutBench bench;
        bench.append(300);
        QVERIFY(bench.cut(100));
        QVERIFY(sweepCut(bench.connection, kProfile).value_or(false));

        QVERIFY(bench.cut(200));
        bench.sweepAll();

        QCOMPARE(bench.number("SELECT count(*) FROM journal"), 100);
        QCOMPARE(bench.journal.checkpoints()->size(), std::size_t{ 0 });
    }

    void sweep_withoutACut_doesNothing()
    {
        CutBench bench;
        bench.append(10);

        QCOMPARE(bench.sweepAll(), 0);
        QCOMPARE(bench.number("SELECT count(*) FROM journal"), 10);
    }

    void storage_removesByItself_whenNobodyAsksForAnything()
    {
        TestStorage storage;
        QVERIFY(storage.writeNow([](Stores &stores) -> Result<> {
            JournalRow row;
            row.kind = "mode_changed";
            row.body = "{}";
            for (int i = 0; i < 500; ++i)
                if (auto added = stores.journal.append(row); !added)
                    return tl::unexpected(added.error());
            const auto at = stores.journal.from(400, 1);
            return stores.journal.cutAt({ 400, at->front().hash, 1, "boot", 1, "signature" });
        }));

        QTRY_COMPARE(storage.readNow<std::int64_t>([](Stores &stores) { return stores.journal.leftOfCut(); })
                         .value_or(-1),
                     0);
    }
};

QTEST_GUILESS_MAIN(CutTest)
#include "tst_cut.moc"
