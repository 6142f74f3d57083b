// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fixture_port.h"
#include "ui/dialogs/approval_dialog.h"
#include "ui/dialogs/confirmation_dialog.h"
#include "ui/dialogs/dialog.h"
#include "ui/dialogs/pairing_dialog.h"
#include "ui/dialogs/pin_dialog.h"
#include "ui/widgets/diff_view.h"
#include "ui/widgets/guarded_button.h"
#include "ui/widgets/labels.h"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QRadioButton>
#include <QSignalSpy>
#include <QTest>

using namespace gatehouse;
using namespace gatehouse::ui;
using test::FixturePort;

namespace {

QPushButton *buttonSaying(QWidget &window, const QString &text)
{
    for (QPushButton *one : window.findChildren<QPushButton *>()) {
        if (one->text().remove(u'&') == text)
            return one;
    }
    return nullptr;
}

bool shows(QWidget &window, const QString &text)
{
    const auto labels = window.findChildren<QLabel *>();
    return std::any_of(labels.begin(), labels.end(), [&](const QLabel *label) { return label->text().contains(text); });
}

} // namespace

class DialogsTest : public QObject
{
    Q_OBJECT

private:
    qint64 m_ticks = 0;
    FixturePort m_port;
    [[nodiscard]] ConsentGuard::Ticks ticks()
    {
        return [this] { return m_ticks; };
    }
    static void show(QWidget &window)
    {
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
    }
    /// As a screen reader or a script presses: past the mouse, if the button lets it.
    static void press(QPushButton *one) { one->click(); }

private slots:
    void confirmation_showsWhoAsksAndTheNumber()
    {
        auto *dialog = new ConfirmationDialog(m_port.confirmation(), systemNow(), ticks());
        show(*dialog);
        for (const char *text : {"482 913", "/usr/bin/codex", "/home/mira/src/engine", "/usr/bin/zsh", "48213", "Codex on atlas", "Scribe"})
            QVERIFY2(shows(*dialog, QString::fromLatin1(text)), text);
        QVERIFY(buttonSaying(*dialog, QStringLiteral("Deny"))->isDefault());
        delete dialog;
    }
    void confirmation_allowDoesNothingForSevenHundredMilliseconds()
    {
        auto *dialog = new ConfirmationDialog(m_port.confirmation(), systemNow(), ticks());
        QSignalSpy answered(dialog, &ConfirmationDialog::answered);
        show(*dialog);
        auto *allow = dialog->findChild<GuardedButton *>();
        allow->questionChanged();
        m_ticks += 699;
        press(allow);
        QTest::mouseClick(allow, Qt::LeftButton);
        QCOMPARE(answered.size(), 0);
        m_ticks += 1;
        QTRY_VERIFY(allow->isEnabled());
        QTest::mouseClick(allow, Qt::LeftButton);
        QCOMPARE(answered.size(), 1);
        QCOMPARE(answered[0][1].toBool(), true);
    }
    void confirmation_focusThatComesBack_shutsAllowAgain()
    {
        auto *dialog = new ConfirmationDialog(m_port.confirmation(), systemNow(), ticks());
        QSignalSpy answered(dialog, &ConfirmationDialog::answered);
        show(*dialog);
        auto *allow = dialog->findChild<GuardedButton *>();
        m_ticks += 5000;
        QEvent activated(QEvent::WindowActivate);
        QCoreApplication::sendEvent(allow, &activated);
        press(allow);
        QCOMPARE(answered.size(), 0);
        delete dialog;
    }
    void confirmation_closing_denies()
    {
        auto *dialog = new ConfirmationDialog(m_port.confirmation(), systemNow(), ticks());
        QSignalSpy answered(dialog, &ConfirmationDialog::answered);
        show(*dialog);
        QTest::keyClick(dialog, Qt::Key_Escape);
        QCOMPARE(answered.size(), 1);
        QCOMPARE(answered[0][1].toBool(), false);
    }
    void login_withoutAChosenAgent_cannotBeAllowed()
    {
        ConfirmationSummary asked = m_port.confirmation();
        asked.login = true;
        asked.agentId.clear();
        auto *dialog = new ConfirmationDialog(asked, systemNow(), ticks());
        QSignalSpy answered(dialog, &ConfirmationDialog::answered);
        dialog->setAgents({{QStringLiteral("scribe"), QStringLiteral("Scribe"), QStringLiteral("active"), {}, 0, 0, {}},
                           {QStringLiteral("old"), QStringLiteral("Old"), QStringLiteral("retired"), {}, 0, 0, {}}});
        show(*dialog);
        m_ticks += 5000;
        auto *allow = dialog->findChild<GuardedButton *>();
        press(allow);
        QCOMPARE(answered.size(), 0);
        auto *agents = dialog->findChild<QComboBox *>();
        QCOMPARE(agents->count(), 1);
        agents->setCurrentIndex(0);
        press(allow); // the guard began again
        QCOMPARE(answered.size(), 0);
        m_ticks += 5000;
        QTRY_VERIFY(allow->isEnabled());
        QTest::mouseClick(allow, Qt::LeftButton);
        QCOMPARE(answered.size(), 1);
        QCOMPARE(answered[0][1].toBool(), true);
        QCOMPARE(dialog->agent(), QStringLiteral("scribe"));
    }
    void confirmation_enter_denies()
    {
        auto *dialog = new ConfirmationDialog(m_port.confirmation(), systemNow(), ticks());
        QSignalSpy answered(dialog, &ConfirmationDialog::answered);
        show(*dialog);
        m_ticks += 5000;
        QTest::keyClick(dialog, Qt::Key_Return);
        QCOMPARE(answered.size(), 1);
        QCOMPARE(answered[0][1].toBool(), false);
    }

