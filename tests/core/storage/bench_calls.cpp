// SPDX-License-Identifier: GPL-3.0-or-later
// Prints how long a page of Activity takes at a million calls, by each filter, alone and with a time; how
// many reads rare mixes take, and how long each; and how long durable writes and the projection take. Cold is
// a file just opened of which the system holds nothing in memory. Fails above the 50 ms that a read may take,
// or twice that from cold, which is up to the disk. Usage: bench_calls [calls] [file that is kept and used
// again]
#include "gateway_core/storage/sqlcipher_storage.h"
#include "tests/bench/real_rows.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <future>
#include <memory>
#include <numeric>
#include <optional>
#include <string>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

using namespace gatehouse;
using Steady = std::chrono::steady_clock;

namespace {

constexpr std::int64_t kStart = 1'760'000'000'000;
constexpr std::int64_t kStep = 7'000; // milliseconds between calls: a million take 81 days
constexpr double kPageBudgetMs = 50;

double millisecondsSince(Steady::time_point begin)
{
    return std::chrono::duration<double, std::milli>(Steady::now() - begin).count();
}

/// Asks and waits: the bench is alone.
template <typename T> Result<T> ask(Storage &storage, bool write, std::function<Result<T>(Stores &)> work)
{
    std::promise<Result<T>> promise;
    auto answer = promise.get_future();
    auto done = [&promise](Result<T> heard) { promise.set_value(std::move(heard)); };
    if (write)
        storage.write<T>(std::move(work), done);
    else
        storage.read<T>(std::move(work), done);
    return answer.get();
}

JournalRow rowOf(bool outcome, std::int64_t call)
{
    return bench::rowOfCall(outcome, call, kStart + call * kStep);
}

bool fill(Storage &storage, std::int64_t calls)
{
    const auto begin = Steady::now();
    for (std::int64_t call = 0; call < calls;) {
        const std::int64_t end = std::min(calls, call + 2000);
        const auto done = ask<int>(storage, true, [call, end](Stores &stores) -> Result<int> {
            for (auto one = call; one < end; ++one)
                for (const bool outcome : { false, true })
                    if (auto added = stores.journal.append(rowOf(outcome, one)); !added)
                        return tl::unexpected(added.error());
            return 0;
        });
        if (!done)
            return false;
        call = end;
    }
    std::printf("fill %lld calls: %.1f s\n", static_cast<long long>(calls), millisecondsSince(begin) / 1000);
    return true;
}

bool catchUp(Storage &storage)
{
    const auto begin = Steady::now();
    std::int64_t rows = 0;
    for (;;) {
        const auto taken = ask<int>(storage, true, [](Stores &stores) { return stores.calls.catchUp(5000); });
        if (!taken)
            return false;
        if (*taken == 0)
            break;
        rows += *taken;
    }
    const double took = millisecondsSince(begin);
    std::printf("projection: %lld rows, %.1f s, %.0f us a row\n", static_cast<long long>(rows), took / 1000,
                rows > 0 ? took * 1000 / static_cast<double>(rows) : 0);
    return true;
}

/// The file, opened, and opened again with nothing of it in memory.
struct Opened
{
    std::filesystem::path file;
    std::unique_ptr<SqlcipherStorage> storage;

    bool open()
    {
        auto opened = SqlcipherStorage::open(
            file, Secret(std::string_view("the bench's key, thirty-two byte")),
            [](const std::function<void()> &act) { act(); }, [] { return kStart; });
        if (!opened) {
            std::printf("%s\n", opened.error().detail.c_str());
            return false;
        }
        storage = std::move(*opened);
        return true;
    }
    bool openCold()
    {
        storage.reset();
        const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
        const bool dropped = descriptor >= 0 && ::fsync(descriptor) == 0
            && ::posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED) == 0;
        ::close(descriptor);
        return dropped && open();
    }
};

/// One read; nullopt: it failed.
std::optional<CallPage> read(Opened &opened, const CallFilter &filter, double &took)
{
    const auto begin = Steady::now();
    auto page = ask<CallPage>(*opened.storage, false,
                              [&filter](Stores &stores) { return stores.calls.page(filter); });
    took = millisecondsSince(begin);
    return page ? std::optional(std::move(*page)) : std::nullopt;
}

bool measure(Opened &opened, const std::string &name, const CallFilter &filter)
{
    std::vector<double> times(21);
    double cold = 0;
    if (!opened.openCold() || !read(opened, filter, cold))
        return false;
    std::size_t found = 0;
    for (double &time : times) {
        const auto page = read(opened, filter, time);
        if (!page)
            return false;
        found = page->rows.size();
    }
    std::sort(times.begin(), times.end());
    const bool holds = times[10] <= kPageBudgetMs && cold <= 2 * kPageBudgetMs;
    std::printf("%-34s %3zu rows  cold %7.2f  p50 %7.2f  max %7.2f ms%s\n", name.c_str(), found, cold,
                times[10], times.back(), holds ? "" : "  OVER");
    return holds;
}

