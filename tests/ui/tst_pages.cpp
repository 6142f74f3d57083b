// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fixture_port.h"
#include "tests/support/plain_text.h"
#include "ui/dialogs/approval_dialog.h"
#include "ui/dialogs/confirmation_dialog.h"
#include "ui/dialogs/dialog.h"
#include "ui/dialogs/pairing_dialog.h"
#include "ui/dialogs/pin_dialog.h"
#include "ui/main_window.h"
#include "ui/theme/theme.h"
#include "ui/tray.h"
#include "ui/widgets/activity_table.h"
#include "ui/widgets/guarded_button.h"
#include "ui/widgets/notice_bar.h"

#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QSignalSpy>
#include <QSpinBox>
#include <QStackedWidget>
#include <QTest>
#include <QWindow>

using namespace gatehouse;
using namespace gatehouse::ui;
using test::FixturePort;

namespace {

/// The button with these words that can be seen now.
QPushButton *buttonSaying(QWidget &window, const QString &text)
{
    for (QPushButton *one : window.findChildren<QPushButton *>()) {
        if (one->isVisible() && (one->text().remove(u'&') == text || one->accessibleName() == text))
            return one;
    }
    return nullptr;
}

template <typename T> T *visible(QWidget &window)
{
    for (T *one : window.findChildren<T *>()) {
        if (one->isVisible())
            return one;
    }
    return nullptr;
}

bool shows(QWidget &window, const QString &text)
{
    const auto labels = window.findChildren<QLabel *>();
    return std::any_of(labels.begin(), labels.end(), [&](const QLabel *label) {
        return label->isVisible() && plainText(label->text()).contains(text);
    });
}

} // namespace

class PagesTest : public QObject
{
    Q_OBJECT

private:
    struct Bench
    {
        FixturePort port;
        std::unique_ptr<MainWindow> window;
        explicit Bench(const std::function<void(FixturePort &)> &prepare = {})
        {
            port.approvalList.clear();
            if (prepare)
                prepare(port);
            window = std::make_unique<MainWindow>(port, [this] { return port.now; });
            window->show();
        }
        void click(const QString &text) const
        {
            QTRY_VERIFY2(buttonSaying(*window, text), qPrintable(text));
            QTest::mouseClick(buttonSaying(*window, text), Qt::LeftButton);
        }
        static ActivityFilter rareMix()
        {
            ActivityFilter filter;
            filter.decision = QStringLiteral("asked");
            filter.outcome = QStringLiteral("issue_changed"); // no line has it
            return filter;
        }
        QLineEdit *field(const QString &name) const
        {
            for (QLineEdit *one : window->findChildren<QLineEdit *>()) {
                if (one->accessibleName() == name)
                    return one;
            }
            return nullptr;
        }
    };
    /// Its answers count now.
    static bool isOpen(QDialog &dialog)
    {
        if (!dialog.isActiveWindow()) // the main window's own activation may come after the dialog's
            dialog.activateWindow();
        const auto *one = dialog.findChild<GuardedButton *>();
        return !one->property("shut").toBool();
    }
    static void press(QWidget &window, const char *text)
    {
        QTRY_VERIFY2(buttonSaying(window, QString::fromLatin1(text)), text);
        QTest::mouseClick(buttonSaying(window, QString::fromLatin1(text)), Qt::LeftButton);
    }
    /// A grant that is changed and not saved.
    static void changeAGrant(Bench &bench)
    {
        bench.window->show(MainWindow::Agents);
        QTRY_COMPARE(bench.window->models().grants.rowCount(), 1);
        GrantMatrixModel &grants = bench.window->models().grants;
        QVERIFY(grants.setData(grants.index(0, 3), QStringLiteral("ask"), Qt::EditRole));
    }

private slots:
    void initTestCase()
    {
        QCoreApplication::setOrganizationName(QStringLiteral("Gatehouse tests"));
        applyTheme(*qApp, ThemeChoice::Light);
    }

    void keyboard_choosesThePages()
    {
        Bench bench;
        QVERIFY(QTest::qWaitForWindowActive(bench.window.get()));
        auto *pages = bench.window->findChild<QStackedWidget *>();
        for (const auto &[key, page] :
             { std::pair{ Qt::Key_2, 1 }, { Qt::Key_3, 2 }, { Qt::Key_4, 3 }, { Qt::Key_1, 0 } }) {
            QTest::keyClick(bench.window.get(), key, Qt::ControlModifier);
            QTRY_COMPARE(pages->currentIndex(), page);
        }
    }
    void everyControl_hasAName()
    {
        Bench bench;
        QTRY_COMPARE(bench.window->models().agents.rowCount(), 4);
        for (const QPushButton *one : bench.window->findChildren<QPushButton *>())
            QVERIFY(!one->text().isEmpty() || !one->accessibleName().isEmpty());
        for (const QLineEdit *one : bench.window->findChildren<QLineEdit *>()) {
            if (!qobject_cast<QAbstractSpinBox *>(one->parent()))
                QVERIFY2(!one->accessibleName().isEmpty(), qPrintable(one->placeholderText()));
        }
        for (const QComboBox *one : bench.window->findChildren<QComboBox *>())
            QVERIFY(!one->accessibleName().isEmpty());
        for (const QAbstractItemView *one : bench.window->findChildren<QAbstractItemView *>()) {
            // A header is read with its table; a combo box names its own list.
            if (!one->inherits("QComboBoxListView") && !one->inherits("QHeaderView"))
                QVERIFY2(!one->accessibleName().isEmpty(), one->metaObject()->className());
        }
        for (const QLabel *one : bench.window->findChildren<QLabel *>()) {
            if (!one->buddy())
                QCOMPARE(one->textFormat(), Qt::PlainText);
        }
    }

