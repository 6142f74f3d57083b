// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/owner/owner_explain.h"

#include "gateway_core/api/route/error_table.h"
#include "gateway_core/api/route/wire.h"
#include "gateway_core/storage/enum_names.h"
#include "gateway_core/calls/explain.h"

namespace gatehouse {

namespace {

constexpr std::size_t kFieldsTextMost = 1024;

std::string_view nameOf(StepVerdict::Says says)
{
    switch (says) {
    case StepVerdict::Says::On: return "on";
    case StepVerdict::Says::Ask: return "ask";
    case StepVerdict::Says::Stop: return "stop";
    }
    return {};
}

Result<std::vector<std::string>> fieldsOf(const ToolFamily &family, const Tool &tool, std::string_view text)
{
    if (text.size() > kFieldsTextMost)
        return tl::unexpected<Error>(fieldProblem("fields", "too long"));
    std::vector<std::string> fields;
    while (!text.empty()) {
        const std::string_view name = text.substr(0, text.find(','));
        text.remove_prefix(std::min(name.size() + 1, text.size()));
        fields.push_back(family.argumentNamed(tool, name));
        if (fields.back().empty())
            return tl::unexpected<Error>(
                fieldProblem("fields", "names an argument that the tool does not take"));
    }
    return fields;
}

Json stepsJson(const Explanation &seen)
{
    Json steps = Json::array();
    for (const StepVerdict &step : seen.steps) {
        Json details = step.details;
        for (const TimedApproval &yes : step.standing)
            details["standing_yeses"].push_back(wire::toJson(yes));
        if (step.says == StepVerdict::Says::On && !step.standing.empty()) {
            details["allowed_until"] = wire::timeText(step.standing.front().until);
            details["covers"] = nameOf(step.standing.front().covers);
        }
        steps.push_back({ { "step", step.step },
                          { "says", nameOf(step.says) },
                          { "because", step.because },
                          { "details", std::move(details) } });
    }
    return steps;
}

Json scopesJson(const Explanation &seen)
{
    Json scopes = Json::array();
    for (const ScopeAnswer &answer : seen.scopes)
        scopes.push_back({ { "scope", nameOf(answer.scope) },
                           { "project", answer.ofParent ? "of_the_parent" : "own" },
                           { "answer", nameOf(answer.answer) } });
    return scopes;
}

} // namespace

// What it answers, and what openapi.json and /describe say of it.
std::span<const Route> OwnerExplain::routes()
{
    // clang-format off
    static constexpr std::array kRoutes{
        Route{ .method = Method::Get, .path = "/api/v1/explain", .access = Access::Owner, .kind = Kind::Read,
               .bodyLimit = 0, .summary = "What would happen to a call, and why",
               .answer = to<&OwnerExplain::explain>,
               .query = "agent_id:text project_id:text tool:text client_id:text? fields:text?",
               .responses = {{ { 200, "agent:Agent tool:text project_id:text fields:text[] mode:running/paused/draining verdict:allow/ask/ask_with_pin/refused because:text scope:text scopes:ScopeAnswer[] grants:text steps:ExplainedStep[]" } }},
               .example = { true, "agent_id={agent}&project_id={project}&tool=tasker_create_issue&fields=state,labels" } },
    };
    // clang-format on
    static_assert(routesAreClosed(kRoutes) && answeredBy<OwnerExplain>(kRoutes)
                  && onlyTheOwnerComesIn(kRoutes));
    return kRoutes;
}

OwnerExplain::OwnerExplain(const CallPipeline &pipeline, const Logins &logins)
    : m_pipeline(pipeline)
    , m_logins(logins)
{
}

void OwnerExplain::explain(RouteCall &call)
{
    const Directory &directory = *call.caller.directory;
    const Agent *agent = directory.agent(AgentId(call.request.queryValue("agent_id")));
    HypotheticalCall asked;
    asked.tool = m_pipeline.catalogue().find(call.request.queryValue("tool"));
    asked.project = ProjectId(call.request.queryValue("project_id"));
    const std::string clientId = call.request.queryValue("client_id");
    const Client *client = directory.client(ClientId(clientId));
    const bool clientIsTheirs = clientId.empty() || (client && agent && client->agent == agent->id);
    if (!agent || !asked.tool || asked.project.isEmpty() || !clientIsTheirs) {
        const char *missing = !agent  ? "agent_id"
            : !asked.tool             ? "tool"
            : asked.project.isEmpty() ? "project_id"
                                      : "client_id";
        return call.reply.fail(ErrorCode::NotFound, { { "missing", missing } });
    }
    auto fields = fieldsOf(m_pipeline.familyOf(*asked.tool), *asked.tool, call.request.queryValue("fields"));
    if (!fields)
        return call.reply.fail(fields.error());
    asked.agent = agent->id;
    asked.fields = std::move(*fields);
    if (client) {
        asked.client = client->id;
        asked.scopeLimit = m_logins.limitOf(client->id);
    }

    const Explanation seen = m_pipeline.explain(asked);
    const StepVerdict *refusal = seen.refusal();
    call.reply.ok({ { "agent", wire::toJson(*agent) },
                    { "tool", asked.tool->name },
                    { "project_id", asked.project.text() },
                    { "fields", asked.fields },
                    { "mode", nameOf(directory.profile.mode) },
                    { "verdict", refusal ? "refused" : nameOf(seen.decision.answer) },
                    { "because", refusal ? refusal->because : "grant" },
                    { "scope", nameOf(asked.tool->scope) },
                    { "scopes", scopesJson(seen) },
                    { "grants", seen.decision.grants },
                    { "steps", stepsJson(seen) } });
}

} // namespace gatehouse
