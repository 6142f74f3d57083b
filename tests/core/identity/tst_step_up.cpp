// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/identity/step_up.h"
#include "gateway_core/identity/token.h"
#include "tests/core/identity/tables.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fixed_random.h"
#include "tests/support/memory_secrets.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QTest>

using namespace gatehouse;
using namespace gatehouse::test;
using namespace std::chrono_literals;

namespace {

constexpr int kCheap = 4; // log2 of N: the tests of the rules need no slow scrypt

/// Everything that outlives a restart of the program.
struct Machine
{
    TestStorage storage;
    FakeClock clock;
    FixedRandom random;
    MemorySecrets secrets;
    Journal journal{ storage, clock };
    Registry registry{ storage, journal, clock };
};

struct StepUpBench
{
    std::shared_ptr<Machine> machine;
    StepUp stepUp;

    explicit StepUpBench(std::shared_ptr<Machine> on = std::make_shared<Machine>(),
                         const char *boot = "boot-1", int cost = kCheap, PinOf of = PinOf::Database)
        : machine(std::move(on))
        , stepUp(machine->storage, machine->registry, machine->journal, machine->clock, machine->random,
                 nullptr, StepUpConfig{ boot, cost, &machine->secrets })
    {
        machine->registry.load([](const Result<> &) {});
        machine->storage.settle();
        std::optional<Result<>> loaded;
        stepUp.load([&loaded](Result<> outcome) { loaded = std::move(outcome); }, of);
        until(loaded);
    }

    /// Runs the event loop until the worker's answer has come and been stored.
    template <typename Answer> void until(const std::optional<Answer> &answer)
    {
        QTRY_VERIFY_WITH_TIMEOUT((machine->storage.settle(), answer.has_value()), 20'000);
    }
    Tables tables() { return tablesOf(machine->storage); }
    Result<> setPin(const char *old, const char *fresh)
    {
        std::optional<Result<>> answer;
        stepUp.setPin(Secret(std::string_view(old)), Secret(std::string_view(fresh)),
                      [&](Result<> outcome) { answer = std::move(outcome); });
        until(answer);
        return answer.value_or(failure(ErrorCode::Internal));
    }
    Result<StepUpTicket> enter(const char *pin, const std::string &caller = "window")
    {
        std::optional<Result<StepUpTicket>> answer;
        stepUp.enter(caller, Secret(std::string_view(pin)),
                     [&](Result<StepUpTicket> ticket) { answer.emplace(std::move(ticket)); });
        until(answer);
        return answer ? std::move(*answer) : failure(ErrorCode::Internal);
    }
    Result<> reset()
    {
        std::optional<Result<>> answer;
        stepUp.reset([&](Result<> outcome) { answer = std::move(outcome); });
        until(answer);
        return answer.value_or(failure(ErrorCode::Internal));
    }
    void lock()
    {
        for (int i = 0; i < kPinTries; ++i)
            QVERIFY(!enter("999998"));
    }
    void advance(Millis by)
    {
        machine->clock.advance(by);
        machine->storage.settle();
    }
};

std::string reason(const Error &error)
{
    return error.code == ErrorCode::StepUpRequired ? error.details.value("reason", "") : "?";
}

Grant grantOf(const char *scope, GrantPolicy answer)
{
    Grant grant;
    grant.id = GrantId(scope);
    grant.agent = AgentId("a");
    grant.project = ProjectId("p");
    grant.scope = scope;
    grant.answer = answer;
    return grant;
}

} // namespace

class StepUpTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void enter_noPin_saysSetup()
    {
        StepUpBench bench;

        QCOMPARE(reason(bench.enter("123456").error()), std::string("setup"));
        QCOMPARE(reason(bench.stepUp.check("window", {}).error()), std::string("setup"));
        QVERIFY(!bench.stepUp.hasPin());
    }

    void setPin_badForm_isRefused_data()
    {
        QTest::addColumn<QByteArray>("pin");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("five digits") << QByteArray("12345");
        QTest::newRow("letters") << QByteArray("12345a");
        QTest::newRow("all the same") << QByteArray("777777");
        QTest::newRow("too long") << QByteArray(65, '1').replace(0, 1, "2");
        QTest::newRow("NUL") << QByteArray("123456\0", 7);
    }
    void setPin_badForm_isRefused()
    {
        QFETCH(QByteArray, pin);
        StepUpBench bench;
        Result<> answer;

        bench.stepUp.setPin({},
                            Secret(std::string_view(pin.constData(), static_cast<std::size_t>(pin.size()))),
                            [&](Result<> outcome) { answer = std::move(outcome); });

        QCOMPARE(answer.error().code, ErrorCode::ValidationFailed);
        QVERIFY(!bench.stepUp.hasPin());
    }

