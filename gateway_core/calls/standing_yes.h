// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/grants/rights.h"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What a yes of the owner covers, beside the one call that was asked about (docs/adr/0041). Pure. Thread:
// any.
namespace gatehouse {

struct AskedCall;

inline constexpr auto kOnceReach = std::chrono::minutes(10);

/// How long a yes reaches.
enum class Reach { Once, Minutes15, Hour1, Hours8 };

[[nodiscard]] std::string_view nameOf(Reach reach); ///< once | 15m | 1h | 8h
[[nodiscard]] std::optional<Reach> reachNamed(std::string_view name);
[[nodiscard]] std::chrono::milliseconds timeOf(Reach reach);

/// Which calls a yes for a time lets through: always the same agent's and tool's in the same project, resting
/// on the same grants.
enum class Covers {
    Issue, ///< on the same issue
    Turn, ///< of the same client in the turn that it names
    Project,
};

[[nodiscard]] std::string_view nameOf(Covers covers); ///< issue | turn | project
[[nodiscard]] std::optional<Covers> coversNamed(std::string_view name);
/// What the owner can choose for this question, narrowest first.
[[nodiscard]] std::vector<Covers> choicesFor(const AskedCall &asked);

/// The owner's yes as it is given. Without `covers`: the narrowest that the question offers.
struct Yes
{
    // NOLINTNEXTLINE(google-explicit-constructor): once is the whole of most yeses
    Yes(Reach time = Reach::Once, std::optional<Covers> what = {})
        : reach(time)
        , covers(what)
    {
    }
    Reach reach;
    std::optional<Covers> covers;
};

/// The yes that let a call through, for its record.
struct GivenYes
{
    ApprovalId approval; ///< the question that it answered
    std::int64_t givenAt = 0; ///< wall time
    bool stood = false; ///< it was there before the call: nobody was asked
};

/// A yes for a time. In memory only: after a restart the owner is asked again.
struct TimedApproval
{
    ApprovalId id; ///< of the question it answered
    AgentId agent;
    std::string agentName;
    ClientId client; ///< that asked; the yes is bound to it for Covers::Turn
    std::string clientName;
    std::string tool;
    ProjectId project;
    std::string projectName;
    Covers covers = Covers::Project;
    std::string issueId, issue; ///< of Covers::Issue: the id, and what people call it
    std::string turn; ///< of Covers::Turn
    std::vector<AskingGrant> grants; ///< what it rests on
    std::int64_t givenAt = 0; ///< wall time, as Registry::now() has it
    std::int64_t until = 0;
    std::optional<std::int64_t> lastUsedAt;
    int uses = 0;
};

[[nodiscard]] TimedApproval standingYesOf(const ApprovalId &id, const AskedCall &asked, Covers covers,
                                          std::int64_t now, std::int64_t until);
/// True while its time lasts, its agent is active, and every grant that it rests on says what it said.
[[nodiscard]] bool stands(const TimedApproval &yes, const Directory &directory, std::int64_t now);
/// True if this grant is one of those that it rests on.
[[nodiscard]] bool restsOn(const TimedApproval &yes, const Grant &grant);
/// Of the yeses that rest on this grant the widest, and of these the longest; null: none does.
[[nodiscard]] const TimedApproval *widestOn(const Grant &grant, const std::vector<TimedApproval> &standing);
/// True if it lets this call through, as long as it stands: it covers it, and no grant asks that it does not
/// rest on.
[[nodiscard]] bool letsThrough(const TimedApproval &yes, const AskedCall &asked);

} // namespace gatehouse
