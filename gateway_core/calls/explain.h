// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/calls/standing_yes.h"
#include "gateway_core/calls/tool.h"
#include "gateway_core/grants/rights.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse {

/// A call that nobody has made.
struct HypotheticalCall
{
    AgentId agent;
    ClientId client; ///< empty: any of the agent's
    std::optional<std::int64_t> scopeLimit; ///< of the client's login (Call::scopeLimit)
    const Tool *tool = nullptr;
    ProjectId project;
    std::vector<std::string> fields; ///< arguments that it would give, by name
};

/// What one step of the pipeline would say to it, now.
struct StepVerdict
{
    enum class Says { On, Ask, Stop };

    std::string_view step; ///< of docs/rest-api.md, Explain
    Says says = Says::On;
    std::string because; ///< an error code, or why it goes on
    Json details = Json::object();
    /// Of the approval step: the yes that lets it through; where it asks, those that cover an issue or a turn
    /// that the call might name.
    std::vector<TimedApproval> standing;
};

/// One scope that the call would need, and what the grants answer.
struct ScopeAnswer
{
    Scope scope;
    bool ofParent = false; ///< not on the call's own place, but on that of the parent issue
    GrantPolicy answer = GrantPolicy::Off;
};

/// All steps, also those behind one that stops: each is judged by itself.
struct Explanation
{
    std::vector<StepVerdict> steps;
    std::vector<ScopeAnswer> scopes;
    Decision decision;

    /// The first step that would refuse the call; null: none. Whether it could then be recorded and relayed
    /// is no decision: the last two steps say it.
    [[nodiscard]] const StepVerdict *refusal() const;
};

} // namespace gatehouse
