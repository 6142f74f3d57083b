// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fixture_port.h"
#include "tests/support/plain_text.h"
#include "ui/dialogs/approval_dialog.h"
#include "ui/dialogs/confirmation_dialog.h"
#include "ui/dialogs/dialog.h"
#include "ui/dialogs/pairing_dialog.h"
#include "ui/dialogs/pin_dialog.h"
#include "ui/models/display_names.h"
#include "ui/widgets/diff_view.h"
#include "ui/widgets/guarded_button.h"
#include "ui/widgets/labels.h"

#include <QAccessible>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPointer>
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
    return std::any_of(labels.begin(), labels.end(),
                       [&](const QLabel *label) { return plainText(label->text()).contains(text); });
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
        window.activateWindow(); // questions do not take the focus by themselves
        QVERIFY(QTest::qWaitForWindowActive(&window));
    }
    static GuardedButton *answer(QWidget &dialog, const char *text)
    {
        auto *found = qobject_cast<GuardedButton *>(buttonSaying(dialog, QString::fromLatin1(text)));
        return found ? found : (qFatal("no answer says %s", text), nullptr);
    }
    /// A question with all that can be done to it, by name.
    struct Way
    {
        const char *name;
        std::function<void(QDialog &dialog)> act;
    };
    static QList<Way> waysToAnswer()
    {
        return {
            { "mouse on Allow", [](QDialog &d) { QTest::mouseClick(answer(d, "Allow"), Qt::LeftButton); } },
            { "mouse on Deny", [](QDialog &d) { QTest::mouseClick(answer(d, "Deny"), Qt::LeftButton); } },
            { "Enter", [](QDialog &d) { QTest::keyClick(d.focusWidget(), Qt::Key_Return); } },
            { "Enter where nothing has the focus",
              [](QDialog &d) {
                  if (d.focusWidget())
                      d.focusWidget()->clearFocus();
                  QTest::keyClick(&d, Qt::Key_Enter);
              } },
            { "Space", [](QDialog &d) { QTest::keyClick(answer(d, "Deny"), Qt::Key_Space); } },
            { "a screen reader's press",
              [](QDialog &d) {
                  auto *reader = QAccessible::queryAccessibleInterface(answer(d, "Allow"));
                  reader->actionInterface()->doAction(QAccessibleActionInterface::pressAction());
              } },
            { "a shortcut's click", [](QDialog &d) { answer(d, "Deny")->click(); } }
        };
    }
    static QList<Way> waysToLeave()
    {
        return { { "Escape", [](QDialog &d) { QTest::keyClick(&d, Qt::Key_Escape); } },
                 { "the cross", [](QDialog &d) { d.close(); } } };
    }
    ConfirmationDialog *askPairing()
    {
        return new ConfirmationDialog(m_port.confirmation(), systemNow(), ticks());
    }
    ApprovalDialog *askCall(int which = 0)
    {
        auto *dialog = new ApprovalDialog(systemNow(), ticks());
        dialog->showQuestion(m_port.approvalList[which], 1, 1);
        return dialog;
    }
    static bool isDown(QWidget &dialog)
    {
        return answer(dialog, "Allow")->isDown() || answer(dialog, "Deny")->isDown();
    }
    static bool isOpen(const QPushButton *button) { return !button->property("shut").toBool(); }
    /// As a screen reader or a script presses: past the mouse, if the button lets it.
    static void press(QPushButton *one) { one->click(); }

