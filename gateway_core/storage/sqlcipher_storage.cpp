// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/storage/sqlcipher_storage.h"

#include "gateway_core/base/random.h"
#include "gateway_core/storage/agent_store.h"
#include "gateway_core/storage/call_store.h"
#include "gateway_core/storage/cut_sweep.h"
#include "gateway_core/storage/database_file.h"
#include "gateway_core/storage/file_guard.h"
#include "gateway_core/storage/grant_store.h"
#include "gateway_core/storage/idempotency_store.h"
#include "gateway_core/storage/journal_store.h"
#include "gateway_core/storage/key_check.h"
#include "gateway_core/storage/login_store.h"
#include "gateway_core/storage/migrations.h"
#include "gateway_core/storage/profile_store.h"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <thread>

namespace gatehouse {

namespace {

using SteadyClock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr ProfileId kFirstProfile{ 1 };
// The lists may be 100 ms late. Waiting a little lets writers go first and takes rows together.
constexpr auto kProjectionPause = 20ms;
constexpr auto kProjectionPatience = 50ms;
constexpr int kProjectionRows = 32; // about 4 ms: what a writer waits for at most
constexpr auto kProjectionRetry = 1s; // after a failure (a full disk)
// What a cut left is removed where nobody asks for anything, and a step of it now and then where somebody
// always does.
constexpr auto kSweepPause = 5ms;
constexpr auto kSweepPatience = 200ms;

/// A key check is written once the file holds a profile. One without anything in it has lost its log.
Result<> refuseHollowFile(sql::Connection &connection, const std::filesystem::path &file, const Secret &key)
{
    const auto version = fileVersion(connection);
    if (!version)
        return tl::unexpected(version.error());
    if (*version == 0 && checkKey(file, key) == KeyCheck::Matches)
        return failure(ErrorCode::StorageDamaged, "the file holds nothing, its log is gone");
    return {};
}

} // namespace

struct SqlcipherStorage::Inside
{
    struct Unit
    {
        Storage::Work work;
        Storage::Done done;
        bool isWrite = false;
    };

    struct Finished
    {
        Storage::Done done;
        Result<> outcome;
    };

    Inside(const std::filesystem::path &file, sql::Connection opened, Post postTo)
        : guard(file)
        , connection(std::move(opened))
        , profile(connection, kFirstProfile)
        , agents(connection, kFirstProfile)
        , grants(connection, kFirstProfile)
        , journal(connection, kFirstProfile)
        , calls(connection, journal, kFirstProfile)
        , keys(connection, kFirstProfile)
        , logins(connection, kFirstProfile)
        , post(std::move(postTo))
    {
    }

    ~Inside()
    {
        // SQLite leaves the log of a file that was removed as it is; what is put back must be whole.
        if (!guard.isThere())
            (void)connection.execute("PRAGMA wal_checkpoint(TRUNCATE)");
        guard.putBack();
    }
    Inside(const Inside &) = delete;
    Inside &operator=(const Inside &) = delete;

    void enqueue(Unit unit);
    void live();
    [[nodiscard]] std::deque<Unit> waitForWork();
    void runBatch(std::deque<Unit> batch);
    void runReads(std::deque<Unit> &batch);
    void runWrites(std::deque<Unit> &batch);
    [[nodiscard]] Result<> runInSavepoint(const Storage::Work &work);
    [[nodiscard]] Result<> runGuarded(const Storage::Work &work);
    void deliver(std::vector<Finished> finished, std::vector<JournalRow> rows);
    void project();
    void sweep();

    FileGuard guard; ///< outlives the connection
    Result<> fileState; ///< as the batch under way found the file
    sql::Connection connection;
    SqlProfileStore profile;
    SqlAgentStore agents;
    SqlGrantStore grants;
    SqlJournalStore journal;
    SqlCallStore calls;
    SqlIdempotencyStore keys;
    SqlLoginStore logins;
    Stores stores{ profile, agents, grants, journal, calls, keys, logins };
    const Post post;

    // Storage thread only: since when the projection lacks rows, and when to try.
    bool isBehind = true; // a file may come with rows that were never taken
    SteadyClock::time_point behindSince = SteadyClock::now();
    SteadyClock::time_point notBefore;
    // The same of what a cut left behind; a file may come with some.
    bool isSwept = false;
    SteadyClock::time_point sweptAt, sweepNotBefore;