    void enter_rightPin_givesFiveMinutes()
    {
        StepUpBench bench;
        QVERIFY(bench.setPin("", "123456"));

        const auto ticket = bench.enter("123456");

        QVERIFY(ticket);
        QCOMPARE(ticket->token.size(), std::size_t{ 43 });
        QVERIFY(bench.stepUp.check("window", ticket->token.text()));
        QVERIFY(bench.stepUp.check("window", {})); // the window itself needs no token
        bench.advance(kStepUpLifetime - 1ms);
        QVERIFY(bench.stepUp.check("window", ticket->token.text()));
        bench.advance(1ms);
        QCOMPARE(reason(bench.stepUp.check("window", ticket->token.text()).error()), std::string("pin"));
    }

    void ticket_ofOneCaller_isNothingToAnother()
    {
        StepUpBench bench;
        QVERIFY(bench.setPin("", "123456"));
        const auto ticket = bench.enter("123456", "token-1");
        QVERIFY(ticket);

        QVERIFY(bench.stepUp.check("token-1", ticket->token.text()));
        QVERIFY(!bench.stepUp.check("token-1", {}));
        QVERIFY(!bench.stepUp.check("token-2", ticket->token.text()));
        QVERIFY(!bench.stepUp.check("window", {}));
        QVERIFY(!bench.stepUp.check("window", ticket->token.text()));

        bench.stepUp.forget("token-1");
        QVERIFY(!bench.stepUp.check("token-1", ticket->token.text()));
    }

    void ticket_wallClockSetBack_stillEnds()
    {
        StepUpBench bench;
        QVERIFY(bench.setPin("", "123456"));
        QVERIFY(bench.enter("123456"));

        bench.advance(kStepUpLifetime);
        bench.machine->clock.setWall(0);

        QVERIFY(!bench.stepUp.check("window", {}));
    }

    void enter_fiveWrong_locksForFifteenMinutes()
    {
        StepUpBench bench;
        QVERIFY(bench.setPin("", "123456"));
        for (int left = kPinTries - 1; left > 0; --left) {
            const auto refused = bench.enter("999998");
            QCOMPARE(reason(refused.error()), std::string("pin"));
            QCOMPARE(refused.error().details["tries_left"].get<int>(), left);
        }

        const auto fifth = bench.enter("999998");

        QCOMPARE(reason(fifth.error()), std::string("locked"));
        QCOMPARE(fifth.error().details["retry_after"].get<int>(), 900);
        QCOMPARE(reason(bench.enter("123456").error()), std::string("locked")); // even the right one
        bench.advance(kPinLock);
        QVERIFY(bench.enter("123456"));
    }

    void lock_second_isTwiceAsLong()
    {
        StepUpBench bench;
        QVERIFY(bench.setPin("", "123456"));
        bench.lock();
        bench.advance(kPinLock);

        bench.lock();
        QCOMPARE(bench.stepUp.lockedFor(), Millis(2 * kPinLock).count());
        bench.advance(2 * kPinLock);
        QVERIFY(bench.enter("123456"));
        bench.lock();

        QCOMPARE(bench.stepUp.lockedFor(), Millis(kPinLock).count()); // a right PIN began anew
    }

    void enter_fourWrongThenRight_startsAnew()
    {
        StepUpBench bench;
        QVERIFY(bench.setPin("", "123456"));
        for (int round = 0; round < 3; ++round) {
            for (int i = 0; i < kPinTries - 1; ++i)
                QVERIFY(!bench.enter("999998"));
            QVERIFY(bench.enter("123456"));
        }
    }

    void enter_wrong_isCountedOnDiskBeforeTheAnswer()
    {
        StepUpBench bench;
        QVERIFY(bench.setPin("", "123456"));

        bench.stepUp.enter("window", Secret(std::string_view("999998")), [](const Result<StepUpTicket> &) {});

        QCOMPARE(bench.tables().pin->wrongTries, 1); // nothing has been compared: the event loop did not run
    }