    void pauseAll_pausesAndResumes()
    {
        Bench bench;
        bench.click(QStringLiteral("Pause all"));
        QVERIFY(bench.port.called(QStringLiteral("setMode paused")));
        QTRY_VERIFY(shows(*bench.window, QStringLiteral("All agents are paused")));
        bench.click(QStringLiteral("Resume"));
        QVERIFY(bench.port.called(QStringLiteral("setMode running")));
    }
    void resume_withPin_asksAndGoesOnByItself()
    {
        Bench bench([](FixturePort &port) {
            port.state.mode = QStringLiteral("paused");
            port.needsPin = { QStringLiteral("setMode") };
        });
        bench.click(QStringLiteral("Resume"));
        QTRY_VERIFY(visible<PinDialog>(*bench.window));
        auto *dialog = visible<PinDialog>(*bench.window);
        auto *field = dialog->findChild<QLineEdit *>();
        QTest::keyClicks(field, QStringLiteral("999999"));
        QTest::keyClick(field, Qt::Key_Return);
        QTRY_VERIFY(shows(*dialog, QStringLiteral("That is not the PIN")));
        field->clear();
        QTest::keyClicks(field, bench.port.pin);
        QTest::keyClick(field, Qt::Key_Return);
        QTRY_COMPARE(bench.port.state.mode, QStringLiteral("running"));
        QTRY_VERIFY(!visible<PinDialog>(*bench.window));
    }
    void declinedPin_leavesEverythingAsItWas()
    {
        Bench bench([](FixturePort &port) {
            port.state.mode = QStringLiteral("paused");
            port.needsPin = { QStringLiteral("setMode") };
        });
        bench.click(QStringLiteral("Resume"));
        QTRY_VERIFY(visible<PinDialog>(*bench.window));
        QTest::keyClick(visible<PinDialog>(*bench.window), Qt::Key_Escape);
        QTRY_VERIFY(!visible<PinDialog>(*bench.window));
        QCOMPARE(bench.port.state.mode, QStringLiteral("paused"));
        QVERIFY(visible<NoticeBar>(*bench.window) == nullptr);
    }
    void stopEverything_asksFirst()
    {
        Bench bench;
        bench.click(QStringLiteral("Stop everything"));
        QTRY_VERIFY(visible<QDialog>(*bench.window));
        QCOMPARE(bench.port.callsTo(QStringLiteral("stopEverything")), 0);
        QDialog *dialog = visible<QDialog>(*bench.window);
        QTest::mouseClick(buttonSaying(*dialog, QStringLiteral("Stop everything")), Qt::LeftButton);
        QVERIFY(bench.port.called(QStringLiteral("stopEverything")));
        QTRY_VERIFY(visible<NoticeBar>(*bench.window));
        QVERIFY(visible<NoticeBar>(*bench.window)->sentence().contains(QStringLiteral("240 ms")));
    }
    void stopEverything_revokesWhatIsTicked()
    {
        Bench bench;
        const auto agentsAreRead = [&bench] {
            const auto lists = bench.window->findChildren<QListView *>();
            return std::any_of(lists.begin(), lists.end(), [](const QListView *list) {
                return list->accessibleName() == u"Agents" && list->model()->rowCount() > 1;
            });
        };
        QTRY_VERIFY(agentsAreRead());
        bench.click(QStringLiteral("Stop everything"));
        QTRY_VERIFY(visible<QDialog>(*bench.window));
        QDialog *dialog = visible<QDialog>(*bench.window);
        const auto boxes = dialog->findChildren<QCheckBox *>();
        QVERIFY(boxes.size() > 1);
        QCOMPARE(boxes[0]->text(), QStringLiteral("All agents"));
        boxes[1]->setFocus();
        QTest::keyClick(boxes[1], Qt::Key_Space);
        const QString chosen = boxes[1]->objectName();
        QTest::mouseClick(buttonSaying(*dialog, QStringLiteral("Stop everything")), Qt::LeftButton);
        QVERIFY(bench.port.called(QStringLiteral("stopEverything ") + chosen));
    }
    void failedAct_isSaidOverThePages()
    {
        Bench bench([](FixturePort &port) {
            port.faults[QStringLiteral("setMode")] = FixturePort::error(ErrorCode::StorageFull);
        });
        bench.click(QStringLiteral("Pause all"));
        QTRY_VERIFY(visible<NoticeBar>(*bench.window));
        QVERIFY(visible<NoticeBar>(*bench.window)->sentence().contains(QStringLiteral("disk is full")));
        bench.click(QStringLiteral("Dismiss"));
        QVERIFY(!visible<NoticeBar>(*bench.window));
    }

