// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/identity/directory.h"

namespace gatehouse {

namespace {

Result<> addPeople(Directory &directory, AgentStore &store)
{
    auto agents = store.agents();
    if (!agents)
        return tl::unexpected<Error>(agents.error());
    for (Agent &agent : *agents)
        directory.agents.emplace(agent.id, std::move(agent));

    auto clients = store.clients();
    if (!clients)
        return tl::unexpected<Error>(clients.error());
    for (Client &client : *clients) {
        if (!client.revokedAt)
            directory.clientsByToken.emplace(client.tokenHash, client.id);
        directory.clients.emplace(client.id, std::move(client));
    }

    auto tokens = store.ownerTokens();
    if (!tokens)
        return tl::unexpected<Error>(tokens.error());
    for (OwnerToken &token : *tokens) {
        if (!token.revokedAt)
            directory.ownersByToken.emplace(token.tokenHash, token.id);
        directory.ownerTokens.emplace(token.id, std::move(token));
    }
    return {};
}

} // namespace

Result<std::shared_ptr<const Directory>> Directory::load(Stores &stores)
{
    auto directory = std::make_shared<Directory>();
    auto profile = stores.profile.load();
    if (!profile)
        return tl::unexpected<Error>(profile.error());
    directory->profile = std::move(*profile);

    if (auto added = addPeople(*directory, stores.agents); !added)
        return tl::unexpected<Error>(added.error());

    auto grants = stores.grants.grants();
    if (!grants)
        return tl::unexpected<Error>(grants.error());
    for (Grant &grant : *grants) {
        auto &held = directory->grants[grant.agent];
        held.insert_or_assign({ grant.project, grant.scope }, std::move(grant));
    }
    return directory;
}

const Agent *Directory::agent(const AgentId &id) const
{
    const auto found = agents.find(id);
    return found == agents.end() ? nullptr : &found->second;
}

const Client *Directory::client(const ClientId &id) const
{
    const auto found = clients.find(id);
    return found == clients.end() ? nullptr : &found->second;
}

} // namespace gatehouse
