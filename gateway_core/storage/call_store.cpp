// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/storage/call_store.h"

#include "gateway_core/storage/call_line.h"
#include "gateway_core/storage/call_query.h"
#include "gateway_core/storage/filter_cursor.h"

#include <algorithm>
#include <array>
#include <map>
#include <unordered_map>

namespace gatehouse {

namespace {

constexpr int kReaderCatchUp = 256; // rows that a reader waits for, 30 ms at most
constexpr std::string_view kName = "calls";

/// What the later row knows better: every field that it has.
void merge(CallRow &line, const CallRow &later)
{
    const std::array<std::string CallRow::*, 16> fields{
        &CallRow::agentId,   &CallRow::agentName, &CallRow::clientId,  &CallRow::clientName,
        &CallRow::via,       &CallRow::tool,      &CallRow::projectId, &CallRow::projectName,
        &CallRow::issue,     &CallRow::title,     &CallRow::decision,  &CallRow::outcome,
        &CallRow::transport, &CallRow::protocol,  &CallRow::upstream,  &CallRow::about
    };
    for (const auto field : fields)
        if (!(later.*field).empty())
            line.*field = later.*field;
    if (later.durationMs >= 0)
        line.durationMs = later.durationMs;
}

} // namespace

SqlCallStore::SqlCallStore(sql::Connection &connection, SqlJournalStore &journal, ProfileId profile)
    : m_connection(connection)
    , m_journal(journal)
    , m_profile(profile)
{
}

Result<CallPage> SqlCallStore::page(const CallFilter &filter)
{
    catchUpForReader();
    const auto cut = m_journal.cut();
    if (!cut)
        return tl::unexpected(cut.error());
    CallFilter visible = filter;
    visible.after = std::max(visible.after, *cut);
    return readPage(m_connection, m_profile, visible);
}

Result<std::optional<CallRow>> SqlCallStore::call(const CallId &id)
{
    catchUpForReader();
    // The call itself before the events about it (a question to the owner, say).
    static const std::string sql = "SELECT " + kCallColumns
        + "FROM calls c WHERE c.profile_id = ? AND c.call_id = ? AND c.call_id <> '' AND c.seq > ? "
          "ORDER BY c.kind <> 'call', c.seq LIMIT 1";
    const auto cut = m_journal.cut();
    if (!cut)
        return tl::unexpected(cut.error());
    return m_connection.one(sql, callFrom, m_profile, id.text(), *cut);
}

Result<CallCounts> SqlCallStore::counts(std::int64_t from, std::int64_t to)
{
    catchUpForReader();
    const auto cut = m_journal.cut();
    if (!cut)
        return tl::unexpected(cut.error());
    return readCounts(m_connection, m_profile, from, to, *cut);
}

Result<int> SqlCallStore::catchUp(int atMost)
{
    const auto seen = cursor();
    if (!seen)
        return tl::unexpected(seen.error());
    const auto rows = m_journal.from(*seen + 1, atMost);
    if (!rows)
        return tl::unexpected(rows.error());
    if (rows->empty())
        return 0;
    if (m_connection.isInTransaction())
        return take(*rows);
    auto transaction = sql::Transaction::begin(m_connection, sql::Transaction::Sync::Later);
    if (!transaction)
        return tl::unexpected(transaction.error());
    auto taken = take(*rows);
    if (!taken)
        return taken;
    if (auto committed = transaction->commit(); !committed)
        return tl::unexpected(committed.error());
    return taken;
}

Result<> SqlCallStore::rebuild()
{
    constexpr std::string_view kRemovals[] = {
        "DELETE FROM calls_text WHERE docid IN (SELECT id FROM calls WHERE profile_id = ?)",
        "DELETE FROM calls WHERE profile_id = ?",
        "DELETE FROM call_blocks WHERE profile_id = ?",
    };
    for (const auto sql : kRemovals)
        if (auto removed = m_connection.run(sql, m_profile); !removed)
            return removed;
    return moveCursor(0);
}

Result<std::int64_t> SqlCallStore::behind()
{
    const auto seen = cursor();
    if (!seen)
        return seen;
    const auto last = m_journal.last();
    if (!last)
        return tl::unexpected(last.error());
    return *last ? (*last)->seq - *seen : 0;
}

// A list that cannot be brought up to date, on a full disk say, is still worth showing.
void SqlCallStore::catchUpForReader()
{
    (void)catchUp(kReaderCatchUp);
}

Result<std::int64_t> SqlCallStore::cursor()
{
    const auto seen = m_connection.one(
        "SELECT seq FROM projections WHERE profile_id = ? AND name = ?",
        [](const sql::Statement &row) { return row.integer(0); }, m_profile, kName);
    if (!seen)
        return tl::unexpected(seen.error());
    return seen->value_or(0);
}

Result<> SqlCallStore::moveCursor(std::int64_t seq)
{
    return m_connection.run("INSERT OR REPLACE INTO projections (profile_id, name, seq) VALUES (?, ?, ?)",
                            m_profile, kName, seq);
}

Result<int> SqlCallStore::take(const std::vector<JournalRow> &rows)
{
    // An outcome mostly comes in the same batch as its intent: folded here, the two cost one insert and the
    // text index is not touched twice.
    std::vector<CallRow> lines;
    std::unordered_map<std::string, std::size_t> begun;
    for (const auto &row : rows) {
        CallRow line = lineOf(row);
        if (isOfACall(row)) {
            const auto [known, isNew] = begun.try_emplace(row.callId, lines.size());
            if (!isNew) {
                merge(lines[known->second], line);
                continue;
            }
        }
        lines.push_back(std::move(line));
    }
    for (const auto &line : lines)
        if (auto taken = takeLine(line); !taken)
            return tl::unexpected(taken.error());
    if (auto widened = widenBlocks(rows); !widened)
        return tl::unexpected(widened.error());
    if (auto moved = moveCursor(rows.back().seq); !moved)
        return tl::unexpected(moved.error());
    return static_cast<int>(rows.size());
}

Result<> SqlCallStore::takeLine(const CallRow &line)
{
    if (line.kind == "call") {
        const auto begun = m_connection.one(
            "SELECT id FROM calls WHERE profile_id = ? AND call_id = ? "
            "AND call_id <> '' AND kind = 'call'",
            [](const sql::Statement &found) { return found.integer(0); }, m_profile, line.callId);
        if (!begun)
            return tl::unexpected(begun.error());
        if (*begun)
            return complete(**begun, line);
    }
    return add(line);
}

Result<> SqlCallStore::add(const CallRow &line)
{
    const std::string text = searchTextOf(line);
    const auto last = m_connection.one("SELECT ifnull(max(id), 0) FROM calls",
                                       [](const sql::Statement &row) { return row.integer(0); });
    if (!last)
        return tl::unexpected(last.error());
    const std::int64_t id = **last + 1; // an aggregate always has its row
    const std::int64_t part = id / kIdsInPart;
    auto done = m_connection.run(
        "INSERT INTO calls (id, profile_id, part, seq, at, kind, call_id, agent_id, agent_name, client_id, "
        "client_name, via, tool, project_id, project_name, issue, title, decision, outcome, transport, "
        "protocol, upstream, duration_ms, about, text) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        id, m_profile, part, line.seq, line.at, line.kind, line.callId, line.agentId, line.agentName,
        line.clientId, line.clientName, line.via, line.tool, line.projectId, line.projectName, line.issue,
        line.title, line.decision, line.outcome, line.transport, line.protocol, line.upstream,
        line.durationMs, line.about, text);
    if (done)
        done
            = m_connection.run("INSERT INTO calls_text (docid, part, text) VALUES (?, ?, ?)", id, part, text);
    return done;
}

Result<> SqlCallStore::complete(std::int64_t id, const CallRow &later)
{
    static const std::string read = "SELECT " + kCallColumns + "FROM calls c WHERE c.id = ?";
    auto found = m_connection.one(read, callFrom, id);
    if (!found)
        return tl::unexpected(found.error());
    CallRow line = std::move(**found);
    merge(line, later);
    const std::string text = searchTextOf(line);
    const bool textChanged = text != line.text;
    // The text index has no text of its own: it must forget the old words while the old row is still there.
    if (textChanged)
        if (auto forgotten = m_connection.run("DELETE FROM calls_text WHERE docid = ?", id); !forgotten)
            return forgotten;
    auto done = m_connection.run(
        "UPDATE calls SET agent_id = ?, agent_name = ?, client_id = ?, client_name = ?, via = ?, tool = ?, "
        "project_id = ?, project_name = ?, issue = ?, title = ?, decision = ?, outcome = ?, transport = ?, "
        "protocol = ?, upstream = ?, duration_ms = ?, about = ?, text = ? WHERE id = ?",
        line.agentId, line.agentName, line.clientId, line.clientName, line.via, line.tool, line.projectId,
        line.projectName, line.issue, line.title, line.decision, line.outcome, line.transport, line.protocol,
        line.upstream, line.durationMs, line.about, text, id);
    if (done && textChanged)
        done = m_connection.run("INSERT INTO calls_text (docid, part, text) VALUES (?, ?, ?)", id,
                                id / kIdsInPart, text);
    return done;
}

Result<> SqlCallStore::widenBlocks(const std::vector<JournalRow> &rows)
{
    struct Times
    {
        std::int64_t earliest, latest;
    };
    std::map<std::int64_t, Times> blocks;
    for (const auto &row : rows) {
        auto &times = blocks.try_emplace(row.seq / kRowsInBlock, Times{ row.at, row.at }).first->second;
        times.earliest = std::min(times.earliest, row.at);
        times.latest = std::max(times.latest, row.at);
    }
    for (const auto &[block, times] : blocks) {
        auto done
            = m_connection.run("UPDATE call_blocks SET earliest = min(earliest, ?), latest = max(latest, ?) "
                               "WHERE profile_id = ? AND block = ?",
                               times.earliest, times.latest, m_profile, block);
        if (done && m_connection.changes() == 0)
            done = m_connection.run("INSERT INTO call_blocks (profile_id, block, earliest, latest) "
                                    "VALUES (?, ?, ?, ?)",
                                    m_profile, block, times.earliest, times.latest);
        if (!done)
            return done;
    }
    return {};
}

} // namespace gatehouse