    void portBusy_offersAnotherAndTheCommands()
    {
        Bench bench([](FixturePort &port) {
            port.state.state = GatewayState::Broken;
            port.state.problem = ErrorCode::PortBusy;
            port.state.problemDetail = QStringLiteral("nc (7)");
        });
        QVERIFY(shows(*bench.window, QStringLiteral("The port is held by nc (7)")));
        QVERIFY(shows(*bench.window, QStringLiteral("http://127.0.0.1:4101/mcp")));
        bench.window->findChild<QSpinBox *>()->setValue(4200);
        QVERIFY(shows(*bench.window, QStringLiteral("http://127.0.0.1:4200/mcp")));
        bench.click(QStringLiteral("Use this port instead"));
        QVERIFY(bench.port.called(QStringLiteral("retry 4200")));
        bench.click(QStringLiteral("Try again"));
        QVERIFY(bench.port.called(QStringLiteral("retry 0")));
    }
    void firstStart_showsTheStepsAndLeadsToThem()
    {
        Bench bench([](FixturePort &port) {
            port.agentList.clear();
            port.state.connected = port.state.pinSet = false;
        });
        QVERIFY(shows(*bench.window, QStringLiteral("Getting started")));
        bench.click(QStringLiteral("Create an agent"));
        QTRY_VERIFY(visible<QDialog>(*bench.window));
        QDialog *dialog = visible<QDialog>(*bench.window);
        QTest::keyClicks(dialog->findChild<QLineEdit *>(), QStringLiteral("Writer"));
        QTest::keyClick(dialog, Qt::Key_Return);
        QTRY_VERIFY(bench.port.called(QStringLiteral("createAgent Writer")));
        QTRY_VERIFY(shows(*bench.window, QStringLiteral("Writer")));
    }
    void allStepsDone_hidesThem()
    {
        Bench bench;
        QTRY_COMPARE(bench.window->models().agents.rowCount(), 4);
        QVERIFY(!shows(*bench.window, QStringLiteral("Getting started")));
    }

