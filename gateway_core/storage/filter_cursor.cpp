// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/storage/filter_cursor.h"

#include <algorithm>
#include <array>

namespace gatehouse {

namespace {

constexpr int kWordLimit = 8; // words of a search; more make it no sharper
constexpr std::int64_t kWordsCounted = 3; // what is left of a read must do for some lines

struct Field
{
    std::string CallFilter::*wanted;
    std::string_view column; // of ours: only it becomes SQL text, each value is bound
};
constexpr std::array kFields{
    Field{ &CallFilter::agentId, "agent_id" },  Field{ &CallFilter::clientId, "client_id" },
    Field{ &CallFilter::tool, "tool" },         Field{ &CallFilter::projectId, "project_id" },
    Field{ &CallFilter::decision, "decision" }, Field{ &CallFilter::outcome, "outcome" },
    Field{ &CallFilter::kind, "kind" },
};

bool isWordByte(char byte)
{
    return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z')
        || static_cast<unsigned char>(byte) >= 0x80;
}

} // namespace

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

std::vector<FilterCursor> FilterCursor::of(sql::Connection &connection, ProfileId profile,
                                           const CallFilter &filter)
{
    std::vector<FilterCursor> trails;
    const auto add = [&](std::string sql, std::string value, std::int64_t words) {
        trails.push_back(FilterCursor(connection, profile, std::move(sql), std::move(value), words));
    };
    for (const auto &[wanted, column] : kFields) {
        if (!(filter.*wanted).empty())
            add("SELECT id FROM calls WHERE profile_id = ?1 AND " + std::string(column)
                    + " = ?2 AND id <= ?3 ORDER BY id DESC",
                filter.*wanted, 0);
    }
    const std::string match = matchExpression(filter.text);
    if (!match.empty())
        add("SELECT docid FROM calls_text WHERE part = ?1 AND text MATCH ?2 AND docid <= ?3 "
            "ORDER BY docid DESC",
            match, std::ranges::count(match, '*'));
    if (trails.empty())
        add("SELECT id FROM calls NOT INDEXED WHERE profile_id = ?1 AND ?2 = '' AND id <= ?3 "
            "ORDER BY id DESC",
            {}, 0);
    return trails;
}

FilterCursor::FilterCursor(sql::Connection &connection, ProfileId profile, std::string sql, std::string value,
                           std::int64_t words)
    : m_connection(&connection)
    , m_profile(profile)
    , m_sql(std::move(sql))
    , m_value(std::move(value))
    , m_byText(words > 0)
    , m_looksToOpen(words > 0 ? std::min(words, kWordsCounted) * kLooksForWord : kLooksForPage)
{
}

Result<std::int64_t> FilterCursor::newestUpTo(std::int64_t most, std::int64_t &looks)
{
    std::int64_t steps = 0;
    if (!m_rows || most < m_from)
        if (auto opened = open(most, looks); !opened)
            return tl::unexpected(opened.error());
    while (m_at > most) {
        // The wanted id is far: from here on a leap costs less than more steps.
        if (++steps == m_looksToOpen)
            if (auto opened = open(most, looks); !opened)
                return tl::unexpected(opened.error());
        ++looks;
        const auto row = m_rows->step();
        if (!row)
            return tl::unexpected(row.error());
        m_at = *row ? m_rows->integer(0) : m_from - 1;
    }
    return m_at;
}

Result<> FilterCursor::open(std::int64_t most, std::int64_t &looks)
{
    const std::int64_t part = most / kIdsInPart;
    m_from = m_byText ? part * kIdsInPart : 1;
    m_at = most + 1; // before its first row
    looks += m_looksToOpen;
    m_rows.reset();
    auto rows
        = m_connection->query(m_sql, m_byText ? part : static_cast<std::int64_t>(m_profile), m_value, most);
    if (!rows)
        return tl::unexpected(rows.error());
    m_rows.emplace(std::move(*rows));
    return {};
}

} // namespace gatehouse
