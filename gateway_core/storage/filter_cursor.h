// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/storage/connection.h"
#include "gateway_core/storage/records.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gatehouse {

/// The text index is kept in parts of this many ids (0005_call_parts.sql).
inline constexpr std::int64_t kIdsInPart = 65'536;

/// What one read may spend, counted in rows of an index that it looks at, and what dearer acts count as. A
/// look is a microsecond of a file of which nothing is in memory (bench_calls). Counted and not timed: the
/// same search stops at the same line everywhere.
inline constexpr std::int64_t kLooksInRead = 32'000;
inline constexpr std::int64_t kLooksForPage = 100; ///< to begin in the middle of an index, or to fetch a line
inline constexpr std::int64_t kLooksForNextLine = 12; ///< eight lines share a page
inline constexpr std::int64_t kLooksForWord = 8'000; ///< to look a word up in one part of the text

/// What a person typed, as an FTS4 expression: every word must begin a word of the line. Nothing of FTS4's
/// own syntax gets through. Empty: there is no word in it. Pure.
[[nodiscard]] std::string matchExpression(std::string_view typed);

/// The ids of the lines that pass one filter, newest first. A search walks several of them side by side and
/// leaps to where the rarest goes on. Thread: storage. Must not outlive the connection.
class FilterCursor final
{
public:
    /// `most`, if that line passes; else a smaller id, and no line between the two passes. Below 1: none is
    /// left. Adds what it cost to `looks`. Ask for ever smaller ids.
    [[nodiscard]] Result<std::int64_t> newestUpTo(std::int64_t most, std::int64_t &looks);

    /// One for each filter that is set, the text last because it is dear; one of all lines if none is. The
    /// time is no trail, see call_query.h.
    [[nodiscard]] static std::vector<FilterCursor> of(sql::Connection &connection, ProfileId profile,
                                                      const CallFilter &filter);

private:
    FilterCursor(sql::Connection &connection, ProfileId profile, std::string sql, std::string value,
                 std::int64_t words);
    [[nodiscard]] Result<> open(std::int64_t most, std::int64_t &looks);

    sql::Connection *m_connection;
    ProfileId m_profile;
    std::string m_sql; ///< ?1 the profile, or the part of the text; ?2 the value; ?3 the newest id
    std::string m_value;
    bool m_byText; ///< part by part
    std::int64_t m_looksToOpen;
    std::optional<sql::Statement> m_rows;
    std::int64_t m_at = 0; ///< the id that m_rows stands at; below m_from: at its end
    std::int64_t m_from = 0; ///< the lowest id that m_rows could come to
};

} // namespace gatehouse
