// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fixture_port.h"
#include "ui/models/connection_model.h"
#include "ui/models/gateway_model.h"
#include "ui/models/pairing_model.h"
#include "ui/models/protection_model.h"
#include "ui/models/journal_model.h"
#include "ui/models/today_model.h"
#include "ui/models/sentences.h"
#include "ui/models/window_models.h"

#include <QSignalSpy>
#include <QTest>

using namespace gatehouse;
using namespace gatehouse::ui;
using test::FixturePort;

/// The models behind the status strip, Overview, Connection and pairing.
class OwnerModelsTest : public QObject
{
    Q_OBJECT

private:
    static TaskerSettings settings()
    {
        return { QStringLiteral("https://tasker.example.org"),
                 QStringLiteral("user-1"),
                 QStringLiteral("mira@example.org"),
                 QStringLiteral("secret"),
                 {} };
    }

private slots:
    void headline_everyTrouble_saysWhatToDo()
    {
        FixturePort port;
        PinFlow pins(port);
        GatewayModel model(port, pins);
        for (const ErrorCode code :
             { ErrorCode::StorageWrongKey, ErrorCode::StorageKeyMissing, ErrorCode::StorageDamaged,
               ErrorCode::StorageFull, ErrorCode::StorageReadOnly, ErrorCode::StorageNewer,
               ErrorCode::StorageMissing, ErrorCode::StorageRolledBack, ErrorCode::SecretsUnavailable,
               ErrorCode::SecretsRefused, ErrorCode::PortBusy }) {
            port.state.state = GatewayState::Broken;
            port.state.problem = code;
            QVERIFY(!model.headline().title.isEmpty() && !model.headline().text.isEmpty());
            QVERIFY(model.headline().canRetry);
            QCOMPARE(model.headline().portBusy, code == ErrorCode::PortBusy);
            QCOMPARE(model.headline().restored, code == ErrorCode::StorageRolledBack);
            QVERIFY(!model.canChangeMode());
        }
        for (const auto &[taken, offered] :
             { std::pair{ 4100, 4101 }, std::pair{ 4101, 4102 }, std::pair{ 65535, 65534 } }) {
            port.state.port = taken;
            QCOMPARE(model.otherPort(), offered);
        }
        QVERIFY(GatewayModel::commandForPort(4101).contains(QStringLiteral("127.0.0.1:4101/mcp")));
    }
    void headline_notRecording_outranksPaused()
    {
        FixturePort port;
        PinFlow pins(port);
        GatewayModel model(port, pins);
        port.state.mode = QStringLiteral("paused");
        port.state.recording = false;
        QCOMPARE(model.headline().mark.tone, Tone::Bad);
        const QString unknown = model.headline().text;
        for (const ErrorCode code : { ErrorCode::StorageFull, ErrorCode::StorageMissing }) {
            port.state.recordingProblem = code;
            QVERIFY(model.headline().text != unknown);
        }
    }
    void resume_asksForThePinAndGoesOn()
    {
        FixturePort port;
        port.state.mode = QStringLiteral("paused");
        port.needsPin = { QStringLiteral("setMode") };
        PinFlow pins(port);
        GatewayModel model(port, pins);
        QSignalSpy wanted(&pins, &PinFlow::pinWanted);
        model.resume();
        QTRY_COMPARE(wanted.size(), 1);
        pins.enter(port.pin);
        QTRY_VERIFY(model.isRunning());
    }
    void declinedPin_saysNothing()
    {
        FixturePort port;
        port.needsPin = { QStringLiteral("setMode") };
        WindowModels models(port);
        QSignalSpy said(&models, &WindowModels::said);
        QSignalSpy wanted(&models.pins, &PinFlow::pinWanted);
        models.gateway.resume();
        QTRY_COMPARE(wanted.size(), 1);
        models.pins.cancel();
        QCoreApplication::sendPostedEvents();
        QCOMPARE(said.size(), 0);
    }
    void unlocked_readsEverything()
    {
        FixturePort port;
        port.state.state = GatewayState::Locked;
        WindowModels models(port);
        QCOMPARE(port.callsTo(QStringLiteral("agents")), 0);
        port.state.state = GatewayState::Ready;
        port.setStatus(port.state);
        QTRY_COMPARE(models.agents.rowCount(), 4);
        QTRY_VERIFY(models.activity.rowCount() + models.latest.rowCount() > 0);
    }
    void notice_hasItsSentence()
    {
        FixturePort port;
        WindowModels models(port);
        QSignalSpy said(&models, &WindowModels::said);
        emit port.notice(QStringLiteral("pairing_paused"));
        emit port.notice(QStringLiteral("upstream_auth_failed"));
        emit port.notice(QStringLiteral("never heard of"));
        QCOMPARE(said.size(), 2);
    }

