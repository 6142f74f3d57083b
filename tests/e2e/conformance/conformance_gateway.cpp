// SPDX-License-Identifier: GPL-3.0-or-later
// The gateway's own doors, access check and MCP door with the suite's tools behind them:
// conformance_gateway FOLDER. Prints one line of JSON with the port and an agent token when it is ready.
// The rest of the house is there because the surface is whole or not at all; no tool here reaches Tasker.
#include "gateway_core/api/api_dispatcher.h"
#include "gateway_core/tracker/tool_rows.h"
#include "gateway_core/tracker/tracker_family.h"
#include "gateway_core/identity/token.h"
#include "gateway_core/storage/sqlcipher_storage.h"
#include "tests/e2e/conformance/suite_offer.h"
#include "tests/support/memory_secrets.h"

#include <QCoreApplication>

#include <cstdio>
#include <filesystem>

using namespace gatehouse;

namespace {

[[noreturn]] void die(const std::string &what, const Error &error)
{
    std::fprintf(stderr, "conformance_gateway: %s: %s %s\n", what.c_str(),
                 std::string(nameOf(error.code)).c_str(), error.detail.c_str());
    std::exit(1);
}

Secret randomKey(Random &random)
{
    std::array<std::uint8_t, 32> bytes{};
    random.fill(bytes);
    return Secret(std::span<const std::uint8_t>(bytes));
}

/// One agent and its client; the token is known to nobody else.
std::string furnish(Registry &registry, Clock &clock, Random &random, std::function<void()> done)
{
    const Agent agent{ AgentId(random.uuid()), "Suite", AgentState::Active, clock.now() };
    const MintedClient minted = mintClient(agent.id, "suite", {}, registry.now(), random);
    const auto save = [agent, client = minted.client](Stores &stores) -> Result<> {
        if (auto saved = stores.agents.save(agent); !saved)
            return saved;
        return stores.agents.save(client);
    };
    registry.apply(save, { .kind = EventKind::AgentCreated, .via = "suite" },
                   [done = std::move(done)](Result<> furnished) {
                       if (!furnished)
                           die("furnish", furnished.error());
                       done();
                   });
    return std::string(minted.token.text());
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    if (argc != 2)
        return 2;
    SystemClock clock;
    SystemRandom random;
    test::MemorySecrets secrets;
    auto storage = SqlcipherStorage::open(
        std::filesystem::path(argv[1]) / "suite.db", randomKey(random),
        [&application](std::function<void()> act) {
            QMetaObject::invokeMethod(&application, std::move(act), Qt::QueuedConnection);
        },
        [&clock] { return clock.now(); });
    if (!storage)
        die("storage", storage.error());

    Journal journal(**storage, clock);
    Registry registry(**storage, journal, clock);
    StepUp stepUp(**storage, registry, journal, clock, random);
    Pairing pairing(registry, journal, clock, random);
    Logins logins({ **storage, registry, journal, pairing, clock, random });
    Approvals approvals(registry, journal, clock, random);
    TaskerClient tasker(clock);
    const ToolCatalogue catalogue{ { trackerTools() } };
    TrackerFamily tracker(tasker, clock, random);
    CallPipeline pipeline(registry, journal, **storage, approvals, catalogue, { &tracker }, clock, random);
    Checkpoints checkpoints({ journal, **storage, secrets, clock, random }, ProfileId{ 1 }, "conformance");
    Retention retention({ **storage, journal, clock }, clock, checkpoints, ProfileId{ 1 },
                        std::filesystem::path(argv[1]) / "exports");
    OwnerService owner({ **storage, registry, journal, stepUp, pairing, approvals, pipeline, tasker, secrets,
                         checkpoints, retention, clock, random });
    pipeline.setJournalKey(randomKey(random));
    suite::SuiteProvider offer(clock, randomKey(random));
    HttpServer doors(HttpLimits{}, clock, random);
    ApiDispatcher surface(catalogue);
    surface.attachTo(doors);

    std::string token;
    const auto open = [&] {
        const auto port = doors.listenLoopback(0);
        if (!port)
            die("listen", port.error());
        const std::string origin = "http://127.0.0.1:" + std::to_string(*port);
        surface.setCondition({ .state = Condition::State::Ready, .problem = {}, .origin = origin });
        surface.open({ .storage = **storage,
                       .registry = registry,
                       .journal = journal,
                       .stepUp = stepUp,
                       .pairing = pairing,
                       .logins = logins,
                       .approvals = approvals,
                       .pipeline = pipeline,
                       .tasker = tasker,
                       .owner = owner,
                       .secrets = secrets,
                       .clock = clock,
                       .random = random,
                       .offer = &offer });
        std::printf("{\"port\":%d,\"token\":\"%s\"}\n", *port, token.c_str());
        std::fflush(stdout);
    };
    registry.load([&](Result<> loaded) {
        if (!loaded)
            die("load", loaded.error());
        token = furnish(registry, clock, random, open);
    });
    return application.exec();
}
