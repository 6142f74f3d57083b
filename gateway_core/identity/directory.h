// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/storage/stores.h"

#include <map>
#include <memory>
#include <unordered_map>

namespace gatehouse {

struct DigestHash
{
    std::size_t operator()(const Digest &digest) const noexcept
    {
        std::size_t value = 0;
        for (std::size_t i = 0; i < sizeof value; ++i)
            value = value << 8 | digest[i];
        return value;
    }
};

/// Who exists and what they may do, at one moment: immutable, swapped whole on change, so that
/// authentication and grant checks touch no database and no lock. What was revoked stays listed, for
/// the owner's eyes, but is in no index by token.
struct Directory
{
    Profile profile;
    std::unordered_map<AgentId, Agent> agents;
    std::unordered_map<ClientId, Client> clients;
    std::unordered_map<Digest, ClientId, DigestHash> clientsByToken;
    std::unordered_map<OwnerTokenId, OwnerToken> ownerTokens;
    std::unordered_map<Digest, OwnerTokenId, DigestHash> ownersByToken;
    /// agent -> (project, scope name) -> grant
    std::unordered_map<AgentId, std::map<std::pair<ProjectId, std::string>, Grant>> grants;

    /// Everything, read within one unit of work. Any error of the stores. Thread: storage.
    [[nodiscard]] static Result<std::shared_ptr<const Directory>> load(Stores &stores);

    [[nodiscard]] const Agent *agent(const AgentId &id) const;
    [[nodiscard]] const Client *client(const ClientId &id) const;
};

using DirectoryPtr = std::shared_ptr<const Directory>;

} // namespace gatehouse
