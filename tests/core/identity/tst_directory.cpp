// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/identity/token.h"
#include "tests/core/identity/tables.h"
#include "tests/support/fixed_random.h"

#include <QTest>

using namespace gatehouse;
using namespace gatehouse::test;

namespace {

Result<DirectoryPtr> loaded(TestStorage &storage)
{
    return storage.readNow<DirectoryPtr>([](Stores &stores) { return Directory::load(stores); });
}

} // namespace

class DirectoryTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void load_everyIndex_isBuilt()
    {
        TestStorage storage;
        FixedRandom random;
        const Agent agent{ AgentId("a"), "Reviewer", AgentState::Paused, 1 };
        const auto client = mintClient(agent.id, "codex", "/usr/bin/codex", 1, random);
        const auto owner = mintOwnerToken("ctl", 1, random);
        put(storage, agent);
        put(storage, client.client);
        put(storage, owner.record);
        Grant grant;
        grant.id = GrantId("g");
        grant.agent = agent.id;
        grant.project = ProjectId("p");
        grant.scope = "issues:read";
        grant.answer = GrantPolicy::Ask;
        put(storage, grant);

        const auto directory = loaded(storage);

        QVERIFY(directory);
        const Directory &all = **directory;
        QCOMPARE(all.agent(agent.id)->displayName, std::string("Reviewer"));
        QCOMPARE(all.client(client.client.id)->name, std::string("codex"));
        QCOMPARE(all.clientsByToken.at(client.client.tokenHash).text(), client.client.id.text());
        QCOMPARE(all.ownersByToken.at(owner.record.tokenHash).text(), owner.record.id.text());
        QVERIFY(all.grants.at(agent.id).at({ ProjectId("p"), "issues:read" }).answer == GrantPolicy::Ask);
    }

    void load_revoked_staysListedButHoldsNoToken()
    {
        TestStorage storage;
        FixedRandom random;
        auto client = mintClient(AgentId("a"), "codex", {}, 1, random).client;
        auto owner = mintOwnerToken("ctl", 1, random).record;
        client.revokedAt = 2;
        owner.revokedAt = 2;
        put(storage, Agent{ AgentId("a"), "Reviewer", AgentState::Active, 1 });
        put(storage, client);
        put(storage, owner);

        const auto directory = loaded(storage);

        QVERIFY(directory);
        QVERIFY((*directory)->client(client.id));
        QVERIFY((*directory)->ownerTokens.contains(owner.id));
        QVERIFY((*directory)->clientsByToken.empty());
        QVERIFY((*directory)->ownersByToken.empty());
    }

    void lookUp_stranger_isNull()
    {
        const Directory empty;

        QVERIFY(!empty.agent(AgentId("x")));
        QVERIFY(!empty.client(ClientId("x")));
    }
};

QTEST_APPLESS_MAIN(DirectoryTest)
#include "tst_directory.moc"