    void connection_problems_nameTheField()
    {
        FixturePort port;
        PinFlow pins(port);
        ConnectionModel model(port, pins);
        using Field = ConnectionModel::Field;
        QVERIFY(model.problems(settings()).isEmpty());
        TaskerSettings wrong = settings();
        wrong.url = QStringLiteral("http://tasker.example.org");
        QVERIFY(model.problems(wrong).contains(Field::Url));
        wrong.url = QStringLiteral("http://127.0.0.1:8080");
        QVERIFY(!model.problems(wrong).contains(Field::Url));
        wrong.url = QStringLiteral("https://user:pw@tasker.example.org");
        QVERIFY(model.problems(wrong).contains(Field::Url));
        wrong = settings();
        wrong.ownerEmail = QStringLiteral("mira");
        wrong.caFile = QStringLiteral("/nowhere/ca.pem");
        QVERIFY(model.problems(wrong).contains(Field::Email)
                && model.problems(wrong).contains(Field::CaFile));
    }
    void connection_storedCredential_staysWithItsAddress()
    {
        FixturePort port;
        PinFlow pins(port);
        ConnectionModel model(port, pins);
        TaskerSettings same = model.stored();
        QVERIFY(model.problems(same).isEmpty()); // an empty credential keeps the stored one
        same.url = QStringLiteral("https://elsewhere.example.org");
        QVERIFY(model.problems(same).contains(ConnectionModel::Field::Credential));
    }
    void connection_testStoresNothing_saveStores()
    {
        FixturePort port;
        PinFlow pins(port);
        ConnectionModel model(port, pins);
        QSignalSpy tested(&model, &ConnectionModel::tested);
        QSignalSpy saved(&model, &ConnectionModel::saved);
        model.test(settings());
        QVERIFY(model.isBusy());
        QTRY_COMPARE(tested.size(), 1);
        QCOMPARE(port.callsTo(QStringLiteral("saveConnection")), 0);
        model.save(settings());
        QTRY_COMPARE(saved.size(), 1);
        QVERIFY(!port.calls.join(u' ').contains(QStringLiteral("secret")));
    }
    void connection_savedOrTested_saysWhereTheAdapterIs()
    {
        FixturePort port;
        PinFlow pins(port);
        ConnectionModel model(port, pins);
        QSignalSpy tested(&model, &ConnectionModel::tested);
        QSignalSpy saved(&model, &ConnectionModel::saved);
        const QString found = QStringLiteral("https://tasker.example.org/api/internal/nodedc/agent");
        port.foundUrl = found;
        model.test(settings());
        QTRY_COMPARE(tested.size(), 1);
        QCOMPARE(tested[0][1].toString(), found);
        model.save(settings());
        QTRY_COMPARE(saved.size(), 1);
        QVERIFY(saved[0][0].toString().contains(found));
        QVERIFY(saved[0][1].toBool());

        port.state.heard = false;
        port.state.upstreamProblem = ErrorCode::UpstreamUnavailable;
        port.state.upstreamReason = QStringLiteral("host_not_found");
        model.save(settings());
        QTRY_COMPARE(saved.size(), 2);
        QVERIFY(saved[1][0].toString().contains(QStringLiteral("no host of that name")));
        QVERIFY(!saved[1][1].toBool());
    }
    void tasker_thatHasNotAnswered_isSaidInStripAndTitle()
    {
        FixturePort port;
        PinFlow pins(port);
        GatewayModel model(port, pins);
        port.state.connected = true;
        port.state.heard = false;
        QCOMPARE(model.headline().title, QStringLiteral("Tasker has not answered yet"));
        QVERIFY(model.whereabouts().contains(QStringLiteral("Tasker has not answered yet")));
        QVERIFY(model.headline().toConnection);
        port.state.heard = true;
        QVERIFY(model.whereabouts().contains(QStringLiteral("Tasker connected")));
    }
    void connection_wrongAnswer_isNamed()
    {
        for (const char *reason : { "no_tasker", "login_page", "wrong_credential", "wrong_owner",
                                    "certificate", "host_not_found", "not_reachable", "proxy", "tls",
                                    "intercepted", "connection_broke", "plain_http_not_loopback" }) {
            const Error error{ ErrorCode::UpstreamUnavailable,
                               {},
                               Json{ { "reason", reason }, { "status", 403 } } };
            QVERIFY2(sentenceFor(error) != sentenceFor(ErrorCode::UpstreamUnavailable), reason);
        }
        const Json certificate{ { "reason", "certificate" },
                                { "problem", "self_signed" },
                                { "subject", "tasker" },
                                { "issuer", "Acme CA" } };
        QVERIFY(sentenceFor(Error{ ErrorCode::UpstreamUnavailable, {}, certificate })
                    .contains(QStringLiteral("Acme CA")));
        QVERIFY(sentenceFor(Error{ ErrorCode::UpstreamUnavailable,
                                   {},
                                   Json{ { "reason", "intercepted" }, { "status", 403 } } })
                    .contains(QStringLiteral("403")));
    }
    void connection_refused_isASentence()
    {
        FixturePort port;
        PinFlow pins(port);
        ConnectionModel model(port, pins);
        QSignalSpy failed(&model, &ConnectionModel::failed);
        port.faults[QStringLiteral("testConnection")] = FixturePort::error(ErrorCode::UpstreamAuthFailed);
        model.test(settings());
        QTRY_COMPARE(failed.size(), 1);
        QVERIFY(!model.isBusy());
    }

