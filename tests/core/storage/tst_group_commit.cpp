// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/test_storage.h"

#include <QTest>

#include <future>
#include <stdexcept>
#include <thread>

using namespace gatehouse;
using namespace gatehouse::test;

namespace {

Storage::Work appending(const std::string &kind)
{
    return [kind](Stores &stores) -> Result<> {
        JournalRow row;
        row.kind = kind;
        row.body = "{}";
        const auto added = stores.journal.append(row);
        return added ? Result<>() : tl::unexpected(added.error());
    };
}

/// Holds the storage thread until it is let go, so that a batch gathers behind it.
class Gate final
{
public:
    explicit Gate(Storage &storage)
    {
        auto entered = std::make_shared<std::promise<void>>();
        auto opened = entered->get_future();
        storage.read(
            [entered, wait = m_open.get_future().share()](Stores &) -> Result<> {
                entered->set_value();
                wait.wait();
                return {};
            },
            {});
        opened.wait();
    }
    void open() { m_open.set_value(); }

private:
    std::promise<void> m_open;
};

} // namespace

class GroupCommitTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void batch_isOneCommitHeardInTheOrderOfTheCalls()
    {
        TestStorage storage;
        std::vector<std::size_t> commits;
        std::vector<int> order;
        storage.onCommitted(
            [&commits](const std::vector<JournalRow> &rows) { commits.push_back(rows.size()); });
        Gate gate(storage);
        for (int i = 0; i < 64; ++i)
            storage.write(appending("k" + std::to_string(i)),
                          [&order, i](const Result<> &) { order.push_back(i); });
        gate.open();
        storage.settle();

        QCOMPARE(commits, std::vector<std::size_t>{ 64 });
        std::vector<int> expected(64);
        std::iota(expected.begin(), expected.end(), 0);
        QCOMPARE(order, expected);
        const auto kinds = storage.kinds();
        for (std::size_t i = 0; i < kinds.size(); ++i)
            QCOMPARE(kinds[i], "k" + std::to_string(i));
    }

    void unitThatFails_isUndoneAlone()
    {
        TestStorage storage;
        std::vector<ErrorCode> failures;
        std::size_t heardRows = 0;
        storage.onCommitted([&heardRows](const std::vector<JournalRow> &rows) { heardRows += rows.size(); });
        const auto note = [&failures](const Result<> &outcome) {
            if (!outcome)
                failures.push_back(outcome.error().code);
        };
        Gate gate(storage);
        storage.write(appending("first"), note);
        storage.write(
            [](Stores &stores) -> Result<> {
                if (auto done = appending("undone")(stores); !done)
                    return done;
                if (auto done = stores.profile.saveNote("undone", "1"); !done)
                    return done;
                return failure(ErrorCode::NotFound);
            },
            note);
        storage.write(appending("third"), note);
        gate.open();
        storage.settle();

        QCOMPARE(failures, std::vector<ErrorCode>{ ErrorCode::NotFound });
        QCOMPARE(storage.kinds(), (std::vector<std::string>{ "first", "third" }));
        QCOMPARE(heardRows, std::size_t{ 2 });
        const auto rows = storage.journal();
        QVERIFY(rows[1].prev == rows[0].hash);
    }

    void unitThatThrows_costsItsOwnAnswerOnly()
    {
        TestStorage storage;
        Result<> thrown;
        Gate gate(storage);
        storage.write(
            [](Stores &stores) -> Result<> {
                (void)appending("undone")(stores);
                throw std::runtime_error("a mistake of ours");
            },
            [&thrown](Result<> outcome) { thrown = std::move(outcome); });
        storage.write(appending("kept"), {});
        gate.open();
        storage.settle();

        QVERIFY(!thrown);
        QCOMPARE(thrown.error().code, ErrorCode::Internal);
        QCOMPARE(storage.kinds(), std::vector<std::string>{ "kept" });
    }

    void read_seesWritesQueuedBeforeIt_andTheirAnswersComeFirst()
    {
        TestStorage storage;
        std::vector<std::string> order;
        Gate gate(storage);
        storage.write(appending("one"), [&order](const Result<> &) { order.push_back("write"); });
        storage.read<std::vector<JournalRow>>([](Stores &stores) { return stores.journal.from(1, 10); },
                                              [&order](const Result<std::vector<JournalRow>> &rows) {
                                                  order.push_back("read " + std::to_string(rows->size()));
                                              });
        storage.write(appending("two"), {});
        gate.open();
        storage.settle();

        QCOMPARE(order, (std::vector<std::string>{ "write", "read 1" }));
    }

    void values_areCarriedBothWays()
    {
        TestStorage storage;
        const auto revision = storage.readNow<std::string>([](Stores &stores) -> Result<std::string> {
            const auto profile = stores.profile.load();
            if (!profile)
                return tl::unexpected(profile.error());
            return profile->installId;
        });
        const auto missing
            = storage.readNow<int>([](Stores &) -> Result<int> { return failure(ErrorCode::NotFound); });

        QVERIFY(revision && revision->size() == 36);
        QVERIFY(!missing && missing.error().code == ErrorCode::NotFound);
    }

    void destruction_finishesWhatWaits()
    {
        TestStorage storage;
        for (int i = 0; i < 500; ++i)
            storage.write(appending("k"), {});

        storage.reopen();

        QCOMPARE(storage.kinds().size(), std::size_t{ 500 });
    }

    void manyThreads_loseNothingAndTheChainHolds()
    {
        TestStorage storage;
        std::vector<std::thread> writers;
        for (int t = 0; t < 8; ++t)
            writers.emplace_back([&storage, t] {
                for (int i = 0; i < 200; ++i)
                    storage.write(appending("t" + std::to_string(t)), {});
            });
        for (auto &writer : writers)
            writer.join();
        storage.settle();

        const auto rows = storage.journal();
        QCOMPARE(rows.size(), std::size_t{ 1600 });
        for (std::size_t i = 1; i < rows.size(); ++i)
            QVERIFY(rows[i].prev == rows[i - 1].hash);
    }
};

QTEST_GUILESS_MAIN(GroupCommitTest)
#include "tst_group_commit.moc"
