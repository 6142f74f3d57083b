// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/storage/agent_store.h"

#include "gateway_core/storage/enum_names.h"

namespace gatehouse {

namespace {

Agent agentFrom(const sql::Statement &row)
{
    return { AgentId(row.text(0)), row.text(1), kAgentStateWords.valueOf(row.text(2), AgentState::Retired),
             row.integer(3) };
}

Client clientFrom(const sql::Statement &row)
{
    Client client;
    client.id = ClientId(row.text(0));
    client.agent = AgentId(row.text(1));
    client.name = row.text(2);
    client.tokenHash = row.digest(3);
    client.tokenTail = row.text(4);
    client.pairedBy = row.text(5);
    client.createdAt = row.integer(6);
    client.expiresAt = row.integer(7);
    client.lastUsedAt = row.integer(8);
    client.revokedAt = row.maybeInteger(9);
    return client;
}

OwnerToken ownerTokenFrom(const sql::Statement &row)
{
    OwnerToken token;
    token.id = OwnerTokenId(row.text(0));
    token.name = row.text(1);
    token.tokenHash = row.digest(2);
    token.tokenTail = row.text(3);
    token.createdAt = row.integer(4);
    token.expiresAt = row.integer(5);
    token.revokedAt = row.maybeInteger(6);
    return token;
}

} // namespace

SqlAgentStore::SqlAgentStore(sql::Connection &connection, ProfileId profile)
    : m_connection(connection)
    , m_profile(profile)
{
}

Result<std::vector<Agent>> SqlAgentStore::agents()
{
    return m_connection.all("SELECT id, display_name, state, created_at FROM agents WHERE profile_id = ? "
                            "ORDER BY created_at, id",
                            agentFrom, m_profile);
}

// Updated first, then added: REPLACE would delete the row that clients and grants stand on.
Result<> SqlAgentStore::save(const Agent &agent)
{
    auto updated
        = m_connection.run("UPDATE agents SET display_name = ?, state = ? WHERE id = ? AND profile_id = ?",
                           agent.displayName, nameOf(agent.state), agent.id.text(), m_profile);
    if (!updated || m_connection.changes() > 0)
        return updated;
    return m_connection.run("INSERT INTO agents (id, profile_id, display_name, state, created_at) "
                            "VALUES (?, ?, ?, ?, ?)",
                            agent.id.text(), m_profile, agent.displayName, nameOf(agent.state),
                            agent.createdAt);
}

Result<std::vector<Client>> SqlAgentStore::clients()
{
    return m_connection.all(
        "SELECT id, agent_id, name, token_hash, token_tail, paired_by, created_at, expires_at, "
        "last_used_at, revoked_at FROM clients WHERE profile_id = ? ORDER BY created_at, id",
        clientFrom, m_profile);
}

Result<> SqlAgentStore::save(const Client &client)
{
    auto updated = m_connection.run(
        "UPDATE clients SET agent_id = ?, name = ?, token_hash = ?, token_tail = ?, "
        "paired_by = ?, expires_at = ?, last_used_at = ?, revoked_at = ? "
        "WHERE id = ? AND profile_id = ?",
        client.agent.text(), client.name, client.tokenHash, client.tokenTail, client.pairedBy,
        client.expiresAt, client.lastUsedAt, client.revokedAt, client.id.text(), m_profile);
    if (!updated || m_connection.changes() > 0)
        return updated;
    return m_connection.run("INSERT INTO clients (id, profile_id, agent_id, name, token_hash, token_tail, "
                            "paired_by, created_at, expires_at, last_used_at, revoked_at) "
                            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                            client.id.text(), m_profile, client.agent.text(), client.name, client.tokenHash,
                            client.tokenTail, client.pairedBy, client.createdAt, client.expiresAt,
                            client.lastUsedAt, client.revokedAt);
}

Result<std::vector<OwnerToken>> SqlAgentStore::ownerTokens()
{
    return m_connection.all("SELECT id, name, token_hash, token_tail, created_at, expires_at, revoked_at "
                            "FROM owner_tokens WHERE profile_id = ? ORDER BY created_at, id",
                            ownerTokenFrom, m_profile);
}

Result<> SqlAgentStore::save(const OwnerToken &token)
{
    auto updated = m_connection.run("UPDATE owner_tokens SET name = ?, token_hash = ?, token_tail = ?, "
                                    "expires_at = ?, revoked_at = ? WHERE id = ? AND profile_id = ?",
                                    token.name, token.tokenHash, token.tokenTail, token.expiresAt,
                                    token.revokedAt, token.id.text(), m_profile);
    if (!updated || m_connection.changes() > 0)
        return updated;
    return m_connection.run(
        "INSERT INTO owner_tokens (id, profile_id, name, token_hash, token_tail, created_at, "
        "expires_at, revoked_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        token.id.text(), m_profile, token.name, token.tokenHash, token.tokenTail, token.createdAt,
        token.expiresAt, token.revokedAt);
}

} // namespace gatehouse
