// SPDX-License-Identifier: GPL-3.0-or-later
// A process of its own for tests that kill it, take its rights away or its room.
#include "gateway_core/storage/sqlcipher_storage.h"

#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace gatehouse;

namespace {

Secret testKey()
{
    return Secret(std::string_view("\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07"
                                   "\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07",
                                   32));
}

auto openAt(const char *file)
{
    // Answers are heard on the storage thread: this program has no other.
    return SqlcipherStorage::open(
        file, testKey(), [](const std::function<void()> &act) { act(); }, [] { return std::int64_t{ 1 }; });
}

void say(const std::string &line)
{
    // One write per line, so that a killed writer never leaves half a number behind.
    if (::write(STDOUT_FILENO, line.data(), line.size()) < 0)
        std::_Exit(3);
}

/// Each unit is two rows; its acknowledgement names the second.
void writePair(SqlcipherStorage &storage, std::function<void(Result<std::int64_t>)> done)
{
    storage.write<std::int64_t>(
        [](Stores &stores) -> Result<std::int64_t> {
            JournalRow row;
            row.kind = "test";
            row.body = R"({"text":")" + std::string(300, 'x') + "\"}";
            if (auto first = stores.journal.append(row); !first)
                return tl::unexpected(first.error());
            const auto second = stores.journal.append(row);
            if (!second)
                return tl::unexpected(second.error());
            return second->seq;
        },
        std::move(done));
}

int writeForEver(const char *file)
{
    auto storage = openAt(file);
    if (!storage)
        return 1;
    std::atomic<int> underWay{ 0 };
    for (;;) {
        if (underWay >= 16) {
            std::this_thread::yield();
            continue;
        }
        ++underWay;
        writePair(**storage, [&underWay](const Result<std::int64_t> &seq) {
            if (seq)
                say("acked " + std::to_string(*seq) + "\n");
            --underWay;
        });
    }
}

int writeUntilFull(const char *file)
{
    std::signal(SIGXFSZ, SIG_IGN);
    auto storage = openAt(file);
    if (!storage)
        return 1;
    const rlimit room{ 600'000, 600'000 };
    setrlimit(RLIMIT_FSIZE, &room);
    std::atomic<std::int64_t> last{ 0 };
    std::atomic<int> refused{ -1 };
    std::atomic<int> underWay{ 0 };
    for (int i = 0; i < 20'000 && refused < 0; ++i) {
        while (underWay >= 4)
            std::this_thread::yield();
        ++underWay;
        writePair(**storage, [&](const Result<std::int64_t> &seq) {
            if (seq)
                last = *seq;
            else if (refused < 0)
                refused = static_cast<int>(seq.error().code);
            --underWay;
        });
    }
    std::atomic<int> found{ -1 };
    (*storage)->read<std::optional<JournalRow>>([](Stores &stores) { return stores.journal.last(); },
                                                [&](const Result<std::optional<JournalRow>> &row) {
                                                    found = row && *row ? static_cast<int>((*row)->seq) : 0;
                                                });
    while (found < 0)
        std::this_thread::yield();
    say(std::string(refused < 0 ? "none" : nameOf(static_cast<ErrorCode>(refused.load()))) + ' '
        + (last == found ? "kept" : "lost") + ' ' + (found > 0 ? "readable" : "unreadable") + '\n');
    return 0;
}

/// Free of Qt from end to end, so that ThreadSanitizer tells the truth about it.
int writeFromManyThreads()
{
    constexpr int kThreads = 8;
    constexpr int kUnits = 400;
    std::string folder = (std::filesystem::temp_directory_path() / "gatehouse-threads-XXXXXX").string();
    if (!mkdtemp(folder.data()))
        return 1;
    const std::string file = folder + "/gatehouse.db";
    std::atomic<int> acked{ 0 };
    std::atomic<int> heard{ 0 };
    std::atomic<std::int64_t> rows{ 0 };
    {
        auto storage = openAt(file.c_str());
        if (!storage)
            return 1;
        std::vector<std::thread> threads;
        for (int t = 0; t < kThreads; ++t)
            threads.emplace_back([&] {
                for (int i = 0; i < kUnits; ++i) {
                    writePair(**storage, [&acked](const Result<std::int64_t> &seq) { acked += seq ? 1 : 0; });
                    if (i % 50 == 0)
                        (*storage)->onCommitted([&heard](const std::vector<JournalRow> &) { ++heard; });
                    if (i % 20 == 0)
                        (*storage)->read<CallPage>([](Stores &stores) { return stores.calls.page({}); },
                                                   [](const Result<CallPage> &) {});
                }
            });
        for (auto &thread : threads)
            thread.join();
    } // finishes what waits
    {
        auto storage = openAt(file.c_str());
        if (!storage)
            return 1;
        (*storage)->read<std::optional<JournalRow>>(
            [](Stores &stores) { return stores.journal.last(); },
            [&rows](const Result<std::optional<JournalRow>> &row) { rows = row && *row ? (*row)->seq : 0; });
    }
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
    say("acked " + std::to_string(acked) + ", rows " + std::to_string(rows) + '\n');
    return acked == kThreads * kUnits && rows == 2 * kThreads * kUnits && heard > 0 ? 0 : 1;
}

int tryToOpen(const char *file)
{
    // Root may write anywhere; the person who runs Gatehouse may not.
    if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
        return 1;
    const auto storage = openAt(file);
    say(storage ? "ok\n" : std::string(nameOf(storage.error().code)) + '\n');
    return 0;
}

} // namespace

int main(int argc, char **argv)
{
    const std::string verb = argc > 1 ? argv[1] : "";
    if (verb == "threads")
        return writeFromManyThreads();
    if (argc != 3)
        return 2;
    if (verb == "write")
        return writeForEver(argv[2]);
    if (verb == "fill")
        return writeUntilFull(argv[2]);
    return tryToOpen(argv[2]);
}