    void crash_whileComparing_givesNoFreeGuess()
    {
        auto machine = std::make_shared<Machine>();
        {
            StepUpBench bench(machine);
            QVERIFY(bench.setPin("", "123456"));
        }
        for (int i = 0; i < kPinTries; ++i) {
            StepUpBench bench(machine);
            bench.stepUp.enter("window", Secret(std::string_view("999998")),
                               [](const Result<StepUpTicket> &) {});
            machine->storage.settle();
        }

        StepUpBench last(machine);

        QVERIFY(last.stepUp.lockedFor() > 0);
    }

    void lock_restartInTheSameBoot_runsOn()
    {
        auto machine = std::make_shared<Machine>();
        {
            StepUpBench bench(machine);
            QVERIFY(bench.setPin("", "123456"));
            bench.lock();
            bench.advance(5min);
        }

        StepUpBench next(machine);

        QCOMPARE(next.stepUp.lockedFor(), Millis(10min).count());
        next.advance(10min);
        QVERIFY(next.enter("123456"));
    }

    void lock_anotherBoot_isServedAgainInFull()
    {
        auto machine = std::make_shared<Machine>();
        {
            StepUpBench bench(machine);
            QVERIFY(bench.setPin("", "123456"));
            bench.lock();
            bench.advance(14min);
        }

        StepUpBench next(machine, "boot-2");

        QCOMPARE(next.stepUp.lockedFor(), Millis(kPinLock).count());
    }

    void lock_servedThenAnotherBoot_isNotServedAgain()
    {
        auto machine = std::make_shared<Machine>();
        {
            StepUpBench bench(machine);
            QVERIFY(bench.setPin("", "123456"));
            bench.lock();
            bench.advance(kPinLock);
        }

        StepUpBench next(machine, "boot-2");

        QCOMPARE(next.stepUp.lockedFor(), std::int64_t{ 0 });
        QVERIFY(next.enter("123456"));
    }

    void setPin_change_needsTheOldOneAndForgetsTickets()
    {
        StepUpBench bench;
        QVERIFY(bench.setPin("", "123456"));
        QVERIFY(bench.enter("123456"));

        QCOMPARE(reason(bench.setPin("999998", "654321").error()), std::string("pin"));
        QVERIFY(bench.setPin("123456", "654321"));

        QVERIFY(!bench.stepUp.check("window", {}));
        QVERIFY(!bench.enter("123456"));
        QVERIFY(bench.enter("654321"));
    }

    void setPin_samePin_hasAnotherSaltAndHash()
    {
        StepUpBench bench;
        QVERIFY(bench.setPin("", "123456"));
        const PinRecord first = *bench.tables().pin;

        QVERIFY(bench.setPin("123456", "123456"));

        QVERIFY(bench.tables().pin->salt != first.salt);
        QVERIFY(bench.tables().pin->hash != first.hash);
    }

    void reset_takesEverythingThatThePinGuarded()
    {
        StepUpBench bench;
        auto &storage = bench.machine->storage;
        put(storage, Agent{ AgentId("a"), "Reviewer", AgentState::Active, 1 });
        auto client = mintClient(AgentId("a"), "codex", {}, 1, bench.machine->random).client;
        auto owner = mintOwnerToken("ctl", 1, bench.machine->random).record;
        put(storage, client);
        put(storage, owner);
        put(storage, grantOf("issues:read", GrantPolicy::Allow));
        put(storage, grantOf("issues:move", GrantPolicy::AskWithPin));
        put(storage, grantOf("issues:create", GrantPolicy::Ask));
        QVERIFY(bench.setPin("", "123456"));
        QVERIFY(bench.enter("123456"));

        QVERIFY(bench.reset());

        const Tables tables = bench.tables();
        QVERIFY(!bench.stepUp.hasPin());
        QVERIFY(!tables.pin);
        QVERIFY(!bench.stepUp.check("window", {}));
        QVERIFY(bench.machine->registry.current()->clientsByToken.empty());
        QVERIFY(bench.machine->registry.current()->ownersByToken.empty());
        QCOMPARE(tables.grants.size(), std::size_t{ 3 });
        for (const Grant &grant : tables.grants)
            QVERIFY(grant.answer == GrantPolicy::Ask);
        QCOMPARE(bench.machine->storage.kinds().back(), std::string("pin_reset"));
        QVERIFY(bench.setPin("", "654321"));
    }

