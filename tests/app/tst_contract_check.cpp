// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gatehousectl/contract_check.h"
#include "tests/support/contract_tasker_process.h"

#include <QSignalSpy>
#include <QTest>

using namespace gatehouse;
using namespace gatehouse::test;

namespace {

struct Bench
{
    ContractTaskerProcess process;
    SystemClock clock;
    SystemRandom random;
    TaskerClient tasker{clock};

    [[nodiscard]] bool open()
    {
        return process.start()
            && tasker.setTarget(TaskerTarget{process.baseUrl(), process.owner(), Secret(process.credential()), process.caFile()}).has_value();
    }
    /// Those that differ.
    std::vector<ContractFinding> differences(const std::string &project)
    {
        ContractCheck check(tasker, random, project);
        QSignalSpy ended(&check, &ContractCheck::ended);
        check.run();
        if (!ended.wait(30'000))
            return {{"", "", "did not end"}};
        std::vector<ContractFinding> found;
        for (const auto &finding : check.findings()) {
            if (!finding.difference.empty())
                found.push_back(finding);
        }
        return found;
    }
};

} // namespace

class ContractCheckTest final : public QObject
{
    Q_OBJECT

private slots:
    void tasker_ofTheContract_differsNowhere()
    {
        Bench bench;
        QVERIFY(bench.open());
        for (const auto &finding : bench.differences("ENG"))
            QFAIL((finding.route + ' ' + finding.what + ": " + finding.difference).c_str());
    }

    void tasker_thatDropsLabels_isNamed()
    {
        Bench bench;
        QVERIFY(bench.open());
        bench.process.fault({{"match", "PUT /issues/*/labels"}, {"kind", "drop_labels"}});

        const auto found = bench.differences("ENG");

        QCOMPARE(found.size(), 1u);
        QCOMPARE(found[0].route, "PUT /issues/{id}/labels");
    }

    void tasker_withoutTheProject_saysOnlyThat()
    {
        Bench bench;
        QVERIFY(bench.open());
        QCOMPARE(bench.differences("NOPE").size(), 1u);
    }
};

QTEST_GUILESS_MAIN(ContractCheckTest)
#include "tst_contract_check.moc"
