// SPDX-License-Identifier: GPL-3.0-or-later
// Keys typed into another program while a question comes, on a display with a window manager
// (with_display.sh).
#include "tests/support/fixture_port.h"
#include "ui/dialogs/approval_dialog.h"
#include "ui/dialogs/confirmation_dialog.h"
#include "ui/main_window.h"
#include "ui/widgets/guarded_button.h"

#include <QApplication>
#include <QLineEdit>
#include <QProcess>
#include <QTest>

#include <cstdio>

using namespace gatehouse;
using namespace gatehouse::ui;
using test::FixturePort;

namespace {

const QString kOther = QStringLiteral("Another program");

/// What the owner works in: a field that says each of its states on a line.
int runOtherProgram(int argc, char **argv)
{
    QApplication app(argc, argv);
    QLineEdit field;
    field.setWindowTitle(kOther);
    field.resize(500, 60);
    QObject::connect(&field, &QLineEdit::textChanged, [](const QString &text) {
        std::printf("%s\n", qPrintable(text));
        std::fflush(stdout);
    });
    QObject::connect(&field, &QLineEdit::returnPressed, [] {
        std::printf("Enter\n");
        std::fflush(stdout);
    });
    field.show();
    return QApplication::exec();
}

/// As a hand would: through the X server, to whatever has the focus. Waits for it beside the event loop.
QByteArray xdotool(const QStringList &arguments)
{
    QProcess tool;
    tool.start(QStringLiteral("xdotool"), arguments);
    (void)QTest::qWaitFor([&tool] { return tool.state() == QProcess::NotRunning; }, 10'000);
    return tool.readAllStandardOutput().trimmed();
}

QByteArray focused()
{
    return xdotool({ QStringLiteral("getactivewindow"), QStringLiteral("getwindowname") });
}

template <typename T> T *shown()
{
    for (QWidget *one : QApplication::topLevelWidgets()) {
        if (auto *dialog = qobject_cast<T *>(one); dialog && dialog->isVisible())
            return dialog;
    }
    return nullptr;
}

} // namespace

class FocusTest : public QObject
{
    Q_OBJECT

private:
    struct Bench
    {
        FixturePort port;
        QList<ApprovalSummary> asked = std::exchange(port.approvalList, {});
        MainWindow window{ port };
        QProcess other;
        QByteArray typed;

        Bench()
        {
            window.show();
            other.start(QCoreApplication::applicationFilePath(), { QStringLiteral("--other-program") });
        }
        ~Bench()
        {
            other.kill();
            (void)QTest::qWaitFor([this] { return other.state() == QProcess::NotRunning; });
        }
        void workInTheOther()
        {
            xdotool({ QStringLiteral("search"), QStringLiteral("--sync"), QStringLiteral("--name"), kOther,
                      QStringLiteral("windowactivate"), QStringLiteral("--sync") });
            QTRY_COMPARE(focused(), kOther.toLatin1());
            QTRY_COMPARE(QGuiApplication::applicationState(), Qt::ApplicationInactive);
        }
        /// Types, and waits until the other program had all of it.
        void type(const char *key, const char *heard)
        {
            xdotool({ QStringLiteral("key"), QString::fromLatin1(key) });
            QTRY_VERIFY2((typed += other.readAllStandardOutput()).endsWith(QByteArray(heard) + '\n'), heard);
        }
        [[nodiscard]] int answers() const
        {
            return port.callsTo(QStringLiteral("denyCall")) + port.callsTo(QStringLiteral("allowCall"))
                + port.callsTo(QStringLiteral("denyPairing"))
                + port.callsTo(QStringLiteral("confirmPairing"));
        }
    };

private slots:
    void question_takesNoKeyMeantForAnotherProgram()
    {
        Bench bench;
        bench.workInTheOther();
        bench.type("a", "a");

        bench.port.askApproval(bench.asked[0]);
        emit bench.port.confirmationAsked(bench.port.confirmation());

        QTRY_VERIFY(shown<ApprovalDialog>() && shown<ConfirmationDialog>());
        bench.type("b", "ab");
        bench.type("space", "ab ");
        bench.type("Return", "Enter");
        bench.type("c", "ab c");
        QCOMPARE(focused(), kOther.toLatin1());
        xdotool({ QStringLiteral("key"), QStringLiteral("Escape") });
        bench.type("d", "ab cd");
        QCOMPARE(bench.answers(), 0);
        QVERIFY(shown<ApprovalDialog>() && shown<ConfirmationDialog>());
        QCOMPARE(bench.port.callsTo(QStringLiteral("approvalSeen")), 0); // nobody looked at it
    }
    void nextQuestion_afterOneThatWasAnswered_takesNoKeyEither()
    {
        Bench bench;
        bench.workInTheOther();
        bench.port.askApproval(bench.asked[0]);
        QTRY_VERIFY(shown<ApprovalDialog>());
        shown<ApprovalDialog>()->present(QuestionDialog::Asked::ByTheOwner);
        QTRY_VERIFY(shown<ApprovalDialog>() && shown<ApprovalDialog>()->isActiveWindow());
        QTRY_VERIFY(!shown<ApprovalDialog>()->findChild<GuardedButton *>()->property("shut").toBool());
        xdotool({ QStringLiteral("key"), QStringLiteral("Return") }); // Deny has the focus
        QTRY_COMPARE(bench.port.callsTo(QStringLiteral("denyCall")), 1);
        QTRY_VERIFY(!shown<ApprovalDialog>());
        xdotool({ QStringLiteral("search"), QStringLiteral("--sync"), QStringLiteral("--name"), kOther,
                  QStringLiteral("windowactivate"), QStringLiteral("--sync") });
        QTRY_COMPARE(focused(), kOther.toLatin1());

        bench.port.askApproval(bench.asked[1]);

        QTRY_VERIFY(shown<ApprovalDialog>());
        bench.type("b", "b");
        bench.type("Return", "Enter");
        bench.type("c", "bc");
        QCOMPARE(focused(), kOther.toLatin1());
        QCOMPARE(bench.answers(), 1);
    }
    void question_whereOurWindowIsActive_comesUp_andIsDeafToWhatIsBeingTyped()
    {
        Bench bench;
        bench.workInTheOther();
        bench.window.bringToFront();
        QTRY_VERIFY(bench.window.isActiveWindow());

        bench.port.askApproval(bench.asked[0]);

        QTRY_VERIFY(shown<ApprovalDialog>() && shown<ApprovalDialog>()->isActiveWindow());
        for (const char *key : { "Return", "space", "Escape", "y", "Return" })
            xdotool({ QStringLiteral("key"), QString::fromLatin1(key) });
        QTRY_VERIFY(
            !shown<ApprovalDialog>()->findChild<GuardedButton *>()->property("shut").toBool()); // all came
        QCOMPARE(bench.answers(), 0);
        QVERIFY(shown<ApprovalDialog>());
        xdotool({ QStringLiteral("key"), QStringLiteral("Return") }); // Deny has the focus
        QTRY_COMPARE(bench.port.callsTo(QStringLiteral("denyCall")), 1);
    }
};

int main(int argc, char **argv)
{
    if (argc > 1 && QByteArrayView(argv[1]) == "--other-program")
        return runOtherProgram(argc, argv);
    QApplication app(argc, argv);
    QCoreApplication::setOrganizationName(QStringLiteral("Gatehouse tests"));
    FocusTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_focus.moc"
