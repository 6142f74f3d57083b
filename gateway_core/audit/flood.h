// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/audit/event.h"
#include "gateway_core/base/result.h"

#include <map>
#include <set>
#include <string>
#include <utility>

namespace gatehouse {

inline constexpr std::size_t kFloodPlaces = 64; ///< tools and projects with a whole row of their own
inline constexpr std::size_t kFloodTools = 16; ///< counted by name; the rest together

/// The refusals of one client (of one uid where there is none) for one reason, within one window: each tool
/// and project has one whole row, what comes more is counted (docs/adr/0136). Thread: core.
class Flood final
{
public:
    struct Key
    {
        std::string who; ///< empty: whoever came when all places were taken
        ErrorCode reason = ErrorCode::Internal;
        auto operator<=>(const Key &) const = default;
    };
    [[nodiscard]] static Key keyOf(const Event &event, ErrorCode reason);

    /// True: this one is to be written whole. False: it is counted.
    [[nodiscard]] bool take(const Event &event, std::int64_t at);
    [[nodiscard]] bool isCounting() const { return m_more > 0; }
    /// What the window comes to: the one refusal itself, or a row that counts them, whose they were and of
    /// which tools. `at`: now.
    [[nodiscard]] JournalRow row(const Key &key, std::int64_t seconds, std::int64_t at) const;

private:
    using PlaceOfRefusal = std::pair<std::string, std::string>; ///< tool, project

    std::set<PlaceOfRefusal> m_places;
    Event m_last;
    std::int64_t m_lastAt = 0;
    int m_more = 0;
    std::map<std::string, int> m_tools;
    std::set<std::string> m_projects;
};

} // namespace gatehouse
