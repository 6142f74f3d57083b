// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/calls/explain.h"

#include "gateway_core/calls/call_pipeline_inside.h"

#include <algorithm>

namespace gatehouse {

namespace {

using Says = StepVerdict::Says;

constexpr std::string_view kAfterTheDecision = "record";

StepVerdict on(std::string_view step, std::string because = "ok", Json details = Json::object())
{
    return { step, Says::On, std::move(because), std::move(details), {} };
}

StepVerdict stop(std::string_view step, ErrorCode code, Json details = Json::object())
{
    return { step,
             Says::Stop,
             std::string(nameOf(code)),
             details.is_object() ? std::move(details) : Json::object(),
             {} };
}

bool isGood(const Client &client, std::int64_t now)
{
    return !client.revokedAt && client.expiresAt > now;
}

/// Arguments that do what the fields say. No step that is foreseen looks at their values.
Json argumentsOf(const HypotheticalCall &call)
{
    Json arguments = Json::object();
    for (const std::string &field : call.fields)
        arguments[field] = "";
    if (call.tool->inputSchema.at("properties").contains("project"))
        arguments["project"] = call.project.text();
    return arguments;
}

StepVerdict mode(const Directory &directory)
{
    switch (directory.profile.mode) {
    case Mode::Running: return on("mode");
    case Mode::Paused:
        return stop("mode", ErrorCode::GatewayPaused, { { "reason", directory.profile.modeReason } });
    case Mode::Draining:
        return stop("mode", ErrorCode::GatewayDraining, { { "reason", directory.profile.modeReason } });
    }
    return stop("mode", ErrorCode::GatewayPaused);
}

StepVerdict agent(const Agent &asked)
{
    return asked.state == AgentState::Active ? on("agent") : stop("agent", ErrorCode::AgentPaused);
}

StepVerdict client(const Directory &directory, const HypotheticalCall &call, std::int64_t now)
{
    const auto mayCome = [&](const auto &entry) {
        return entry.second.agent == call.agent && isGood(entry.second, now)
            && (call.client.isEmpty() || entry.second.id == call.client);
    };
    const auto good = std::ranges::count_if(directory.clients, mayCome);
    return good > 0 ? on("client", "ok", { { "clients", good } })
                    : stop("client", ErrorCode::Unauthorized, { { "clients", 0 } });
}

StepVerdict ask(const Approvals &approvals, const HypotheticalCall &call, const Decision &decision)
{
    if (decision.answer == GrantPolicy::Allow)
        return on("approval", "not_asked");
    if (decision.answer == GrantPolicy::Off)
        return on("approval", "not_reached");
    AskedCall asked;
    asked.agent = call.agent;
    asked.tool = call.tool->name;
    asked.project = call.project;
    asked.asking = decision.asking;
    StepVerdict seen{ "approval", Says::Ask, std::string(nameOf(decision.answer)), Json::object(), {} };
    for (const TimedApproval &yes : approvals.standing()) {
        if (letsThrough(yes, asked)) {
            seen = on("approval", "standing_yes", { { "approval_id", yes.id.text() } });
            seen.standing = { yes };
            return seen;
        }
        if (yes.agent == call.agent && yes.tool == call.tool->name && yes.project == call.project)
            seen.standing.push_back(yes);
    }
    if (approvals.isFull(call.client))
        return stop("approval", ErrorCode::ApprovalsFull, { { "open", approvals.open().size() } });
    return seen;
}

StepVerdict waiting(std::string_view step, std::int64_t milliseconds)
{
    return milliseconds > 0
        ? stop(step, ErrorCode::RateLimited, { { "retry_after", (milliseconds + 999) / 1000 } })
        : on(step);
}

} // namespace

const StepVerdict *Explanation::refusal() const
{
    for (const StepVerdict &step : steps) {
        if (step.step == kAfterTheDecision)
            break;
        if (step.says == Says::Stop)
            return &step;
    }
    return nullptr;
}

/// The steps' own functions judge wherever they change nothing; rates are asked on a copy.
Explanation CallPipeline::explain(const HypotheticalCall &call) const
{
    const Inside &in = *m_inside;
    const DirectoryPtr directory = in.registry.current();
    const std::int64_t now = in.registry.now();
    const Agent *asked = directory->agent(call.agent);
    Explanation seen;
    if (!asked)
        return seen;

    ToolFamily &family = familyOf(*call.tool);
    const CallerRights rights(directory, call.agent, call.scopeLimit, now);
    const std::vector<Need> needs
        = family.needsAt(*call.tool, argumentsOf(call), Place::of({ call.project, {}, {} }));
    const auto decided = rights.decide(needs, call.tool->writes, seen.decision);
    for (const Need &need : needs) {
        for (const Scope scope : need.scopes)
            seen.scopes.push_back(
                { scope, &need != &needs.front(),
                  decide(*directory, call.agent, call.project, std::array{ scope }, now).answer });
    }

    const bool unseen = !decided && decided.error().code == ErrorCode::NotFound;
    auto &steps = seen.steps;
    steps.push_back(mode(*directory));
    steps.push_back(agent(*asked));
    steps.push_back(client(*directory, call, now));
    steps.push_back(unseen ? stop("project", ErrorCode::NotFound) : on("project"));
    steps.push_back(decided || unseen ? on("grants", decided ? "granted" : "not_reached")
                                      : stop("grants", decided.error().code, decided.error().details));

    const std::int64_t sinceBoot = in.clock.sinceBoot();
    Rate rate = call.tool->writes ? in.writes : in.reads;
    steps.push_back(waiting("rate", rate.take(call.agent.text(), 1, sinceBoot)));
    const Readiness readiness = family.readiness(call.agent, call.tool->writes);
    steps.push_back(waiting("budget", readiness.waitMs));
    steps.push_back(ask(in.approvals, call, decided ? seen.decision : Decision{}));
    steps.push_back(in.journal.isHealthy() ? on(kAfterTheDecision)
                                           : stop(kAfterTheDecision, ErrorCode::AuditUnavailable));
    steps.push_back(readiness.configured ? on("relay") : stop("relay", ErrorCode::UpstreamNotConfigured));
    return seen;
}

} // namespace gatehouse
