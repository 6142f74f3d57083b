// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/audit/chain.h"

#include "gateway_core/storage/journal_hash.h"

namespace gatehouse {

namespace {

constexpr std::int64_t kMovedReach = 4096; // places to look for a row's own; a guess costs one hash

/// The place that the row's hash was made for, if it is near.
std::optional<std::int64_t> ownPlace(ProfileId profile, JournalRow row)
{
    const std::int64_t here = row.seq;
    for (std::int64_t away = 1; away <= kMovedReach; ++away)
        for (const std::int64_t place : { here + away, here - away }) {
            row.seq = place;
            if (place > 0 && journalHash(profile, row) == row.hash)
                return place;
        }
    return std::nullopt;
}

/// The columns are copies for the database's sake: a changed copy is a changed row.
bool columnsAgree(const JournalRow &row)
{
    const Json body = Json::parse(row.body, nullptr, false);
    if (!body.is_object())
        return false;
    const auto text = [&body](const char *name) {
        const auto found = body.find(name);
        return found != body.end() && found->is_string() ? found->get<std::string>() : std::string();
    };
    const auto at = body.find("at");
    return at != body.end() && *at == row.at && text("kind") == row.kind && text("call") == row.callId;
}

} // namespace

ChainWalk::ChainWalk(ProfileId profile)
    : m_profile(profile)
{
}

std::optional<ChainBreak> ChainWalk::take(const JournalRow &row)
{
    if (auto found = misfit(row))
        return found;
    if (m_count++ == 0) {
        m_first = row.seq;
        m_before = row.prev;
    }
    m_last = row.seq;
    m_head = row.hash;
    return std::nullopt;
}

std::optional<ChainBreak> ChainWalk::misfit(const JournalRow &row) const
{
    const std::int64_t place = m_last + 1;
    const auto number = [](std::int64_t seq) { return std::to_string(seq); };
    if (m_count > 0 && row.seq > place)
        return ChainBreak{ BreakKind::Missing, place,
                           "rows " + number(place) + " to " + number(row.seq - 1) };
    if (m_count > 0 && row.seq < place)
        return ChainBreak{ BreakKind::Moved, row.seq,
                           "row " + number(row.seq) + " comes twice or out of order" };
    if (journalHash(m_profile, row) != row.hash) {
        if (const auto own = ownPlace(m_profile, row))
            return ChainBreak{ BreakKind::Moved, row.seq,
                               "row " + number(*own) + " stands in the place of row " + number(row.seq) };
        return ChainBreak{ BreakKind::Edited, row.seq,
                           "row " + number(row.seq) + " does not match its hash" };
    }
    // This row is whole: it is the one before that was exchanged, hash and all.
    if (m_count > 0 && row.prev != m_head)
        return ChainBreak{ BreakKind::Edited, m_last,
                           "row " + number(row.seq) + " follows another row " + number(m_last) };
    if (!columnsAgree(row))
        return ChainBreak{ BreakKind::Edited, row.seq,
                           "the columns of row " + number(row.seq) + " differ from its body" };
    return std::nullopt;
}

} // namespace gatehouse