/// A mix from its first line to the end of the journal, read by read.
bool walk(Opened &opened, const std::string &name, CallFilter filter)
{
    std::size_t found = 0;
    std::vector<double> times;
    filter.limit = 256; // the window's
    if (!opened.openCold())
        return false;
    for (std::optional<std::int64_t> before = 0; before;) {
        filter.before = *before;
        const auto page = read(opened, filter, times.emplace_back());
        if (!page)
            return false;
        found += page->rows.size();
        before = page->nextBefore;
    }
    const double all = std::accumulate(times.begin(), times.end(), 0.0);
    std::sort(times.begin(), times.end());
    const bool holds = times[times.size() / 2] <= kPageBudgetMs && times.back() <= 2 * kPageBudgetMs;
    std::printf("%-34s %5zu rows  %3zu reads from cold  p50 %7.2f  max %7.2f  all %8.1f ms%s\n", name.c_str(),
                found, times.size(), times[times.size() / 2], times.back(), all, holds ? "" : "  OVER");
    return holds;
}

CallFilter by(std::string CallFilter::*field, const std::string &value)
{
    CallFilter filter;
    filter.*field = value;
    return filter;
}

bool measurePages(Opened &opened, std::int64_t calls)
{
    const std::pair<const char *, CallFilter> kOne[] = {
        { "no filter", {} },
        { "agent", by(&CallFilter::agentId, bench::agentId(3)) },
        { "client", by(&CallFilter::clientId, bench::clientId(5)) },
        { "tool", by(&CallFilter::tool, "tasker_move_issue") },
        { "project", by(&CallFilter::projectId, bench::projectId(9)) },
        { "decision, rare", by(&CallFilter::decision, "asked") },
        { "outcome, rare", by(&CallFilter::outcome, "upstream_timeout") },
        { "kind, all", by(&CallFilter::kind, "call") },
        { "no such agent", by(&CallFilter::agentId, "nobody") },
        { "text, rare", by(&CallFilter::text, "heron") },
        { "text, in every line", by(&CallFilter::text, "door") },
        { "text, beginning", by(&CallFilter::text, "ENG-42") },
        { "text, one letter", by(&CallFilter::text, "a") },
        { "text, nowhere", by(&CallFilter::text, "zebra") },
    };
    bool holds = true;
    for (const auto &[name, filter] : kOne) {
        holds &= measure(opened, name, filter);
        CallFilter timed = filter;
        timed.from = kStart + calls / 10 * kStep; // a day, long ago
        timed.to = *timed.from + 86'400'000;
        holds &= measure(opened, std::string(name) + " + a day", timed);
    }
    const auto mix = [](CallFilter filter, std::string CallFilter::*field, const std::string &value) {
        filter.*field = value;
        return filter;
    };
    const std::pair<const char *, CallFilter> kMixes[] = {
        { "agent, rare outcome",
          mix(by(&CallFilter::agentId, bench::agentId(3)), &CallFilter::outcome, "upstream_timeout") },
        { "client, project of another",
          mix(by(&CallFilter::clientId, bench::clientId(5)), &CallFilter::projectId, bench::projectId(9)) },
        { "tool and agent, never with",
          mix(mix(by(&CallFilter::tool, "tasker_move_issue"), &CallFilter::agentId, bench::agentId(3)),
              &CallFilter::outcome, "upstream_timeout") },
        { "two that never meet",
          mix(by(&CallFilter::tool, "tasker_move_issue"), &CallFilter::projectId, bench::projectId(9)) },
        { "word in all, rare outcome",
          mix(by(&CallFilter::text, "door"), &CallFilter::outcome, "upstream_timeout") },
        { "rare word, agent", mix(by(&CallFilter::text, "heron"), &CallFilter::agentId, bench::agentId(3)) },
        { "rare word, agent never with",
          mix(by(&CallFilter::text, "heron"), &CallFilter::decision, "asked") },
        { "common words, never together", by(&CallFilter::text, "get move") },
    };
    for (const auto &[name, filter] : kMixes)
        holds &= walk(opened, name, filter);
    return holds;
}

bool measureWrites(Storage &storage)
{
    std::vector<double> times;
    for (int i = 0; i < 2000; ++i) {
        const auto begin = Steady::now();
        const auto done = ask<int>(storage, true, [i](Stores &stores) -> Result<int> {
            const auto added = stores.journal.append(rowOf(false, 100'000'000 + i));
            return added ? Result<int>(0) : tl::unexpected(added.error());
        });
        if (!done)
            return false;
        times.push_back(millisecondsSince(begin));
    }
    std::sort(times.begin(), times.end());
    std::printf("durable row, one at a time: p50 %.3f  p99 %.3f  max %.3f ms\n", times[1000], times[1980],
                times[1999]);
    return true;
}

} // namespace

int main(int argc, char **argv)
{
    const std::int64_t calls = argc > 1 ? std::atoll(argv[1]) : 1'000'000;
    const auto scratch
        = std::filesystem::temp_directory_path() / ("gatehouse-bench-" + std::to_string(getpid()));
    const std::filesystem::path file = argc > 2 ? std::filesystem::path(argv[2]) : scratch / "bench.db";
    const bool fresh = !std::filesystem::exists(file);
    Opened opened{ file, nullptr };
    const bool holds = opened.open() && (!fresh || fill(*opened.storage, calls)) && catchUp(*opened.storage)
        && measurePages(opened, calls) && measureWrites(*opened.storage);
    opened.storage.reset();
    std::error_code ignored;
    std::printf("file: %ju MB\n",
                static_cast<std::uintmax_t>(std::filesystem::file_size(file, ignored)) / 1'000'000);
    if (argc <= 2)
        std::filesystem::remove_all(scratch, ignored);
    return holds ? 0 : 1;
}