    void confirmation_opensByItselfAndDeniesByDefault()
    {
        Bench bench;
        emit bench.port.confirmationAsked(bench.port.confirmation());
        QTRY_VERIFY(visible<ConfirmationDialog>(*bench.window));
        auto *dialog = visible<ConfirmationDialog>(*bench.window);
        QTRY_VERIFY(shows(*dialog, QStringLiteral("Engine")));
        QTRY_VERIFY(isOpen(*dialog));
        QTest::keyClick(dialog->focusWidget(), Qt::Key_Return);
        QTRY_VERIFY(bench.port.called(QStringLiteral("denyPairing conf-1")));
        QTRY_VERIFY(!visible<ConfirmationDialog>(*bench.window));
    }
    void confirmation_closedByTheGateway_goesWithoutAnAnswer()
    {
        Bench bench;
        emit bench.port.confirmationAsked(bench.port.confirmation());
        QTRY_VERIFY(visible<ConfirmationDialog>(*bench.window));
        emit bench.port.confirmationClosed(QStringLiteral("conf-1"));
        QTRY_VERIFY(!visible<ConfirmationDialog>(*bench.window));
        QCOMPARE(bench.port.callsTo(QStringLiteral("denyPairing")), 0);
    }
    void approvals_waitInAQueueAndAreSeenOnce()
    {
        Bench bench;
        const FixturePort other;
        bench.port.askApproval(other.approvalList[0]);
        bench.port.askApproval(other.approvalList[1]);
        QTRY_VERIFY(visible<ApprovalDialog>(*bench.window));
        auto *dialog = visible<ApprovalDialog>(*bench.window);
        QVERIFY(shows(*dialog, QStringLiteral("Question 1 of 2")));
        QTRY_VERIFY(bench.port.called(QStringLiteral("approvalSeen ask-1")));
        QVERIFY(!bench.port.called(QStringLiteral("approvalSeen ask-2")));
        QTRY_VERIFY(isOpen(*dialog));
        QTest::mouseClick(buttonSaying(*dialog, QStringLiteral("Deny")), Qt::LeftButton);
        QTRY_VERIFY(bench.port.called(QStringLiteral("denyCall ask-1  keep")));
        QTRY_COMPARE(dialog->question(), QStringLiteral("ask-2"));
        emit bench.port.approvalClosed(QStringLiteral("ask-2"));
        QTRY_VERIFY(!visible<ApprovalDialog>(*bench.window));
    }
    void approval_rightAfterTheLastOneClosed_staysOnScreen()
    {
        Bench bench;
        const FixturePort other;
        bench.port.askApproval(other.approvalList[0]);
        QTRY_VERIFY(visible<ApprovalDialog>(*bench.window));
        emit bench.port.approvalClosed(QStringLiteral("ask-1"));
        bench.port.askApproval(other.approvalList[1]);
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        QTRY_VERIFY(visible<ApprovalDialog>(*bench.window));
        QCOMPARE(visible<ApprovalDialog>(*bench.window)->question(), QStringLiteral("ask-2"));
    }
    void overview_aYesForATime_isListedAndEndedByItsButton()
    {
        Bench bench;
        auto *list = bench.window->findChild<QWidget *>(QStringLiteral("standing"));
        QVERIFY(list && list->isHidden());
        StandingYesSummary yes;
        yes.id = QStringLiteral("ask-9");
        yes.agentName = QStringLiteral("Scribe");
        yes.clientName = QStringLiteral("Codex on atlas");
        yes.tool = QStringLiteral("tasker_update_issue");
        yes.projectName = QStringLiteral("Engine");
        yes.covers = QStringLiteral("project");
        yes.givenAt = bench.port.now;
        yes.until = bench.port.now.addSecs(3600);
        bench.port.standingList = { yes };
        emit bench.port.standingChanged();
        QTRY_VERIFY(!list->isHidden());
        QVERIFY(shows(*list, QStringLiteral("Scribe may change issues in Engine until ")));
        auto *end = buttonSaying(*list, QStringLiteral("End now"));
        QVERIFY(
            plainText(end->accessibleName()).contains(QStringLiteral("Scribe may change issues in Engine")));
        QTest::mouseClick(end, Qt::LeftButton);
        QTRY_VERIFY(bench.port.called(QStringLiteral("endYes ask-9")));
        QTRY_VERIFY(list->isHidden());
    }
    void approval_withPin_isAllowedAfterThePin()
    {
        Bench bench([](FixturePort &port) { port.needsPin = { QStringLiteral("allowCall") }; });
        const FixturePort other;
        bench.port.askApproval(other.approvalList[0]);
        QTRY_VERIFY(visible<ApprovalDialog>(*bench.window));
        auto *dialog = visible<ApprovalDialog>(*bench.window);
        QTRY_VERIFY(isOpen(*dialog));
        QTest::mouseClick(buttonSaying(*dialog, QStringLiteral("Allow")), Qt::LeftButton);
        QTRY_VERIFY(visible<PinDialog>(*bench.window));
        auto *field = visible<PinDialog>(*bench.window)->findChild<QLineEdit *>();
        QTest::keyClicks(field, bench.port.pin);
        QTest::keyClick(field, Qt::Key_Return);
        QTRY_COMPARE(bench.port.callsTo(QStringLiteral("allowCall")), 2);
        QTRY_VERIFY(!visible<ApprovalDialog>(*bench.window));
    }
    void approval_showsWhatTheCallWouldChange()
    {
        Bench bench;
        const FixturePort other;
        bench.port.askApproval(other.approvalList[0]);
        QTRY_VERIFY(visible<ApprovalDialog>(*bench.window));
        QVERIFY(shows(*visible<ApprovalDialog>(*bench.window), QStringLiteral("Reading from Tasker")));
        QTRY_VERIFY(shows(*visible<ApprovalDialog>(*bench.window), QStringLiteral("In review")));
        QVERIFY(shows(*visible<ApprovalDialog>(*bench.window), QStringLiteral("State then")));
        QCOMPARE(bench.port.callsTo(QStringLiteral("preview")), 1);
    }
    void restore_isAcceptedAfterAQuestionAndThePin()
    {
        Bench bench([](FixturePort &port) {
            port.state.signingHeld = QStringLiteral("rolled_back");
            port.needsPin = { QStringLiteral("acceptRestore") };
        });
        QVERIFY(shows(*bench.window, QStringLiteral("older than your keychain remembers")));
        bench.click(QStringLiteral("I put it back myself…"));
        QVERIFY(!bench.port.called(QStringLiteral("acceptRestore")));
        bench.click(QStringLiteral("Yes, sign the journal on"));
        QTRY_VERIFY(visible<PinDialog>(*bench.window));
        auto *field = visible<PinDialog>(*bench.window)->findChild<QLineEdit *>();
        QTest::keyClicks(field, bench.port.pin);
        QTest::keyClick(field, Qt::Key_Return);

        QTRY_VERIFY(!shows(*bench.window, QStringLiteral("older than your keychain remembers")));
        QVERIFY(!buttonSaying(*bench.window, QStringLiteral("I put it back myself…")));
        QTRY_VERIFY(visible<NoticeBar>(*bench.window));
        QVERIFY(visible<NoticeBar>(*bench.window)->sentence().contains(QStringLiteral("signing goes on")));
    }
    void clock_thatJumped_isBelievedAfterAQuestionAndThePin()
    {
        Bench bench([](FixturePort &port) {
            port.state.clockQuestion = QStringLiteral("ahead");
            port.state.clockWall = QDateTime({ 2036, 3, 1 }, { 10, 0 });
            port.state.clockLatest = QDateTime({ 2026, 12, 1 }, { 10, 0 });
            port.needsPin = { QStringLiteral("settleClock") };
        });
        QVERIFY(shows(*bench.window, QStringLiteral("Is the clock right?")));
        bench.click(QStringLiteral("The clock is right…"));
        QVERIFY(!bench.port.called(QStringLiteral("settleClock")));
        bench.click(QStringLiteral("Yes, it is right"));
        QTRY_VERIFY(visible<PinDialog>(*bench.window));
        auto *field = visible<PinDialog>(*bench.window)->findChild<QLineEdit *>();
        QTest::keyClicks(field, bench.port.pin);
        QTest::keyClick(field, Qt::Key_Return);

        QTRY_VERIFY(!shows(*bench.window, QStringLiteral("Is the clock right?")));
        QVERIFY(!buttonSaying(*bench.window, QStringLiteral("The clock is right…")));
    }
    void journal_isCheckedFromActivity_andTheResultIsInWords()
    {
        Bench bench;
        bench.window->show(MainWindow::Activity);
        bench.click(QStringLiteral("Check the journal"));
        QTRY_VERIFY(shows(*bench.window, QStringLiteral("The journal is whole")));
        bench.port.verdict.finding = QStringLiteral("edited");
        bench.port.verdict.badRow = 17;
        bench.click(QStringLiteral("Check the journal"));
        QTRY_VERIFY(shows(*bench.window, QStringLiteral("Row 17 was changed")));
    }
    void journalsFolder_standsOnConnection()
    {
        Bench bench;
        bench.window->show(MainWindow::Connection);
        QVERIFY(shows(*bench.window, QStringLiteral("/home/mira/.local/share/gatehouse/journal")));
        QVERIFY(shows(*bench.window, QStringLiteral("90 days"))
                || shows(*bench.window, QStringLiteral("90 day(s)")));
        QVERIFY(buttonSaying(*bench.window, QStringLiteral("Export to another folder…")));
    }
    void question_isNotShutByADialogOverTheWindow()
    {
        Bench bench;
        bench.window->show(MainWindow::Agents);
        QTRY_COMPARE(bench.window->models().agents.rowCount(), 4);
        bench.click(QStringLiteral("New agent"));
        QTRY_VERIFY(QGuiApplication::modalWindow());
        emit bench.port.confirmationAsked(bench.port.confirmation());
        const FixturePort other;
        bench.port.askApproval(other.approvalList[0]);
        QTRY_VERIFY(visible<ConfirmationDialog>(*bench.window) && visible<ApprovalDialog>(*bench.window));

        // A window-modal dialog shuts every window that hangs on the same one.
        QVERIFY(!visible<ConfirmationDialog>(*bench.window)->windowHandle()->transientParent());
        QVERIFY(!visible<ApprovalDialog>(*bench.window)->windowHandle()->transientParent());
    }
    void pairing_endsWhereTheQuestionBegins()
    {
        Bench bench;
        bench.window->show(MainWindow::Agents);
        QTRY_COMPARE(bench.window->models().agents.rowCount(), 4);
        bench.click(QStringLiteral("Pair a Codex"));
        QTRY_VERIFY(shows(*bench.window, QStringLiteral("KQTX-WZLP")));

        emit bench.port.confirmationAsked(bench.port.confirmation());

        QTRY_VERIFY(visible<ConfirmationDialog>(*bench.window));
        QVERIFY(!visible<PairingDialog>(*bench.window));
        QCOMPARE(bench.port.callsTo(QStringLiteral("closePairing")), 0);
    }
    void waitingQuestion_isReviewedFromOverview()
    {
        Bench bench;
        const FixturePort other;
        bench.port.askApproval(other.approvalList[0]);
        QTRY_VERIFY(visible<ApprovalDialog>(*bench.window));
        QTRY_VERIFY(isOpen(*visible<ApprovalDialog>(*bench.window)));
        visible<ApprovalDialog>(*bench.window)->close();
        QTRY_VERIFY(!visible<ApprovalDialog>(*bench.window));
        QCOMPARE(bench.port.callsTo(QStringLiteral("denyCall")), 0); // closing answers nothing
        auto *list = bench.window->findChild<QListView *>(QStringLiteral("waiting"));
        QTest::mouseClick(list->viewport(), Qt::LeftButton, {},
                          list->visualRect(list->model()->index(0, 0)).center());
        QTRY_VERIFY(visible<ApprovalDialog>(*bench.window));
    }

