// SPDX-License-Identifier: GPL-3.0-or-later
// A journal of so many old calls is exported, read back, cut and taken out of the file while somebody writes:
// prints the longest wait of a durable write and of a page meanwhile, how far memory and the log grew, and
// the file before and after. Ends with 1 where a bound is broken. Usage: bench_retention FOLDER [calls]
#include "gateway_core/audit/journal_check.h"
#include "gateway_core/audit/retention.h"
#include "tests/bench/bench_rooms.h"
#include "tests/bench/real_rows.h"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <map>

using namespace gatehouse;
using namespace gatehouse::bench;
using Steady = std::chrono::steady_clock;

namespace {

constexpr double kWriteBudgetMs = 100;
constexpr double kMemoryBudgetMb = 20;
constexpr double kLogBudgetMb = 16;
constexpr std::int64_t kStep = 7'000; // milliseconds between calls: a million take 81 days
constexpr std::int64_t kCallsInCheckpoint = 128;
constexpr Millis kWriteEvery{ 20 };

/// Secrets that live as long as this process: the signing key has to be found again.
class KeptSecrets final : public SecretStore
{
public:
    void read(const std::string &entry, Read done) override
    {
        const auto found = m_entries.find(entry);
        auto answer = std::make_shared<Result<Secret>>(
            found == m_entries.end() ? Result<Secret>(failure(ErrorCode::SecretNotFound))
                                     : found->second.copy());
        QTimer::singleShot(0, this, [done, answer] { done(std::move(*answer)); });
    }
    void write(const std::string &entry, Secret secret, Done done) override
    {
        m_entries.insert_or_assign(entry, std::move(secret));
        QTimer::singleShot(0, this, [done] { done({}); });
    }
    void remove(const std::string &entry, Done done) override
    {
        m_entries.erase(entry);
        QTimer::singleShot(0, this, [done] { done({}); });
    }
    [[nodiscard]] std::string kind() const override { return "bench"; }

private:
    std::map<std::string, Secret> m_entries;
};

double millisecondsSince(Steady::time_point begin)
{
    return std::chrono::duration<double, std::milli>(Steady::now() - begin).count();
}

double megabytes(const std::filesystem::path &file)
{
    std::error_code error;
    const auto size = std::filesystem::file_size(file, error);
    return error ? 0 : static_cast<double>(size) / 1e6;
}

/// Of this process, now.
double residentMb()
{
    std::ifstream status("/proc/self/statm");
    double all = 0, resident = 0;
    status >> all >> resident;
    return resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1e6;
}

struct Bench
{
    Bench(const std::filesystem::path &in, std::int64_t howMany)
        : folder(in)
        , calls(howMany)
    {
    }

    template <typename T>
    T settle(const std::function<void(std::function<void(Result<T>)>)> &ask, const char *what)
    {
        std::optional<Result<T>> answer;
        ask([&answer](Result<T> heard) { answer.emplace(std::move(heard)); });
        while (!answer)
            QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents, 1000);
        if (!*answer)
            die(what, answer->error());
        return std::move(**answer);
    }
    void fill()
    {
        const auto begin = Steady::now();
        const std::int64_t start = clock.now() - (100LL * 86'400'000) - calls * kStep;
        SigningKey key = SigningKey::make(random);
        secrets.write(signingKeyEntry("1"), key.seed(), [](const Result<> &) {});
        std::size_t bytes = 0;
        for (std::int64_t call = 0; call < calls;) {
            const std::int64_t end = std::min(calls, call + 2048);
            settle<bool>(
                [&](auto done) {
                    storage->write<bool>(
                        [&, call, end](Stores &stores) -> Result<bool> {
                            for (auto one = call; one < end; ++one) {
                                const std::int64_t at = start + one * kStep;
                                Result<JournalRow> row = failure(ErrorCode::Internal);
                                for (const bool outcome : { false, true }) {
                                    row = stores.journal.append(rowOfCall(outcome, one, at));
                                    if (!row)
                                        return tl::unexpected(row.error());
                                    bytes += row->body.size();
                                }
                                if ((one + 1) % kCallsInCheckpoint != 0)
                                    continue;
                                Checkpoint point{ row->seq, row->hash, at, "bench", at, {} };
                                point.signature = key.sign(signedText(ProfileId{ 1 }, point));
                                if (auto saved = stores.journal.saveCheckpoint(point); !saved)
                                    return tl::unexpected(saved.error());
                            }
                            return true;
                        },
                        done);
                },
                "fill");
            call = end;
        }
        while (settle<int>(
                   [&](auto done) {
                       storage->write<int>([](Stores &stores) { return stores.calls.catchUp(5000); }, done);
                   },
                   "lists")
               > 0) { }
        std::printf(
            "retention: %lld calls of 100 days ago and older, %.0f bytes of body a row, filled in %.0f s\n",
            static_cast<long long>(calls), static_cast<double>(bytes) / static_cast<double>(2 * calls),
            millisecondsSince(begin) / 1000);
    }
    void writeNow()
    {
        const auto begin = Steady::now();
        Event event;
        event.kind = EventKind::CallIntent;
        event.via = "mcp";
        event.title = "while rows leave";
        journal.recordDurably(event, [this, begin](const Result<> &recorded) {
            if (!recorded)
                die("write", recorded.error());
            writes.push_back(millisecondsSince(begin));
        });
        if (writes.size() % 10 == 0)
            storage->read<CallPage>([](Stores &stores) { return stores.calls.page({}); },
                                    [this, begin](const Result<CallPage> &page) {
                                        if (!page)
                                            die("page", page.error());
                                        pages.push_back(millisecondsSince(begin));
                                    });
        log = std::max(log, megabytes(file.string() + "-wal"));
        resident = std::max(resident, residentMb());
    }
    void writeOn()
    {
        if (!writing)
            return;
        writeNow();
        QTimer::singleShot(kWriteEvery, &home, [this] { writeOn(); });
    }
    bool report(const char *what, std::vector<double> times, double budget)
    {
        std::sort(times.begin(), times.end());
        const auto at = [&](double part) {
            return times[static_cast<std::size_t>(part * static_cast<double>(times.size() - 1))];
        };
        const bool holds = budget <= 0 || times.back() <= budget;
        std::printf("  %-34s p50 %6.2f  p99 %6.2f  longest %6.1f ms%s\n", what, at(0.5), at(0.99),
                    times.back(), holds ? "" : "  OVER");
        return holds;
    }
    bool reportOf(const char *what, double value, double budget)
    {
        const bool holds = value <= budget;
        std::printf("  %-34s %.1f MB%s\n", what, value, holds ? "" : "  OVER");
        return holds;
    }
    int run()
    {
        fill();
        settle<bool>(
            [&](auto done) {
                checkpoints.start([done](const Result<> &started) {
                    started ? done(true) : done(tl::unexpected<Error>(started.error()));
                });
            },
            "checkpoints");
        // As it is without retention: the same writes, for a while.
        writing = true;
        writeOn();
        const auto quiet = Steady::now();
        while (millisecondsSince(quiet) < 3000)
            QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents, 100);
        bool holds = report("durable write before", std::exchange(writes, {}), 0);
        pages.clear();
        const double fileBefore = megabytes(file);
        const double residentBefore = residentMb();
        resident = log = 0;

