// SPDX-License-Identifier: GPL-3.0-or-later
// The gateway's own rooms behind its own doors, for wrk: bench_gateway FOLDER UPSTREAM-URL PROJECT-ID.
// Prints one line of JSON with the port and an agent token when it is ready.
#include "gateway_core/api/surface.h"
#include "gateway_core/identity/token.h"
#include "gateway_core/storage/sqlcipher_storage.h"

#include <QCoreApplication>
#include <QTimer>

#include <cstdio>
#include <filesystem>

using namespace gatehouse;

namespace {

/// Boot time that runs fast, given to the hallway alone: its rates and the upstream budget (50 a minute)
/// would be all that is measured. Timers and every other clock are real.
class FastClock final : public Clock
{
public:
    [[nodiscard]] std::int64_t now() const override { return m_real.now(); }
    [[nodiscard]] std::int64_t sinceBoot() const override
    {
        const auto since = std::chrono::steady_clock::now() - m_start;
        return m_real.sinceBoot() + std::chrono::duration_cast<std::chrono::microseconds>(since).count() * kFaster / 1000;
    }
    void after(Millis delay, QObject *context, std::function<void()> act) override
    {
        m_real.after(delay, context, std::move(act));
    }

private:
    static constexpr std::int64_t kFaster = 50'000;
    SystemClock m_real;
    std::chrono::steady_clock::time_point m_start = std::chrono::steady_clock::now();
};

/// No secret is kept: the profile lives as long as this process.
class NoSecrets final : public SecretStore
{
public:
    void read(const std::string &, Read done) override
    {
        QTimer::singleShot(0, this, [done] { done(failure(ErrorCode::SecretNotFound)); });
    }
    void write(const std::string &, Secret, Done done) override
    {
        QTimer::singleShot(0, this, [done] { done({}); });
    }
    void remove(const std::string &, Done done) override
    {
        QTimer::singleShot(0, this, [done] { done({}); });
    }
    [[nodiscard]] std::string kind() const override { return "none"; }
};

[[noreturn]] void die(const std::string &what, const Error &error)
{
    std::fprintf(stderr, "bench_gateway: %s: %s %s\n", what.c_str(), std::string(nameOf(error.code)).c_str(), error.detail.c_str());
    std::exit(1);
}

Secret randomKey(Random &random)
{
    std::array<std::uint8_t, 32> bytes{};
    random.fill(bytes);
    return Secret(std::span<const std::uint8_t>(bytes));
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    if (argc != 4)
        return 2;
    SystemClock clock;
    FastClock fast;
    SystemRandom random;
    NoSecrets secrets;
    auto storage = SqlcipherStorage::open(
        std::filesystem::path(argv[1]) / "bench.db", randomKey(random),
        [&application](std::function<void()> act) { QMetaObject::invokeMethod(&application, std::move(act), Qt::QueuedConnection); },
        [&clock] { return clock.now(); });
    if (!storage)
        die("storage", storage.error());

    Journal journal(**storage, clock);
    Registry registry(**storage, journal, clock);
    StepUp stepUp(**storage, registry, journal, clock, random);
    Pairing pairing(registry, journal, clock, random);
    Logins logins({**storage, registry, journal, pairing, clock, random});
    Approvals approvals(registry, journal, clock, random);
    TaskerClient tasker(clock);
    Hallway hallway(registry, journal, **storage, approvals, tasker, fast, random);
    Desk desk({**storage, registry, journal, stepUp, pairing, approvals, hallway, tasker, secrets, clock, random});
    HttpServer doors(HttpLimits{}, clock, random);
    Surface surface;
    surface.attachTo(doors);
    hallway.setJournalKey(randomKey(random));

    const auto token = std::make_shared<MintedToken>(mintToken(kAgentTokenPrefix, random));
    const std::string project = argv[3];
    const auto furnish = [&](Stores &stores) -> Result<> {
        const std::int64_t now = clock.now();
        const Agent agent{.id = AgentId(random.uuid()), .displayName = "Bench", .state = AgentState::Active, .createdAt = now};
        if (auto saved = stores.agents.save(agent); !saved)
            return saved;
        Client client;
        client.id = ClientId(random.uuid());
        client.agent = agent.id;
        client.name = "wrk";
        client.tokenHash = token->hash;
        client.tokenTail = token->tail;
        client.createdAt = client.lastUsedAt = now;
        client.expiresAt = now + std::chrono::milliseconds(kAgentTokenLifetime).count();
        if (auto saved = stores.agents.save(client); !saved)
            return saved;
        for (const char *scope : {"projects:read", "issues:read", "issues:create"}) {
            Grant grant;
            grant.id = GrantId(random.uuid());
            grant.agent = agent.id;
            grant.project = ProjectId(project);
            grant.projectName = "Bench";
            grant.projectIdentifier = "BENCH";
            grant.scope = scope;
            grant.answer = Answer::Allow;
            if (auto put = stores.grants.put(grant); !put)
                return tl::unexpected<Error>(put.error());
        }
        return {};
    };
    registry.load([&](Result<> loaded) {
        if (!loaded)
            die("load", loaded.error());
        registry.apply(furnish, {.kind = EventKind::AgentCreated, .via = "bench"}, [&](Result<> furnished) {
            if (!furnished)
                die("furnish", furnished.error());
            if (const auto set = tasker.setTarget(TaskerTarget{.baseUrl = argv[2], .ownerUserId = "bench", .credential = Secret("bench"), .caFile = {}}); !set)
                die("upstream", set.error());
            surface.open({.storage = **storage, .registry = registry, .journal = journal, .stepUp = stepUp, .pairing = pairing, .logins = logins,
                          .approvals = approvals, .hallway = hallway, .tasker = tasker, .desk = desk, .secrets = secrets, .clock = clock, .random = random});
            surface.setCondition({.state = Condition::State::Ready, .problem = {}, .origin = "http://127.0.0.1"});
            const auto port = doors.listenLoopback(0);
            if (!port)
                die("listen", port.error());
            std::printf("{\"port\":%d,\"token\":\"%s\"}\n", *port, std::string(token->text.text()).c_str());
            std::fflush(stdout);
        });
    });
    return application.exec();
}