    void agents_pauseRenameRetire_reachTheGateway()
    {
        Bench bench;
        QTRY_COMPARE(bench.window->models().agents.rowCount(), 4);
        bench.window->show(MainWindow::Agents);
        bench.click(QStringLiteral("Pause"));
        QVERIFY(bench.port.called(QStringLiteral("setAgentState nightly paused")));
        bench.click(QStringLiteral("Rename"));
        QTRY_VERIFY(visible<QDialog>(*bench.window));
        QDialog *naming = visible<QDialog>(*bench.window);
        naming->findChild<QLineEdit *>()->setText(QStringLiteral("scribe")); // taken
        QVERIFY(shows(*naming, QStringLiteral("already")));
        naming->findChild<QLineEdit *>()->setText(QStringLiteral("Triage"));
        QTest::keyClick(naming, Qt::Key_Return);
        QTRY_VERIFY(bench.port.called(QStringLiteral("renameAgent nightly Triage")));
        QTRY_VERIFY(!visible<QDialog>(*bench.window));
        bench.click(QStringLiteral("Retire…"));
        QTRY_VERIFY(visible<QDialog>(*bench.window));
        QTest::mouseClick(buttonSaying(*visible<QDialog>(*bench.window), QStringLiteral("Retire")),
                          Qt::LeftButton);
        QTRY_VERIFY(bench.port.called(QStringLiteral("setAgentState nightly retired")));
    }
    void grants_aCell_isChangedByKeyboardAndSaved()
    {
        Bench bench;
        bench.window->show(MainWindow::Agents);
        QTRY_COMPARE(bench.window->models().grants.rowCount(), 1);
        auto *table = bench.window->findChild<QTableView *>(QStringLiteral("grants"));
        table->setCurrentIndex(table->model()->index(0, 3));
        table->setFocus();
        QTest::keyClick(table, Qt::Key_Space);
        QTRY_VERIFY(bench.window->findChild<QMenu *>(QStringLiteral("answers")));
        auto *menu = bench.window->findChild<QMenu *>(QStringLiteral("answers"));
        QCOMPARE(menu->actions().size(), 4);
        menu->actions()[2]->trigger();
        menu->close();
        bench.click(QStringLiteral("Save grants"));
        QTRY_VERIFY(bench.port.called(QStringLiteral("putGrants ENG:issues:create=ask")));
    }
    void grants_everyProject_isConfirmedFirst()
    {
        Bench bench;
        bench.window->show(MainWindow::Agents);
        QTRY_COMPARE(bench.window->models().grants.rowCount(), 1);
        bench.click(QStringLiteral("All projects…"));
        bench.window->models().grants.applyPreset(0, GrantMatrixModel::Preset::Read);
        QVERIFY(shows(*bench.window, QStringLiteral("on all projects")));
        bench.click(QStringLiteral("Save grants"));
        QTRY_VERIFY(visible<QDialog>(*bench.window));
        QCOMPARE(bench.port.callsTo(QStringLiteral("putGrants")), 0);
        QTest::mouseClick(
            buttonSaying(*visible<QDialog>(*bench.window), QStringLiteral("Give on all projects")),
            Qt::LeftButton);
        QTRY_COMPARE(bench.port.callsTo(QStringLiteral("putGrants")), 1);
    }
    void grants_projectFound_isAddedAsARow()
    {
        Bench bench;
        bench.window->show(MainWindow::Agents);
        QVERIFY(QTest::qWaitForWindowActive(bench.window.get()));
        QTRY_COMPARE(bench.window->models().grants.rowCount(), 1);
        QLineEdit *search = bench.field(QStringLiteral("Find a project to add"));
        search->setFocus();
        QTest::keyClicks(search, QStringLiteral("desi"));
        QTRY_VERIFY(bench.port.called(QStringLiteral("findProjects desi")));
        QTRY_COMPARE(bench.window->models().projects.rowCount(), 1);
        QTest::keyClick(search, Qt::Key_Return);
        QCOMPARE(bench.window->models().grants.rowCount(), 2);
    }
    void everyButton_isPressedByEnterWhereItHasTheFocus()
    {
        Bench bench;
        QTRY_COMPARE(bench.window->models().agents.rowCount(), 4);
        for (const QPushButton *one : bench.window->findChildren<QPushButton *>())
            QVERIFY2(one->autoDefault(), qPrintable(one->text()));
        QPushButton *agents = buttonSaying(*bench.window, QStringLiteral("Agents"));
        agents->setFocus();
        QTest::keyClick(agents, Qt::Key_Return);
        QTRY_COMPARE(bench.window->findChild<QStackedWidget *>()->currentIndex(), int(MainWindow::Agents));
    }
    void unsavedGrants_leavingThePage_asks_data()
    {
        QTest::addColumn<QByteArray>("answer");
        QTest::addColumn<int>("page");
        QTest::addColumn<bool>("dirty");
        QTest::addColumn<int>("saves");
        QTest::newRow("stay") << QByteArray("Stay") << int(MainWindow::Agents) << true << 0;
        QTest::newRow("discard") << QByteArray("Discard") << int(MainWindow::Activity) << false << 0;
        QTest::newRow("save") << QByteArray("Save") << int(MainWindow::Activity) << false << 1;
    }
    void unsavedGrants_leavingThePage_asks()
    {
        QFETCH(QByteArray, answer);
        QFETCH(int, page);
        QFETCH(bool, dirty);
        QFETCH(int, saves);
        Bench bench;
        changeAGrant(bench);
        const auto *pages = bench.window->findChild<QStackedWidget *>();

        bench.click(QStringLiteral("Activity"));

        QTRY_VERIFY(visible<UnsavedDialog>(*bench.window));
        QCOMPARE(pages->currentIndex(), int(MainWindow::Agents));
        QVERIFY(buttonSaying(*bench.window, QStringLiteral("Agents"))->isChecked());
        press(*visible<UnsavedDialog>(*bench.window), answer.constData());
        QTRY_COMPARE(pages->currentIndex(), page);
        QTRY_COMPARE(bench.window->models().grants.isDirty(), dirty);
        QCOMPARE(bench.port.callsTo(QStringLiteral("putGrants")), saves);
    }
    void unsavedGrants_aSaveThatFails_staysWithWhatWasEntered()
    {
        Bench bench([](FixturePort &port) {
            port.faults[QStringLiteral("putGrants")] = FixturePort::error(ErrorCode::StorageFull);
        });
        changeAGrant(bench);
        bench.click(QStringLiteral("Activity"));
        QTRY_VERIFY(visible<UnsavedDialog>(*bench.window));
        press(*visible<UnsavedDialog>(*bench.window), "Save");
        QTRY_VERIFY(visible<NoticeBar>(*bench.window));
        QCOMPARE(bench.window->findChild<QStackedWidget *>()->currentIndex(), int(MainWindow::Agents));
        QVERIFY(bench.window->models().grants.isDirty());
    }
    void unsavedGrants_anotherAgent_asks()
    {
        Bench bench;
        changeAGrant(bench);
        const QString before = bench.window->models().grants.changes().first().agentId;
        QListView *list = nullptr;
        for (QListView *one : bench.window->findChildren<QListView *>()) {
            if (one->accessibleName() == u"Agents")
                list = one;
        }
        const auto click = [&](int row) {
            QTest::mouseClick(list->viewport(), Qt::LeftButton, {},
                              list->visualRect(list->model()->index(row, 0)).center());
        };
        click(1);
        QTRY_VERIFY(visible<UnsavedDialog>(*bench.window));
        press(*visible<UnsavedDialog>(*bench.window), "Stay");
        QTRY_COMPARE(list->currentIndex().row(), 0);
        QCOMPARE(bench.window->models().grants.changes().size(), 1);
        QCOMPARE(bench.window->models().grants.changes().first().agentId, before);
        click(1);
        QTRY_VERIFY(visible<UnsavedDialog>(*bench.window));
        press(*visible<UnsavedDialog>(*bench.window), "Discard");
        QTRY_COMPARE(list->currentIndex().row(), 1);
        QVERIFY(!bench.window->models().grants.isDirty());
    }
    void unsavedGrants_closingTheWindow_asks()
    {
        Bench bench;
        changeAGrant(bench);
        QVERIFY(!bench.window->close());
        QVERIFY(bench.window->isVisible());
        QTRY_VERIFY(visible<UnsavedDialog>(*bench.window));
        press(*visible<UnsavedDialog>(*bench.window), "Stay");
        QVERIFY(bench.window->models().grants.isDirty());
        QTRY_VERIFY(!visible<UnsavedDialog>(*bench.window));
        bench.window->models().grants.discard();
        QVERIFY(bench.window->close());
    }
    void savedRow_canBeUndone()
    {
        Bench bench;
        changeAGrant(bench);
        bench.click(QStringLiteral("Save grants"));
        QTRY_VERIFY(bench.port.called(QStringLiteral("putGrants ENG:issues:create=ask")));
        QTRY_VERIFY(!bench.window->models().grants.isDirty());
        QTRY_COMPARE(bench.window->models().grants.rowCount(), 1);
        auto *table = bench.window->findChild<QTableView *>(QStringLiteral("grants"));
        table->setCurrentIndex(table->model()->index(0, 1));
        bench.click(QStringLiteral("Undo row"));
        bench.click(QStringLiteral("Save grants"));
        QTRY_VERIFY(bench.port.called(QStringLiteral("putGrants ENG:issues:create=off")));
    }
    void clients_revoke_asksFirst()
    {
        Bench bench;
        bench.window->show(MainWindow::Agents);
        QTRY_COMPARE(bench.window->models().clients.rowCount(), 1);
        for (QTableView *table : bench.window->findChildren<QTableView *>()) {
            if (table->model() == &bench.window->models().clients)
                table->setCurrentIndex(table->model()->index(0, 0));
        }
        bench.click(QStringLiteral("Revoke…"));
        QTRY_VERIFY(visible<QDialog>(*bench.window));
        QCOMPARE(bench.port.callsTo(QStringLiteral("revokeClient")), 0);
        QTest::mouseClick(buttonSaying(*visible<QDialog>(*bench.window), QStringLiteral("Revoke")),
                          Qt::LeftButton);
        QTRY_VERIFY(bench.port.called(QStringLiteral("revokeClient c3")));
    }

