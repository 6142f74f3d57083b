// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/storage/cut_sweep.h"

#include "gateway_core/storage/call_query.h"
#include "gateway_core/storage/filter_cursor.h"

#include <algorithm>
#include <limits>
#include <string>

namespace gatehouse {

namespace {

// FTS4 keeps the segments of a language under its own levels (fts3Int.h, FTS3_SEGDIR_MAXLEVEL).
constexpr std::int64_t kLevelsOfPart = 1024;

class Sweep final
{
public:
    Sweep(sql::Connection &connection, ProfileId profile, std::int64_t cut)
        : m_connection(connection)
        , m_profile(profile)
        , m_cut(cut)
    {
    }

    /// The first that finds something to do is the step.
    [[nodiscard]] Result<bool> step()
    {
        for (const auto one : { &Sweep::lines, &Sweep::blocksOfText, &Sweep::sizesOfText, &Sweep::checkpoints,
                                &Sweep::times, &Sweep::rows, &Sweep::freePages })
            if (auto done = (this->*one)(); !done || *done)
                return done;
        return false;
    }

private:
    [[nodiscard]] Result<std::int64_t> number(std::string_view sql, std::int64_t none = 0)
    {
        const auto found
            = m_connection.one(sql, [](const sql::Statement &row) { return row.maybeInteger(0); });
        if (!found)
            return tl::unexpected(found.error());
        return found->value_or(std::nullopt).value_or(none);
    }
    template <typename... Values>
    [[nodiscard]] Result<bool> remove(std::string_view sql, const Values &...values)
    {
        if (auto removed = m_connection.run(sql, values...); !removed)
            return tl::unexpected(removed.error());
        return m_connection.changes() > 0;
    }
    [[nodiscard]] Result<std::vector<std::int64_t>> oldest(std::string_view order, std::int64_t limit)
    {
        return m_connection.all(
            "SELECT id FROM calls WHERE profile_id = ? AND seq <= ? ORDER BY seq " + std::string(order)
                + " LIMIT ?",
            [](const sql::Statement &row) { return row.integer(0); }, m_profile, m_cut, limit);
    }

    /// A part of the text that goes as a whole is dropped as a whole; of the last one each line's words are
    /// forgotten, while the line is still there to read them from.
    [[nodiscard]] Result<bool> lines()
    {
        const auto ids = oldest("ASC", kSweepRows);
        if (!ids)
            return tl::unexpected(ids.error());
        if (ids->empty())
            return false;
        const auto last = oldest("DESC", 1);
        if (!last)
            return tl::unexpected(last.error());
        const std::int64_t part = ids->front() / kIdsInPart;
        const bool isWhole = part < last->front() / kIdsInPart;
        if (isWhole)
            if (auto dropped
                = remove("DELETE FROM calls_text_segdir WHERE level < ?", (part + 1) * kLevelsOfPart);
                !dropped || *dropped)
                return dropped;
        for (const auto id : *ids) {
            if (id / kIdsInPart != part)
                break;
            auto gone = isWhole ? Result<>() : m_connection.run("DELETE FROM calls_text WHERE docid = ?", id);
            if (gone)
                gone = m_connection.run("DELETE FROM calls WHERE id = ?", id);
            if (!gone)
                return tl::unexpected(gone.error());
        }
        return true;
    }
    /// Blocks are numbered upwards, so those of dropped parts lie below all that are in use.
    [[nodiscard]] Result<bool> blocksOfText()
    {
        constexpr auto kAll = std::numeric_limits<std::int64_t>::max();
        const auto used
            = number("SELECT min(start_block) FROM calls_text_segdir WHERE start_block > 0", kAll);
        const auto first = number("SELECT min(blockid) FROM calls_text_segments", kAll);
        if (!used || !first)
            return tl::unexpected(used ? first.error() : used.error());
        if (*first >= *used)
            return false;
        return remove("DELETE FROM calls_text_segments WHERE blockid < ?",
                      std::min(*used, *first + kSweepRows));
    }
    [[nodiscard]] Result<bool> sizesOfText()
    {
        const auto first = number("SELECT min(docid) FROM calls_text_docsize", 0);
        const auto line = number("SELECT min(id) FROM calls", 0);
        if (!first || !line)
            return tl::unexpected(first ? line.error() : first.error());
        if (*first >= *line)
            return false;
        return remove("DELETE FROM calls_text_docsize WHERE docid < ?",
                      std::min(*line, *first + 16 * kSweepRows));
    }
    [[nodiscard]] Result<bool> checkpoints()
    {
        return remove("DELETE FROM checkpoints WHERE profile_id = ?1 AND seq IN (SELECT seq FROM checkpoints "
                      "WHERE profile_id = ?1 AND seq < ?2 ORDER BY seq LIMIT ?3)",
                      m_profile, m_cut, kSweepRows);
    }
    [[nodiscard]] Result<bool> times()
    {
        return remove(
            "DELETE FROM call_blocks WHERE profile_id = ?1 AND block IN (SELECT block FROM call_blocks "
            "WHERE profile_id = ?1 AND block < ?2 ORDER BY block LIMIT ?3)",
            m_profile, (m_cut + 1) / kRowsInBlock, kSweepRows);
    }
    [[nodiscard]] Result<bool> rows()
    {
        return remove("DELETE FROM journal WHERE profile_id = ?1 AND seq IN (SELECT seq FROM journal "
                      "WHERE profile_id = ?1 AND seq <= ?2 ORDER BY seq LIMIT ?3)",
                      m_profile, m_cut, 2 * kSweepRows);
    }
    [[nodiscard]] Result<bool> freePages()
    {
        const auto before = number("PRAGMA freelist_count");
        if (!before)
            return tl::unexpected(before.error());
        if (*before <= kFreePagesKept)
            return false;
        const auto pages = std::min<std::int64_t>(kSweepRows, *before - kFreePagesKept);
        if (auto moved = m_connection.execute("PRAGMA incremental_vacuum(" + std::to_string(pages) + ")");
            !moved)
            return tl::unexpected(moved.error());
        const auto after = number("PRAGMA freelist_count");
        if (!after)
            return tl::unexpected(after.error());
        return *after < *before; // a file that is not made to give back keeps them
    }

    sql::Connection &m_connection;
    ProfileId m_profile;
    std::int64_t m_cut;
};

} // namespace

Result<bool> sweepCut(sql::Connection &connection, ProfileId profile)
{
    auto transaction = sql::Transaction::begin(connection, sql::Transaction::Sync::Later);
    if (!transaction)
        return tl::unexpected(transaction.error());
    const auto cut = connection.one(
        "SELECT seq FROM journal_cuts WHERE profile_id = ?",
        [](const sql::Statement &row) { return row.integer(0); }, profile);
    if (!cut)
        return tl::unexpected(cut.error());
    if (!*cut)
        return false;
    auto done = Sweep(connection, profile, **cut).step();
    if (!done || !*done)
        return done;
    if (auto committed = transaction->commit(); !committed)
        return tl::unexpected(committed.error());
    return true;
}

} // namespace gatehouse
