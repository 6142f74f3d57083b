// SPDX-License-Identifier: GPL-3.0-or-later
// From a commit to its readers: bench_streams FOLDER [COMMITS]. 100 readers of /api/v1/streams/audit on real
// sockets, in a thread of their own; a row is committed every 10 ms. The time is taken on the storage
// thread when the commit is on disk, and in the reader when the whole event is there. Prints one line and
// ends with 1 where the 99th percentile is over the bound.
#include "tests/bench/bench_rooms.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <thread>
#include <vector>

using namespace gatehouse;
using namespace gatehouse::bench;

namespace {

constexpr int kReaders = 100;
constexpr int kEvery = 10; // ms between commits
constexpr std::int64_t kBound = 10'000; // us; the whole point

std::int64_t microseconds()
{
    const auto since = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::microseconds>(since).count();
}

struct Heard
{
    std::int64_t seq;
    std::int64_t at;
};

/// One reader's socket and what it has not understood yet.
struct ReaderSocket
{
    int descriptor = -1;
    std::string text;
};

/// An open stream with its first bytes there: 64 callers that nobody knows yet are the most of one user.
ReaderSocket connected(int port, const std::string &token)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    ::inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
    const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (::connect(descriptor, reinterpret_cast<const sockaddr *>(&address), sizeof(address)) != 0)
        return {};
    const std::string request = "GET /api/v1/streams/audit HTTP/1.1\r\nHost: 127.0.0.1:"
        + std::to_string(port) + "\r\nAuthorization: Bearer " + token + "\r\n\r\n";
    std::array<char, 4096> bytes{};
    if (::send(descriptor, request.data(), request.size(), 0) <= 0)
        return {};
    const auto count = ::recv(descriptor, bytes.data(), bytes.size(), 0);
    return { descriptor, std::string(bytes.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0))) };
}

/// Takes every whole event out of `text`; `live` counts the readers that are ready.
void understand(ReaderSocket &reader, std::vector<Heard> &heard, std::atomic<int> &live)
{
    const std::int64_t now = microseconds();
    for (auto end = reader.text.find("\n\n"); end != std::string::npos; end = reader.text.find("\n\n")) {
        const std::string event = reader.text.substr(0, end);
        reader.text.erase(0, end + 2);
        const auto id = event.find("id: ");
        if (id == std::string::npos)
            continue;
        if (event.find("\nevent: live\n") != std::string::npos)
            ++live;
        else if (event.find("\nevent: audit\n") != std::string::npos)
            heard.push_back({ std::atoll(event.c_str() + id + 4), now });
    }
}

void read(int port, const std::string &token, std::size_t wanted, std::vector<Heard> &heard,
          std::atomic<int> &live)
{
    std::vector<ReaderSocket> readers(kReaders);
    std::vector<pollfd> waiting;
    for (ReaderSocket &reader : readers) {
        reader = connected(port, token);
        understand(reader, heard, live);
        waiting.push_back({ reader.descriptor, POLLIN, 0 });
    }
    std::array<char, 64 << 10> bytes{};
    while (heard.size() < wanted && ::poll(waiting.data(), waiting.size(), 5000) > 0) {
        for (std::size_t i = 0; i < waiting.size(); ++i) {
            if (waiting[i].revents == 0)
                continue;
            const auto count = ::recv(waiting[i].fd, bytes.data(), bytes.size(), 0);
            if (count <= 0) {
                waiting[i].fd = -1; // poll() leaves it out
                continue;
            }
            readers[i].text.append(bytes.data(), static_cast<std::size_t>(count));
            understand(readers[i], heard, live);
        }
    }
    for (const ReaderSocket &reader : readers)
        ::close(reader.descriptor);
}

std::int64_t at(const std::vector<std::int64_t> &sorted, double share)
{
    return sorted[static_cast<std::size_t>(static_cast<double>(sorted.size() - 1) * share)];
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    if (argc < 2)
        return 2;
    const int commits = argc > 2 ? std::atoi(argv[2]) : 500;
    SystemClock clock;
    SystemRandom random;
    std::int64_t committedAt = 0; // of the batch whose news is being told; core thread
    Rooms rooms(storageIn(
                    argv[1],
                    [&](std::function<void()> act) {
                        postTo(application, [&committedAt, at = microseconds(), act = std::move(act)] {
                            committedAt = at;
                            act();
                        });
                    },
                    clock, random),
                clock, clock, random);
    std::map<std::int64_t, std::int64_t> commitTimes; // seq -> us
    QObject::connect(&rooms.journal, &Journal::appended, &application,
                     [&](const std::vector<JournalRow> &rows) {
                         for (const JournalRow &row : rows)
                             commitTimes[row.seq] = committedAt;
                     });

    const MintedOwnerToken minted = mintOwnerToken("bench", clock.now(), random);
    std::vector<Heard> heard;
    std::atomic<int> live = 0;
    std::thread readers;
    QTimer commit;
    int done = 0;
    QObject::connect(&commit, &QTimer::timeout, &application, [&] {
        if (live < kReaders)
            return;
        if (done == commits)
            return commit.stop();
        ++done;
        Event event;
        event.kind = EventKind::CallRefused;
        event.call = CallId(random.uuid());
        event.agentName = "Builder";
        event.clientName = "codex";
        event.via = "mcp";
        event.tool = "tasker_create_issue";
        event.title = "An issue with a name as long as such names are";
        event.outcome = "scope_denied";
        if (!rooms.journal.recordSoon(event))
            die("journal", Error{ ErrorCode::AuditUnavailable, {}, nullptr });
    });
    rooms.open([record = minted.record](Stores &stores) { return stores.agents.save(record); },
               [&](int port) {
                   const auto wanted = static_cast<std::size_t>(kReaders) * static_cast<std::size_t>(commits);
                   readers = std::thread([&, port, wanted] {
                       read(port, std::string(minted.token.text()), wanted, heard, live);
                       postTo(application, [] { QCoreApplication::quit(); });
                   });
                   commit.start(kEvery);
               });
    application.exec();
    readers.join();

    std::vector<std::int64_t> times;
    for (const Heard &one : heard) {
        if (const auto began = commitTimes.find(one.seq); began != commitTimes.end())
            times.push_back(one.at - began->second);
    }
    const std::size_t expected = static_cast<std::size_t>(kReaders) * static_cast<std::size_t>(commits);
    if (times.size() != expected) {
        std::fprintf(stderr, "bench_streams: %zu of %zu events arrived\n", times.size(), expected);
        return 1;
    }
    std::ranges::sort(times);
    const bool isWithin = at(times, .99) <= kBound;
    std::printf("stream %5d readers, %d commits: from commit to reader p50 %lldus p99 %lldus max %lldus "
                "(bound %lldus: %s)\n",
                kReaders, commits, static_cast<long long>(at(times, .5)),
                static_cast<long long>(at(times, .99)), static_cast<long long>(times.back()),
                static_cast<long long>(kBound), isWithin ? "kept" : "BROKEN");
    return isWithin ? 0 : 1;
}