    void pin_problem_data()
    {
        QTest::addColumn<QString>("pin");
        QTest::addColumn<bool>("fits");
        QTest::newRow("six") << QStringLiteral("135790") << true;
        QTest::newRow("five") << QStringLiteral("13579") << false;
        QTest::newRow("letters") << QStringLiteral("13579a") << false;
        QTest::newRow("same") << QStringLiteral("777777") << false;
        QTest::newRow("other digits") << QStringLiteral("١٢٣٤٥٦") << false;
    }
    void pin_problem()
    {
        QFETCH(QString, pin);
        QFETCH(bool, fits);
        QCOMPARE(ProtectionModel::pinProblem(pin).isEmpty(), fits);
    }
    void ownerToken_isShownOnceAndKeptNowhere()
    {
        FixturePort port;
        PinFlow pins(port);
        ProtectionModel model(port, pins);
        QSignalSpy made(&model, &ProtectionModel::ownerTokenMade);
        model.mintOwnerToken(QStringLiteral("scripts"));
        QTRY_COMPARE(made.size(), 1);
        QVERIFY(made[0][0].toString().startsWith(QStringLiteral("gh_o_")));
    }

    void pairing_codeIsGoneWhenItIsOver()
    {
        FixturePort port;
        PinFlow pins(port);
        PairingModel model(port, pins);
        model.open(QStringLiteral("scribe"));
        QTRY_COMPARE(model.state(), PairingModel::State::Open);
        QVERIFY(!model.code().isEmpty());
        QVERIFY(model.millisecondsLeft() > 0);
        emit port.pairingClosed();
        QCOMPARE(model.state(), PairingModel::State::Over);
        QVERIFY(model.code().isEmpty());
    }
    void pairing_spentByAProgram_saysSo()
    {
        FixturePort port;
        PinFlow pins(port);
        PairingModel model(port, pins);
        model.open(QStringLiteral("scribe"));
        QTRY_COMPARE(model.state(), PairingModel::State::Open);
        emit port.pairingClosed();
        emit port.confirmationAsked(port.confirmation());
        QCOMPARE(model.state(), PairingModel::State::Spent);
    }
    void pairing_closed_closesTheCode()
    {
        FixturePort port;
        PinFlow pins(port);
        PairingModel model(port, pins);
        model.open(QStringLiteral("scribe"));
        model.close();
        QVERIFY(port.called(QStringLiteral("closePairing")));
        QCoreApplication::sendPostedEvents();
        QCOMPARE(model.state(), PairingModel::State::Closed);
    }
    void pairing_setUpCodex_runsTheCommandThatWasShown()
    {
        FixturePort port;
        PinFlow pins(port);
        PairingModel model(port, pins);
        model.open(QStringLiteral("scribe"));
        QTRY_COMPARE(model.state(), PairingModel::State::Open);
        QVERIFY(model.setupCommand().startsWith(QStringLiteral("codex mcp add")));
        model.setUpCodex();
        QTRY_COMPARE(model.state(), PairingModel::State::SetUp);
        QVERIFY(model.setupWorked());
        QVERIFY(port.called(QStringLiteral("setUpCodex scribe"))
                && port.called(QStringLiteral("closePairing")));
    }