    void activity_aNewLine_showsWithinATenthOfASecond()
    {
        Bench bench;
        bench.window->show(MainWindow::Activity);
        QTRY_VERIFY(bench.window->models().activity.rowCount() > 0);
        bench.port.addLine([](ActivityRow &line) { line.title = QStringLiteral("Brand new"); });
        QTRY_VERIFY_WITH_TIMEOUT(bench.window->models()
                                     .activity.index(0, ActivityModel::IssueColumn)
                                     .data()
                                     .toString()
                                     .contains(QStringLiteral("Brand new")),
                                 100);
    }
    void activity_filterAndSearch_askTheGateway()
    {
        Bench bench;
        bench.window->show(MainWindow::Activity);
        QTRY_VERIFY(bench.window->models().activity.rowCount() > 0);
        for (QComboBox *choice : bench.window->findChildren<QComboBox *>()) {
            if (choice->accessibleName() == u"All decisions") {
                choice->setCurrentIndex(2);
                emit choice->activated(2);
            }
        }
        QCOMPARE(bench.window->models().activity.filter().decision, QStringLiteral("denied"));
        QTest::keyClicks(bench.field(QStringLiteral("Search in activity")), QStringLiteral("zzz"));
        QTRY_COMPARE(bench.window->models().activity.filter().text, QStringLiteral("zzz"));
        QTRY_COMPARE(bench.window->models().activity.rowCount(), 0);
        QTRY_VERIFY(shows(*bench.window, QStringLiteral("Nothing fits these filters")));
        bench.click(QStringLiteral("Clear"));
        QTRY_VERIFY(bench.window->models().activity.rowCount() > 0);
    }
    void activity_aLongSearch_isStoppedByEscape_andTakenUpAgain()
    {
        Bench bench([](FixturePort &port) {
            port.rows = 200'000;
            port.rowsInRead = 1000;
        });
        bench.window->show(MainWindow::Activity);
        QTRY_VERIFY(bench.window->models().activity.rowCount() > 0);
        bench.window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(bench.window.get()));
        QVERIFY(!buttonSaying(*bench.window, QStringLiteral("Stop")));
        bench.window->models().activity.setFilter(Bench::rareMix());
        QTRY_VERIFY(buttonSaying(*bench.window, QStringLiteral("Stop")));
        QVERIFY(shows(*bench.window, QStringLiteral("Searched back to")));
        QVERIFY(shows(*bench.window, QStringLiteral("Searching…")));

