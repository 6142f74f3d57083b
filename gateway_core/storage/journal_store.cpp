// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/storage/journal_store.h"

#include "gateway_core/storage/journal_hash.h"

namespace gatehouse {

namespace {

constexpr std::string_view kRow = "SELECT seq, at, kind, call_id, body, prev, hash FROM journal ";

// Before it there is nothing to be read, though the file may still hold it.
const std::string kCut = "(SELECT ifnull(max(seq), 0) FROM journal_cuts WHERE profile_id = ?1)";

std::string rowsWhere(std::string_view rest)
{
    return std::string(kRow).append(rest);
}

JournalRow rowFrom(const sql::Statement &row)
{
    return { row.integer(0), row.integer(1), row.text(2),  row.text(3),
             row.text(4),    row.digest(5),  row.digest(6) };
}

Checkpoint checkpointFrom(const sql::Statement &row)
{
    return { row.integer(0), row.digest(1), row.integer(2), row.text(3), row.integer(4), row.text(5) };
}

} // namespace

SqlJournalStore::SqlJournalStore(sql::Connection &connection, ProfileId profile)
    : m_connection(connection)
    , m_profile(profile)
{
}

Result<JournalRow> SqlJournalStore::append(JournalRow row)
{
    const auto before = last();
    if (!before)
        return tl::unexpected(before.error());
    row.seq = *before ? (*before)->seq + 1 : 1;
    row.prev = *before ? (*before)->hash : Digest{};
    row.hash = journalHash(m_profile, row);
    auto added
        = m_connection.run("INSERT INTO journal (profile_id, seq, at, kind, call_id, body, prev, hash) "
                           "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                           m_profile, row.seq, row.at, row.kind, row.callId, row.body, row.prev, row.hash);
    if (!added)
        return tl::unexpected(added.error());
    m_appended.push_back(row);
    return row;
}

Result<std::optional<JournalRow>> SqlJournalStore::last()
{
    static const std::string sql = rowsWhere("WHERE profile_id = ? ORDER BY seq DESC LIMIT 1");
    return m_connection.one(sql, rowFrom, m_profile);
}

Result<std::vector<JournalRow>> SqlJournalStore::from(std::int64_t seq, int limit)
{
    static const std::string sql
        = rowsWhere("WHERE profile_id = ?1 AND seq >= max(?2, 1 + " + kCut + ") ORDER BY seq LIMIT ?3");
    return m_connection.all(sql, rowFrom, m_profile, seq, limit);
}

Result<> SqlJournalStore::saveCheckpoint(const Checkpoint &checkpoint)
{
    return m_connection.run(
        "INSERT OR REPLACE INTO checkpoints (profile_id, seq, head, at, boot_id, since_boot, "
        "signature) VALUES (?, ?, ?, ?, ?, ?, ?)",
        m_profile, checkpoint.seq, checkpoint.head, checkpoint.at, checkpoint.bootId, checkpoint.sinceBoot,
        sql::Blob{ checkpoint.signature });
}

Result<std::vector<Checkpoint>> SqlJournalStore::checkpoints()
{
    return checkpointsFrom(0, -1);
}

Result<std::vector<Checkpoint>> SqlJournalStore::checkpointsFrom(std::int64_t seq, int limit)
{
    static const std::string sql = "SELECT seq, head, at, boot_id, since_boot, signature FROM checkpoints "
                                   "WHERE profile_id = ?1 AND seq >= max(?2, "
        + kCut + ") ORDER BY seq LIMIT ?3";
    return m_connection.all(sql, checkpointFrom, m_profile, seq, limit);
}

Result<std::int64_t> SqlJournalStore::cut()
{
    const auto found = m_connection.one(
        "SELECT seq FROM journal_cuts WHERE profile_id = ?",
        [](const sql::Statement &row) { return row.integer(0); }, m_profile);
    if (!found)
        return tl::unexpected(found.error());
    return found->value_or(0);
}

Result<std::int64_t> SqlJournalStore::leftOfCut()
{
    // Rows have no gaps, and they leave from the first on.
    static const std::string sql
        = "SELECT max(0, " + kCut + " + 1 - ifnull((SELECT min(seq) FROM journal WHERE profile_id = ?1), 0))";
    const auto cutTo = cut();
    if (!cutTo || *cutTo == 0)
        return cutTo;
    const auto left = m_connection.one(
        sql, [](const sql::Statement &row) { return row.integer(0); }, m_profile);
    if (!left)
        return tl::unexpected(left.error());
    return left->value_or(0);
}

Result<> SqlJournalStore::cutAt(const Checkpoint &checkpoint)
{
    const auto at = from(checkpoint.seq, 1);
    if (!at)
        return tl::unexpected(at.error());
    if (at->empty() || at->front().seq != checkpoint.seq || at->front().hash != checkpoint.head)
        return failure(ErrorCode::InvalidRequest, "no such point in the chain");
    // Without a row behind the cut the chain would begin again at 1.
    const auto end = last();
    if (!end)
        return tl::unexpected(end.error());
    if (!*end || (*end)->seq <= checkpoint.seq)
        return failure(ErrorCode::InvalidRequest, "nothing would be left behind the cut");
    m_wasCut = true;
    return m_connection.run("INSERT OR REPLACE INTO journal_cuts (profile_id, seq) VALUES (?, ?)", m_profile,
                            checkpoint.seq);
}

} // namespace gatehouse