        const auto begin = Steady::now();
        const auto removed = settle<std::int64_t>([&](auto done) { retention.run(done); }, "retention");
        const double cutAfter = millisecondsSince(begin) / 1000;
        double quietFile = 0;
        // The file shrinks by itself; it is done when it stays as it is.
        for (int same = 0; same < 20;) {
            const auto wait = Steady::now();
            while (millisecondsSince(wait) < 250)
                QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents, 50);
            const auto left = settle<std::int64_t>(
                [&](auto done) {
                    storage->read<std::int64_t>([](Stores &stores) { return stores.journal.leftOfCut(); },
                                                done);
                },
                "left");
            const double now = megabytes(file);
            same = left == 0 && now == quietFile ? same + 1 : 0;
            quietFile = now;
        }
        writing = false;
        std::printf("  %lld rows exported, read back and cut in %.0f s, out of the file after %.0f s\n",
                    static_cast<long long>(removed), cutAfter, millisecondsSince(begin) / 1000);
        holds &= report("durable write meanwhile", writes, kWriteBudgetMs);
        holds &= report("page of the list meanwhile", pages, 0);
        holds &= reportOf("memory grew by", resident - residentBefore, kMemoryBudgetMb);
        holds &= reportOf("the log's peak", log, kLogBudgetMb);
        std::printf("  %-34s %.1f MB before, %.1f MB after\n", "the file", fileBefore, quietFile);
        const auto verdict = settle<VerificationReport>(
            [&](auto done) { JournalCheck::run(*storage, secrets, ProfileId{ 1 }, done); }, "verify");
        std::printf("  verify: %s, rows %lld to %lld\n", std::string(nameOf(verdict.finding)).c_str(),
                    static_cast<long long>(verdict.first), static_cast<long long>(verdict.last));
        return holds && verdict.isSound() && quietFile < fileBefore / 2 ? 0 : 1;
    }

    std::filesystem::path folder;
    std::int64_t calls;
    std::filesystem::path file = folder / "bench.db";
    QObject home;
    SystemClock clock;
    SystemRandom random;
    KeptSecrets secrets;
    std::unique_ptr<Storage> storage = storageIn(
        folder, [this](std::function<void()> act) { postTo(home, std::move(act)); }, clock, random);
    Journal journal{ *storage, clock };
    Checkpoints checkpoints{ { journal, *storage, secrets, clock, random }, ProfileId{ 1 }, "bench" };
    Retention retention{
        { *storage, journal, clock }, clock, checkpoints, ProfileId{ 1 }, folder / "exports"
    };
    std::vector<double> writes, pages;
    double log = 0, resident = 0;
    bool writing = false;
};

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication app(argc, argv);
    if (argc < 2)
        return 2;
    return Bench(argv[1], argc > 2 ? std::atoll(argv[2]) : 100'000).run();
}
