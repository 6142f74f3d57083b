// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/tasker/tasker_check.h"

#include "tests/core/tasker/tasker_bench.h"
#include "tests/support/fixed_random.h"

#include <QTest>

#include <set>

using namespace gatehouse;
using namespace gatehouse::test;

class TaskerCheckTest final : public QObject
{
    Q_OBJECT

    static std::vector<CheckRow> check(TaskerBench &bench)
    {
        FixedRandom random;
        TaskerCheck check(bench.client, random);
        std::optional<std::vector<CheckRow>> rows;
        check.run(ProjectId(bench.projectId("OPS")), "agt-check", "Contract check",
                  [&](const auto &all) { rows = all; });
        if (!QTest::qWaitFor([&] { return rows.has_value(); }, 20'000))
            qWarning("the check does not end");
        return rows.value_or(std::vector<CheckRow>());
    }

    static std::map<std::string, std::string> differences(const std::vector<CheckRow> &rows)
    {
        std::map<std::string, std::string> found;
        for (const auto &row : rows) {
            if (!row.ok)
                found[row.route] = row.difference;
        }
        return found;
    }

private Q_SLOTS:
    void check_ofAGoodTasker_findsNoDifferenceOnAnyRoute()
    {
        TaskerBench bench;
        QVERIFY(bench.start());
        const auto issuesBefore = bench.tasker.world()["issues"].size();

        const auto rows = check(bench);

        for (const auto &[route, difference] : differences(rows))
            QFAIL(qPrintable(QString::fromStdString(route + ": " + difference)));
        std::set<std::string> routes;
        for (const auto &row : rows)
            routes.insert(row.route.substr(0, row.route.find(',')));
        QCOMPARE(routes.size(), std::size_t{ 9 });
        const auto world = bench.tasker.world();
        QCOMPARE(world["issues"].size(), issuesBefore + 1);
        QCOMPARE(world["issues"].back()["state"]["group"], Json("cancelled"));
    }

    void check_ofATaskerThatDrops_namesTheRouteAndHow()
    {
        TaskerBench bench;
        QVERIFY(bench.start());
        bench.tasker.fault(
            { { "match", "PUT /issues/*/labels" }, { "kind", "drop_labels" }, { "times", 9 } });
        bench.tasker.fault(
            { { "match", "POST /issues/*/move" }, { "kind", "ignore_state" }, { "times", 9 } });

        const auto found = differences(check(bench));

        QCOMPARE(found.size(), std::size_t{ 3 });
        QCOMPARE(found.at("PUT /issues/{issueId}/labels"), "label_ids did not become what was asked");
        QCOMPARE(found.at("POST /issues/{issueId}/move"), "state did not become what was asked");
    }

    void check_withoutAnIssue_saysWhatWasNotTried()
    {
        TaskerBench bench;
        QVERIFY(bench.start());
        bench.tasker.fault({ { "match", "POST /issues" }, { "kind", "wrong_shape" }, { "times", 9 } });

        const auto found = differences(check(bench));

        QVERIFY(found.at("POST /issues").find("id: missing") != std::string::npos);
        QVERIFY(found.at("PATCH /issues/{issueId}").starts_with("not tried"));
    }

    void check_ofNoTasker_endsWithEveryRow()
    {
        TaskerBench bench;
        QVERIFY(bench.start());
        const auto ops = bench.projectId("OPS");
        bench.tasker.stop();
        FixedRandom random;
        TaskerCheck check(bench.client, random);
        std::optional<std::vector<CheckRow>> rows;

        check.run(ProjectId(ops), "agt-check", "Contract check", [&](const auto &all) { rows = all; });

        QTRY_VERIFY(rows.has_value());
        QCOMPARE(differences(*rows).size(), rows->size());
        QCOMPARE(rows->front().difference, "expected 200, got upstream_unavailable");
    }
};

QTEST_GUILESS_MAIN(TaskerCheckTest)
#include "tst_tasker_check.moc"
