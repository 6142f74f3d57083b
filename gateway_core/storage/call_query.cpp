// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/storage/call_query.h"

#include <algorithm>
#include <array>
#include <limits>

namespace gatehouse {

namespace {

constexpr int kPageLimit = 500;
constexpr int kWordLimit = 8; // words of a search; more make it no sharper

/// Bounds of seq: lowest <= seq < below.
struct Range
{
    std::int64_t lowest = 0;
    std::int64_t below = std::numeric_limits<std::int64_t>::max();
};

/// From wall time to seq by the blocks' earliest and latest times: exact to a block, right under any jump
/// of the clock.
Result<Range> rangeOf(sql::Connection &connection, ProfileId profile, const CallFilter &filter)
{
    Range range;
    if (filter.before > 0)
        range.below = filter.before;
    range.lowest = filter.after + 1;
    if (!filter.from && !filter.to)
        return range;
    const auto blocks = connection.one(
        "SELECT min(block), max(block) FROM call_blocks "
        "WHERE profile_id = ? AND latest >= ? AND earliest < ?",
        [](const sql::Statement &row) { return std::pair(row.maybeInteger(0), row.maybeInteger(1)); },
        profile, filter.from.value_or(std::numeric_limits<std::int64_t>::min()),
        filter.to.value_or(std::numeric_limits<std::int64_t>::max()));
    if (!blocks)
        return tl::unexpected(blocks.error());
    if (!*blocks || !(*blocks)->first) {
        range.below = 0;
        return range;
    }
    range.lowest = std::max(range.lowest, *(*blocks)->first * kRowsInBlock);
    range.below = std::min(range.below, (*(*blocks)->second + 1) * kRowsInBlock);
    return range;
}

bool isWordByte(char byte)
{
    return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z')
        || static_cast<unsigned char>(byte) >= 0x80;
}

} // namespace

const std::string kCallColumns
    = "c.seq, c.at, c.kind, c.call_id, c.agent_id, c.agent_name, c.client_id, c.client_name, "
      "c.via, c.tool, c.project_id, c.project_name, c.issue, c.title, c.decision, "
      "c.outcome, c.transport, c.protocol, c.upstream, c.duration_ms, c.text ";

CallRow callFrom(const sql::Statement &row)
{
    CallRow call;
    call.seq = row.integer(0);
    call.at = row.integer(1);
    const std::array texts{ &call.kind,      &call.callId,      &call.agentId,   &call.agentName,
                            &call.clientId,  &call.clientName,  &call.via,       &call.tool,
                            &call.projectId, &call.projectName, &call.issue,     &call.title,
                            &call.decision,  &call.outcome,     &call.transport, &call.protocol,
                            &call.upstream };
    int column = 2;
    for (auto *text : texts)
        *text = row.text(column++);
    call.durationMs = row.integer(column++);
    call.text = row.text(column);
    return call;
}

std::string matchExpression(std::string_view typed)
{
    std::string expression;
    int words = 0;
    for (std::size_t i = 0; i < typed.size() && words < kWordLimit;) {
        std::size_t end = i;
        while (end < typed.size() && isWordByte(typed[end]))
            ++end;
        if (end > i) {
            expression += expression.empty() ? "\"" : " \"";
            expression.append(typed.substr(i, end - i)).append("*\"");
            ++words;
        }
        i = end + 1;
    }
    return expression;
}

Result<std::vector<CallRow>> readPage(sql::Connection &connection, ProfileId profile,
                                      const CallFilter &filter)
{
    const auto range = rangeOf(connection, profile, filter);
    if (!range)
        return tl::unexpected(range.error());
    const std::string match = matchExpression(filter.text);
    if (!filter.text.empty() && match.empty())
        return std::vector<CallRow>(); // signs only: they are in no word

    // Only columns of ours become SQL text; each value is bound.
    const std::array<std::pair<std::string_view, const std::string *>, 7> columns{ {
        { "agent_id", &filter.agentId },
        { "client_id", &filter.clientId },
        { "tool", &filter.tool },
        { "project_id", &filter.projectId },
        { "decision", &filter.decision },
        { "outcome", &filter.outcome },
        { "kind", &filter.kind },
    } };
    std::string sql = "SELECT " + kCallColumns;
    std::vector<std::string_view> values;
    if (match.empty()) {
        sql += "FROM calls c WHERE c.profile_id = ?1 AND c.seq >= ?2 AND c.seq < ?3 AND c.at >= ?4 AND c.at "
               "< ?5";
    } else {
        // CROSS JOIN keeps the text index outside: it yields newest first and stops at the page's end.
        sql += "FROM calls_text t CROSS JOIN calls c ON c.id = t.docid "
               "WHERE t.text MATCH ?6 AND t.docid >= (SELECT ifnull(min(id), 0) FROM calls WHERE profile_id "
               "= ?1 "
               "AND seq = (SELECT min(seq) FROM calls WHERE profile_id = ?1 AND seq >= ?2)) "
               "AND t.docid <= (SELECT ifnull(max(id), 0) FROM calls WHERE profile_id = ?1 "
               "AND seq = (SELECT max(seq) FROM calls WHERE profile_id = ?1 AND seq < ?3)) "
               "AND c.profile_id = ?1 AND c.at >= ?4 AND c.at < ?5";
        values.push_back(match);
    }
    int place = match.empty() ? 6 : 7;
    for (const auto &[column, value] : columns) {
        if (value->empty())
            continue;
        sql.append(" AND c.").append(column).append(" = ?").append(std::to_string(place++));
        values.push_back(*value);
    }
    sql += match.empty() ? " ORDER BY c.seq DESC LIMIT " : " ORDER BY t.docid DESC LIMIT ";
    sql += std::to_string(std::clamp(filter.limit, 1, kPageLimit));
    return connection.allOf(sql, callFrom, values, profile, range->lowest, range->below,
                            filter.from.value_or(std::numeric_limits<std::int64_t>::min()),
                            filter.to.value_or(std::numeric_limits<std::int64_t>::max()));
}

Result<CallCounts> readCounts(sql::Connection &connection, ProfileId profile, std::int64_t from,
                              std::int64_t to)
{
    CallFilter day;
    day.from = from;
    day.to = to;
    const auto range = rangeOf(connection, profile, day);
    if (!range)
        return tl::unexpected(range.error());
    const auto counts = connection.one(
        "SELECT count(*), ifnull(sum(decision = 'denied'), 0), ifnull(sum(decision = 'asked'), 0), "
        "(SELECT ifnull(max(seq), 0) FROM calls WHERE profile_id = ?1) FROM calls "
        "WHERE profile_id = ?1 AND seq >= ?2 AND seq < ?3 AND at >= ?4 AND at < ?5 "
        "AND kind = 'call'",
        [](const sql::Statement &row) {
            return CallCounts{ row.integer(0), row.integer(1), row.integer(2), row.integer(3) };
        },
        profile, range->lowest, range->below, from, to);
    if (!counts)
        return tl::unexpected(counts.error());
    return **counts; // an aggregate always has its row
}

} // namespace gatehouse