    void pairing_setUpThatDoesNotRun_saysWhy_andADeclinedPinGoesBack()
    {
        FixturePort port;
        PinFlow pins(port);
        PairingModel model(port, pins);
        QVERIFY(model.canSetUp());
        model.open(QStringLiteral("scribe"));
        QTRY_COMPARE(model.state(), PairingModel::State::Open);
        port.faults[QStringLiteral("setUpCodex")]
            = Error{ ErrorCode::NotFound, {}, Json{ { "reason", "no_codex" } } };
        model.setUpCodex();
        QTRY_COMPARE(model.state(), PairingModel::State::SetUp);
        QVERIFY(!model.setupWorked() && model.setupProblem().contains(QStringLiteral("Install Codex")));

        port.faults.clear();
        port.needsPin = { QStringLiteral("setUpCodex") };
        QSignalSpy wanted(&pins, &PinFlow::pinWanted);
        model.setUpCodex();
        QTRY_COMPARE(wanted.size(), 1);
        pins.cancel();
        QTRY_COMPARE(model.state(), PairingModel::State::Closed);
        port.state.secretsKind = QStringLiteral("sealed-file");
        QVERIFY(!model.canSetUp());
    }
    void today_countsAndGoesOnLive()
    {
        FixturePort port(0);
        QDateTime clock = QDateTime(QDate(2026, 3, 12), QTime(15, 0));
        port.now = clock;
        for (int line = 0; line < 10; ++line) {
            port.addLine([&](ActivityRow &row) {
                row.kind = QStringLiteral("call");
                row.at = line < 2 ? clock.addDays(-1) : clock;
                row.decision = line % 5 == 4 ? QStringLiteral("denied") : QStringLiteral("allowed");
            });
        }
        TodayModel model(port, [&] { return clock; });
        QSignalSpy changed(&model, &TodayModel::changed);
        model.recount();
        QTRY_COMPARE(model.calls(), QStringLiteral("8"));
        QCOMPARE(model.refused(), QStringLiteral("2"));

        const auto held = [&](ActivityRow &row) {
            row.kind = QStringLiteral("call");
            row.decision.clear();
        };
        port.addLine(held);
        QCOMPARE(model.calls(), QStringLiteral("9"));
        QCOMPARE(model.asked(), QStringLiteral("0"));
        ActivityRow decided = port.changedRows[port.rows];
        decided.decision = QStringLiteral("asked");
        emit port.activityAdded({ decided });
        emit port.activityAdded({ decided });
        QCOMPARE(model.calls(), QStringLiteral("9"));
        QCOMPARE(model.asked(), QStringLiteral("1"));

        clock = clock.addDays(1);
        port.rows = 0;
        model.refreshTimes();
        QTRY_COMPARE(model.calls(), QStringLiteral("0"));
    }
    void today_aFeedThatLags_isCountedAgain()
    {
        FixturePort port(0);
        TodayModel model(port, [&] { return port.now; });
        QSignalSpy changed(&model, &TodayModel::changed);
        model.recount();
        QVERIFY(changed.wait());
        {
            const QSignalBlocker unheard(port);
            for (int line = 0; line < 300; ++line)
                port.addLine([](ActivityRow &row) { row.kind = QStringLiteral("call"); });
        }
        QCOMPARE(model.calls(), QStringLiteral("0"));

        emit port.activityFellBehind();

        QTRY_COMPARE(model.calls(), QStringLiteral("300"));
    }