    std::mutex mutex;
    std::condition_variable arrived;
    std::deque<Unit> waiting; // under mutex
    std::vector<Committed> listeners; // under mutex
    bool stopping = false; // under mutex
    std::thread thread; // last: it uses all of the above
};

Result<std::unique_ptr<SqlcipherStorage>> SqlcipherStorage::open(const std::filesystem::path &file,
                                                                 const Secret &key, Post post, Now now,
                                                                 OnAbsent onAbsent)
{
    const bool wasAbsent = !std::filesystem::exists(file);
    auto connection = openDatabaseFile(file, key, onAbsent);
    if (!connection)
        return tl::unexpected(connection.error());
    if (!wasAbsent)
        if (auto holds = refuseHollowFile(*connection, file, key); !holds)
            return tl::unexpected(holds.error());
    if (auto migrated = migrate(*connection); !migrated)
        return tl::unexpected(migrated.error());
    SystemRandom random;
    if (auto made = SqlProfileStore(*connection, kFirstProfile).makeFirst(random.uuid(), now()); !made)
        return tl::unexpected(made.error());
    if (checkKey(file, key) != KeyCheck::Matches) {
        // First into the file itself: a key check means that it holds at least a profile.
        if (auto settled = connection->execute("PRAGMA wal_checkpoint(TRUNCATE)"); !settled)
            return tl::unexpected(settled.error());
        writeKeyCheck(file, key);
    }
    auto inside = std::make_unique<Inside>(file, std::move(*connection), std::move(post));
    inside->thread = std::thread([raw = inside.get()] { raw->live(); });
    return std::unique_ptr<SqlcipherStorage>(new SqlcipherStorage(std::move(inside)));
}

SqlcipherStorage::SqlcipherStorage(std::unique_ptr<Inside> inside)
    : m_inside(std::move(inside))
{
}

SqlcipherStorage::~SqlcipherStorage()
{
    {
        const std::lock_guard lock(m_inside->mutex);
        m_inside->stopping = true;
    }
    m_inside->arrived.notify_one();
    m_inside->thread.join();
}

void SqlcipherStorage::write(Work work, Done done)
{
    m_inside->enqueue({ std::move(work), std::move(done), true });
}

void SqlcipherStorage::read(Work work, Done done)
{
    m_inside->enqueue({ std::move(work), std::move(done), false });
}

void SqlcipherStorage::onCommitted(Committed listener)
{
    const std::lock_guard lock(m_inside->mutex);
    m_inside->listeners.push_back(std::move(listener));
}

void SqlcipherStorage::Inside::enqueue(Unit unit)
{
    {
        const std::lock_guard lock(mutex);
        waiting.push_back(std::move(unit));
    }
    arrived.notify_one();
}

void SqlcipherStorage::Inside::live()
{
    for (;;) {
        auto batch = waitForWork();
        if (batch.empty()) {
            const std::lock_guard lock(mutex);
            if (stopping && waiting.empty())
                return;
        }
        const bool idle = batch.empty();
        fileState = guard.isWhole();
        runBatch(std::move(batch));
        const auto now = SteadyClock::now();
        if (isBehind && now >= notBefore && (idle || now - behindSince >= kProjectionPatience))
            project();
        else if (fileState && !isSwept && now >= sweepNotBefore && (idle || now - sweptAt >= kSweepPatience))
            sweep();
        if (fileState)
            guard.noteSizes();
    }
}

/// Empty: nobody asked for anything within the projection's pause, or the end has come.
auto SqlcipherStorage::Inside::waitForWork() -> std::deque<Unit>
{
    std::unique_lock lock(mutex);
    const auto ready = [this] { return stopping || !waiting.empty(); };
    const auto now = SteadyClock::now();
    if (isBehind)
        arrived.wait_until(lock, std::max(notBefore, now + kProjectionPause), ready);
    else if (!isSwept)
        arrived.wait_until(lock, std::max(sweepNotBefore, now + kSweepPause), ready);
    else
        arrived.wait(lock, ready);
    return std::exchange(waiting, {});
}

/// In the order of arrival, so that a read sees every write queued before it; writes that stand together
/// are one transaction.
void SqlcipherStorage::Inside::runBatch(std::deque<Unit> batch)
{
    while (!batch.empty()) {
        if (batch.front().isWrite)
            runWrites(batch);
        else
            runReads(batch);
    }
}

void SqlcipherStorage::Inside::runReads(std::deque<Unit> &batch)
{
    std::vector<Finished> finished;
    for (; !batch.empty() && !batch.front().isWrite; batch.pop_front()) {
        auto outcome = runGuarded(batch.front().work);
        finished.push_back({ std::move(batch.front().done), std::move(outcome) });
    }
    deliver(std::move(finished), {});
}

void SqlcipherStorage::Inside::runWrites(std::deque<Unit> &batch)
{
    std::vector<Finished> finished;
    Result<> whole = fileState; // first: SQLite would say less about it
    auto transaction = sql::Transaction::begin(connection);
    if (whole && !transaction)
        whole = tl::unexpected(transaction.error());
    for (; !batch.empty() && batch.front().isWrite; batch.pop_front()) {
        Result<> outcome;
        if (whole) {
            outcome = runInSavepoint(batch.front().work);
            // A full disk or an I/O error ends the transaction itself: what came before is gone too.
            if (!outcome && !connection.isInTransaction())
                whole = outcome;
        }
        finished.push_back({ std::move(batch.front().done), std::move(outcome) });
    }
    if (whole)
        whole = guard.isThere();
    if (whole)
        whole = transaction->commit();
    auto rows = journal.takeAppended();
    if (!whole) {
        rows.clear();
        for (auto &one : finished)
            if (one.outcome)
                one.outcome = whole;
    }
    isSwept = !journal.takeWasCut() && isSwept;
    // Rows came, or a unit emptied the projection to have it made again.
    if (whole && !isBehind) {
        isBehind = true;
        behindSince = SteadyClock::now();
    }
    deliver(std::move(finished), std::move(rows));
}

Result<> SqlcipherStorage::Inside::runInSavepoint(const Storage::Work &work)
{
    if (auto begun = connection.run("SAVEPOINT unit"); !begun)
        return begun;
    const std::size_t rowsBefore = journal.appendedCount();
    auto outcome = runGuarded(work);
    if (!outcome) {
        journal.forgetBeyond(rowsBefore);
        if (connection.isInTransaction())
            (void)connection.run("ROLLBACK TO unit");
    }
    if (connection.isInTransaction())
        if (auto released = connection.run("RELEASE unit"); !released && outcome)
            return released;
    return outcome;
}

/// A unit is code of ours, but one that throws must cost its own answer and not the process.
Result<> SqlcipherStorage::Inside::runGuarded(const Storage::Work &work)
{
    try {
        return work(stores);
    } catch (const std::exception &thrown) {
        return failure(ErrorCode::Internal, std::string("a unit of work threw: ") + thrown.what());
    }
}

void SqlcipherStorage::Inside::deliver(std::vector<Finished> finished, std::vector<JournalRow> rows)
{
    std::vector<Committed> hearing;
    if (!rows.empty()) {
        const std::lock_guard lock(mutex);
        hearing = listeners;
    }
    // std::function wants to be copied; the work is done once.
    auto shared = std::make_shared<std::vector<Finished>>(std::move(finished));
    post([shared, hearing = std::move(hearing), rows = std::move(rows)] {
        for (const auto &listener : hearing)
            listener(rows);
        for (auto &one : *shared)
            if (one.done)
                one.done(std::move(one.outcome));
    });
}

void SqlcipherStorage::Inside::project()
{
    const auto taken = calls.catchUp(kProjectionRows);
    const auto now = SteadyClock::now();
    if (!taken) {
        notBefore = now + kProjectionRetry;
        return;
    }
    isBehind = *taken == kProjectionRows;
    behindSince = now - (isBehind ? kProjectionPatience : 0ms);
}

void SqlcipherStorage::Inside::sweep()
{
    const auto more = sweepCut(connection, kFirstProfile);
    sweptAt = SteadyClock::now();
    isSwept = more && !*more;
    if (!more)
        sweepNotBefore = sweptAt + kProjectionRetry;
}

} // namespace gatehouse
