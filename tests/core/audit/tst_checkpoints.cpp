// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/audit/audit_bench.h"

#include <QSignalSpy>

using namespace gatehouse;
using namespace gatehouse::test;
using namespace std::chrono_literals;

class CheckpointsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void firstStart_makesAKeyInTheKeychain()
    {
        AuditBench bench;
        QVERIFY(bench.start());

        QVERIFY(bench.secrets.has(signingKeyEntry("1")));
        QVERIFY(bench.checkpoints->key());
    }

    void manyRows_areSignedAtOnce_fewAfterAMinute()
    {
        AuditBench bench;
        QVERIFY(bench.start());
        bench.record(255);
        QVERIFY(bench.stored().empty());
        bench.record(1);
        QCOMPARE(bench.stored().size(), std::size_t{ 1 });
        QCOMPARE(bench.stored()[0].seq, 256);
        QVERIFY(isGenuine(ProfileId{ 1 }, bench.stored()[0], bench.checkpoints->key()->publicKey()));

        bench.record(3);
        bench.clock.advance(59s);
        bench.settle();
        QCOMPARE(bench.stored().size(), std::size_t{ 1 });
        bench.clock.advance(1s);
        bench.settle();
        QCOMPARE(bench.stored().size(), std::size_t{ 2 });
        QCOMPARE(bench.stored()[1].seq, 259);
    }

    void burst_isSignedOnceASecond()
    {
        AuditBench bench;
        QVERIFY(bench.start());
        for (int i = 0; i < 5; ++i)
            bench.record(300);
        QCOMPARE(bench.stored().size(), std::size_t{ 1 });

        bench.clock.advance(999ms);
        bench.settle();
        QCOMPARE(bench.stored().size(), std::size_t{ 1 });
        bench.clock.advance(1ms);
        bench.settle();

        QCOMPARE(bench.stored().size(), std::size_t{ 2 });
        QCOMPARE(bench.stored()[1].seq, 1500);
    }

    void idle_signsNothing()
    {
        AuditBench bench;
        QVERIFY(bench.start());
        bench.record(1);
        bench.clock.advance(60s);
        bench.settle();
        QCOMPARE(bench.stored().size(), std::size_t{ 1 });

        for (int i = 0; i < 60; ++i) {
            bench.clock.advance(60s);
            bench.settle();
        }

        QCOMPARE(bench.stored().size(), std::size_t{ 1 });
    }

    void keychain_getsACopyOnceAMinute_andAtStop()
    {
        AuditBench bench;
        QVERIFY(bench.start());
        bench.record(256);
        bench.clock.advance(0ms);
        bench.settle();
        QCOMPARE(bench.kept()->seq, 256);

        bench.clock.advance(2s);
        bench.record(256);
        QCOMPARE(bench.stored().size(), std::size_t{ 2 });
        bench.clock.advance(57s);
        bench.settle();
        QCOMPARE(bench.kept()->seq, 256);
        bench.clock.advance(1s);
        bench.settle();
        QCOMPARE(bench.kept()->seq, 512);

        bench.record(5);
        QVERIFY(bench.stop());
        QCOMPARE(bench.kept()->seq, 517);
        QCOMPARE(bench.verdict().vouchedTo, 517);
    }

    void restart_goesOnWithTheSameKeyAndSignsWhatWasLeft()
    {
        AuditBench bench;
        QVERIFY(bench.start());
        bench.record(10);
        const auto key = bench.checkpoints->key()->publicKey();
        bench.build(); // killed: nothing was signed
        QVERIFY(bench.start());
        QVERIFY(bench.checkpoints->key()->publicKey() == key);

        bench.clock.advance(60s);
        bench.settle();

        QCOMPARE(bench.stored().size(), std::size_t{ 1 });
        QCOMPARE(bench.stored()[0].seq, 10);
    }

    void firstRowOfALife_isKeptAtOnce()
    {
        AuditBench bench;
        QVERIFY(bench.start());
        bench.record(1);
        QVERIFY(!bench.kept());

        QVERIFY(bench.outcomeOf([&](auto done) { bench.checkpoints->keepNow(std::move(done)); }));

        QCOMPARE(bench.kept()->seq, 1);
        QCOMPARE(bench.stored().size(), std::size_t{ 1 });
    }

    // Tests of the error paths

    void emptyJournal_besideASignedPoint_isRolledBack()
    {
        AuditBench bench;
        QVERIFY(bench.start());
        bench.record(1);
        QVERIFY(bench.outcomeOf([&](auto done) { bench.checkpoints->keepNow(std::move(done)); }));
        AuditBench other; // an empty database, and the secrets of the first
        bench.secrets.read(checkpointEntry("1"), [&](Result<Secret> point) {
            other.secrets.write(checkpointEntry("1"), std::move(*point), [](const Result<> &) {});
        });
        bench.settle();

        const auto started = other.start();

        QVERIFY(!started);
        QCOMPARE(started.error().code, ErrorCode::StorageRolledBack);
        QVERIFY(other.outcomeOf([&](auto done) { other.checkpoints->keepNow(std::move(done)); }));
        QVERIFY(other.stored().empty());
    }

    void lockedKeychain_isSaidAndNothingIsSigned()
    {
        AuditBench bench;
        bench.secrets.fault = ErrorCode::SecretsLocked;
        const auto started = bench.start();
        bench.record(300);

        QVERIFY(!started);
        QCOMPARE(started.error().code, ErrorCode::SecretsLocked);
        QVERIFY(bench.stored().empty());
    }

    void lostKey_withASignedJournal_isNotReplacedSilently()
    {
        AuditBench bench;
        QVERIFY(bench.start());
        bench.record(256);
        bench.secrets.remove(signingKeyEntry("1"), [](const Result<> &) {});
        bench.settle();
        bench.build();

        const auto started = bench.start();

        QVERIFY(!started);
        QCOMPARE(started.error().code, ErrorCode::SecretNotFound);
        QVERIFY(!bench.secrets.has(signingKeyEntry("1")));
        QVERIFY(bench.checkpoints->hold() == Checkpoints::Hold::KeyLost);
        bench.record(256);
        QCOMPARE(bench.stored().size(), std::size_t{ 1 });
    }

    void lostKey_accepted_isReplacedOnRecord_andTheJournalIsSoundAgain()
    {
        AuditBench bench;
        QVERIFY(bench.start());
        bench.record(256);
        bench.secrets.remove(signingKeyEntry("1"), [](const Result<> &) {});
        bench.settle();
        bench.build();
        QVERIFY(!bench.start());
        const QSignalSpy accepted(bench.checkpoints.get(), &Checkpoints::accepted);
        Event said;
        said.via = "window";

        QVERIFY(bench.outcomeOf([&](auto done) { bench.checkpoints->acceptRestore(said, std::move(done)); }));

        QCOMPARE(accepted.count(), 1);
        QVERIFY(bench.checkpoints->hold() == Checkpoints::Hold::None);
        const JournalRow row = bench.storage.journal().back();
        QCOMPARE(row.kind, std::string("storage_restored"));
        const Json body = Json::parse(row.body);
        QCOMPARE(body["via"], "window");
        QCOMPARE(body["more"]["found_seq"], 256);
        QCOMPARE(body["more"]["new_key"].get<std::string>(), hex(bench.checkpoints->key()->publicKey()));
        QCOMPARE(bench.kept()->seq, row.seq); // the keychain knows at once
        const auto verdict = bench.verdict();
        QVERIFY(verdict.isSound());
        QCOMPARE(verdict.restoredRow, row.seq);
        QCOMPARE(verdict.vouchedTo, row.seq);
        bench.build();
        QVERIFY(bench.start());
        QVERIFY(
            !bench.outcomeOf([&](auto done) { bench.checkpoints->acceptRestore(said, std::move(done)); }));
    }

    void lostKey_whoseRowNamesAnotherKey_isNotForgiven()
    {
        AuditBench bench;
        QVERIFY(bench.start());
        bench.record(256);
        bench.secrets.remove(signingKeyEntry("1"), [](const Result<> &) {});
        bench.secrets.remove(checkpointEntry("1"), [](const Result<> &) {});
        bench.settle();
        Event forged; // by somebody with the database key alone
        forged.kind = EventKind::StorageRestored;
        forged.more = { { "new_key", std::string(64, 'a') } };
        bench.journal->recordDurably(forged, {});
        bench.settle();
        bench.build();
        QVERIFY(!bench.start());
        bench.secrets.write(signingKeyEntry("1"), SigningKey::make(bench.random).seed(),
                            [](const Result<> &) {});
        bench.settle();

        const auto verdict = bench.verdict();

        QVERIFY(verdict.finding == JournalState::BadCheckpoint);
        QCOMPARE(verdict.badRow, 256);
    }

    void acceptRestore_whereTheKeychainFails_signsNothingAndCanBeTriedAgain()
    {
        AuditBench bench;
        QVERIFY(bench.start());
        bench.record(256);
        bench.secrets.remove(signingKeyEntry("1"), [](const Result<> &) {});
        bench.settle();
        bench.build();
        QVERIFY(!bench.start());
        const auto accept = [&] {
            return bench.outcomeOf([&](auto done) { bench.checkpoints->acceptRestore({}, std::move(done)); });
        };
        bench.secrets.fault = ErrorCode::SecretsLocked;
        QCOMPARE(accept().error().code, ErrorCode::SecretsLocked);
        QVERIFY(bench.checkpoints->isHeld());
        QCOMPARE(bench.stored().size(), std::size_t{ 1 });

        bench.secrets.fault.reset();
        QVERIFY(accept());

        QVERIFY(bench.verdict().isSound());
    }

    void fullDisk_isTriedAgainASecondLater()
    {
        AuditBench bench;
        QVERIFY(bench.start());
        bench.record(255);
        bench.storage.fault = ErrorCode::StorageFull;
        bench.clock.advance(60s);
        bench.settle();
        QVERIFY(bench.stored().empty());

        bench.storage.fault.reset();
        bench.clock.advance(1s);
        bench.settle();

        QCOMPARE(bench.stored().size(), std::size_t{ 1 });
    }

    void keychainThatFails_isSaid_andSigningGoesOn()
    {
        AuditBench bench;
        QVERIFY(bench.start());
        const QSignalSpy failed(bench.checkpoints.get(), &Checkpoints::keychainFailed);
        bench.secrets.fault = ErrorCode::SecretsUnavailable;
        bench.record(256);
        bench.clock.advance(0ms);
        bench.settle();
        QCOMPARE(failed.count(), 1);
        QCOMPARE(bench.stored().size(), std::size_t{ 1 });

        bench.secrets.fault.reset();
        bench.clock.advance(61s);
        bench.record(256);
        bench.clock.advance(0ms);
        bench.settle();

        QCOMPARE(bench.kept()->seq, 512);
    }
};

QTEST_GUILESS_MAIN(CheckpointsTest)
#include "tst_checkpoints.moc"