    void approval_showsForeignTextAsPlainText()
    {
        ApprovalSummary asked = m_port.approvalList[1];
        asked.title = QStringLiteral("<b>bold</b> \u202e");
        ApprovalDialog *dialog = new ApprovalDialog(systemNow(), ticks());
        dialog->showQuestion(asked, 1, 1);
        show(*dialog);
        QVERIFY(shows(*dialog, QStringLiteral("<b>bold</b> ‹U+202E›")));
        for (const QLabel *label : dialog->findChildren<QLabel *>())
            QCOMPARE(label->textFormat(), Qt::PlainText);
        QVERIFY(shows(*dialog, QStringLiteral("Dark theme: links and code are unreadable")));
        QVERIFY(shows(*dialog, QStringLiteral("Reading from Tasker")));
        delete dialog;
    }
    void approval_preview_showsBeforeAndAfter_andShutsAllowAgain()
    {
        auto *dialog = new ApprovalDialog(systemNow(), ticks());
        const ApprovalSummary asked = m_port.approvalList[1];
        dialog->showQuestion(asked, 1, 1);
        show(*dialog);
        auto *allow = dialog->findChild<GuardedButton *>();
        m_ticks += 5000;
        QTRY_VERIFY(allow->isEnabled());

        dialog->showPreview(m_port.previews[asked.id]);

        QVERIFY(!allow->isEnabled());
        for (const char *text : {"Title now", "Title then", "Priority now", "low", "high", "bug, theme"})
            QVERIFY2(shows(*dialog, QString::fromLatin1(text)), text);
        const auto *diff = dialog->findChild<DiffView *>();
        QVERIFY(diff && diff->isReadOnly());
        const QStringList lines = diff->toPlainText().split(u'\n');
        QCOMPARE(lines.size(), 3);
        QVERIFY(lines[1].startsWith(QStringLiteral("− ")) && lines[2].startsWith(QStringLiteral("+ ")));
        QVERIFY(lines[2].contains(QStringLiteral("‹U+202E›")));
        QVERIFY(!shows(*dialog, QStringLiteral("What it sends")));
        delete dialog;
    }
    void approval_previewOfANewIssue_hasNoBefore()
    {
        auto *dialog = new ApprovalDialog(systemNow(), ticks());
        dialog->showQuestion(m_port.approvalList[1], 1, 1);
        dialog->showPreview({{}, QStringLiteral("New"), false, {{QStringLiteral("name"), {}, QStringLiteral("New"), {}}}});
        show(*dialog);
        QVERIFY(shows(*dialog, QStringLiteral("What it would make")));
        QVERIFY(!shows(*dialog, QStringLiteral("Title now")));
        delete dialog;
    }
    void approval_issueThatChanged_orNoPreview_isSaid()
    {
        auto *dialog = new ApprovalDialog(systemNow(), ticks());
        dialog->showQuestion(m_port.approvalList[0], 1, 2);
        show(*dialog);
        PreviewSummary changed = m_port.previews[QStringLiteral("ask-1")];
        changed.changedMeanwhile = true;
        dialog->showPreview(changed);
        QVERIFY(shows(*dialog, QStringLiteral("has changed since")));
        dialog->showQuestion(m_port.approvalList[1], 1, 1); // another question: nothing of the first stays
        QVERIFY(!shows(*dialog, QStringLiteral("has changed since")));
        dialog->showNoPreview(QStringLiteral("Tasker cannot be reached."));
        QVERIFY(shows(*dialog, QStringLiteral("could not be read. Tasker cannot be reached.")));
        QVERIFY(shows(*dialog, QStringLiteral("What it sends")));
        delete dialog;
    }
    void diff_longText_keepsTheNeighboursOfAChange()
    {
        QList<PreviewSummary::Line> lines;
        for (int i = 0; i < 40; ++i)
            lines.append({PreviewSummary::Line::Kind::Same, QStringLiteral("line %1").arg(i)});
        lines[20].kind = PreviewSummary::Line::Kind::Removed;
        const auto shown = shortenedDiff(lines);
        QCOMPARE(shown.size(), 7);
        QVERIFY(shown.first().text.contains(QStringLiteral("18")) && shown.last().text.contains(QStringLiteral("17")));
    }
    void approval_answers_carryReachAndReason()
    {
        auto *dialog = new ApprovalDialog(systemNow(), ticks());
        QSignalSpy allowed(dialog, &ApprovalDialog::allowed);
        QSignalSpy denied(dialog, &ApprovalDialog::denied);
        dialog->showQuestion(m_port.approvalList[0], 1, 2);
        show(*dialog);
        auto *allow = dialog->findChild<GuardedButton *>();
        press(allow);
        QCOMPARE(allowed.size(), 0); // too early
        const auto choices = dialog->findChildren<QRadioButton *>();
        QCOMPARE(choices.size(), 4);
        auto *time = dialog->findChild<QComboBox *>();
        time->setCurrentIndex(1);
        const QString until = clockText(QDateTime::currentDateTime().addSecs(3600), QDateTime::currentDateTime());
        QVERIFY(choices[0]->isChecked()); // once, and the narrower before the wider
        QVERIFY2(choices[1]->text().startsWith(QStringLiteral("Scribe may move ENG-42 to another state until ")), qPrintable(choices[1]->text()));
        QVERIFY(choices[2]->text().contains(QStringLiteral("in this turn only")));
        QVERIFY(choices[3]->text().startsWith(QStringLiteral("Scribe may move issues to another state in Engine until ")));
        QVERIFY(choices[3]->text().contains(until.left(2)));
        choices[3]->click();
        m_ticks += 700;
        QTRY_VERIFY(allow->isEnabled());
        press(allow);
        QCOMPARE(allowed.size(), 1);
        QCOMPARE(allowed[0], (QList<QVariant>{QStringLiteral("ask-1"), QStringLiteral("1h"), QStringLiteral("project")}));
        press(allow); // on its way already
        QCOMPARE(allowed.size(), 1);

        dialog->showQuestion(m_port.approvalList[1], 1, 1);
        QVERIFY(!allow->isEnabled()); // another question: shut again
        dialog->findChild<QLineEdit *>()->setText(QStringLiteral("wrong project"));
        press(buttonSaying(*dialog, QStringLiteral("Deny and pause the agent")));
        QCOMPARE(denied.size(), 1);
        QCOMPARE(denied[0], (QList<QVariant>{QStringLiteral("ask-2"), QStringLiteral("wrong project"), true}));
        delete dialog;
    }
    void approval_withPin_saysSo()
    {
        auto *dialog = new ApprovalDialog(systemNow(), ticks());
        dialog->showQuestion(m_port.approvalList[0], 1, 1);
        show(*dialog);
        QVERIFY(shows(*dialog, QStringLiteral("PIN")));
        delete dialog;
    }
    void approval_runOut_cannotBeAllowed()
    {
        ApprovalSummary asked = m_port.approvalList[0];
        asked.expiresAt = QDateTime::currentDateTime().addSecs(-1);
        auto *dialog = new ApprovalDialog(systemNow(), ticks());
        dialog->showQuestion(asked, 1, 1);
        show(*dialog);
        m_ticks += 5000;
        QVERIFY(!dialog->findChild<GuardedButton *>()->isEnabled());
        QVERIFY(shows(*dialog, QStringLiteral("run out")));
        delete dialog;
    }