    void everything_isOnRecord()
    {
        StepUpBench bench;
        QVERIFY(bench.setPin("", "123456"));
        QVERIFY(!bench.enter("999998"));
        QVERIFY(bench.enter("123456"));

        QVERIFY(bench.machine->storage.kinds()
                == (std::vector<std::string>{ "pin_changed", "step_up_failed", "step_up_passed" }));
        for (const JournalRow &row : bench.machine->storage.journal())
            QVERIFY(row.body.find("123456") == std::string::npos
                    && row.body.find("999998") == std::string::npos);
    }

    void enter_manyAtOnce_areTakenInTurn()
    {
        StepUpBench bench;
        QVERIFY(bench.setPin("", "123456"));
        std::vector<Result<>> answers;
        for (int i = 0; i < 20; ++i) {
            bench.stepUp.enter(
                "window", Secret(std::string_view("999998")), [&](Result<StepUpTicket> ticket) {
                    answers.push_back(ticket ? Result<>() : tl::unexpected<Error>(ticket.error()));
                });
        }

        QTRY_COMPARE((bench.machine->storage.settle(), answers.size()), std::size_t{ 20 });

        const auto with = [&](ErrorCode code) {
            return std::ranges::count_if(answers,
                                         [&](const Result<> &answer) { return answer.error().code == code; });
        };
        QCOMPARE(with(ErrorCode::RateLimited), 11); // one is checked, eight wait
        QCOMPARE(with(ErrorCode::StepUpRequired), 9);
        QVERIFY(bench.stepUp.lockedFor() > 0);
    }

    void malformedPin_isNotCounted()
    {
        StepUpBench bench;
        QVERIFY(bench.setPin("", "123456"));

        for (int i = 0; i < 10; ++i)
            QCOMPARE(reason(bench.enter("12345").error()), std::string("pin"));

        QVERIFY(bench.enter("123456"));
    }

    void scrypt_atFullCost_isSlowAndOffThisThread()
    {
        StepUpBench bench(std::make_shared<Machine>(), "boot-1", kScryptCost);
        QElapsedTimer timer;
        timer.start();
        std::optional<Result<>> answer;

        bench.stepUp.setPin({}, Secret(std::string_view("123456")),
                            [&](Result<> outcome) { answer = outcome; });
        const qint64 blocked = timer.elapsed();
        bench.until(answer);

        QVERIFY(answer && *answer);
        QVERIFY2(timer.elapsed() > 50 && blocked < timer.elapsed() / 2, qPrintable(QString::number(blocked)));
    }

    // Tests of the error paths.

    void beforeLoad_nothingIsTaken()
    {
        Machine machine;
        StepUp stepUp(machine.storage, machine.registry, machine.journal, machine.clock, machine.random,
                      nullptr, StepUpConfig{ "boot-1", kCheap });
        std::vector<ErrorCode> codes;

        stepUp.setPin({}, Secret(std::string_view("123456")),
                      [&](Result<> o) { codes.push_back(o.error().code); });
        stepUp.enter("window", Secret(std::string_view("123456")),
                     [&](Result<StepUpTicket> o) { codes.push_back(o.error().code); });
        stepUp.reset([&](Result<> o) { codes.push_back(o.error().code); });

        QVERIFY(codes == std::vector<ErrorCode>(3, ErrorCode::GatewayLocked));
    }

    void load_storageFails_saysSo()
    {
        Machine machine;
        machine.storage.fault = ErrorCode::StorageDamaged;
        StepUp stepUp(machine.storage, machine.registry, machine.journal, machine.clock, machine.random,
                      nullptr, StepUpConfig{ "boot-1", kCheap });
        Result<> answer;

        stepUp.load([&](Result<> outcome) { answer = std::move(outcome); });
        machine.storage.settle();

        QCOMPARE(answer.error().code, ErrorCode::StorageDamaged);
    }

    void enter_cannotBeCounted_isNotCompared()
    {
        StepUpBench bench;
        QVERIFY(bench.setPin("", "123456"));
        bench.machine->storage.fault = ErrorCode::StorageFull;

        QCOMPARE(bench.enter("123456").error().code, ErrorCode::StorageFull);
        QVERIFY(!bench.stepUp.check("window", {}));

        bench.machine->storage.fault.reset();
        QVERIFY(bench.enter("123456"));
    }

