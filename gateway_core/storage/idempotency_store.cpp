// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/storage/idempotency_store.h"

#include "gateway_core/base/json.h"
#include "gateway_core/storage/enum_names.h"

namespace gatehouse {

namespace {

constexpr Words<KeyState, 3> kKeyStates{
    { { KeyState::Sent, "sent" }, { KeyState::Done, "done" }, { KeyState::Unknown, "unknown" } }
};

IdempotencyRecord recordFrom(const sql::Statement &row)
{
    IdempotencyRecord record;
    record.client = ClientId(row.text(0));
    record.tool = row.text(1);
    record.key = row.text(2);
    record.bodyDigest = row.digest(3);
    record.state = kKeyStates.valueOf(row.text(4), KeyState::Unknown);
    record.call = CallId(row.text(5));
    record.project = ProjectId(row.text(6));
    record.answer = Json::parse(row.text(7), nullptr, false); // written by us; a discarded value is no answer
    record.createdAt = row.integer(8);
    return record;
}

} // namespace

SqlIdempotencyStore::SqlIdempotencyStore(sql::Connection &connection, ProfileId profile)
    : m_connection(connection)
    , m_profile(profile)
{
}

Result<std::optional<IdempotencyRecord>>
SqlIdempotencyStore::find(const ClientId &client, const std::string &tool, const std::string &key)
{
    auto found
        = m_connection.one("SELECT client_id, tool, key, body_digest, state, call_id, project_id, answer, "
                           "created_at FROM idempotency_keys "
                           "WHERE profile_id = ? AND client_id = ? AND tool = ? AND key = ?",
                           recordFrom, m_profile, client.text(), tool, key);
    if (found && *found && (*found)->answer.is_discarded())
        return failure(ErrorCode::StorageDamaged, "a stored answer is not JSON");
    return found;
}

Result<> SqlIdempotencyStore::save(const IdempotencyRecord &record)
{
    return m_connection.run(
        "INSERT OR REPLACE INTO idempotency_keys (profile_id, client_id, tool, key, body_digest, "
        "state, call_id, project_id, answer, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        m_profile, record.client.text(), record.tool, record.key, record.bodyDigest,
        kKeyStates.nameOf(record.state), record.call.text(), record.project.text(),
        canonicalJson(record.answer), record.createdAt);
}

Result<> SqlIdempotencyStore::release(const ClientId &client, const std::string &tool, const std::string &key)
{
    return m_connection.run(
        "DELETE FROM idempotency_keys WHERE profile_id = ? AND client_id = ? AND tool = ? "
        "AND key = ?",
        m_profile, client.text(), tool, key);
}

Result<int> SqlIdempotencyStore::markRunningUnknown()
{
    return counted(m_connection.run("UPDATE idempotency_keys SET state = 'unknown' "
                                    "WHERE profile_id = ? AND state = 'sent'",
                                    m_profile));
}

Result<int> SqlIdempotencyStore::dropOlderThan(std::int64_t createdBefore)
{
    return counted(m_connection.run("DELETE FROM idempotency_keys WHERE profile_id = ? AND created_at < ?",
                                    m_profile, createdBefore));
}

Result<int> SqlIdempotencyStore::counted(Result<> done) const
{
    if (!done)
        return tl::unexpected(done.error());
    return m_connection.changes();
}

} // namespace gatehouse
