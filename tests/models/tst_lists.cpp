// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fixture_port.h"
#include "tests/support/plain_text.h"
#include "ui/models/agent_list_model.h"
#include "ui/models/client_list_model.h"
#include "ui/models/foreign_text.h"
#include "ui/models/getting_started_model.h"
#include "ui/models/project_search_model.h"
#include "ui/models/question_list_model.h"
#include "ui/models/scripts.h"
#include "ui/models/standing_yes_model.h"

#include <QAbstractItemModelTester>
#include <QLocale>
#include <QSignalSpy>
#include <QTest>

using namespace gatehouse;
using namespace gatehouse::ui;
using test::FixturePort;

/// The smaller list models: agents, clients, projects found, first steps, questions.
class ListsTest : public QObject
{
    Q_OBJECT

private:
    static constexpr auto kMode = QAbstractItemModelTester::FailureReportingMode::QtTest;

private slots:
    void agents_showRetiredOnesLast()
    {
        FixturePort port;
        PinFlow pins(port);
        AgentListModel model(port, pins);
        QAbstractItemModelTester tester(&model, kMode);
        model.reload();
        QTRY_COMPARE(model.rowCount(), 4);
        QCOMPARE(model.index(3).data(AgentListModel::StateRole).toString(), QStringLiteral("retired"));
    }
    void agents_createdOne_isThereWhenSaid()
    {
        FixturePort port;
        PinFlow pins(port);
        AgentListModel model(port, pins);
        QAbstractItemModelTester tester(&model, kMode);
        QSignalSpy created(&model, &AgentListModel::created);
        int rowWhenSaid = -1;
        connect(&model, &AgentListModel::created, &model,
                [&](const QString &id) { rowWhenSaid = model.rowOf(id); });
        model.create(QStringLiteral("  Writer "));
        QTRY_COMPARE(created.size(), 1);
        QVERIFY(port.called(QStringLiteral("createAgent Writer")));
        QVERIFY(rowWhenSaid >= 0);
    }
    void agents_takenOrEmptyName_isNotFree()
    {
        FixturePort port;
        PinFlow pins(port);
        AgentListModel model(port, pins);
        model.reload();
        QTRY_COMPARE(model.rowCount(), 4);
        QVERIFY(!model.isNameFree(QStringLiteral(" scribe ")));
        QVERIFY(model.isNameFree(QStringLiteral("SCRIBE"), QStringLiteral("scribe")));
        QVERIFY(!model.isNameFree(QStringLiteral("  ")));
        QVERIFY(!model.isNameFree(QString(81, u'x')));
        QVERIFY(model.isNameFree(QStringLiteral("Writer")));
    }
    void agents_failure_isASentence()
    {
        FixturePort port;
        PinFlow pins(port);
        AgentListModel model(port, pins);
        QSignalSpy failed(&model, &AgentListModel::failed);
        port.faults[QStringLiteral("agents")] = FixturePort::error(ErrorCode::GatewayLocked);
        model.reload();
        QTRY_COMPARE(failed.size(), 1);
        QVERIFY(failed[0][0].toString().contains(QStringLiteral("keychain")));
    }
    void clients_revokedOne_staysMarkedAndCannotBeRevokedAgain()
    {
        FixturePort port;
        PinFlow pins(port);
        ClientListModel model(port, pins);
        QAbstractItemModelTester tester(&model, kMode);
        model.setAgent(QStringLiteral("scribe"));
        QTRY_COMPARE(model.rowCount(), 2);
        QVERIFY(model.canRevoke(0) && !model.canRevoke(1));
        model.revoke(0);
        QTRY_VERIFY(!model.canRevoke(0));
        QVERIFY(port.called(QStringLiteral("revokeClient c1")));
        QCOMPARE(model.rowCount(), 2);
        model.revoke(0);
        QCOMPARE(port.callsTo(QStringLiteral("revokeClient")), 1);
    }
    void clients_answerForAnotherAgent_isDropped()
    {
        FixturePort port;
        PinFlow pins(port);
        ClientListModel model(port, pins);
        model.setAgent(QStringLiteral("scribe"));
        model.setAgent(QStringLiteral("nightly"));
        QTRY_COMPARE(model.rowCount(), 1);
        QVERIFY(model.client(0)->name.contains(QStringLiteral("CI")));
    }
    void projects_onlyTheLastQuestionCounts()
    {
        FixturePort port;
        ProjectSearchModel model(port);
        QAbstractItemModelTester tester(&model, kMode);
        QSignalSpy searched(&model, &ProjectSearchModel::searched);
        model.setQuery(QStringLiteral("web"));
        model.searchNow();
        model.setQuery(QStringLiteral("eng"));
        model.searchNow();
        QTRY_COMPARE(searched.size(), 1);
        QCOMPARE(model.rowCount(), 1);
        QCOMPARE(model.project(0)->identifier, QStringLiteral("ENG"));
    }
    void identifiers_sayTheirScript()
    {
        const QString plain = QStringLiteral("ENG_1"), latin = QStringLiteral("ÖRN");
        const QString other = QStringLiteral("ЗАД"), mixed = QStringLiteral("ENА");
        QCOMPARE(shownIdentifier(plain), foreignText(plain));
        QCOMPARE(shownIdentifier(latin), foreignText(latin));
        QCOMPARE(shownIdentifier(other), foreignText(other) + QStringLiteral(" (Cyrillic)"));
        QCOMPARE(shownIdentifier(mixed), foreignText(mixed) + QStringLiteral(" (Latin + Cyrillic)"));
    }
    void steps_tickWhatIsThere()
    {
        FixturePort port;
        port.state.connected = port.state.pinSet = false;
        const QList<AgentSummary> all = std::exchange(port.agentList, {});
        PinFlow pins(port);
        AgentListModel agents(port, pins);
        GettingStartedModel model(port, agents);
        QAbstractItemModelTester tester(&model, kMode);
        QCOMPARE(model.next(), static_cast<int>(GettingStartedModel::ConnectTasker));
        port.state.connected = true;
        port.state.heard = false; // stored, and not tried
        emit port.statusChanged();
        QVERIFY(!model.isDone(GettingStartedModel::ConnectTasker));
        port.state.heard = true;
        port.setStatus(port.state);
        QCOMPARE(model.next(), static_cast<int>(GettingStartedModel::SetPin));
        port.state.pinSet = true;
        port.agentList = { all[3] }; // a retired agent is no start
        agents.reload();
        QTRY_COMPARE(model.next(), static_cast<int>(GettingStartedModel::CreateAgent));
        port.agentList = all;
        agents.reload();
        QTRY_VERIFY(model.allDone());
    }
    void questions_comeAndGo()
    {
        FixturePort port;
        PinFlow pins(port);
        QuestionListModel model(port, pins);
        QAbstractItemModelTester tester(&model, kMode);
        QSignalSpy gone(&model, &QuestionListModel::questionGone);
        model.reload();
        QTRY_COMPARE(model.rowCount(), 2);
        emit port.confirmationAsked(port.confirmation());
        QCOMPARE(model.rowCount(), 3);
        QVERIFY(model.index(0)
                    .data(QuestionListModel::IsConfirmationRole)
                    .toBool()); // the one with a minute is first
        emit port.approvalClosed(QStringLiteral("ask-1"));
        emit port.confirmationClosed(QStringLiteral("conf-1"));
        QCOMPARE(model.rowCount(), 1);
        QCOMPARE(gone.size(), 2);
        model.reload(); // known ones are not doubled
        QTRY_COMPARE(port.callsTo(QStringLiteral("approvals")), 2);
    }
    void questions_whoseProgramStoppedWaiting_sayIt()
    {
        FixturePort port;
        PinFlow pins(port);
        QuestionListModel model(port, pins);
        model.reload();
        QTRY_COMPARE(model.rowCount(), 2);
        QSignalSpy changed(&model, &QuestionListModel::heldChanged);
        QVERIFY(QuestionListModel::waitingText(*model.approval(QStringLiteral("ask-1"))).isEmpty());

        emit port.approvalHeldChanged(QStringLiteral("ask-1"), false);
        emit port.approvalHeldChanged(QStringLiteral("ask-1"), false);
        emit port.approvalHeldChanged(QStringLiteral("ask-9"), false);

        QCOMPARE(changed.size(), 1);
        QCOMPARE(model.index(0).data(QuestionListModel::HeldRole).toBool(), false);
        QVERIFY(model.index(0)
                    .data(QuestionListModel::TextRole)
                    .toString()
                    .endsWith(QStringLiteral("not waiting just now")));
        QVERIFY(!QuestionListModel::waitingText(*model.approval(QStringLiteral("ask-1"))).isEmpty());
    }
    void questions_answers_reachTheGateway()
    {
        FixturePort port;
        PinFlow pins(port);
        QuestionListModel model(port, pins);
        model.reload();
        QTRY_COMPARE(model.rowCount(), 2);
        model.seen(QStringLiteral("ask-1"));
        model.seen(QStringLiteral("ask-1"));
        QCOMPARE(port.callsTo(QStringLiteral("approvalSeen")), 1);
        model.allow(QStringLiteral("ask-1"), QStringLiteral("15m"), QStringLiteral("issue"));
        model.deny(QStringLiteral("ask-2"), QStringLiteral("not today"), true);
        QVERIFY(port.called(QStringLiteral("allowCall ask-1 15m issue")));
        QVERIFY(port.called(QStringLiteral("denyCall ask-2 not today pause")));
        QTRY_COMPARE(model.rowCount(), 0);
    }
    void questions_answeredTooLate_areTakenAwayAndSaid()
    {
        FixturePort port;
        PinFlow pins(port);
        QuestionListModel model(port, pins);
        QSignalSpy failed(&model, &QuestionListModel::failed);
        model.reload();
        QTRY_COMPARE(model.rowCount(), 2);
        port.faults[QStringLiteral("allowCall")] = FixturePort::error(ErrorCode::NotFound);
        model.allow(QStringLiteral("ask-1"), QStringLiteral("once"), {});
        QTRY_COMPARE(failed.size(), 1);
        QCOMPARE(model.rowCount(), 1);
    }
    void standing_saysWhatItCovers_itsAgeAndLastUse_andEnds()
    {
        FixturePort port;
        const QDateTime now = QDateTime(QDate(2026, 12, 1), QTime(17, 40));
        StandingYesSummary yes;
        yes.id = QStringLiteral("ask-9");
        yes.agentName = QStringLiteral("Scribe");
        yes.clientName = QStringLiteral("Codex on atlas");
        yes.tool = QStringLiteral("tasker_update_issue");
        yes.projectName = QStringLiteral("Engine");
        yes.covers = QStringLiteral("project");
        yes.givenAt = now.addSecs(-300);
        yes.until = now.addSecs(3600);
        StandingYesSummary narrow = yes;
        narrow.id = QStringLiteral("ask-10");
        narrow.covers = QStringLiteral("issue");
        narrow.issue = QStringLiteral("ENG-%1");
        narrow.lastUsedAt = now.addSecs(-60);
        port.standingList = { yes, narrow };
        StandingYesModel model(port, [now] { return now; });
        QAbstractItemModelTester tester(&model, kMode);
        model.reload();
        QTRY_COMPARE(model.rowCount(), 2);
        const QString time = QLocale().toString(QTime(18, 40), QLocale::ShortFormat);
        QCOMPARE(plainText(model.index(0).data().toString()),
                 QStringLiteral("Scribe may change issues in Engine until %1 without asking").arg(time));
        QCOMPARE(plainText(model.index(1).data().toString()),
                 QStringLiteral("Scribe may change ENG-%1 until %2 without asking")
                     .arg(QStringLiteral("%1"), time));
        QCOMPARE(plainText(model.index(0).data(StandingYesModel::TextRole).toString()),
                 QStringLiteral("Given 5 min ago to Codex on atlas · not used yet"));
        QVERIFY(model.index(1)
                    .data(StandingYesModel::TextRole)
                    .toString()
                    .endsWith(QStringLiteral("last used 1 min ago")));

        model.end(QStringLiteral("ask-9"));

        QVERIFY(port.called(QStringLiteral("endYes ask-9")));
        QTRY_COMPARE(model.rowCount(), 1);
        port.standingList.clear(); // the grant changed, say
        emit port.standingChanged();
        QTRY_COMPARE(model.rowCount(), 0);
    }
    void questions_whatACallWouldChange_isTold_orWhyNot()
    {
        FixturePort port;
        PinFlow pins(port);
        QuestionListModel model(port, pins);
        QSignalSpy known(&model, &QuestionListModel::previewKnown);
        QSignalSpy failed(&model, &QuestionListModel::previewFailed);
        model.readPreview(QStringLiteral("ask-1"));
        QTRY_COMPARE(known.size(), 1);
        QCOMPARE(known[0][1].value<PreviewSummary>().fields.first().before, QStringLiteral("In review"));

        port.faults[QStringLiteral("preview")] = FixturePort::error(ErrorCode::UpstreamUnavailable);
        model.readPreview(QStringLiteral("ask-1"));
        QTRY_COMPARE(failed.size(), 1);
        QVERIFY(failed[0][1].toString().contains(QStringLiteral("Tasker")));
    }
    void questions_grantsOfTheAgent_areTold()
    {
        FixturePort port;
        PinFlow pins(port);
        QuestionListModel model(port, pins);
        QSignalSpy known(&model, &QuestionListModel::grantsKnown);
        emit port.confirmationAsked(port.confirmation());
        model.readGrants(QStringLiteral("conf-1"), QStringLiteral("scribe"));
        QTRY_COMPARE(known.size(), 1);
        QCOMPARE(known[0][1].toStringList().size(), 3);
    }
};

QTEST_GUILESS_MAIN(ListsTest)
#include "tst_lists.moc"
