// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fixture_port.h"
#include "ui/models/activity_model.h"

#include <QAbstractItemModelTester>
#include <QLocale>
#include <QRegularExpression>
#include <QSet>
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
        ActivityModel model{ port };
        QSignalSpy loaded{ &model, &ActivityModel::loaded };
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
        /// One of these lines only, far back or not, passes rare(); each read searches a thousand.
        void makeRare(const QList<qint64> &seqs)
        {
            port.rowsInRead = 1000;
            for (const qint64 seq : seqs) {
                ActivityRow line = port.lineAt(seq);
                beRare(line);
                port.changedRows.insert(seq, line);
            }
        }
        static void beRare(ActivityRow &line)
        {
            line.title = QStringLiteral("A heron");
            line.decision = QStringLiteral("asked");
            line.outcome = QStringLiteral("issue_changed");
        }
        static ActivityFilter rare()
        {
            ActivityFilter filter;
            filter.decision = QStringLiteral("asked");
            filter.outcome = QStringLiteral("issue_changed");
            return filter;
        }
        /// Every answer that is under way has been heard, and those that it led to: all of them are posted
        /// events.
        static void settle() { QCoreApplication::sendPostedEvents(); }
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
    void clientAndTime_narrowTheList_andNewLinesToo()
    {
        Bench bench(600);
        ActivityFilter filter;
        filter.clientId = QStringLiteral("c3");
        filter.from = bench.port.now.addSecs(-3600);
        bench.model.setFilter(filter);
        QVERIFY(bench.model.isFiltered());
        QTRY_VERIFY(bench.model.rowCount() > 0 && !bench.model.canFetchMore({}));
        const int before = bench.model.rowCount();
        for (int row = 0; row < before; ++row) {
            QCOMPARE(bench.model.line(row)->clientId, filter.clientId);
            QVERIFY(bench.model.line(row)->at >= *filter.from);
        }
        for (int line = 0; line < 6; ++line)
            bench.port.addLine();
        QTRY_VERIFY(bench.model.rowCount() > before);
        for (int row = 0; row < bench.model.rowCount(); ++row)
            QCOMPARE(bench.model.line(row)->clientId, filter.clientId);
    }
    void aCountedFlood_saysHowManyAndOfWhichTools_andOneIsNotMany()
    {
        ActivityRow row;
        QCOMPARE(ActivityModel::refusalsText(row), QString());
        row.refusals = 1;
        QVERIFY(ActivityModel::refusalsText(row).startsWith(u'1'));
        Bench bench(5);
        QTRY_COMPARE(bench.loaded.size(), 1);
        bench.port.addLine([](ActivityRow &line) {
            line.kind = QStringLiteral("refusals_counted");
            line.agentName = QStringLiteral("Scribe");
            line.refusals = 7;
            line.refusedTools
                = { { QStringLiteral("tasker_create_issue"), 4 }, { QStringLiteral("tasker_get_issue"), 3 } };
        });
        const QString what = bench.model.index(0, ActivityModel::ToolColumn).data().toString();
        QVERIFY2(what.startsWith(u'7') && what.endsWith(QStringLiteral(": Create issue 4, Read issue 3")),
                 qPrintable(what));
        QVERIFY(bench.model.index(0, ActivityModel::AgentColumn)
                    .data()
                    .toString()
                    .contains(QStringLiteral("Scribe")));
    }
    void aCallOnAYes_saysOfWhen()
    {
        Bench bench(5);
        QTRY_COMPARE(bench.loaded.size(), 1);
        const QDateTime given(QDate(2026, 12, 1), QTime(10, 41));
        bench.port.addLine([given](ActivityRow &line) {
            line.at = given.addSecs(60);
            line.decision = QStringLiteral("allowed");
            line.yesGivenAt = given;
        });
        QCOMPARE(bench.model.index(0, ActivityModel::DecisionColumn).data().toString(),
                 QStringLiteral("Allowed by your yes of %1")
                     .arg(QLocale().toString(QTime(10, 41), QLocale::ShortFormat)));
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
        for (const int row : { 5, 300 }) {
            ActivityRow line = *bench.model.line(row);
            line.outcome = QStringLiteral("rate_limited");
            emit bench.port.activityAdded({ line });
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
    void rareMix_isFoundFarBack_whileTheWayIsShown()
    {
        Bench bench(20'000);
        bench.makeRare({ 100, 15'000 });
        QSignalSpy changed(&bench.model, &ActivityModel::searchChanged);
        int told = 0;
        int last = -1;
        connect(&bench.model, &ActivityModel::searchChanged, this, [&] {
            if (!bench.model.isSearching())
                return;
            ++told;
            static const QRegularExpression percent(QStringLiteral("(\\d+) %"));
            const int now = percent.match(bench.model.searchProgress()).captured(1).toInt();
            QVERIFY(now > last || told == 1);
            last = now;
        });

        bench.model.setFilter(bench.rare());

        QTRY_COMPARE(bench.model.rowCount(), 2);
        QCOMPARE(bench.seqAt(0), 15'000);
        QCOMPARE(bench.seqAt(1), 100);
        QVERIFY(told > 10);
        QTRY_VERIFY(!bench.model.isSearching() && !bench.model.isSearchStopped());
        QVERIFY(!bench.model.canFetchMore({}));
    }
    void quickSearch_showsNoProgress()
    {
        Bench bench(1500); // two reads
        bench.makeRare({ 3 });
        bool shown = false;
        connect(&bench.model, &ActivityModel::searchChanged, this,
                [&] { shown = shown || bench.model.isSearching(); });

        bench.model.setFilter(bench.rare());

        QTRY_COMPARE(bench.model.rowCount(), 1);
        QVERIFY(!shown);
    }
    void stoppedSearch_keepsWhatWasFound_andGoesOnWhenTold()
    {
        Bench bench(20'000);
        bench.makeRare({ 100, 18'500 });
        bench.model.setFilter(bench.rare());
        QTRY_VERIFY(bench.model.isSearching() && bench.model.rowCount() == 1);

        bench.model.stopSearch();

        QVERIFY(bench.model.isSearchStopped() && !bench.model.isSearching());
        QVERIFY(!bench.model.canFetchMore({})); // a view that scrolls must not take it up again
        bench.settle();
        const int asked = bench.port.callsTo(QStringLiteral("activity"));
        bench.settle();
        QCOMPARE(bench.port.callsTo(QStringLiteral("activity")), asked);
        QCOMPARE(bench.model.rowCount(), 1);
        QVERIFY(bench.model.searchProgress().contains(QStringLiteral("Stopped")));

        bench.model.searchFurther();

        QTRY_COMPARE(bench.model.rowCount(), 2);
        QCOMPARE(bench.seqAt(1), 100);
    }
    void stoppedAndTakenUpAtOnce_repeatsNothing()
    {
        Bench bench(20'000);
        bench.makeRare({ 100, 2'500, 18'500 });
        bench.model.setFilter(bench.rare());
        QTRY_VERIFY(bench.model.isSearching());

        bench.model.stopSearch(); // its read is still under way
        bench.model.searchFurther();

        QTRY_VERIFY(!bench.model.isSearching());
        QCOMPARE(bench.model.rowCount(), 3);
    }
    void changedFilter_dropsTheSearchUnderWay()
    {
        Bench bench(20'000);
        bench.makeRare({ 100, 18'500 });
        bench.model.setFilter(bench.rare());
        QTRY_VERIFY(bench.model.isSearching() && bench.model.rowCount() == 1);

        bench.model.setFilter({});

        QVERIFY(!bench.model.isSearching());
        QTRY_COMPARE(bench.seqAt(0), 20'000);
        bench.settle();
        QCOMPARE(bench.model.rowCount(), kActivityPage);
        for (int row = 0; row < kActivityPage; ++row)
            QCOMPARE(bench.seqAt(row), 20'000 - row);
    }
    void nothingFound_saysHowFarItWasSearched()
    {
        Bench bench(5'000);
        bench.port.rowsInRead = 1000;
        bench.model.setFilter(bench.rare());
        QVERIFY(bench.model.emptySentence().contains(QStringLiteral("Searching")));

        QTRY_VERIFY(bench.model.emptySentence().contains(QStringLiteral("Nothing fits")));

        QVERIFY(bench.model.emptySentence().contains(momentText(bench.port.lineAt(1).at)));
        QCOMPARE(bench.model.rowCount(), 0);
    }
    void newLinesDuringASearch_standOnceAtTheTop()
    {
        for (const bool byText : { false, true }) {
            Bench bench(20'000);
            bench.makeRare({ 100, 18'500 });
            ActivityFilter filter = bench.rare();
            filter.text = byText ? QStringLiteral("Heron") : QString();
            bench.model.setFilter(filter);
            bench.port.addLine(&Bench::beRare); // the first read may or may not have seen it
            QTRY_VERIFY(bench.model.isSearching());
            bench.port.addLine(&Bench::beRare);
            bench.port.addLine([](ActivityRow &line) { line.title = QStringLiteral("Something else"); });

            QTRY_COMPARE(bench.model.rowCount(), 4);

            QTRY_VERIFY(!bench.model.isSearching());
            bench.settle();
            QCOMPARE(bench.model.rowCount(), 4);
            QCOMPARE(bench.seqAt(0), 20'002);
            QCOMPARE(bench.seqAt(1), 20'001);
            QCOMPARE(bench.seqAt(2), 18'500);
            QCOMPARE(bench.seqAt(3), 100);
        }
    }
    void lineThatFitsBeforeTheSearchComesToIt_standsOnce()
    {
        Bench bench(20'000);
        bench.makeRare({});
        bench.model.setFilter(bench.rare());
        QTRY_VERIFY(bench.model.isSearching());
        ActivityRow line = bench.port.lineAt(200); // its outcome came just now
        Bench::beRare(line);
        bench.port.changedRows.insert(200, line);
        emit bench.port.activityAdded({ line });

        QTRY_COMPARE(bench.model.rowCount(), 1);
        QTRY_VERIFY(!bench.model.isSearching());
        QCOMPARE(bench.model.rowCount(), 1);
    }
    void failureDuringALongSearch_stopsIt_soThatItCanGoOn()
    {
        Bench bench(20'000);
        bench.makeRare({ 100 });
        bench.model.setFilter(bench.rare());
        QTRY_VERIFY(bench.model.isSearching());
        QSignalSpy failed(&bench.model, &ActivityModel::failed);
        bench.port.faults[QStringLiteral("activity")] = FixturePort::error(ErrorCode::StorageFailed);

        QTRY_COMPARE(failed.size(), 1);
        QVERIFY(bench.model.isSearchStopped());

        bench.port.faults.clear();
        bench.model.searchFurther();
        QTRY_COMPARE(bench.model.rowCount(), 1);
    }
    void pagesOfARareMix_fallOutAndAreReadAgain()
    {
        FixturePort port(400'000);
        port.rowsInRead = 1000; // each read finds a few
        ActivityModel model(port);
        ActivityFilter filter;
        filter.outcome = QStringLiteral("partial");
        filter.decision = QStringLiteral("asked");
        filter.tool = QStringLiteral("tasker_get_issue");
        model.setFilter(filter);
        QTRY_VERIFY_WITH_TIMEOUT(!model.isSearching() && model.canFetchMore({}), 20'000);
        const int first = model.rowCount();
        QVERIFY(first >= kActivityPage);
        QList<qint64> seqs;
        for (int row = 0; row < first; ++row)
            seqs += model.line(row)->seq;
        QVERIFY(std::is_sorted(seqs.rbegin(), seqs.rend()));
        QCOMPARE(QSet<qint64>(seqs.begin(), seqs.end()).size(), seqs.size());
    }
    void decisionAndOutcome_haveWordsAndIcons()
    {
        Bench bench(50);
        QTRY_COMPARE(bench.loaded.size(), 1);
        for (int row = 0; row < bench.model.rowCount(); ++row) {
            for (const int column : { ActivityModel::DecisionColumn, ActivityModel::OutcomeColumn }) {
                const QModelIndex cell = bench.model.index(row, column);
                QCOMPARE(cell.data().toString().isEmpty(),
                         cell.data(ActivityModel::IconRole).toString().isEmpty());
            }
        }
    }
    void foreignTitle_cannotReorderTheLine()
    {
        Bench bench(10);
        QTRY_COMPARE(bench.loaded.size(), 1);
        bench.port.addLine([](ActivityRow &line) { line.title = QStringLiteral("done \u202e ko"); });
        QVERIFY(bench.model.index(0, ActivityModel::IssueColumn)
                    .data()
                    .toString()
                    .contains(QStringLiteral("‹U+202E›")));
    }
};

QTEST_GUILESS_MAIN(ActivityModelTest)
#include "tst_activity_model.moc"