    void journal_theVerdict_isSaidInWords()
    {
        FixturePort port;
        PinFlow pins(port);
        JournalModel model(port, pins);
        QSignalSpy verified(&model, &JournalModel::verified);
        model.verify();
        model.verify(); // one walk at a time
        QVERIFY(model.isVerifying());
        QTRY_COMPARE(verified.size(), 1);
        QCOMPARE(port.callsTo(QStringLiteral("verifyJournal")), 1);
        const Mark sound = verified[0][0].value<Mark>();
        QCOMPARE(sound.tone, Tone::Good);
        QVERIFY2(sound.text.contains(QStringLiteral("812")) && sound.text.contains(QStringLiteral("22")),
                 qPrintable(sound.text));

        QStringList said;
        for (const char *finding : { "edited", "moved", "missing", "rewritten", "tail_cut", "rolled_back",
                                     "head_cut", "bad_checkpoint", "something new" }) {
            const Mark bad = verdictMark({ QString::fromLatin1(finding), 17, 900, 1, 900, 0, 0 });
            QCOMPARE(bad.tone, Tone::Bad);
            QVERIFY(finding == QByteArray("head_cut") || bad.text.contains(QStringLiteral("17")));
            said += bad.text;
        }
        QCOMPARE(said.removeDuplicates(), 0);
    }
    void journal_acceptingARestore_asksForThePin()
    {
        FixturePort port;
        port.state.signingHeld = QStringLiteral("rolled_back");
        port.needsPin = { QStringLiteral("acceptRestore"), QStringLiteral("moveExports") };
        PinFlow pins(port);
        JournalModel model(port, pins);
        QSignalSpy wanted(&pins, &PinFlow::pinWanted);
        QSignalSpy accepted(&model, &JournalModel::restoreAccepted);
        QVERIFY(model.isHeld());

        model.acceptRestore();
        QTRY_COMPARE(wanted.size(), 1);
        QCOMPARE(accepted.size(), 0);
        pins.enter(port.pin);

        QTRY_COMPARE(accepted.size(), 1);
        QVERIFY(!model.isHeld());
    }
    void journal_removalOfOldRows_saysHowFarItIs()
    {
        FixturePort port;
        PinFlow pins(port);
        const JournalModel model(port, pins);
        QVERIFY(model.progressLine().isEmpty());
        port.state.retentionRows = 7;
        port.state.retentionOf = 41;
        QStringList said;
        for (const char *step : { "exporting", "checking", "removing" }) {
            port.state.retentionStep = QString::fromLatin1(step);
            QVERIFY(model.progressLine().contains(QStringLiteral("7"))
                    && model.progressLine().contains(QStringLiteral("41")));
            said += model.progressLine();
        }
        QCOMPARE(said.removeDuplicates(), 0);
    }
    void clock_isAQuestion_andItsAnswerTakesThePin_data()
    {
        QTest::addColumn<QString>("question");
        QTest::addColumn<QString>("answer");
        QTest::newRow("ahead") << "ahead"
                               << "is_right";
        QTest::newRow("behind") << "behind"
                                << "was_wrong";
    }
    void clock_isAQuestion_andItsAnswerTakesThePin()
    {
        QFETCH(QString, question);
        QFETCH(QString, answer);
        FixturePort port;
        port.needsPin = { QStringLiteral("settleClock") };
        port.state.clockQuestion = question;
        port.state.clockWall = QDateTime({ 2036, 3, 1 }, { 10, 0 });
        port.state.clockLatest = QDateTime({ 2026, 12, 1 }, { 10, 0 });
        PinFlow pins(port);
        GatewayModel model(port, pins);
        QSignalSpy wanted(&pins, &PinFlow::pinWanted);
        QCOMPARE(model.headline().clockAnswer, answer);
        QVERIFY(model.headline().text.contains(QStringLiteral("36"))
                && model.headline().text.contains(QStringLiteral("26")));
        QVERIFY(!model.clockConsequence().isEmpty());

        model.settleClock();
        QTRY_COMPARE(wanted.size(), 1);
        pins.enter(port.pin);

        QTRY_COMPARE(port.state.clockQuestion, QStringLiteral("none"));
        QVERIFY(port.called(QStringLiteral("settleClock %1").arg(answer)));
        QVERIFY(model.headline().clockAnswer.isEmpty());
        model.settleClock(); // nothing is asked any more
        QCOMPARE(port.callsTo(QStringLiteral("settleClock")), 2); // refused for the PIN, and done
    }
    void journal_aFolderThatCannotBeUsed_isSaid()
    {
        FixturePort port;
        port.faults[QStringLiteral("moveExports")] = FixturePort::error(ErrorCode::ValidationFailed);
        PinFlow pins(port);
        JournalModel model(port, pins);
        QSignalSpy failed(&model, &JournalModel::failed);
        model.moveExports(QStringLiteral("/nowhere"));
        QTRY_COMPARE(failed.size(), 1);
        QVERIFY(failed[0][0].toString().contains(QStringLiteral("folder")));
    }
};

QTEST_GUILESS_MAIN(OwnerModelsTest)
#include "tst_owner_models.moc"
