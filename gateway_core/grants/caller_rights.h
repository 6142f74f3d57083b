// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/grants/place.h"
#include "gateway_core/grants/rights.h"
#include "gateway_core/identity/directory.h"

#include <cstdint>
#include <optional>
#include <span>

namespace gatehouse {

/// What one caller may do at one moment: its agent's grants, narrowed by its login. Taken anew for every
/// decision. Thread: any.
class CallerRights final
{
public:
    /// `scopeLimit`: bit set over Scope, of an OAuth login; nullopt: not narrowed. `now`: Registry::now().
    CallerRights(DirectoryPtr directory, AgentId agent, std::optional<std::int64_t> scopeLimit,
                 std::int64_t now);

    /// The union of these needs, the strictest answer wins: Allow, Ask or AskWithPin. ScopeDenied {missing}:
    /// a scope that is off, or beyond the login. NotFound: a place that the agent may not know of. `decision`
    /// is set wherever the grants were asked, also where they said Off: it goes on record.
    [[nodiscard]] Result<> decide(std::span<const Need> needs, bool writes, Decision &decision) const;
    /// Allowed without a question.
    [[nodiscard]] bool allows(Scope scope, const Place &place) const;

    [[nodiscard]] const Directory &directory() const { return *m_directory; }
    [[nodiscard]] const AgentId &agent() const { return m_agent; }
    [[nodiscard]] std::int64_t now() const { return m_now; }

private:
    DirectoryPtr m_directory;
    AgentId m_agent;
    std::optional<std::int64_t> m_scopeLimit;
    std::int64_t m_now;
};

} // namespace gatehouse