        QTest::keyClick(visible<ActivityTable>(*bench.window), Qt::Key_Escape);

        QTRY_VERIFY(!buttonSaying(*bench.window, QStringLiteral("Stop")));
        QVERIFY(shows(*bench.window, QStringLiteral("Stopped at")));
        QVERIFY(shows(*bench.window, QStringLiteral("Nothing found so far.")));

        bench.click(QStringLiteral("Search further"));
        QTRY_VERIFY(buttonSaying(*bench.window, QStringLiteral("Stop")));
        bench.click(QStringLiteral("Stop"));
        QVERIFY(buttonSaying(*bench.window, QStringLiteral("Search further")));
    }
    void activity_searchThatFoundNothing_saysHowFarItWent()
    {
        Bench bench;
        bench.window->show(MainWindow::Activity);
        bench.window->models().activity.setFilter(Bench::rareMix());

        QTRY_VERIFY(shows(*bench.window, QStringLiteral("Searched everything, back to")));
    }
    void activity_details_showAllFields()
    {
        Bench bench;
        bench.window->show(MainWindow::Activity);
        QTRY_VERIFY(bench.window->models().activity.rowCount() > 0);
        auto *table = visible<ActivityTable>(*bench.window);
        table->setCurrentIndex(table->model()->index(3, 0));
        const ActivityRow line = *bench.window->models().activity.line(3);
        for (const QString &text :
             { line.callId, line.clientName, line.tool, line.projectName, QString::number(line.seq) })
            QTRY_VERIFY2(shows(*bench.window, text), qPrintable(text));
    }

    void connection_wrongAddress_isMarkedAndNothingIsSent()
    {
        Bench bench;
        bench.window->show(MainWindow::Connection);
        bench.field(QStringLiteral("&Address"))->setText(QStringLiteral("http://tasker.example.org"));
        bench.click(QStringLiteral("Test connection"));
        QVERIFY(shows(*bench.window, QStringLiteral("Use https")));
        QCOMPARE(bench.port.callsTo(QStringLiteral("testConnection")), 0);
    }
    void connection_test_listsTheProjects_andSaveEmptiesTheCredential()
    {
        Bench bench;
        bench.window->show(MainWindow::Connection);
        QLineEdit *credential = bench.field(QStringLiteral("C&redential"));
        QCOMPARE(credential->echoMode(), QLineEdit::Password);
        QCOMPARE(credential->placeholderText(), QStringLiteral("Stored in the keychain"));
        QTest::keyClicks(credential, QStringLiteral("new-secret"));
        bench.click(QStringLiteral("Test connection"));
        QTRY_VERIFY(shows(*bench.window, QStringLiteral("Design system")));
        bench.click(QStringLiteral("Save"));
        QTRY_COMPARE(bench.port.callsTo(QStringLiteral("saveConnection")), 1);
        QTRY_VERIFY(credential->text().isEmpty());
    }
    void connection_forgottenPin_isResetOnlyAfterTheWord()
    {
        Bench bench;
        bench.window->show(MainWindow::Connection);
        bench.click(QStringLiteral("Forgotten…"));
        QTRY_VERIFY(visible<QDialog>(*bench.window));
        QDialog *dialog = visible<QDialog>(*bench.window);
        QTest::mouseClick(buttonSaying(*dialog, QStringLiteral("Reset the PIN")), Qt::LeftButton);
        QCOMPARE(bench.port.callsTo(QStringLiteral("resetPin")), 0);
        QTest::keyClicks(dialog->findChild<QLineEdit *>(), QStringLiteral("reset"));
        QTest::mouseClick(buttonSaying(*dialog, QStringLiteral("Reset the PIN")), Qt::LeftButton);
        QTRY_COMPARE(bench.port.callsTo(QStringLiteral("resetPin")), 1);
    }
    void connection_ownerToken_isShownOnce()
    {
        Bench bench;
        bench.window->show(MainWindow::Connection);
        bench.click(QStringLiteral("Make one for my tools…"));
        QTRY_VERIFY(visible<QDialog>(*bench.window));
        QTest::keyClicks(visible<QDialog>(*bench.window)->findChild<QLineEdit *>(),
                         QStringLiteral("scripts"));
        QTest::keyClick(visible<QDialog>(*bench.window), Qt::Key_Return);
        QTRY_VERIFY(shows(*bench.window, QStringLiteral("gh_o_fixture")));
        bench.click(QStringLiteral("I have copied it"));
        QTRY_VERIFY(!shows(*bench.window, QStringLiteral("gh_o_fixture")));
    }

    void raiseRequested_bringsTheWindowBack()
    {
        Bench bench;
        bench.window->hide();
        emit bench.port.raiseRequested();
        QVERIFY(bench.window->isVisible());
    }
    void withoutATray_closingReallyCloses()
    {
        Bench bench;
        Tray tray(*bench.window);
        if (tray.isThere())
            QSKIP("this platform has a tray");
        QVERIFY(bench.window->close());
        QVERIFY(!bench.window->isVisible());
    }
    void theme_darkAndLight_keepTextReadable()
    {
        const auto luminance = [](const QColor &color) {
            const auto part
                = [](qreal c) { return c <= 0.03928 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4); };
            return 0.2126 * part(color.redF()) + 0.7152 * part(color.greenF()) + 0.0722 * part(color.blueF());
        };
        const auto contrast = [&](const QColor &a, const QColor &b) {
            const qreal x = luminance(a), y = luminance(b);
            return (qMax(x, y) + 0.05) / (qMin(x, y) + 0.05);
        };
        for (const ThemeChoice choice : { ThemeChoice::Light, ThemeChoice::Dark }) {
            applyTheme(*qApp, choice);
            const Colors &c = colors();
            for (const auto &[text, ground] : { std::pair{ c.text, c.window },
                                                { c.text, c.surface },
                                                { c.text, c.accentSoft },
                                                { c.muted, c.surface },
                                                { c.muted, c.sunken },
                                                { c.muted, c.window },
                                                { c.accent, c.surface },
                                                { c.accent, c.accentSoft },
                                                { c.onAccent, c.accent },
                                                { c.good, c.goodSoft },
                                                { c.waiting, c.waitingSoft },
                                                { c.bad, c.badSoft },
                                                { c.good, c.surface },
                                                { c.waiting, c.surface },
                                                { c.bad, c.surface },
                                                { c.onBad, c.bad } })
                QVERIFY2(contrast(text, ground) >= 4.5, qPrintable(text.name() + u' ' + ground.name()));
        }
        applyTheme(*qApp, ThemeChoice::Light);
    }
};

QTEST_MAIN(PagesTest)
#include "tst_pages.moc"
