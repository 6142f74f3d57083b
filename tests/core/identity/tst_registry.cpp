// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/identity/registry.h"
#include "gateway_core/identity/token.h"
#include "gateway_core/base/json.h"
#include "tests/core/identity/tables.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fixed_random.h"

#include <QSignalSpy>
#include <QTest>

using namespace gatehouse;
using namespace gatehouse::test;
using namespace std::chrono_literals;

namespace {

constexpr std::int64_t kDay = 86'400'000;

struct RegistryBench
{
    TestStorage storage;
    FakeClock clock;
    FixedRandom random;
    Journal journal{ storage, clock };
    Registry registry{ storage, journal, clock };

    Result<> load()
    {
        Result<> answer = failure(ErrorCode::Internal);
        registry.load([&](Result<> outcome) { answer = std::move(outcome); });
        storage.settle();
        return answer;
    }
    Result<> apply(Registry::Change change, EventKind kind = EventKind::AgentCreated)
    {
        Result<> answer = failure(ErrorCode::Internal);
        Event event;
        event.kind = kind;
        registry.apply(std::move(change), event, [&](Result<> outcome) { answer = std::move(outcome); });
        storage.settle();
        return answer;
    }
    Result<> settle(ClockAnswer answer)
    {
        Result<> outcome = failure(ErrorCode::Internal);
        registry.settleClock(answer, {}, [&](Result<> heard) { outcome = std::move(heard); });
        storage.settle();
        return outcome;
    }
    std::string storedWall()
    {
        storage.settle();
        const auto note = storage.readNow<std::optional<std::string>>(
            [](Stores &stores) { return stores.profile.note("latest_wall_ms"); });
        return note && *note ? **note : "";
    }
    MintedClient addClient()
    {
        auto minted = mintClient(AgentId("a"), "codex", {}, registry.now(), random);
        put(storage, Agent{ AgentId("a"), "Reviewer", AgentState::Active, 1 });
        put(storage, minted.client);
        return minted;
    }
};

Registry::Change addAgent(const char *id)
{
    return [id](Stores &stores) {
        return stores.agents.save(Agent{ AgentId(id), "Reviewer", AgentState::Active, 1 });
    };
}

} // namespace

class RegistryTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void current_beforeLoad_isEmpty()
    {
        RegistryBench bench;

        QVERIFY(bench.registry.current());
        QVERIFY(bench.registry.current()->agents.empty());
    }

    void apply_change_isOnRecordAndInTheSnapshot()
    {
        RegistryBench bench;
        QVERIFY(bench.load());
        const DirectoryPtr before = bench.registry.current();
        QSignalSpy changed(&bench.registry, &Registry::changed);

        const auto outcome = bench.apply(addAgent("a"));

        QVERIFY(outcome);
        QCOMPARE(changed.count(), 1);
        QVERIFY(bench.registry.current()->agent(AgentId("a")));
        QVERIFY(!before->agent(AgentId("a"))); // whoever holds the old snapshot keeps it unchanged
        QVERIFY(bench.storage.kinds() == std::vector<std::string>{ "agent_created" });
    }

    void apply_done_comesAfterTheSwap()
    {
        RegistryBench bench;
        QVERIFY(bench.load());
        bool wasThere = false;

        bench.registry.apply(addAgent("a"), Event{}, [&](const Result<> &) {
            wasThere = bench.registry.current()->agent(AgentId("a")) != nullptr;
        });
        QVERIFY(!bench.registry.current()->agent(AgentId("a")));
        bench.storage.settle();

        QVERIFY(wasThere);
    }

    void apply_twoAtOnce_bothStand()
    {
        RegistryBench bench;
        QVERIFY(bench.load());

        bench.registry.apply(addAgent("a"), Event{}, [](const Result<> &) {});
        bench.registry.apply(addAgent("b"), Event{}, [](const Result<> &) {});
        bench.storage.settle();

        QCOMPARE(bench.registry.current()->agents.size(), std::size_t{ 2 });
    }

    void clientHeard_manyTimesAMinute_isStoredOnce()
    {
        RegistryBench bench;
        bench.clock.advance(24h);
        const auto minted = bench.addClient();
        QVERIFY(bench.load());
        bench.clock.advance(2min);
        QSignalSpy changed(&bench.registry, &Registry::changed);
        const std::int64_t first = bench.clock.now() + 10;

        for (int i = 0; i < 100; ++i) {
            bench.clock.advance(10ms);
            bench.registry.clientHeard(minted.client.id);
            bench.storage.settle();
        }

        QCOMPARE(tablesOf(bench.storage).clients.at(minted.client.id).lastUsedAt, first);
        QCOMPARE(changed.count(), 0);
        QCOMPARE(bench.registry.lastHeard(minted.client.id), bench.clock.now());
    }

    void clientHeard_everyDay_keepsTheTokenAliveWithoutAReload()
    {
        RegistryBench bench;
        const auto minted = bench.addClient();
        QVERIFY(bench.load());

        for (int day = 0; day < 20; ++day) {
            bench.clock.advance(24h);
            QVERIFY(clientOf(*bench.registry.current(), minted.token.text(), bench.registry.now()));
            bench.registry.clientHeard(minted.client.id);
            bench.storage.settle();
        }

        QCOMPARE(tablesOf(bench.storage).clients.at(minted.client.id).lastUsedAt, bench.clock.now());
    }

    void clientHeard_whileBeingRevoked_doesNotReviveIt()
    {
        RegistryBench bench;
        const auto minted = bench.addClient();
        QVERIFY(bench.load());
        bench.clock.advance(2min);

        bench.registry.apply(
            [client = minted.client](Stores &stores) mutable {
                client.revokedAt = 5;
                return stores.agents.save(client);
            },
            Event{}, [](const Result<> &) {});
        bench.registry.clientHeard(minted.client.id);
        bench.storage.settle();

        QVERIFY(tablesOf(bench.storage).clients.at(minted.client.id).revokedAt);
        QVERIFY(!clientOf(*bench.registry.current(), minted.token.text(), bench.registry.now()));
    }

    void now_clockSetBack_neverGoesBack()
    {
        RegistryBench bench;
        QVERIFY(bench.load());
        const std::int64_t before = bench.registry.now();

        bench.clock.setWall(before - 1'000'000'000);
        QCOMPARE(bench.registry.now(), before);
        bench.clock.advance(5s);

        QCOMPARE(bench.registry.now(), before + 5000);
    }

    void now_clockSetBackAndRestarted_isTheStoredTime()
    {
        RegistryBench bench;
        QVERIFY(bench.load());
        const std::int64_t before = bench.registry.now();
        bench.storage.settle();
        bench.clock.setWall(before - 1'000'000'000);

        Registry next(bench.storage, bench.journal, bench.clock);
        next.load([](const Result<> &) {});
        bench.storage.settle();

        QCOMPARE(next.now(), before);
    }

    void now_aDayAhead_isBelieved_moreIsAQuestion()
    {
        RegistryBench bench;
        QVERIFY(bench.load());
        const std::int64_t before = bench.registry.now();

        bench.clock.setWall(before + kDay);
        QCOMPARE(bench.registry.now(), before + kDay);
        QVERIFY(bench.registry.clockSight().question == ClockSight::Question::None);
        bench.clock.setWall(before + 10 * 365 * kDay);

        QCOMPARE(bench.registry.now(), before + kDay); // nothing ends by it
        const ClockSight sight = bench.registry.clockSight();
        QVERIFY(sight.question == ClockSight::Question::Ahead);
        QCOMPARE(sight.wall, before + 10 * 365 * kDay);
        QCOMPARE(sight.latest, before + kDay);
        bench.clock.advance(5s);
        QCOMPARE(bench.registry.now(), before + kDay + 5000);
        bench.clock.setWall(before + kDay + 10'000); // set right by itself
        QCOMPARE(bench.registry.now(), before + kDay + 10'000);
        QVERIFY(bench.registry.clockSight().question == ClockSight::Question::None);
    }

    void start_withTheClockFarAhead_isAQuestionToo()
    {
        RegistryBench bench;
        QVERIFY(bench.load());
        const std::int64_t before = bench.registry.now();
        bench.storage.settle();
        bench.clock.setWall(before + 95 * kDay);

        Registry next(bench.storage, bench.journal, bench.clock);
        QCOMPARE(next.now(), bench.clock.now()); // asked before it is loaded: nothing is made of it
        next.load([](const Result<> &) {});
        bench.storage.settle();

        QCOMPARE(next.now(), before);
        QVERIFY(next.clockSight().question == ClockSight::Question::Ahead);
    }

    void settle_isRight_takesTheJump_onRecord()
    {
        RegistryBench bench;
        QVERIFY(bench.load());
        const std::int64_t before = bench.registry.now();
        QCOMPARE(bench.settle(ClockAnswer::IsRight).error().code, ErrorCode::Conflict); // nothing is asked
        bench.clock.setWall(before + 95 * kDay);
        QCOMPARE(bench.settle(ClockAnswer::WasWrong).error().code, ErrorCode::Conflict); // not that

        QVERIFY(bench.settle(ClockAnswer::IsRight));

        QCOMPARE(bench.registry.now(), before + 95 * kDay);
        QVERIFY(bench.registry.clockSight().question == ClockSight::Question::None);
        QCOMPARE(bench.storedWall(), std::to_string(before + 95 * kDay));
        const Json more = Json::parse(bench.storage.journal().back().body).at("more");
        QCOMPARE(bench.storage.kinds().back(), std::string("clock_accepted"));
        QCOMPARE(more.at("from").get<std::int64_t>(), before);
        QCOMPARE(more.at("to").get<std::int64_t>(), before + 95 * kDay);
    }

    void settle_wasWrong_goesBack_andRevivesNothing()
    {
        RegistryBench bench;
        const std::int64_t start = bench.clock.now();
        auto ended = mintClient(AgentId("a"), "ended", {}, start, bench.random).client;
        auto young = mintClient(AgentId("a"), "young", {}, start + 40 * kDay, bench.random).client;
        put(bench.storage, Agent{ AgentId("a"), "Reviewer", AgentState::Active, 1 });
        put(bench.storage, ended);
        put(bench.storage, young); // minted while the time stood in the future
        for (const auto &[id, until] :
             { std::pair("g1", start + 10 * kDay), std::pair("g2", start + 60 * kDay) }) {
            Grant grant;
            grant.id = GrantId(id);
            grant.agent = AgentId("a");
            grant.project = ProjectId(id);
            grant.scope = "issues:read";
            grant.answer = GrantPolicy::Allow;
            grant.until = until;
            put(bench.storage, grant);
        }
        QVERIFY(bench.storage.writeNow([start](Stores &stores) {
            return stores.profile.saveNote("latest_wall_ms", std::to_string(start + 41 * kDay));
        }));
        QVERIFY(bench.load());
        QVERIFY(bench.registry.clockSight().question == ClockSight::Question::Behind);
        QSignalSpy set(&bench.registry, &Registry::timeSet);

        QVERIFY(bench.settle(ClockAnswer::WasWrong));

        QCOMPARE(set.count(), 1);
        QCOMPARE(bench.registry.now(), start);
        QCOMPARE(bench.storedWall(), std::to_string(start));
        QCOMPARE(bench.storage.kinds().back(), std::string("clock_set_back"));
        const auto tables = tablesOf(bench.storage);
        QCOMPARE(tables.clients.at(ended.id).expiresAt, start); // it had ended, and stays so
        QCOMPARE(tables.clients.at(young.id).expiresAt, start + 29 * kDay); // what it had left
        QCOMPARE(tables.clients.at(young.id).lastUsedAt, start);
        const auto &grants = bench.registry.current()->grants.at(AgentId("a"));
        QCOMPARE(grants.at({ ProjectId("g1"), "issues:read" }).until.value_or(0), start);
        QCOMPARE(grants.at({ ProjectId("g2"), "issues:read" }).until.value_or(0), start + 19 * kDay);
    }

    void settle_wasWrong_idleClientStaysEnded()
    {
        RegistryBench bench;
        const std::int64_t start = bench.clock.now();
        auto idle = mintClient(AgentId("a"), "idle", {}, start, bench.random).client;
        put(bench.storage, Agent{ AgentId("a"), "Reviewer", AgentState::Active, 1 });
        put(bench.storage, idle);
        QVERIFY(bench.storage.writeNow([start](Stores &stores) {
            return stores.profile.saveNote("latest_wall_ms", std::to_string(start + 8 * kDay));
        }));
        QVERIFY(bench.load());

        QVERIFY(bench.settle(ClockAnswer::WasWrong));

        QCOMPARE(tablesOf(bench.storage).clients.at(idle.id).expiresAt, start);
    }

    void now_asked_storesOnceAMinute()
    {
        RegistryBench bench;
        QVERIFY(bench.load());
        (void)bench.registry.now();
        const std::string first = std::to_string(bench.clock.now());

        for (int i = 0; i < 59; ++i) {
            bench.clock.advance(1s);
            (void)bench.registry.now();
        }
        QCOMPARE(bench.storedWall(), first);
        bench.clock.advance(1s);
        (void)bench.registry.now();

        QCOMPARE(bench.storedWall(), std::to_string(bench.clock.now()));
    }

    // Tests of the error paths.

    void load_damagedTime_isRefused()
    {
        RegistryBench bench;
        QVERIFY(bench.storage.writeNow(
            [](Stores &stores) { return stores.profile.saveNote("latest_wall_ms", "yesterday"); }));

        const auto outcome = bench.load();

        QVERIFY(!outcome);
        QCOMPARE(outcome.error().code, ErrorCode::StorageDamaged);
        QVERIFY(bench.registry.current()->agents.empty());
    }

    void apply_storageFails_changesNothing()
    {
        RegistryBench bench;
        QVERIFY(bench.load());
        bench.storage.fault = ErrorCode::StorageFull;

        const auto outcome = bench.apply(addAgent("a"));

        QVERIFY(!outcome);
        QCOMPARE(outcome.error().code, ErrorCode::AuditUnavailable);
        QVERIFY(!bench.registry.current()->agent(AgentId("a")));
    }

    void apply_changeFails_leavesNothing()
    {
        RegistryBench bench;
        QVERIFY(bench.load());
        QSignalSpy changed(&bench.registry, &Registry::changed);
        const DirectoryPtr before = bench.registry.current();

        const auto outcome = bench.apply([](Stores &stores) -> Result<> {
            if (auto saved = stores.agents.save(Agent{ AgentId("a"), "x", AgentState::Active, 1 }); !saved)
                return saved;
            return failure(ErrorCode::NotFound);
        });

        QVERIFY(!outcome);
        QCOMPARE(outcome.error().code, ErrorCode::NotFound);
        QCOMPARE(changed.count(), 0);
        QVERIFY(bench.registry.current() == before);
        QVERIFY(tablesOf(bench.storage).agents.empty());
        QVERIFY(bench.storage.journal().empty());
    }

    void apply_registryGone_answersNobody()
    {
        RegistryBench bench;
        auto registry = std::make_unique<Registry>(bench.storage, bench.journal, bench.clock);
        bool answered = false;
        registry->apply(addAgent("a"), Event{}, [&](const Result<> &) { answered = true; });

        registry.reset();
        bench.storage.settle();

        QVERIFY(!answered);
    }

    void clientHeard_stranger_isHarmless()
    {
        RegistryBench bench;
        QVERIFY(bench.load());

        bench.registry.clientHeard(ClientId("nobody"));
        bench.storage.settle();

        QVERIFY(bench.registry.current()->clients.empty());
    }
};

QTEST_GUILESS_MAIN(RegistryTest)
#include "tst_registry.moc"