private slots:
    void confirmation_showsWhoAsksAndTheNumber()
    {
        auto *dialog = new ConfirmationDialog(m_port.confirmation(), systemNow(), ticks());
        show(*dialog);
        for (const char *text : { "482 913", "/usr/bin/codex", "/home/mira/src/engine", "/usr/bin/zsh",
                                  "48213", "Codex on atlas", "Scribe" })
            QVERIFY2(shows(*dialog, QString::fromLatin1(text)), text);
        QVERIFY(buttonSaying(*dialog, QStringLiteral("Deny"))->isDefault());
        delete dialog;
    }
    void confirmation_allowDoesNothingForSevenHundredMilliseconds()
    {
        auto *dialog = new ConfirmationDialog(m_port.confirmation(), systemNow(), ticks());
        QSignalSpy answered(dialog, &ConfirmationDialog::answered);
        show(*dialog);
        GuardedButton *allow = answer(*dialog, "Allow");
        m_ticks += 699;
        press(allow);
        QTest::mouseClick(allow, Qt::LeftButton);
        QCOMPARE(answered.size(), 0);
        m_ticks += 1;
        QTest::mouseClick(allow, Qt::LeftButton);
        QCOMPARE(answered.size(), 1);
        QCOMPARE(answered[0][1].toBool(), true);
    }
    void question_noAnswerCountsTooEarly_data()
    {
        QTest::addColumn<bool>("call");
        QTest::addColumn<int>("way");
        for (int way = 0; way < waysToAnswer().size() + waysToLeave().size(); ++way) {
            const char *name = (waysToAnswer() + waysToLeave())[way].name;
            QTest::addRow("a call, %s", name) << true << way;
            QTest::addRow("a pairing, %s", name) << false << way;
        }
    }
    /// By whatever way: dead until 700 ms after the focus came, and until no key was pressed for as long.
    void question_noAnswerCountsTooEarly()
    {
        QFETCH(bool, call);
        QFETCH(int, way);
        const Way asked = (waysToAnswer() + waysToLeave())[way];
        QPointer<QuestionDialog> dialog;
        if (call)
            dialog = askCall();
        else
            dialog = askPairing();
        int answers = 0;
        if (auto *approval = qobject_cast<ApprovalDialog *>(dialog)) {
            connect(approval, &ApprovalDialog::allowed, this, [&] { ++answers; });
            connect(approval, &ApprovalDialog::denied, this, [&] { ++answers; });
            connect(approval, &QDialog::finished, this, [&] { ++answers; }); // it went from the screen
        } else {
            connect(qobject_cast<ConfirmationDialog *>(dialog), &ConfirmationDialog::answered, this,
                    [&] { ++answers; });
        }
        show(*dialog);
        QLineEdit elsewhere;

        for (const int wait : { 0, 40, 600 }) { // what comes by key begins the wait again
            m_ticks += wait;
            asked.act(*dialog);
            QTRY_VERIFY(!isDown(*dialog)); // a screen reader's press takes a tenth of a second
            QCOMPARE(answers, 0);
        }
        m_ticks += 700;
        QTest::keyClick(&elsewhere, 'x'); // in another window of ours
        m_ticks += 699;
        asked.act(*dialog);
        QTRY_VERIFY(!isDown(*dialog));
        QCOMPARE(answers, 0);
        QEvent away(QEvent::WindowDeactivate);
        QCoreApplication::sendEvent(dialog, &away);
        m_ticks += 5000;
        asked.act(*dialog); // it has not the focus
        QTRY_VERIFY(!isDown(*dialog));
        QCOMPARE(answers, 0);
        QEvent back(QEvent::WindowActivate);
        QCoreApplication::sendEvent(dialog, &back);
        m_ticks += 700;
        asked.act(*dialog);
        QTRY_COMPARE(answers, 1);
        delete dialog;
    }
    void question_aPressBegunTooEarly_orAcrossAChange_doesNotCount()
    {
        ApprovalDialog *dialog = askCall();
        QSignalSpy allowed(dialog, &ApprovalDialog::allowed);
        show(*dialog);
        GuardedButton *allow = answer(*dialog, "Allow");
        m_ticks += 690;
        QTest::mousePress(allow, Qt::LeftButton);
        m_ticks += 20;
        QTest::mouseRelease(allow, Qt::LeftButton);
        QCOMPARE(allowed.size(), 0);
        QTest::mousePress(allow, Qt::LeftButton);
        dialog->showQuestion(m_port.approvalList[1], 1, 1);
        m_ticks += 5000;
        QTest::mouseRelease(allow, Qt::LeftButton);
        QCOMPARE(allowed.size(), 0);
        QTest::mouseClick(allow, Qt::LeftButton);
        QCOMPARE(allowed.size(), 1);
        delete dialog;
    }
    void question_endsWhateverTheGuardSays()
    {
        QPointer<ConfirmationDialog> dialog = askPairing();
        QSignalSpy answered(dialog, &ConfirmationDialog::answered);
        show(*dialog);
        dialog->end();
        QVERIFY(!dialog || !dialog->isVisible());
        QCOMPARE(answered.size(), 1);
        QCOMPARE(answered[0][1].toBool(), false);
    }
    void approval_tabToAllow_andEnter_allows()
    {
        ApprovalDialog *dialog = askCall();
        QSignalSpy allowed(dialog, &ApprovalDialog::allowed);
        QSignalSpy denied(dialog, &ApprovalDialog::denied);
        show(*dialog);
        QCOMPARE(dialog->focusWidget(), answer(*dialog, "Deny"));
        QTest::keyClick(dialog->focusWidget(), Qt::Key_Tab);
        QCOMPARE(dialog->focusWidget(), answer(*dialog, "Allow"));
        QVERIFY(answer(*dialog, "Allow")->isDefault());
        m_ticks += 700;
        QTest::keyClick(dialog->focusWidget(), Qt::Key_Return);
        QCOMPARE(allowed.size(), 1);
        QCOMPARE(denied.size(), 0);
        delete dialog;
    }
    void approval_enterInAField_answersNothing()
    {
        ApprovalDialog *dialog = askCall();
        QSignalSpy denied(dialog, &ApprovalDialog::denied);
        show(*dialog);
        for (QWidget *field :
             QList<QWidget *>{ dialog->findChild<QLineEdit *>(), dialog->findChild<QRadioButton *>() }) {
            field->setFocus();
            m_ticks += 5000;
            QTest::keyClick(field, Qt::Key_Return);
            QCOMPARE(denied.size(), 0);
        }
        delete dialog;
    }
    void everyDialog_enterPressesTheFocusedButton()
    {
        FixturePort port;
        PinFlow pins(port);
        PairingModel pairing(port, pins);
        const QList<std::function<QDialog *()>> dialogs{
            [&]() -> QDialog * { return askPairing(); },
            [&]() -> QDialog * { return askCall(); },
            [&]() -> QDialog * { return new PinDialog(PinDialog::Kind::Enter); },
            [&]() -> QDialog * {
                return new PairingDialog(pairing, QStringLiteral("scribe"), QStringLiteral("Scribe"));
            },
            []() -> QDialog * {
                return new AskDialog(QStringLiteral("Stop?"), QStringLiteral("Text"), QStringLiteral("Stop"));
            },
            []() -> QDialog * { return new UnsavedDialog(QStringLiteral("Save?"), QStringLiteral("Text")); },
            []() -> QDialog * {
                return new TokenDialog(QStringLiteral("Token"), QStringLiteral("Once"),
                                       QStringLiteral("gh_a_x"));
            },
            []() -> QDialog * { return new DateDialog(QDateTime::currentDateTime()); }
        };
        for (const auto &make : dialogs) {
            QPointer<QDialog> first = make();
            show(*first);
            QStringList names;
            for (const QPushButton *one : first->findChildren<QPushButton *>()) {
                if (one->isVisible() && one->isEnabled())
                    names += one->text();
            }
            QVERIFY(!names.isEmpty());
            delete first;
            for (const QString &name : names) {
                QPointer<QDialog> dialog = make();
                show(*dialog);
                QPushButton *focused = buttonSaying(*dialog, QString(name).remove(u'&'));
                QStringList pressed;
                for (QPushButton *one : dialog->findChildren<QPushButton *>())
                    connect(one, &QPushButton::clicked, this,
                            [&pressed, text = one->text()] { pressed += text; });
                focused->setFocus();
                QTest::keyClick(focused, Qt::Key_Return);
                QCOMPARE(pressed, QStringList{ name });
                delete dialog;
            }
        }
    }
    void confirmation_focusThatComesBack_shutsAllowAgain()
    {
        auto *dialog = new ConfirmationDialog(m_port.confirmation(), systemNow(), ticks());
        QSignalSpy answered(dialog, &ConfirmationDialog::answered);
        show(*dialog);
        GuardedButton *allow = answer(*dialog, "Allow");
        m_ticks += 5000;
        QEvent activated(QEvent::WindowActivate);
        QCoreApplication::sendEvent(dialog, &activated);
        press(allow);
        QCOMPARE(answered.size(), 0);
        delete dialog;
    }
    void confirmation_closing_denies()
    {
        auto *dialog = new ConfirmationDialog(m_port.confirmation(), systemNow(), ticks());
        QSignalSpy answered(dialog, &ConfirmationDialog::answered);
        show(*dialog);
        m_ticks += 700;
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
        dialog->setAgents(
            { { QStringLiteral("scribe"), QStringLiteral("Scribe"), QStringLiteral("active"), {}, 0, 0, {} },
              { QStringLiteral("old"), QStringLiteral("Old"), QStringLiteral("retired"), {}, 0, 0, {} } });
        show(*dialog);
        m_ticks += 5000;
        GuardedButton *allow = answer(*dialog, "Allow");
        press(allow);
        QCOMPARE(answered.size(), 0);
        auto *agents = dialog->findChild<QComboBox *>();
        QCOMPARE(agents->count(), 1);
        agents->setCurrentIndex(0);
        press(allow); // the guard began again
        QCOMPARE(answered.size(), 0);
        m_ticks += 5000;
        QVERIFY(allow->isEnabled());
        QTest::mouseClick(allow, Qt::LeftButton);
        QCOMPARE(answered.size(), 1);
        QCOMPARE(answered[0][1].toBool(), true);
        QCOMPARE(dialog->agent(), QStringLiteral("scribe"));
    }
    void login_saysWhatItAsksFor()
    {
        ConfirmationSummary asked = m_port.confirmation();
        asked.login = true;
        ConfirmationDialog everything(asked, systemNow(), ticks());
        QVERIFY(shows(everything, QStringLiteral("everything that this agent may")));
        asked.scopes = { QStringLiteral("projects:read"), QStringLiteral("issues:create") };
        ConfirmationDialog two(asked, systemNow(), ticks());
        QVERIFY(shows(two,
                      scopeTitle(QStringLiteral("projects:read")) + QStringLiteral(", ")
                          + scopeTitle(QStringLiteral("issues:create"))));
    }
    void confirmation_enter_denies()
    {
        auto *dialog = new ConfirmationDialog(m_port.confirmation(), systemNow(), ticks());
        QSignalSpy answered(dialog, &ConfirmationDialog::answered);
        show(*dialog);
        m_ticks += 5000;
        QTest::keyClick(dialog->focusWidget(), Qt::Key_Return);
        QCOMPARE(answered.size(), 1);
        QCOMPARE(answered[0][1].toBool(), false);
    }

    void approval_showsForeignTextAsPlainText()
    {
        ApprovalSummary asked = m_port.approvalList[1];
        asked.projectName = QStringLiteral("<b>bold</b> \u202e");
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
        const GuardedButton *allow = answer(*dialog, "Allow");
        m_ticks += 5000;
        QTRY_VERIFY(isOpen(allow));

        dialog->showPreview(m_port.previews[asked.id]);

        QVERIFY(!isOpen(allow));
        for (const char *text : { "Title now", "Title then", "Priority now", "low", "high", "bug, theme" })
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
        dialog->showPreview({ {},
                              QStringLiteral("New"),
                              false,
                              {},
                              { { QStringLiteral("name"), {}, QStringLiteral("New"), {} } } });
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
            lines.append({ PreviewSummary::Line::Kind::Same, QStringLiteral("line %1").arg(i) });
        lines[20].kind = PreviewSummary::Line::Kind::Removed;
        const auto shown = shortenedDiff(lines);
        QCOMPARE(shown.size(), 7);
        QVERIFY(shown.first().text.contains(QStringLiteral("18"))
                && shown.last().text.contains(QStringLiteral("17")));
    }
    void approval_answers_carryReachAndReason()
    {
        auto *dialog = new ApprovalDialog(systemNow(), ticks());
        QSignalSpy allowed(dialog, &ApprovalDialog::allowed);
        QSignalSpy denied(dialog, &ApprovalDialog::denied);
        dialog->showQuestion(m_port.approvalList[0], 1, 2);
        show(*dialog);
        GuardedButton *allow = answer(*dialog, "Allow");
        press(allow);
        QCOMPARE(allowed.size(), 0); // too early
        const auto choices = dialog->findChildren<QRadioButton *>();
        QCOMPARE(choices.size(), 4);
        auto *time = dialog->findChild<QComboBox *>();
        time->setCurrentIndex(1);
        const QString until
            = clockText(QDateTime::currentDateTime().addSecs(3600), QDateTime::currentDateTime());
        QVERIFY(choices[0]->isChecked()); // once, and the narrower before the wider
        QVERIFY2(plainText(choices[1]->text())
                     .startsWith(QStringLiteral("Scribe may move ENG-42 to another state until ")),
                 qPrintable(choices[1]->text()));
        QVERIFY(choices[2]->text().contains(QStringLiteral("in this turn only")));
        QVERIFY(plainText(choices[3]->text())
                    .startsWith(QStringLiteral("Scribe may move issues to another state in Engine until ")));
        QVERIFY(choices[3]->text().contains(until.left(2)));
        choices[3]->click();
        m_ticks += 700;
        press(allow);
        QCOMPARE(allowed.size(), 1);
        QCOMPARE(
            allowed[0],
            (QList<QVariant>{ QStringLiteral("ask-1"), QStringLiteral("1h"), QStringLiteral("project") }));
        press(allow); // on its way already
        QCOMPARE(allowed.size(), 1);

        dialog->showQuestion(m_port.approvalList[1], 1, 1);
        press(allow); // another question: shut again
        QCOMPARE(allowed.size(), 1);
        m_ticks += 700;
        dialog->findChild<QLineEdit *>()->setText(QStringLiteral("wrong project"));
        press(buttonSaying(*dialog, QStringLiteral("Deny and pause the agent")));
        QCOMPARE(denied.size(), 1);
        QCOMPARE(denied[0],
                 (QList<QVariant>{ QStringLiteral("ask-2"), QStringLiteral("wrong project"), true }));
        delete dialog;
    }
    void approval_longText_canBeReadToItsEnd_withWhatCannotBeSeen()
    {
        // The end of the text is where a person would stop reading; what nobody sees is where one hides.
        const QString hidden
            = QStringLiteral("a\u200bb\u202ec\ufe0f\u3164") + QString::fromUcs4(U"\U000E0041");
        const QString text = QString(30'000, u'x') + u'\n' + hidden + QStringLiteral("\nthe very end");
        const QString shown = QStringLiteral("a‹U+200B›b‹U+202E›c‹U+FE0F›‹U+3164›‹U+E0041›");
        ApprovalSummary asked = m_port.approvalList[1];
        asked.arguments = { { QStringLiteral("body_markdown"), text } };
        auto *dialog = new ApprovalDialog(systemNow(), ticks());
        dialog->showQuestion(asked, 1, 1);
        show(*dialog);
        using Line = PreviewSummary::Line;
        QList<Line> lines;
        for (const QString &line : text.split(u'\n'))
            lines.append({ Line::Kind::Added, line });
        const PreviewSummary::Field comment{ QStringLiteral("comment"), {}, text, lines };
        QList<Line> changed{ { Line::Kind::Removed, QStringLiteral("old") } };
        changed += lines;
        const PreviewSummary::Field description{ QStringLiteral("description"), QStringLiteral("old"), text,
                                                 changed };

        for (const auto &fields : { QList<PreviewSummary::Field>{}, { comment }, { description } }) {
            if (!fields.isEmpty())
                dialog->showPreview({ asked.issue, asked.title, false, {}, fields });
            auto *box = dialog->findChild<WholeText *>();
            QVERIFY(box && box->isVisible());
            const QAccessibleTextInterface *reader
                = QAccessible::queryAccessibleInterface(box)->textInterface();
            const QString read = reader->text(0, reader->characterCount());
            QCOMPARE(read.count(u'x'), 30'000);
            QVERIFY(read.contains(shown));
            QVERIFY(read.contains(QStringLiteral("the very end")));
            // And by keys: the end comes into sight.
            box->setFocus();
            QTest::keyClick(box, Qt::Key_End, Qt::ControlModifier);
            QVERIFY(box->viewport()->rect().intersects(box->cursorRect()));
            QVERIFY(box->textCursor().atEnd());
        }
        delete dialog;
    }
    void approval_shortValues_areWholeToo()
    {
        const QString name = QString(250, u'n') + QStringLiteral("\u200bend");
        auto *dialog = askCall(1);
        show(*dialog);
        dialog->showPreview({ QStringLiteral("ENG-77"),
                              QStringLiteral("Old"),
                              false,
                              {},
                              { { QStringLiteral("name"), QStringLiteral("Old"), name, {} } } });
        QVERIFY(shows(*dialog, QString(250, u'n') + QStringLiteral("‹U+200B›end")));
        delete dialog;
    }
    void approval_linesThatStay_canBeShown()
    {
        using Line = PreviewSummary::Line;
        QList<Line> lines;
        for (int i = 0; i < 40; ++i)
            lines.append({ Line::Kind::Same, QStringLiteral("line %1").arg(i) });
        lines[20].kind = Line::Kind::Added;
        auto *dialog = askCall(1);
        show(*dialog);
        dialog->showPreview(
            { QStringLiteral("ENG-77"),
              QStringLiteral("Old"),
              false,
              {},
              { { QStringLiteral("description"), QStringLiteral("x"), QStringLiteral("y"), lines } } });
        auto *diff = dialog->findChild<DiffView *>();
        QVERIFY(!diff->toPlainText().contains(QStringLiteral("line 39")));
        QTest::mouseClick(buttonSaying(*dialog, QStringLiteral("Show all 40 line(s)")), Qt::LeftButton);
        QCOMPARE(diff->toPlainText().count(QStringLiteral("line")), 40);
        delete dialog;
    }
    void approval_titleStandsOnce_andWhoAsksBeforeTheFold()
    {
        auto *dialog = askCall(1);
        show(*dialog);
        dialog->showPreview(m_port.previews[QStringLiteral("ask-2")]);
        const auto labels = dialog->findChildren<QLabel *>();
        QCOMPARE(std::count_if(labels.begin(), labels.end(),
                               [](const QLabel *one) {
                                   return one->text().contains(QStringLiteral("links are unreadable"));
                               }),
                 1);
        dialog->resize(dialog->minimumSize());
        QCoreApplication::processEvents();
        for (const char *who : { "Codex on atlas", "/usr/bin/codex" }) {
            const auto found = std::find_if(labels.begin(), labels.end(), [who](const QLabel *one) {
                return one->text().contains(QString::fromLatin1(who));
            });
            QVERIFY(found != labels.end());
            QVERIFY2(!(*found)->visibleRegion().isEmpty(), who);
        }
        delete dialog;
    }
    void approval_buttonsStayWhereTheyAre()
    {
        auto *dialog = new ApprovalDialog(systemNow(), ticks());
        ApprovalSummary longName = m_port.approvalList[0];
        longName.id = QStringLiteral("ask-3");
        longName.agentName = QString(80, u'W');
        longName.heldUntil = QDateTime::currentDateTime().addSecs(40);
        dialog->showQuestion(m_port.approvalList[0], 1, 3);
        show(*dialog);
        const auto places = [dialog] {
            QCoreApplication::processEvents();
            QList<QRect> found;
            for (const char *text : { "Next question", "Deny and pause the agent", "Deny", "Allow" }) {
                const QPushButton *one = buttonSaying(*dialog, QString::fromLatin1(text));
                found += QRect(one->mapTo(dialog, QPoint()), one->size());
            }
            return found;
        };
        const QList<QRect> first = places();
        const QSize size = dialog->size();
        dialog->showPreview(m_port.previews[QStringLiteral("ask-1")]);
        QCOMPARE(places(), first);
        dialog->showQuestion(m_port.approvalList[1], 2, 3);
        QCOMPARE(places(), first);
        dialog->showPreview(m_port.previews[QStringLiteral("ask-2")]);
        QCOMPARE(places(), first);
        dialog->showQuestion(longName, 1, 1);
        QCOMPARE(places(), first);
        QCOMPARE(dialog->size(), size);
        delete dialog;
    }
    void approval_saysHowLongTheAgentWaits()
    {
        QDateTime now = QDateTime::currentDateTime();
        ApprovalSummary asked = m_port.approvalList[1];
        asked.expiresAt = now.addSecs(600);
        asked.heldUntil = now.addSecs(32);
        auto *dialog = new ApprovalDialog([&now] { return now; }, ticks());
        dialog->showQuestion(asked, 1, 1);
        QVERIFY(shows(*dialog, QStringLiteral("waits 0:32 more")));
        QVERIFY(shows(*dialog, QStringLiteral("Open for 10:00")));
        now = now.addSecs(33);
        dialog->showQuestion(asked, 1, 1);
        QVERIFY(shows(*dialog, QStringLiteral("waits no more and has to repeat the call")));
        asked.heldUntil = now.addSecs(45); // it did
        dialog->showQuestion(asked, 1, 1);
        QVERIFY(shows(*dialog, QStringLiteral("waits 0:45 more")));
        delete dialog;
    }
    void approval_whatChangedSince_isNamed()
    {
        using Line = PreviewSummary::Line;
        auto *dialog = askCall(1);
        PreviewSummary preview = m_port.previews[QStringLiteral("ask-2")];
        preview.changed = { { QStringLiteral("state"), QStringLiteral("Todo"), QStringLiteral("Done"), {} },
                            { QStringLiteral("description"),
                              QStringLiteral("a"),
                              QStringLiteral("b"),
                              { { Line::Kind::Removed, QStringLiteral("a") },
                                { Line::Kind::Added, QStringLiteral("b") } } } };
        dialog->showPreview(preview);
        show(*dialog);
        QVERIFY(shows(*dialog, QStringLiteral("Changed since you were asked")));
        const auto labels = dialog->findChildren<QLabel *>();
        QVERIFY(std::any_of(labels.begin(), labels.end(), [](const QLabel *one) {
            return one->accessibleName().startsWith(QStringLiteral("State: "))
                && one->text().contains(QStringLiteral("Todo"))
                && one->text().contains(QStringLiteral("Done"));
        }));
        QCOMPARE(dialog->findChildren<DiffView *>().size(), 2); // what changed, and what would be sent
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
        QVERIFY(!answer(*dialog, "Allow")->isEnabled());
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
    void ask_tabToYes_andEnter_agrees()
    {
        auto *dialog = new AskDialog(QStringLiteral("Stop?"), QStringLiteral("Text"), QStringLiteral("Stop"));
        QSignalSpy agreed(dialog, &AskDialog::agreed);
        show(*dialog);
        QTest::keyClick(dialog->focusWidget(), Qt::Key_Tab);
        QTest::keyClick(dialog->focusWidget(), Qt::Key_Return);
        QCOMPARE(agreed.size(), 1);
    }
    void unsaved_savesDropsOrStays()
    {
        for (const auto &[text, saves, drops] :
             { std::tuple("Save", 1, 0), { "Discard", 0, 1 }, { "Stay", 0, 0 } }) {
            auto *dialog = new UnsavedDialog(QStringLiteral("Save?"), QStringLiteral("Text"));
            QSignalSpy saved(dialog, &UnsavedDialog::saveChosen);
            QSignalSpy dropped(dialog, &UnsavedDialog::discardChosen);
            show(*dialog);
            press(buttonSaying(*dialog, QString::fromLatin1(text)));
            QCOMPARE(saved.size(), saves);
            QCOMPARE(dropped.size(), drops);
            QVERIFY(!dialog->isVisible());
        }
    }
    void ask_mustType_opensOnlyAfterTheWord()
    {
        auto *dialog
            = new AskDialog(QStringLiteral("Reset?"), QStringLiteral("Text"), QStringLiteral("Reset"));
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
