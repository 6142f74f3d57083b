// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/test_storage.h"

#include <map>

namespace gatehouse::test {

/// What lies on disk about people and rights, at one moment.
struct Tables
{
    std::map<AgentId, Agent> agents;
    std::map<ClientId, Client> clients;
    std::map<OwnerTokenId, OwnerToken> ownerTokens;
    std::vector<Grant> grants;
    std::optional<PinRecord> pin;
};

inline Tables tablesOf(TestStorage &storage)
{
    Tables tables;
    const auto outcome = storage.readNow<bool>([&tables](Stores &stores) -> Result<bool> {
        const auto agents = stores.agents.agents();
        const auto clients = stores.agents.clients();
        const auto tokens = stores.agents.ownerTokens();
        for (const Agent &agent : *agents)
            tables.agents[agent.id] = agent;
        for (const Client &client : *clients)
            tables.clients[client.id] = client;
        for (const OwnerToken &token : *tokens)
            tables.ownerTokens[token.id] = token;
        tables.grants = *stores.grants.grants();
        tables.pin = *stores.profile.pin();
        return true;
    });
    if (!outcome)
        qFatal("the test's tables cannot be read");
    return tables;
}

/// Puts a record on disk behind the registry's back.
template <typename Record> void put(TestStorage &storage, const Record &record)
{
    if (!storage.writeNow([&record](Stores &stores) { return stores.agents.save(record); }))
        qFatal("the test's record cannot be stored");
}

inline void put(TestStorage &storage, const Grant &grant)
{
    const auto outcome = storage.writeNow([&grant](Stores &stores) -> Result<> {
        const auto revision = stores.grants.put(grant);
        return revision ? Result<>() : tl::unexpected<Error>(revision.error());
    });
    if (!outcome)
        qFatal("the test's grant cannot be stored");
}

} // namespace gatehouse::test
