// SPDX-License-Identifier: GPL-3.0-or-later
// Somebody with the database key, and the program closed, against a journal on a real file.
#include "tests/core/audit/audit_bench.h"

#include "gateway_core/storage/database_file.h"
#include "gateway_core/storage/journal_hash.h"
#include "gateway_core/storage/journal_store.h"

#include <QSignalSpy>

#include <filesystem>

using namespace gatehouse;
using namespace gatehouse::test;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

struct AttackedBench : AuditBench
{
    AttackedBench()
    {
        if (!start())
            qFatal("no checkpoints");
        record(256);
        clock.advance(Millis(2000));
        record(256);
        record(40);
        if (!stop())
            qFatal("not stopped"); // signed up to 552, in the keychain too
    }
    /// Runs SQL on the closed file, then opens it again.
    void attack(const std::string &sql)
    {
        attackWith([&sql](sql::Connection &connection) {
            QVERIFY2(connection.execute("DROP TRIGGER journal_is_append_only"), "");
            const auto done = connection.execute(sql);
            QVERIFY2(done, done ? "" : done.error().detail.c_str());
        });
    }
    void attackWith(const std::function<void(sql::Connection &)> &act)
    {
        storage.close();
        {
            auto connection = openDatabaseFile(storage.file(), TestStorage::key());
            QVERIFY(connection);
            act(*connection);
        }
        storage.reopen();
    }
    /// All of the chain from `seq` hashed again, as a careful attacker would.
    static void rehash(sql::Connection &connection, std::int64_t seq)
    {
        auto transaction = sql::Transaction::begin(connection);
        QVERIFY(transaction);
        SqlJournalStore journal(connection, ProfileId{ 1 });
        Digest prev = seq > 1 ? journal.from(seq - 1, 1)->front().hash : Digest{};
        const auto rows = journal.from(seq, 1'000'000);
        for (auto row : *rows) {
            row.prev = prev;
            prev = journalHash(ProfileId{ 1 }, row);
            QVERIFY(connection.run("UPDATE journal SET prev = ?, hash = ? WHERE seq = ?", row.prev, prev,
                                   row.seq));
        }
        QVERIFY(transaction->commit());
    }
};

} // namespace

class AttacksTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void untouched_isSoundAndWhollySigned()
    {
        AttackedBench bench;
        const auto verdict = bench.verdict();

        QVERIFY(verdict.isSound());
        QCOMPARE(verdict.rows, 552);
        QCOMPARE(verdict.vouchedTo, 552);
        QVERIFY(verdict.unsignedFrom > verdict.unsignedTo);
    }

    void editARow()
    {
        AttackedBench bench;
        bench.attack("UPDATE journal SET body = replace(body, 'window', 'wind0w') WHERE seq = 300");

        const auto verdict = bench.verdict();
        QVERIFY(verdict.finding == JournalState::Edited);
        QCOMPARE(verdict.badRow, 300);
    }

    void editARowAndHashAllAgain()
    {
        AttackedBench bench;
        bench.attackWith([](sql::Connection &connection) {
            QVERIFY(connection.execute(
                "DROP TRIGGER journal_is_append_only;"
                "UPDATE journal SET body = replace(body, 'window', 'wind0w') WHERE seq = 300"));
            AttackedBench::rehash(connection, 300);
        });

        const auto verdict = bench.verdict();
        QVERIFY(verdict.finding == JournalState::Rewritten);
        QCOMPARE(verdict.badRow, 257);
        QCOMPARE(verdict.vouchedTo, 256);
    }

    void deleteInTheMiddle()
    {
        AttackedBench bench;
        bench.attack("DELETE FROM journal WHERE seq BETWEEN 100 AND 109");

        const auto verdict = bench.verdict();
        QVERIFY(verdict.finding == JournalState::Missing);
        QCOMPARE(verdict.badRow, 100);
    }

    void deleteInTheMiddleAndCloseTheGap()
    {
        AttackedBench bench;
        bench.attackWith([](sql::Connection &connection) {
            QVERIFY(connection.execute("DROP TRIGGER journal_is_append_only;"
                                       "DELETE FROM journal WHERE seq = 100;"));
            // By way of negative numbers: one by one, two rows would want the same place.
            QVERIFY(connection.execute("UPDATE journal SET seq = 1 - seq WHERE seq > 100;"
                                       "UPDATE journal SET seq = -seq WHERE seq < 0"));
            AttackedBench::rehash(connection, 100);
        });

        const auto verdict = bench.verdict();
        QVERIFY(verdict.finding == JournalState::Rewritten);
        QCOMPARE(verdict.badRow, 1);
    }

    void reorder()
    {
        AttackedBench bench;
        bench.attack(
            "UPDATE journal SET seq = 9999 WHERE seq = 40; UPDATE journal SET seq = 40 WHERE seq = 60;"
            "UPDATE journal SET seq = 60 WHERE seq = 9999");

        const auto verdict = bench.verdict();
        QVERIFY(verdict.finding == JournalState::Moved);
        QCOMPARE(verdict.badRow, 40);
        QCOMPARE(verdict.detail, std::string("row 60 stands in the place of row 40"));
    }

    void cutTheTail()
    {
        AttackedBench bench;
        bench.attack("DELETE FROM journal WHERE seq > 500");

        const auto verdict = bench.verdict();
        QVERIFY(verdict.finding == JournalState::TailCut);
        QCOMPARE(verdict.badRow, 501);
    }

    void cutTheTailWithItsCheckpoints()
    {
        AttackedBench bench;
        bench.attack("DELETE FROM journal WHERE seq > 500; DELETE FROM checkpoints WHERE seq > 500");

        const auto verdict = bench.verdict();
        QVERIFY(verdict.finding
                == JournalState::RolledBack); // the database itself has no trace: only the keychain knows
        QCOMPARE(verdict.badRow, 501);
    }

    void restoreAnOlderCopy_isToldAndHeldUntilTheOwnerAccepts()
    {
        AuditBench bench;
        QVERIFY(bench.start());
        bench.record(256);
        QVERIFY(bench.stop());
        bench.storage.close();
        const fs::path copy = bench.storage.file().string() + ".copy";
        fs::copy_file(bench.storage.file(), copy);
        bench.storage.reopen();
        bench.build();
        QVERIFY(bench.start());
        bench.record(100);
        QVERIFY(bench.stop());

        bench.storage.close();
        fs::copy_file(copy, bench.storage.file(), fs::copy_options::overwrite_existing);
        bench.storage.reopen();
        bench.build();
        const QSignalSpy rolledBack(bench.checkpoints.get(), &Checkpoints::rolledBack);
        const auto started = bench.start();

        auto verdict = bench.verdict();
        QVERIFY(verdict.finding == JournalState::RolledBack);
        QCOMPARE(verdict.badRow, 257);
        QVERIFY(!started);
        QCOMPARE(started.error().code, ErrorCode::StorageRolledBack);
        QCOMPARE(rolledBack.count(), 1);
        QCOMPARE(rolledBack[0][0].toLongLong(), 356);
        QCOMPARE(rolledBack[0][1].toLongLong(), 256);

        // Held: going on must not cover the traces, neither by signing nor by growing past the kept row.
        bench.clock.advance(1h);
        bench.record(400);
        QCOMPARE(bench.kept()->seq, 356);
        verdict = bench.verdict();
        QVERIFY(verdict.finding == JournalState::RolledBack);
        QCOMPARE(verdict.badRow, 257);

        QVERIFY(
            bench.outcomeOf([&bench](auto done) { bench.checkpoints->acceptRestore({}, std::move(done)); }));
        verdict = bench.verdict();
        QVERIFY(verdict.isSound());
        QCOMPARE(verdict.vouchedTo, 657);
        QCOMPARE(bench.storage.kinds().back(), std::string("storage_restored"));
        QCOMPARE(verdict.restoredRow, 657);
        bench.build();
        QVERIFY(bench.start());
    }

    void forgeACheckpoint()
    {
        AttackedBench bench;
        bench.attackWith([](sql::Connection &connection) {
            QVERIFY(connection.execute(
                "DROP TRIGGER journal_is_append_only;"
                "UPDATE journal SET body = replace(body, 'window', 'wind0w') WHERE seq = 300"));
            AttackedBench::rehash(connection, 300);
            QVERIFY(connection.execute("UPDATE checkpoints SET head = (SELECT hash FROM journal WHERE "
                                       "journal.seq = checkpoints.seq)"));
        });

        const auto verdict = bench.verdict();
        QVERIFY(verdict.finding == JournalState::BadCheckpoint);
        QCOMPARE(verdict.badRow, 512);
    }

    void removeTheCheckpointsAfterRewriting()
    {
        AttackedBench bench;
        bench.attackWith([](sql::Connection &connection) {
            QVERIFY(connection.execute(
                "DROP TRIGGER journal_is_append_only; DELETE FROM checkpoints;"
                "UPDATE journal SET body = replace(body, 'window', 'wind0w') WHERE seq = 300"));
            AttackedBench::rehash(connection, 300);
        });

        const auto verdict = bench.verdict();
        QVERIFY(verdict.finding == JournalState::RolledBack);
        QCOMPARE(verdict.badRow, 1);
    }
};

QTEST_GUILESS_MAIN(AttacksTest)
#include "tst_attacks.moc"