    void pin_setUp_wantsTheSameTwice()
    {
        auto *dialog = new PinDialog(PinDialog::Kind::SetUp);
        QSignalSpy given(dialog, &PinDialog::given);
        show(*dialog);
        const auto fields = dialog->findChildren<QLineEdit *>();
        QPushButton *set = buttonSaying(*dialog, QStringLiteral("Set PIN"));
        QTest::keyClicks(fields[0], QStringLiteral("135790"));
        QTest::keyClicks(fields[1], QStringLiteral("135791"));
        QVERIFY(!set->isEnabled());
        fields[1]->clear();
        QTest::keyClicks(fields[1], QStringLiteral("135790"));
        QVERIFY(set->isEnabled());
        QTest::keyClick(fields[1], Qt::Key_Return);
        QCOMPARE(given.size(), 1);
        for (const QLineEdit *field : fields)
            QCOMPARE(field->echoMode(), QLineEdit::Password);
        delete dialog;
    }
    void pin_locked_shutsAndCountsDown()
    {
        auto *dialog = new PinDialog(PinDialog::Kind::Enter);
        show(*dialog);
        auto *field = dialog->findChild<QLineEdit *>();
        QTest::keyClicks(field, QStringLiteral("111111"));
        dialog->refuse({}, 900'000);
        QVERIFY(shows(*dialog, QStringLiteral("15:00")));
        QTest::keyClicks(field, QStringLiteral("222222"));
        QVERIFY(!buttonSaying(*dialog, QStringLiteral("Go on"))->isEnabled());
        delete dialog;
    }

    void pairing_showsCodeAndCommand_andTheSetupCommandBeforeItRuns()
    {
        FixturePort port;
        PinFlow pins(port);
        PairingModel model(port, pins);
        auto *dialog = new PairingDialog(model, QStringLiteral("scribe"), QStringLiteral("Scribe"));
        show(*dialog);
        QTRY_VERIFY(shows(*dialog, QStringLiteral("KQTX-WZLP")));
        QVERIFY(shows(*dialog, QStringLiteral("gatehouse-mcp pair")));
        press(buttonSaying(*dialog, QStringLiteral("Set up Codex for me…")));
        QVERIFY(shows(*dialog, port.codexSetupCommand()));
        QCOMPARE(port.callsTo(QStringLiteral("setUpCodex")), 0);
        press(buttonSaying(*dialog, QStringLiteral("Run this command")));
        QTRY_COMPARE(port.callsTo(QStringLiteral("setUpCodex")), 1);
        QTRY_VERIFY(shows(*dialog, QStringLiteral("Added global MCP server")));
        QVERIFY(!shows(*dialog, QStringLiteral("revoked")));
        delete dialog;
    }
    void pairing_setUpAgain_saysWhichClientWasRevoked()
    {
        FixturePort port;
        port.replacedBySetup = QStringLiteral("Codex");
        PinFlow pins(port);
        PairingModel model(port, pins);
        auto *dialog = new PairingDialog(model, QStringLiteral("scribe"), QStringLiteral("Scribe"));
        show(*dialog);
        press(buttonSaying(*dialog, QStringLiteral("Set up Codex for me…")));
        press(buttonSaying(*dialog, QStringLiteral("Run this command")));
        QTRY_VERIFY(shows(*dialog, QStringLiteral("that was set up before is revoked")));
        delete dialog;
    }
    void ask_noIsTheDefault()
    {
        auto *dialog = new AskDialog(QStringLiteral("Stop?"), QStringLiteral("Text"), QStringLiteral("Stop"));
        QSignalSpy agreed(dialog, &AskDialog::agreed);
        show(*dialog);
        QTest::keyClick(dialog, Qt::Key_Return);
        QCOMPARE(agreed.size(), 0);
    }
    void ask_mustType_opensOnlyAfterTheWord()
    {
        auto *dialog = new AskDialog(QStringLiteral("Reset?"), QStringLiteral("Text"), QStringLiteral("Reset"));
        dialog->mustType(QStringLiteral("reset"));
        show(*dialog);
        QVERIFY(!buttonSaying(*dialog, QStringLiteral("Reset"))->isEnabled());
        QTest::keyClicks(dialog->findChild<QLineEdit *>(), QStringLiteral("reset"));
        QVERIFY(buttonSaying(*dialog, QStringLiteral("Reset"))->isEnabled());
        delete dialog;
    }
    void toolTips_neverReadMarkup()
    {
        QVERIFY(!plainToolTip(QStringLiteral("<img src=x>")).contains(QStringLiteral("<img")));
    }
};

QTEST_MAIN(DialogsTest)
#include "tst_dialogs.moc"
