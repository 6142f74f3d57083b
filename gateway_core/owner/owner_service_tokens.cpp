// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/owner/owner_service.h"

#include "gateway_core/identity/token.h"
#include "gateway_core/owner/input_text.h"

namespace gatehouse {

namespace {

/// Secrets do not copy: one goes along with a callback in a shared place and leaves it once.
std::shared_ptr<Secret> carried(Secret secret)
{
    return std::make_shared<Secret>(std::move(secret));
}

} // namespace

void OwnerService::mintAgentToken(const OwnerCaller &caller, const AgentId &id, const std::string &name,
                                  std::function<void(Result<std::pair<Client, Secret>>)> done)
{
    if (const auto may = authorize(OwnerAction::MintAgentToken, caller); !may)
        return done(tl::unexpected<Error>(may.error()));
    const auto agent = agentNamed(id);
    if (!agent)
        return done(tl::unexpected<Error>(agent.error()));
    if (agent->state == AgentState::Retired)
        return done(failure(ErrorCode::Conflict, "the agent is retired"));
    const auto checked = words::checkedName(name, "name", kNameMost);
    if (!checked)
        return done(tl::unexpected<Error>(checked.error()));
    MintedClient minted = mintClient(id, *checked, {}, m_services.registry.now(), m_services.random);
    Event event = eventOf(EventKind::TokenMinted, caller);
    event.agent = agent->id;
    event.agentName = agent->displayName;
    event.client = minted.client.id;
    event.clientName = minted.client.name;
    m_services.registry.apply([client = minted.client](Stores &stores) { return stores.agents.save(client); },
                              event,
                              [client = minted.client, token = carried(std::move(minted.token)),
                               done = std::move(done)](const Result<> &saved) {
                                  if (!saved)
                                      return done(tl::unexpected<Error>(saved.error()));
                                  done(std::pair(client, std::move(*token)));
                              });
}

void OwnerService::rotateAgentToken(const OwnerCaller &caller, const ClientId &id,
                                    std::function<void(Result<std::pair<Client, Secret>>)> done)
{
    if (const auto may = authorize(OwnerAction::RotateAgentToken, caller); !may)
        return done(tl::unexpected<Error>(may.error()));
    const Client *held = m_services.registry.current()->client(id);
    if (!held)
        return done(failure(ErrorCode::NotFound, "no such client"));
    if (held->revokedAt)
        return done(failure(ErrorCode::Conflict, "the client was revoked"));
    MintedToken minted = mintToken(kAgentTokenPrefix, m_services.random);
    Client client = *held;
    client.tokenHash = minted.hash;
    client.tokenTail = minted.tail;
    client.lastUsedAt = m_services.registry.now();
    client.expiresAt = client.lastUsedAt + Millis(kAgentTokenLifetime).count();
    Event event = eventOf(EventKind::TokenRotated, caller);
    event.agent = client.agent;
    event.client = client.id;
    event.clientName = client.name;
    m_services.registry.apply(
        [client](Stores &stores) { return stores.agents.save(client); }, event,
        [client, token = carried(std::move(minted.text)), done = std::move(done)](const Result<> &saved) {
            if (!saved)
                return done(tl::unexpected<Error>(saved.error()));
            done(std::pair(client, std::move(*token)));
        });
}

void OwnerService::revokeClient(const OwnerCaller &caller, const ClientId &id, Storage::Done done)
{
    if (const auto may = authorize(OwnerAction::RevokeClient, caller); !may)
        return done(may);
    const Client *held = m_services.registry.current()->client(id);
    if (!held)
        return done(failure(ErrorCode::NotFound, "no such client"));
    if (held->revokedAt)
        return done({});
    Client client = *held;
    client.revokedAt = m_services.registry.now();
    Event event = eventOf(EventKind::ClientRevoked, caller);
    event.agent = client.agent;
    event.client = client.id;
    event.clientName = client.name;
    m_services.registry.apply([client](Stores &stores) { return stores.agents.save(client); }, event,
                              std::move(done));
}

void OwnerService::mintOwnerToken(const OwnerCaller &caller, const std::string &name,
                                  std::chrono::seconds lifetime,
                                  std::function<void(Result<std::pair<OwnerToken, Secret>>)> done)
{
    if (const auto may = authorize(OwnerAction::MintOwnerToken, caller); !may)
        return done(tl::unexpected<Error>(may.error()));
    const auto checked = words::checkedName(name, "name", kNameMost);
    if (!checked)
        return done(tl::unexpected<Error>(checked.error()));
    if (lifetime <= std::chrono::seconds::zero() || lifetime > kOwnerTokenMost)
        return done(words::wrongField("lifetime_seconds", "out_of_range"));
    MintedOwnerToken minted
        = gatehouse::mintOwnerToken(*checked, m_services.registry.now(), m_services.random, lifetime);
    Event event = eventOf(EventKind::OwnerTokenMinted, caller);
    event.more["token"] = minted.record.id.text();
    event.more["name"] = minted.record.name;
    m_services.registry.apply([record = minted.record](Stores &stores) { return stores.agents.save(record); },
                              event,
                              [record = minted.record, token = carried(std::move(minted.token)),
                               done = std::move(done)](const Result<> &saved) {
                                  if (!saved)
                                      return done(tl::unexpected<Error>(saved.error()));
                                  done(std::pair(record, std::move(*token)));
                              });
}

void OwnerService::revokeOwnerToken(const OwnerCaller &caller, const OwnerTokenId &id, Storage::Done done)
{
    if (const auto may = authorize(OwnerAction::RevokeOwnerToken, caller); !may)
        return done(may);
    const auto directory = m_services.registry.current();
    const auto held = directory->ownerTokens.find(id);
    if (held == directory->ownerTokens.end())
        return done(failure(ErrorCode::NotFound, "no such owner token"));
    if (held->second.revokedAt)
        return done({});
    OwnerToken token = held->second;
    token.revokedAt = m_services.registry.now();
    Event event = eventOf(EventKind::OwnerTokenRevoked, caller);
    event.more["token"] = id.text();
    event.more["name"] = token.name;
    m_services.stepUp.forget(id.text());
    m_services.registry.apply([token](Stores &stores) { return stores.agents.save(token); }, event,
                              std::move(done));
}

} // namespace gatehouse