    void setPin_cannotBeStored_keepsTheOldOne()
    {
        StepUpBench bench;
        bench.machine->storage.fault = ErrorCode::StorageFull;
        QCOMPARE(bench.setPin("", "123456").error().code, ErrorCode::AuditUnavailable);
        QVERIFY(!bench.stepUp.hasPin());
        bench.machine->storage.fault.reset();
        QVERIFY(bench.setPin("", "123456"));
    }

    void reset_cannotBeStored_changesNothing()
    {
        StepUpBench bench;
        QVERIFY(bench.setPin("", "123456"));
        QVERIFY(bench.enter("123456"));
        bench.machine->storage.fault = ErrorCode::StorageFull;

        QCOMPARE(bench.reset().error().code, ErrorCode::AuditUnavailable);

        QVERIFY(bench.stepUp.hasPin());
        QVERIFY(bench.stepUp.check("window", {}));
    }

    void destruction_whileHashing_answersNobody()
    {
        auto machine = std::make_shared<Machine>();
        bool answered = false;
        {
            StepUpBench bench(machine);
            bench.stepUp.setPin({}, Secret(std::string_view("123456")),
                                [&](const Result<> &) { answered = true; });
        }

        QCoreApplication::sendPostedEvents();
        machine->storage.settle();

        QVERIFY(!answered);
        QVERIFY(!tablesOf(machine->storage).pin);
    }

    // The PIN's record in the secrets: an emptied or older database is no way around the PIN.

    void emptiedDatabase_keepsThePinThatTheSecretsKnow()
    {
        auto machine = std::make_shared<Machine>();
        QVERIFY(StepUpBench(machine).setPin("", "481516"));
        QVERIFY(
            machine->storage.writeNow([](Stores &stores) { return stores.profile.savePin(std::nullopt); }));

        StepUpBench bench(machine);

        QVERIFY(bench.stepUp.hasPin());
        QCOMPARE(reason(bench.setPin("", "654321").error()), std::string("pin"));
        QVERIFY(bench.enter("481516"));
        QVERIFY(tablesOf(machine->storage).pin);
    }

    void pinOfAnOlderProgram_isCopiedToTheSecrets()
    {
        auto machine = std::make_shared<Machine>();
        QVERIFY(StepUpBench(machine).setPin("", "481516"));
        machine->secrets.remove(pinEntry("1"), [](const Result<> &) {});
        QCoreApplication::processEvents();

        const StepUpBench bench(machine);

        QVERIFY(machine->secrets.has(pinEntry("1")));
    }

    void olderDatabase_isAcceptedWithTheNewerPin()
    {
        auto machine = std::make_shared<Machine>();
        QVERIFY(StepUpBench(machine).setPin("", "481516"));
        const auto older = tablesOf(machine->storage).pin;
        QVERIFY(StepUpBench(machine).setPin("481516", "234242"));
        QVERIFY(machine->storage.writeNow([older](Stores &stores) { return stores.profile.savePin(older); }));

        StepUpBench bench(machine, "boot-1", kCheap, PinOf::Secrets);

        QCOMPARE(reason(bench.enter("481516").error()), std::string("pin"));
        QVERIFY(bench.enter("234242"));
    }

    void resetPin_isForgottenByTheSecretsToo()
    {
        auto machine = std::make_shared<Machine>();
        {
            StepUpBench bench(machine);
            QVERIFY(bench.setPin("", "481516"));
            QVERIFY(bench.reset());
        }
        QVERIFY(!machine->secrets.has(pinEntry("1")));

        QVERIFY(!StepUpBench(machine).stepUp.hasPin());
    }

    void secretsThatDoNotAnswer_leaveThePinUnread()
    {
        auto machine = std::make_shared<Machine>();
        machine->secrets.fault = ErrorCode::SecretsLocked;
        StepUpBench bench(machine);
        machine->secrets.fault.reset();

        QCOMPARE(bench.setPin("", "481516").error().code, ErrorCode::GatewayLocked);
    }
};

QTEST_GUILESS_MAIN(StepUpTest)
#include "tst_step_up.moc"
