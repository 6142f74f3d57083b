// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fixture_port.h"
#include "ui/models/activity_model.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace gatehouse;
using namespace gatehouse::ui;
using test::FixturePort;

class ActivityModelTest : public QObject
{
    Q_OBJECT

private:
    struct Bench
    {
        FixturePort port;
        ActivityModel model{port};
        QSignalSpy loaded{&model, &ActivityModel::loaded};
        explicit Bench(int rows)
            : port(rows)
        {
            model.reload();
        }
        [[nodiscard]] qint64 seqAt(int row) const
        {
            const auto line = model.line(row);
            return line ? line->seq : -1;
        }
        void readPages(int pages)
        {
            for (int page = 1; page < pages; ++page) {
                const int before = model.rowCount();
                model.fetchMore({});
                QTRY_VERIFY(model.rowCount() > before);
            }
        }
    };

private slots:
    void firstPage_isTheNewest()
    {
        Bench bench(1000);
        QTRY_COMPARE(bench.loaded.size(), 1);
        QCOMPARE(bench.model.rowCount(), kActivityPage);
        QCOMPARE(bench.seqAt(0), 1000);
        QVERIFY(bench.model.canFetchMore({}));
    }
    void scrollingDown_readsToTheEndWithoutGapOrRepeat()
    {
        Bench bench(700);
        QTRY_COMPARE(bench.loaded.size(), 1);
        bench.readPages(3);
        QCOMPARE(bench.model.rowCount(), 700);
        bench.model.fetchMore({});
        QTRY_VERIFY(!bench.model.canFetchMore({}));
        for (int row = 0; row < 700; ++row)
            QCOMPARE(bench.seqAt(row), 700 - row);
    }
    void underTheModelTester_readsChangesAndResets()
    {
        // Apart from the other tests: the tester itself calls fetchMore on every change.
        FixturePort port(900);
        ActivityModel model(port);
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.reload();
        QTRY_VERIFY(model.rowCount() >= 256);
        for (int line = 0; line < 5; ++line)
            port.addLine();
        ActivityFilter filter;
        filter.decision = QStringLiteral("denied");
        model.setFilter(filter);
        QTRY_VERIFY(model.rowCount() > 0 && model.line(0)->decision == u"denied");
        model.refreshTimes();
    }
    void empty_hasNoRowsAndNothingMore()
    {
        Bench bench(0);
        QTRY_COMPARE(bench.loaded.size(), 1);
        QCOMPARE(bench.model.rowCount(), 0);
        QVERIFY(!bench.model.canFetchMore({}));
    }
    void newLine_standsAtTheTop()
    {
        Bench bench(300);
        QTRY_COMPARE(bench.loaded.size(), 1);
        bench.port.addLine();
        QCOMPARE(bench.seqAt(0), 301); // at once, in the same turn of the loop
        QCOMPARE(bench.model.rowCount(), kActivityPage + 1);
    }
    void firstLineEver_stands()
    {
        Bench bench(0);
        QTRY_COMPARE(bench.loaded.size(), 1);
        bench.port.addLine();
        QCOMPARE(bench.model.rowCount(), 1);
    }
    void changedLine_keepsItsRow()
    {
        Bench bench(1000);
        QTRY_COMPARE(bench.loaded.size(), 1);
        bench.readPages(2);
        QSignalSpy changed(&bench.model, &QAbstractItemModel::dataChanged);
        for (const int row : {5, 300}) {
            ActivityRow line = *bench.model.line(row);
            line.outcome = QStringLiteral("rate_limited");
            emit bench.port.activityAdded({line});
            QCOMPARE(bench.model.line(row)->outcome, QStringLiteral("rate_limited"));
        }
        QCOMPARE(changed.size(), 2);
        QCOMPARE(bench.model.rowCount(), 2 * kActivityPage);
    }
    void notFollowing_countsAndShowsAllOnResume()
    {
        Bench bench(300);
        QTRY_COMPARE(bench.loaded.size(), 1);
        bench.model.setFollowing(false);
        for (int line = 0; line < 3; ++line)
            bench.port.addLine();
        QCOMPARE(bench.model.heldBack(), 3);
        QCOMPARE(bench.seqAt(0), 300);
        bench.model.setFollowing(true);
        QTRY_COMPARE(bench.seqAt(0), 303);
        QCOMPARE(bench.model.heldBack(), 0);
        QCOMPARE(bench.seqAt(3), 300);
    }
    void awayForMoreThanAPage_startsAnewInsteadOfHidingAGap()
    {
        Bench bench(300);
        QTRY_COMPARE(bench.loaded.size(), 1);
        bench.model.setFollowing(false);
        for (int line = 0; line < kActivityPage + 20; ++line)
            bench.port.addLine();
        bench.model.setFollowing(true);
        QTRY_COMPARE(bench.loaded.size(), 2);
        for (int row = 0; row < bench.model.rowCount(); ++row)
            QCOMPARE(bench.seqAt(row), bench.port.rows - row);
    }
    void manyNewLines_keepRowsInOrderAcrossPages()
    {
        Bench bench(600);
        QTRY_COMPARE(bench.loaded.size(), 1);
        bench.readPages(2);
        for (int line = 0; line < 700; ++line)
            bench.port.addLine();
        QCOMPARE(bench.model.rowCount(), 2 * kActivityPage + 700);
        for (int row = 0; row < bench.model.rowCount(); ++row)
            QCOMPARE(bench.seqAt(row), 1300 - row);
        QVERIFY(bench.model.pagesInMemory() > 1);
    }
    void lineBesideTheFilter_isNotInserted()
    {
        Bench bench(300);
        ActivityFilter filter;
        filter.decision = QStringLiteral("denied");
        bench.model.setFilter(filter);
        QTRY_VERIFY(bench.model.rowCount() > 0 && bench.model.rowCount() < 100);
        const int before = bench.model.rowCount();
        bench.port.addLine([](ActivityRow &line) { line.decision = QStringLiteral("allowed"); });
        QCOMPARE(bench.model.rowCount(), before);
        bench.port.addLine([](ActivityRow &line) { line.decision = QStringLiteral("denied"); });
        QCOMPARE(bench.model.rowCount(), before + 1);
    }
    void textFilter_asksTheGatewayAboutNewLines()
    {
        Bench bench(300);
        ActivityFilter filter;
        filter.text = QStringLiteral("diacritics");
        bench.model.setFilter(filter);
        QTRY_VERIFY(bench.model.rowCount() > 0);
        const int before = bench.model.rowCount();
        bench.port.addLine([](ActivityRow &line) { line.title = QStringLiteral("Something else"); });
        bench.port.addLine([](ActivityRow &line) { line.title = QStringLiteral("Diacritics again"); });
        QTRY_COMPARE(bench.model.rowCount(), before + 1);
    }
    void lineThatComesWhileTheFirstPageIsRead_isNotLost()
    {
        Bench bench(300); // the answer is made here, before the line
        bench.port.addLine();
        QTRY_COMPARE(bench.loaded.size(), 1);
        QTRY_COMPARE(bench.seqAt(0), 301);
        QCOMPARE(bench.seqAt(1), 300);
    }
    void answerToAnOlderFilter_isDropped()
    {
        Bench bench(300);
        ActivityFilter filter;
        filter.agentId = QStringLiteral("nobody");
        bench.model.setFilter(filter); // the first reload is still under way
        QTRY_COMPARE(bench.loaded.size(), 1);
        QCOMPARE(bench.model.rowCount(), 0);
    }
    void failure_isSaidAndKeepsTheRows()
    {
        Bench bench(1000);
        QTRY_COMPARE(bench.loaded.size(), 1);
        QSignalSpy failed(&bench.model, &ActivityModel::failed);
        bench.port.faults[QStringLiteral("activity")] = FixturePort::error(ErrorCode::StorageFailed);
        bench.model.fetchMore({});
        QTRY_COMPARE(failed.size(), 1);
        QCOMPARE(bench.model.rowCount(), kActivityPage);
        QVERIFY(bench.model.canFetchMore({}));
    }
    void aMillionLines_keepOnlySomePagesAndReadTheOthersAgain()
    {
        // Without the model tester: it looks at every row on every change.
        FixturePort port(1'000'000);
        ActivityModel model(port);
        QSignalSpy loaded(&model, &ActivityModel::loaded);
        model.reload();
        QTRY_COMPARE(loaded.size(), 1);
        for (int page = 0; page < 2 * kActivityPagesKept; ++page) {
            const int before = model.rowCount();
            model.fetchMore({});
            QTRY_VERIFY(model.rowCount() > before);
        }
        QCOMPARE(model.pagesInMemory(), kActivityPagesKept);

        QVERIFY(!model.line(300)); // fell out; asking reads it again
        QTRY_VERIFY(model.line(300));
        QCOMPARE(model.line(300)->seq, 1'000'000 - 300);
        QVERIFY(model.pagesInMemory() <= kActivityPagesKept);
    }
    void decisionAndOutcome_haveWordsAndIcons()
    {
        Bench bench(50);
        QTRY_COMPARE(bench.loaded.size(), 1);
        for (int row = 0; row < bench.model.rowCount(); ++row) {
            for (const int column : {ActivityModel::DecisionColumn, ActivityModel::OutcomeColumn}) {
                const QModelIndex cell = bench.model.index(row, column);
                QCOMPARE(cell.data().toString().isEmpty(), cell.data(ActivityModel::IconRole).toString().isEmpty());
            }
        }
    }
    void foreignTitle_cannotReorderTheLine()
    {
        Bench bench(10);
        QTRY_COMPARE(bench.loaded.size(), 1);
        bench.port.addLine([](ActivityRow &line) { line.title = QStringLiteral("done \u202e ko"); });
        QVERIFY(bench.model.index(0, ActivityModel::IssueColumn).data().toString().contains(QStringLiteral("‹U+202E›")));
    }
};

QTEST_GUILESS_MAIN(ActivityModelTest)
#include "tst_activity_model.moc"
