// SPDX-License-Identifier: GPL-3.0-or-later
// Written against the ports of stores.h: another database behind them must pass the same.
#include "gateway_core/storage/journal_hash.h"

#include "tests/support/test_storage.h"

#include <QTest>

using namespace gatehouse;
using namespace gatehouse::test;

namespace {

Digest digestOf(std::uint8_t byte)
{
    Digest digest;
    digest.fill(byte);
    return digest;
}

Agent agentNamed(const std::string &name)
{
    return { AgentId("agent-" + name), name, AgentState::Active, 100 };
}

Client clientOf(const Agent &agent, std::uint8_t token)
{
    Client client;
    client.id = ClientId("client-" + std::to_string(token));
    client.agent = agent.id;
    client.name = "Codex здесь";
    client.tokenHash = digestOf(token);
    client.tokenTail = "wxyz";
    client.pairedBy = "/usr/bin/codex";
    client.createdAt = 1;
    client.expiresAt = 2;
    client.lastUsedAt = 3;
    return client;
}

Grant grantFor(const Agent &agent, const std::string &scope, GrantPolicy answer)
{
    Grant grant;
    grant.id = GrantId("grant-" + scope);
    grant.agent = agent.id;
    grant.project = ProjectId("p1");
    grant.projectName = "Engine";
    grant.projectIdentifier = "ENG";
    grant.scope = scope;
    grant.answer = answer;
    return grant;
}

Result<JournalRow> append(Stores &stores, const std::string &body)
{
    JournalRow row;
    row.at = 7;
    row.kind = "test";
    row.callId = "c";
    row.body = body;
    return stores.journal.append(row);
}

} // namespace

class StoresTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void profile_isKept_butNotItsInstallId()
    {
        TestStorage storage;
        auto profile = *storage.readNow<Profile>([](Stores &stores) { return stores.profile.load(); });
        const std::string install = profile.installId;
        profile.taskerUrl = "https://tasker.example/api";
        profile.ownerEmail = "owner@example.org";
        profile.port = 4200;
        profile.mode = Mode::Draining;
        profile.modeReason = "evening";
        profile.installId = "forged";

        QVERIFY(storage.writeNow([&profile](Stores &stores) { return stores.profile.save(profile); }));
        storage.reopen();

        const auto again = *storage.readNow<Profile>([](Stores &stores) { return stores.profile.load(); });
        QCOMPARE(again.taskerUrl, profile.taskerUrl);
        QCOMPARE(again.ownerEmail, profile.ownerEmail);
        QCOMPARE(again.port, 4200);
        QVERIFY(again.mode == Mode::Draining);
        QCOMPARE(again.modeReason, std::string("evening"));
        QCOMPARE(again.installId, install);
    }

    void pin_isKeptWithBytesOfAnyKind_andTakenAway()
    {
        TestStorage storage;
        PinRecord pin;
        pin.salt = std::string("\0salt\xff", 6);
        pin.hash = std::string(32, '\0');
        pin.wrongTries = 3;
        pin.lockouts = 2;
        pin.lockedUntilBoot = 99;
        pin.lockedBootId = "boot";
        pin.lockedForMs = 900'000;
        const auto read = [&storage] {
            return *storage.readNow<std::optional<PinRecord>>(
                [](Stores &stores) { return stores.profile.pin(); });
        };
        QVERIFY(!read());

        QVERIFY(storage.writeNow([&pin](Stores &stores) { return stores.profile.savePin(pin); }));
        const auto kept = read();
        QVERIFY(storage.writeNow([](Stores &stores) { return stores.profile.savePin(std::nullopt); }));

        QVERIFY(kept);
        QCOMPARE(kept->salt, pin.salt);
        QCOMPARE(kept->hash, pin.hash);
        QCOMPARE(kept->wrongTries, 3);
        QCOMPARE(kept->lockouts, 2);
        QCOMPARE(kept->lockedUntilBoot, 99);
        QCOMPARE(kept->lockedBootId, std::string("boot"));
        QCOMPARE(kept->lockedForMs, 900'000);
        QVERIFY(!read());
    }

    void agentsAndClients_areReplacedById()
    {
        TestStorage storage;
        auto agent = agentNamed("Ada");
        auto client = clientOf(agent, 1);
        OwnerToken token{ OwnerTokenId("o1"), "ctl", digestOf(9), "tail", 1, 2, std::nullopt };
        QVERIFY(storage.writeNow([&](Stores &stores) -> Result<> {
            if (auto saved = stores.agents.save(agent); !saved)
                return saved;
            if (auto saved = stores.agents.save(token); !saved)
                return saved;
            return stores.agents.save(client);
        }));
        agent.displayName = "Ada L.";
        agent.state = AgentState::Retired;
        client.revokedAt = 55;
        client.lastUsedAt = 44;
        token.revokedAt = 66;
        QVERIFY(storage.writeNow([&](Stores &stores) -> Result<> {
            if (auto saved = stores.agents.save(agent); !saved)
                return saved;
            if (auto saved = stores.agents.save(token); !saved)
                return saved;
            return stores.agents.save(client);
        }));

        const auto agents
            = *storage.readNow<std::vector<Agent>>([](Stores &stores) { return stores.agents.agents(); });
        const auto clients
            = *storage.readNow<std::vector<Client>>([](Stores &stores) { return stores.agents.clients(); });
        const auto tokens = *storage.readNow<std::vector<OwnerToken>>(
            [](Stores &stores) { return stores.agents.ownerTokens(); });
        QCOMPARE(agents.size(), std::size_t{ 1 });
        QCOMPARE(agents[0].displayName, std::string("Ada L."));
        QVERIFY(agents[0].state == AgentState::Retired);
        QCOMPARE(clients.size(), std::size_t{ 1 });
        QCOMPARE(clients[0].name, client.name);
        QCOMPARE(clients[0].agent.text(), agent.id.text());
        QVERIFY(clients[0].tokenHash == digestOf(1));
        QCOMPARE(clients[0].pairedBy, client.pairedBy);
        QCOMPARE(clients[0].revokedAt.value_or(0), 55);
        QCOMPARE(clients[0].lastUsedAt, 44);
        QCOMPARE(tokens.size(), std::size_t{ 1 });
        QCOMPARE(tokens[0].revokedAt.value_or(0), 66);
    }

    void grants_eachChangeRaisesTheRevision_alsoARemoval()
    {
        TestStorage storage;
        const auto agent = agentNamed("Ada");
        QVERIFY(storage.writeNow([&agent](Stores &stores) { return stores.agents.save(agent); }));
        std::vector<std::int64_t> revisions;
        const auto put = [&](const Grant &grant) {
            return storage.writeNow([&](Stores &stores) -> Result<> {
                const auto revision = stores.grants.put(grant);
                if (!revision)
                    return tl::unexpected(revision.error());
                revisions.push_back(*revision);
                return {};
            });
        };

        auto grant = grantFor(agent, "issues:read", GrantPolicy::Allow);
        grant.until = 500;
        grant.byApproval = true;
        QVERIFY(put(grant));
        QVERIFY(put(grantFor(agent, "issues:create", GrantPolicy::Ask)));
        QVERIFY(storage.writeNow([&](Stores &stores) -> Result<> {
            const auto revision = stores.grants.remove(grantFor(agent, "issues:create", GrantPolicy::Off));
            revisions.push_back(revision.value_or(0));
            return {};
        }));
        QVERIFY(put(grantFor(agent, "issues:create", GrantPolicy::AskWithPin)));

        QCOMPARE(revisions, (std::vector<std::int64_t>{ 1, 2, 3, 4 }));
        const auto grants
            = *storage.readNow<std::vector<Grant>>([](Stores &stores) { return stores.grants.grants(); });
        QCOMPARE(grants.size(), std::size_t{ 2 });
        QVERIFY(grants[0].answer == GrantPolicy::AskWithPin);
        QCOMPARE(grants[0].revision, 4);
        QCOMPARE(grants[1].scope, std::string("issues:read"));
        QCOMPARE(grants[1].until.value_or(0), 500);
        QCOMPARE(grants[1].projectIdentifier, std::string("ENG"));
        QVERIFY(grants[1].byApproval);
        QVERIFY(!grants[0].until);
    }

    void grants_offOnOneProject_isKept_onEveryProjectItIsNot()
    {
        TestStorage storage;
        const auto agent = agentNamed("Ada");
        QVERIFY(storage.writeNow([&agent](Stores &stores) { return stores.agents.save(agent); }));
        const auto put = [&](const Grant &grant) {
            return storage.writeNow([&](Stores &stores) -> Result<> {
                const auto revision = stores.grants.put(grant);
                return revision ? Result<>() : tl::unexpected(revision.error());
            });
        };
        auto everywhere = grantFor(agent, "issues:read", GrantPolicy::Off);
        everywhere.project = kEveryProject;
        auto forADay = grantFor(agent, "issues:create", GrantPolicy::Off);
        forADay.until = 500;

        QVERIFY(put(grantFor(agent, "issues:read", GrantPolicy::Off)));
        QVERIFY(!put(everywhere));
        QVERIFY(!put(forADay));

        const auto grants
            = *storage.readNow<std::vector<Grant>>([](Stores &stores) { return stores.grants.grants(); });
        QCOMPARE(grants.size(), std::size_t{ 1 });
        QVERIFY(grants[0].answer == GrantPolicy::Off);
        QCOMPARE(grants[0].projectIdentifier, std::string("ENG"));
    }

    void keys_walkTheirStates()
    {
        TestStorage storage;
        IdempotencyRecord record;
        record.client = ClientId("c1");
        record.tool = "tasker_create_issue";
        record.key = "k1";
        record.bodyDigest = digestOf(4);
        record.call = CallId("call-1");
        record.project = ProjectId("p1");
        record.createdAt = 10;
        const auto find = [&storage, &record] {
            return *storage.readNow<std::optional<IdempotencyRecord>>([&record](Stores &stores) {
                return stores.keys.find(record.client, record.tool, record.key);
            });
        };
        QVERIFY(!find());
        QVERIFY(storage.writeNow([&record](Stores &stores) { return stores.keys.save(record); }));
        QVERIFY(find()->state == KeyState::Sent);
        QVERIFY(find()->answer.is_null());

        const auto marked = [&storage] {
            int count = -1;
            (void)storage.writeNow([&count](Stores &stores) -> Result<> {
                const auto done = stores.keys.markRunningUnknown();
                count = done.value_or(-1);
                return {};
            });
            return count;
        };
        QCOMPARE(marked(), 1);
        QCOMPARE(marked(), 0);
        QVERIFY(find()->state == KeyState::Unknown);

        record.state = KeyState::Done;
        record.answer = { { "issue", "ENG-1" } };
        QVERIFY(storage.writeNow([&record](Stores &stores) { return stores.keys.save(record); }));
        const auto done = find();
        QVERIFY(done->state == KeyState::Done);
        QVERIFY(done->answer == record.answer);
        QVERIFY(done->bodyDigest == digestOf(4));
        QCOMPARE(done->call.text(), std::string("call-1"));

        QVERIFY(storage.writeNow([&record](Stores &stores) {
            return stores.keys.release(record.client, record.tool, record.key);
        }));
        QVERIFY(!find());
    }

    void keys_dropOlderThan_keepsTheYoung()
    {
        TestStorage storage;
        QVERIFY(storage.writeNow([](Stores &stores) -> Result<> {
            for (const int at : { 10, 20, 30 }) {
                IdempotencyRecord record;
                record.client = ClientId("c");
                record.tool = "t";
                record.key = std::to_string(at);
                record.createdAt = at;
                if (auto saved = stores.keys.save(record); !saved)
                    return saved;
            }
            const auto dropped = stores.keys.dropOlderThan(30);
            return dropped.value_or(0) == 2 ? Result<>() : failure(ErrorCode::Internal);
        }));
    }

    void journal_rowsAreChainedFromOne()
    {
        TestStorage storage;
        QVERIFY(storage.writeNow([](Stores &stores) -> Result<> {
            for (int i = 0; i < 3; ++i)
                if (auto added = append(stores, R"({"n":)" + std::to_string(i) + "}"); !added)
                    return tl::unexpected(added.error());
            return {};
        }));

        const auto rows = storage.journal();
        QCOMPARE(rows.size(), std::size_t{ 3 });
        QVERIFY(rows[0].prev == Digest{});
        for (std::size_t i = 0; i < rows.size(); ++i) {
            QCOMPARE(rows[i].seq, static_cast<std::int64_t>(i + 1));
            QVERIFY(rows[i].hash == journalHash(ProfileId{ 1 }, rows[i]));
            QVERIFY(i == 0 || rows[i].prev == rows[i - 1].hash);
        }
    }

    void journalHash_isTheSpellingOfTheDocs()
    {
        // printf 'gatehouse.journal.1\n\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\2' + 32 zero bytes + '{}' | sha256sum
        JournalRow row;
        row.seq = 2;
        row.body = "{}";

        QCOMPARE(hex(journalHash(ProfileId{ 1 }, row)),
                 std::string("afc301503f68c759f990d9c9fabc642dbdf18c62eeb6d736593f98c14c6ec877"));
    }

    void cutAt_removesUpToACheckpoint_andTheChainGoesOn()
    {
        TestStorage storage;
        QVERIFY(storage.writeNow([](Stores &stores) -> Result<> {
            for (int i = 0; i < 10; ++i)
                if (auto added = append(stores, "{}"); !added)
                    return tl::unexpected(added.error());
            return {};
        }));
        const auto rows = storage.journal();
        const auto cut = [&](std::int64_t seq, const Digest &head) {
            return storage.writeNow([seq, head](Stores &stores) {
                return stores.journal.cutAt({ seq, head, 1, "boot", 1, "signature" });
            });
        };

        QVERIFY(!cut(4, rows[7].hash)); // another head
        QVERIFY(!cut(10, rows[9].hash)); // nothing would be left
        QVERIFY(!cut(11, rows[9].hash)); // no such row
        QCOMPARE(storage.journal().size(), std::size_t{ 10 });
        QVERIFY(cut(4, rows[3].hash));

        QVERIFY(storage.writeNow([](Stores &stores) -> Result<> {
            const auto added = append(stores, "{}");
            return added && added->seq == 11 ? Result<>() : failure(ErrorCode::Internal);
        }));
        const auto left = storage.journal();
        QCOMPARE(left.front().seq, 5);
        QVERIFY(left.front().prev == rows[3].hash);
        QCOMPARE(left.size(), std::size_t{ 7 });
    }

    void checkpoints_areKeptInOrder()
    {
        TestStorage storage;
        QVERIFY(storage.writeNow([](Stores &stores) -> Result<> {
            for (const int seq : { 512, 256 })
                if (auto saved = stores.journal.saveCheckpoint(
                        { seq, digestOf(3), 9, "boot", 8, std::string("\0sig", 4) });
                    !saved)
                    return saved;
            return {};
        }));

        const auto kept = *storage.readNow<std::vector<Checkpoint>>(
            [](Stores &stores) { return stores.journal.checkpoints(); });
        QCOMPARE(kept.size(), std::size_t{ 2 });
        QCOMPARE(kept[0].seq, 256);
        QVERIFY(kept[0].head == digestOf(3));
        QCOMPARE(kept[1].signature, std::string("\0sig", 4));
        QCOMPARE(kept[1].bootId, std::string("boot"));
    }

    // Tests of the error paths

    void client_withoutItsAgent_isRefused()
    {
        TestStorage storage;
        const auto outcome = storage.writeNow(
            [](Stores &stores) { return stores.agents.save(clientOf(agentNamed("nobody"), 1)); });

        QVERIFY(!outcome);
        QCOMPARE(outcome.error().code, ErrorCode::StorageFailed);
    }

    void token_heldByTwoClients_isRefused()
    {
        TestStorage storage;
        const auto agent = agentNamed("Ada");
        const auto outcome = storage.writeNow([&agent](Stores &stores) -> Result<> {
            if (auto saved = stores.agents.save(agent); !saved)
                return saved;
            if (auto saved = stores.agents.save(clientOf(agent, 1)); !saved)
                return saved;
            auto twin = clientOf(agent, 1);
            twin.id = ClientId("twin");
            return stores.agents.save(twin);
        });

        QVERIFY(!outcome);
    }
};

QTEST_GUILESS_MAIN(StoresTest)
#include "tst_stores.moc"
