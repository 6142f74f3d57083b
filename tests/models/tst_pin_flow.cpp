// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fixture_port.h"
#include "ui/models/pin_flow.h"

#include <QSignalSpy>
#include <QTest>

using namespace gatehouse;
using namespace gatehouse::ui;
using test::FixturePort;

class PinFlowTest : public QObject
{
    Q_OBJECT

private:
    struct Bench
    {
        FixturePort port;
        PinFlow pins{ port };
        QSignalSpy wanted{ &pins, &PinFlow::pinWanted };
        QSignalSpy refused{ &pins, &PinFlow::refused };
        QList<Result<>> heard;
        void resume()
        {
            pins.run<void>(
                &pins, [this] { return port.setMode(QStringLiteral("running"), {}); },
                [this](const Result<> &result) { heard.append(result); });
        }
    };

private slots:
    void withoutStepUp_theActJustRuns()
    {
        Bench bench;
        bench.resume();
        QTRY_COMPARE(bench.heard.size(), 1);
        QVERIFY(bench.heard[0]);
        QCOMPARE(bench.wanted.size(), 0);
    }
    void rightPin_repeatsTheActByItself()
    {
        Bench bench;
        bench.port.needsPin = { QStringLiteral("setMode") };
        bench.resume();
        QTRY_COMPARE(bench.wanted.size(), 1);
        QCOMPARE(bench.wanted[0][0].value<PinReason>(), PinReason::Enter);
        bench.pins.enter(QStringLiteral("246810"));
        QTRY_COMPARE(bench.heard.size(), 1);
        QVERIFY(bench.heard[0]);
        QCOMPARE(bench.port.callsTo(QStringLiteral("setMode")), 2);
    }
    void wrongPin_keepsAskingAndTheActWaits()
    {
        Bench bench;
        bench.port.needsPin = { QStringLiteral("setMode") };
        bench.resume();
        QTRY_COMPARE(bench.wanted.size(), 1);
        bench.pins.enter(QStringLiteral("111222"));
        QTRY_COMPARE(bench.refused.size(), 1);
        QVERIFY(bench.refused[0][0].toString().contains(u'4')); // tries left
        QVERIFY(bench.pins.isAsking());
        QVERIFY(bench.heard.isEmpty());
    }
    void lockedPin_saysForHowLong()
    {
        Bench bench;
        bench.port.faults[QStringLiteral("setMode")]
            = Error{ ErrorCode::StepUpRequired, {}, Json{ { "reason", "locked" }, { "retry_after", 900 } } };
        bench.resume();
        QTRY_COMPARE(bench.wanted.size(), 1);
        QCOMPARE(bench.wanted[0][0].value<PinReason>(), PinReason::Locked);
        QCOMPARE(bench.wanted[0][1].toLongLong(), 900'000);
    }
    void noPin_offersToSetOneAndGoesOn()
    {
        Bench bench;
        bench.port.state.pinSet = false;
        bench.port.needsPin = { QStringLiteral("setMode") };
        bench.resume();
        QTRY_COMPARE(bench.wanted.size(), 1);
        QCOMPARE(bench.wanted[0][0].value<PinReason>(), PinReason::Setup);
        bench.pins.setUp(QStringLiteral("135790"));
        QTRY_COMPARE(bench.heard.size(), 1);
        QVERIFY(bench.heard[0]);
        QVERIFY(bench.port.called(QStringLiteral("setPin")) && bench.port.called(QStringLiteral("enterPin")));
    }
    void declining_cancelsEveryWaitingAct()
    {
        Bench bench;
        bench.port.needsPin = { QStringLiteral("setMode") };
        bench.resume();
        bench.resume();
        QTRY_COMPARE(bench.wanted.size(), 1); // one dialog for both
        QTRY_COMPARE(bench.port.callsTo(QStringLiteral("setMode")), 2);
        QCoreApplication::sendPostedEvents();
        bench.pins.cancel();
        QTRY_COMPARE(bench.heard.size(), 2);
        QCOMPARE(bench.heard[0].error().code, ErrorCode::Cancelled);
        QCOMPARE(bench.port.callsTo(QStringLiteral("setMode")), 2);
    }
    void stillRefusedAfterTheRightPin_endsInsteadOfAskingInCircles()
    {
        Bench bench;
        bench.port.faults[QStringLiteral("setMode")] = FixturePort::stepUp("pin");
        bench.resume();
        QTRY_COMPARE(bench.wanted.size(), 1);
        bench.pins.enter(QStringLiteral("246810"));
        QTRY_COMPARE(bench.heard.size(), 1);
        QCOMPARE(bench.heard[0].error().code, ErrorCode::StepUpRequired);
        QCOMPARE(bench.wanted.size(), 1);
    }
    void aContextThatDied_isNotCalled()
    {
        Bench bench;
        bench.port.needsPin = { QStringLiteral("setMode") };
        auto context = std::make_unique<QObject>();
        bool called = false;
        bench.pins.run<void>(
            context.get(), [&] { return bench.port.setMode(QStringLiteral("running"), {}); },
            [&](const Result<> &) { called = true; });
        QTRY_COMPARE(bench.wanted.size(), 1);
        context.reset();
        QSignalSpy finished(&bench.pins, &PinFlow::finished);
        bench.pins.enter(QStringLiteral("246810"));
        QTRY_COMPARE(finished.size(), 1);
        QVERIFY(!called);
    }
};

QTEST_GUILESS_MAIN(PinFlowTest)
#include "tst_pin_flow.moc"
