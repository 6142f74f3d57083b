// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/storage/records.h"

#include <optional>
#include <string>

namespace gatehouse {

/// Why a row does not follow from the one before it.
enum class BreakKind {
    Edited, ///< the row is not the one that was hashed
    Moved, ///< a genuine row stands in another's place
    Missing, ///< one row or more between this and the one before are gone
};

struct ChainBreak
{
    BreakKind kind = BreakKind::Edited;
    std::int64_t seq = 0; ///< the first bad row: the edited or moved one, or the first that is missing
    std::string detail;
};

/// Walks rows in order and checks each link: numbers, hashes, and that the columns beside the body say what
/// the body says. Where the walk begins is for verify.h to judge. Pure. Thread: any.
class ChainWalk final
{
public:
    explicit ChainWalk(ProfileId profile);

    /// The break at `row`, if there is one; the walk is over then.
    [[nodiscard]] std::optional<ChainBreak> take(const JournalRow &row);

    [[nodiscard]] std::int64_t count() const { return m_count; }
    [[nodiscard]] std::int64_t first() const { return m_first; }
    [[nodiscard]] std::int64_t last() const { return m_last; }
    /// What the first row names as the one before it: zeros at the beginning of a chain.
    [[nodiscard]] const Digest &before() const { return m_before; }

private:
    [[nodiscard]] std::optional<ChainBreak> misfit(const JournalRow &row) const;

    ProfileId m_profile;
    std::int64_t m_count = 0, m_first = 0, m_last = 0;
    Digest m_before{}, m_head{};
};

} // namespace gatehouse
