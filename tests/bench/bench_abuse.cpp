// SPDX-License-Identifier: GPL-3.0-or-later
// Who comes after an abuser: bench_abuse FOLDER [ROUNDS]. Each abuse of docs/threats.md is sent to the whole
// gateway over a real socket, and at once, before anybody reads its answer, a client with a token asks who it
// is. The time is from its connect to its whole answer. Prints one line and ends with 1 where, for any abuse,
// the median of the rounds is over the bound: one slow turn of a busy machine is no finding.
#include "tests/bench/bench_rooms.h"
#include "tests/core/http/abuse_cases.h"
#include "tests/support/raw_client.h"

#include <QElapsedTimer>

#include <algorithm>

using namespace gatehouse;
using namespace gatehouse::bench;
using gatehouse::test::AbuseCase;
using gatehouse::test::RawClient;

namespace {

constexpr std::int64_t kBound = 100'000; // us; issue 3, fuzzing and abuse

/// Microseconds that the client behind this abuser waits; negative: it was not served.
std::int64_t waitBehind(const AbuseCase &abuse, int port, const std::string &token)
{
    const std::string host = "localhost:" + std::to_string(port);
    RawClient abuser = RawClient::tcp(port);
    abuser.send(abuse.filledIn(host, port));
    QElapsedTimer timer;
    timer.start();
    RawClient next = RawClient::tcp(port);
    const auto answer = next.exchange("GET /api/v1/agent-session HTTP/1.1\r\nHost: " + host
                                      + "\r\nAuthorization: Bearer " + token + "\r\n\r\n");
    const std::int64_t waited = timer.nsecsElapsed() / 1000;
    (void)abuser.answer();
    return answer.status == 200 ? waited : -1;
}

int report(int port, const std::string &token, int rounds)
{
    std::vector<std::int64_t> all;
    std::int64_t slowest = 0;
    QByteArray slowestName;
    for (const AbuseCase &abuse : test::everyAbuse()) {
        std::vector<std::int64_t> times;
        for (int round = 0; round < rounds; ++round)
            times.push_back(waitBehind(abuse, port, token));
        std::ranges::sort(times);
        if (times.front() < 0) {
            std::fprintf(stderr, "bench_abuse: nobody was served behind '%s'\n", abuse.name.constData());
            return 1;
        }
        if (const auto median = times[times.size() / 2]; median > slowest) {
            slowest = median;
            slowestName = abuse.name;
        }
        all.insert(all.end(), times.begin(), times.end());
    }
    std::ranges::sort(all);
    const bool isWithin = slowest <= kBound;
    std::printf("abuse  %5zu visits, each behind an abuser: served after p50 %lldus max %lldus, at worst "
                "behind '%s' %lldus (bound %lldus: %s)\n",
                all.size(), static_cast<long long>(all[all.size() / 2]), static_cast<long long>(all.back()),
                slowestName.constData(), static_cast<long long>(slowest), static_cast<long long>(kBound),
                isWithin ? "kept" : "BROKEN");
    return isWithin ? 0 : 1;
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    if (argc < 2)
        return 2;
    const int rounds = argc > 2 ? std::atoi(argv[2]) : 3;
    SystemClock clock;
    SystemRandom random;
    Rooms rooms(
        storageIn(
            argv[1], [&application](auto act) { postTo(application, std::move(act)); }, clock, random),
        clock, clock, random);
    const auto token = std::make_shared<MintedToken>(mintToken(kAgentTokenPrefix, random));
    const auto furnish = [&](Stores &stores) -> Result<> {
        const std::int64_t now = clock.now();
        const Agent agent{ .id = AgentId(random.uuid()),
                           .displayName = "Bench",
                           .state = AgentState::Active,
                           .createdAt = now };
        if (auto saved = stores.agents.save(agent); !saved)
            return saved;
        Client client;
        client.id = ClientId(random.uuid());
        client.agent = agent.id;
        client.name = "honest";
        client.tokenHash = token->hash;
        client.tokenTail = token->tail;
        client.createdAt = client.lastUsedAt = now;
        client.expiresAt = now + std::chrono::milliseconds(kAgentTokenLifetime).count();
        return stores.agents.save(client);
    };
    rooms.open(furnish, [&](int port) {
        QTimer::singleShot(0, &application, [&, port] {
            QCoreApplication::exit(report(port, std::string(token->text.text()), rounds));
        });
    });
    return application.exec();
}
