// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/storage/call_query.h"

#include "gateway_core/storage/filter_cursor.h"

#include <algorithm>
#include <array>
#include <limits>

namespace gatehouse {

namespace {

constexpr int kPageLimit = 500;

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

/// The same in ids, both ends included.
struct Ids
{
    std::int64_t oldest = 1;
    std::int64_t newest = 0;
    std::int64_t next = 0; ///< the newest that the filter's cursor leaves
};

Result<Ids> idsOf(sql::Connection &connection, ProfileId profile, const CallFilter &filter)
{
    auto range = rangeOf(connection, profile, filter);
    if (!range)
        return tl::unexpected(range.error());
    const auto found = connection.one(
        "SELECT (SELECT id FROM calls WHERE profile_id = ?1 AND seq >= ?2 ORDER BY seq LIMIT 1), "
        "(SELECT id FROM calls WHERE profile_id = ?1 AND seq < ?3 ORDER BY seq DESC LIMIT 1), "
        "(SELECT id FROM calls WHERE profile_id = ?1 AND seq < ?4 ORDER BY seq DESC LIMIT 1)",
        [](const sql::Statement &row) {
            return Ids{ row.integer(0), row.integer(1), row.integer(2) };
        },
        profile, range->lowest, range->below,
        filter.before > 0 ? std::min(filter.before, range->below) : range->below);
    if (!found)
        return tl::unexpected(found.error());
    return (*found)->oldest > 0 ? **found : Ids();
}

/// Says in the page how far it was searched: down to the line `next`, which is the first one that was not.
Result<> markWay(sql::Connection &connection, ProfileId profile, const Ids &ids, std::int64_t next,
                 CallPage &page)
{
    if (ids.oldest > ids.newest)
        return {};
    const auto line = connection.one(
        "SELECT seq, at FROM calls NOT INDEXED WHERE profile_id = ? AND id <= ? ORDER BY id DESC LIMIT 1",
        [](const sql::Statement &row) { return std::pair(row.integer(0), row.integer(1)); }, profile,
        std::max(next, ids.oldest));
    if (!line)
        return tl::unexpected(line.error());
    if (*line)
        page.searchedBackTo = (*line)->second;
    if (*line && next >= ids.oldest) {
        page.nextBefore = (*line)->first + 1;
        page.searchedPercent = static_cast<int>(100 * (ids.newest - next) / (ids.newest - ids.oldest + 1));
    }
    return {};
}

} // namespace

const std::string kCallColumns
    = "c.seq, c.at, c.kind, c.call_id, c.agent_id, c.agent_name, c.client_id, c.client_name, "
      "c.via, c.tool, c.project_id, c.project_name, c.issue, c.title, c.decision, "
      "c.outcome, c.transport, c.protocol, c.upstream, c.duration_ms, c.about, c.text ";

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
    call.about = row.text(column++);
    call.text = row.text(column);
    return call;
}

Result<CallPage> readPage(sql::Connection &connection, ProfileId profile, const CallFilter &filter)
{
    CallPage page;
    if (!filter.text.empty() && matchExpression(filter.text).empty())
        return page; // signs only: they are in no word
    const auto ids = idsOf(connection, profile, filter);
    if (!ids)
        return tl::unexpected(ids.error());
    static const std::string read = "SELECT " + kCallColumns
        + "FROM calls c WHERE c.id = ? AND c.profile_id = ? AND c.at >= ? AND c.at < ?";
    const auto from = filter.from.value_or(std::numeric_limits<std::int64_t>::min());
    const auto to = filter.to.value_or(std::numeric_limits<std::int64_t>::max());
    const auto limit = static_cast<std::size_t>(std::clamp(filter.limit, 1, kPageLimit));

    // Each trail leaps to where the one before it goes on; where all agree, there is a line.
    auto trails = FilterCursor::of(connection, profile, filter);
    std::size_t agreed = 0;
    std::int64_t next = ids->next;
    std::int64_t fetched = next + kLooksForPage; // the id of the line before
    std::int64_t looks = 0;
    for (std::size_t turn = 0; next >= ids->oldest && looks < kLooksInRead && page.rows.size() < limit;
         ++turn) {
        const auto found = trails[turn % trails.size()].newestUpTo(next, looks);
        if (!found)
            return tl::unexpected(found.error());
        agreed = *found == next ? agreed + 1 : 0;
        next = *found;
        if (agreed < trails.size())
            continue;
        looks += std::min(kLooksForPage, (fetched - next) * kLooksForNextLine);
        fetched = next;
        auto line = connection.one(read, callFrom, next, profile, from, to);
        if (!line)
            return tl::unexpected(line.error());
        if (*line)
            page.rows.push_back(std::move(**line));
        agreed = 0;
        --next;
    }
    if (auto marked = markWay(connection, profile, *ids, next, page); !marked)
        return tl::unexpected(marked.error());
    return page;
}

Result<CallCounts> readCounts(sql::Connection &connection, ProfileId profile, std::int64_t from,
                              std::int64_t to, std::int64_t after)
{
    CallFilter day;
    day.after = after;
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
