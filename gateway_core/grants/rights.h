// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/grants/place.h"
#include "gateway_core/grants/scope.h"
#include "gateway_core/storage/enum_names.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse {

struct Directory;

/// A grant that wants the owner asked: on which project it spoke, and where it stands.
struct AskingGrant
{
    ProjectId project;
    ProjectId stands; ///< the project, or every project
    Scope scope = Scope::ProjectsRead;
    GrantPolicy answer = GrantPolicy::Ask; ///< Ask | AskWithPin
    std::int64_t revision = 0;
    bool operator==(const AskingGrant &) const = default;
};

/// What the grants say to one call, and which of them said it.
struct Decision
{
    GrantPolicy answer = GrantPolicy::Off; ///< the strictest over all scopes: Off > AskWithPin > Ask > Allow
    std::string grants; ///< "issues:create=allow@12 labels:write=ask@9", for the journal
    std::int64_t revision = 0; ///< the newest revision that took part; an approval is bound to it
    std::vector<Scope> missing; ///< why it is Off
    std::vector<AskingGrant> asking; ///< what a yes of the owner rests on
};

/// The union of two decisions: the stricter answer, all grants that took part.
[[nodiscard]] Decision both(Decision first, const Decision &second);
/// A grant that lets something happen now.
[[nodiscard]] bool stands(const Grant &grant, std::int64_t now);

/// The decision for every scope in `needed` on `project`. For one scope, the grant on the project
/// beats the wildcard, also where it says Off; an expired grant is no grant. Nothing needed, nothing granted:
/// an empty `needed` is Off. `now` is Registry::now(), max(wall clock, latest wall time stored). Pure; no
/// lock, no database. Thread: any.
[[nodiscard]] Decision decide(const Directory &directory, const AgentId &agent, const ProjectId &project,
                              std::span<const Scope> needed, std::int64_t now);
/// The same for a place of any kind. Profile: only the grants on every project are asked. Granted: allowed
/// where each scope is held on at least one project.
[[nodiscard]] Decision decide(const Directory &directory, const AgentId &agent, const Place &place,
                              std::span<const Scope> needed, std::int64_t now);

/// True if the agent has `scope` (allowed or asked) on at least one project.
[[nodiscard]] bool holdsAnywhere(const Directory &directory, const AgentId &agent, Scope scope,
                                 std::int64_t now);
/// True if the agent may know that the project exists: any scope of the tracker on it that is not off.
[[nodiscard]] bool maySee(const Directory &directory, const AgentId &agent, const ProjectId &project,
                          std::int64_t now);
/// The agent's grant of this scope on every project, also one that has ended; null: there is none.
[[nodiscard]] const Grant *wildcardOf(const Directory &directory, const AgentId &agent,
                                      const std::string &scope);
/// True if a grant of `after` lets more happen than `before` did: it needs step-up. Wider is: from off to
/// anything, a looser answer, a later end or none, every project instead of one, another agent, project
/// or scope than before. A `before` that never was is a Grant with GrantPolicy::Off.
[[nodiscard]] bool isWider(const Grant &before, const Grant &after);
/// True if putting `after` in place of what the directory holds for its agent, project and scope lets
/// more happen. Besides isWider() it sees the looser wildcard that comes to the front when a stricter
/// grant on one project is made to end sooner. Off never widens: it is kept, and wins over the wildcard.
[[nodiscard]] bool widens(const Directory &directory, const Grant &after, std::int64_t now);
/// The same for taking away what the directory holds for the agent, project and scope of `grant`: true if
/// a looser wildcard speaks there from then on.
[[nodiscard]] bool removalWidens(const Directory &directory, const Grant &grant, std::int64_t now);

} // namespace gatehouse
