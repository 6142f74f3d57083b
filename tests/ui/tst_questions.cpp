// SPDX-License-Identifier: GPL-3.0-or-later
// Over which window the PIN is asked for, and what becomes of an act that waits for it.
#include "tests/support/fixture_port.h"
#include "ui/dialogs/pin_dialog.h"
#include "ui/dialogs/questions.h"
#include "ui/models/window_models.h"

#include <QApplication>
#include <QTest>

using namespace gatehouse;
using namespace gatehouse::ui;
using test::FixturePort;

namespace {

struct Bench
{
    FixturePort port;
    WindowModels models{ port };
    QWidget window;
    Questions questions{ models, &window };
    std::optional<Result<>> outcome;

    Bench()
    {
        port.needsPin = { QStringLiteral("setMode") };
        window.show();
        (void)QTest::qWaitForWindowActive(&window);
    }
    /// An act of the owner's that waits for the PIN.
    void resume()
    {
        models.pins.run<void>(
            &window, [this] { return port.setMode(QStringLiteral("running"), {}); },
            [this](const Result<> &result) { outcome = result; });
    }
    [[nodiscard]] static PinDialog *pin()
    {
        for (QWidget *one : QApplication::topLevelWidgets()) {
            if (auto *dialog = qobject_cast<PinDialog *>(one); dialog && dialog->isVisible())
                return dialog;
        }
        return nullptr;
    }
};

} // namespace

class QuestionsTest : public QObject
{
    Q_OBJECT

private slots:
    void pin_afterADialogThatJustClosed_staysWhenThatOneGoes()
    {
        Bench bench;
        auto *closing = new QDialog(&bench.window);
        closing->setAttribute(Qt::WA_DeleteOnClose);
        closing->show();
        QVERIFY(QTest::qWaitForWindowActive(closing));
        QPointer<QDialog> closed = closing;
        closing->close();
        QApplication::setActiveWindow(
            closing); // as on a desktop that has not told yet: hidden, and still active
        QCOMPARE(QApplication::activeWindow(), closing);

        emit bench.models.pins.pinWanted(PinReason::Enter, 0);
        QVERIFY(Bench::pin());
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);

        QVERIFY(!closed);
        QVERIFY(Bench::pin());
    }

    void pin_whoseWindowGoes_endsWhatWaitedForIt()
    {
        Bench bench;
        auto *over = new QDialog(&bench.window);
        over->setModal(true);
        over->show();
        QVERIFY(QTest::qWaitForWindowActive(over));
        bench.resume();
        QTRY_VERIFY(Bench::pin());
        QCOMPARE(Bench::pin()->parentWidget(), over);

        delete over;

        QTRY_VERIFY(bench.outcome);
        QCOMPARE(bench.outcome->error().code, ErrorCode::Cancelled);
        QVERIFY(!bench.models.pins.isAsking());
        // And the next act asks again.
        bench.resume();
        QTRY_VERIFY(Bench::pin());
    }
};

QTEST_MAIN(QuestionsTest)
#include "tst_questions.moc"
