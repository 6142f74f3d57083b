// SPDX-License-Identifier: GPL-3.0-or-later
// The gateway's own rooms behind its own doors, for wrk: bench_gateway FOLDER UPSTREAM-URL PROJECT-ID.
// Prints one line of JSON with the port and an agent token when it is ready.
#include "tests/bench/bench_rooms.h"

#include <chrono>

using namespace gatehouse;
using namespace gatehouse::bench;

namespace {

/// Boot time that runs fast, given to where calls are counted: the rates of clients and agents and the
/// upstream budget (50 a minute) would be all that is measured. Timers and every other clock are real.
class FastClock final : public Clock
{
public:
    [[nodiscard]] std::int64_t now() const override { return m_real.now(); }
    [[nodiscard]] std::int64_t sinceBoot() const override
    {
        const auto since = std::chrono::steady_clock::now() - m_start;
        return m_real.sinceBoot()
            + std::chrono::duration_cast<std::chrono::microseconds>(since).count() * kFaster / 1000;
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

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    if (argc != 4)
        return 2;
    SystemClock clock;
    FastClock fast;
    SystemRandom random;
    Rooms rooms(
        storageIn(
            argv[1], [&application](auto act) { postTo(application, std::move(act)); }, clock, random),
        clock, fast, random);

    const auto token = std::make_shared<MintedToken>(mintToken(kAgentTokenPrefix, random));
    const std::string project = argv[3];
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
        client.name = "wrk";
        client.tokenHash = token->hash;
        client.tokenTail = token->tail;
        client.createdAt = client.lastUsedAt = now;
        client.expiresAt = now + std::chrono::milliseconds(kAgentTokenLifetime).count();
        if (auto saved = stores.agents.save(client); !saved)
            return saved;
        for (const char *scope : { "projects:read", "issues:read", "issues:create" }) {
            Grant grant;
            grant.id = GrantId(random.uuid());
            grant.agent = agent.id;
            grant.project = ProjectId(project);
            grant.projectName = "Bench";
            grant.projectIdentifier = "BENCH";
            grant.scope = scope;
            grant.answer = GrantPolicy::Allow;
            if (auto put = stores.grants.put(grant); !put)
                return tl::unexpected<Error>(put.error());
        }
        return {};
    };
    if (const auto set = rooms.tasker.setTarget(TaskerTarget{
            .baseUrl = argv[2], .ownerUserId = "bench", .credential = Secret("bench"), .caFile = {} });
        !set)
        die("upstream", set.error());
    rooms.open(furnish, [token](int port) {
        std::printf("{\"port\":%d,\"token\":\"%s\"}\n", port, std::string(token->text.text()).c_str());
        std::fflush(stdout);
    });
    return application.exec();
}
