// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/agent/agent_api.h"

#include "gateway_core/api/route/request_schemas.h"

#include "gateway_core/api/route/error_table.h"
#include "gateway_core/api/route/limits.h"
#include "gateway_core/api/route/wire.h"
#include "gateway_core/grants/rights.h"

#include <algorithm>

namespace gatehouse {

// What it answers, and what openapi.json and /describe say of it.
std::span<const Route> AgentApi::routes()
{
    // clang-format off
    static constexpr std::array kRoutes{
        Route{ .method = Method::Get, .path = "/api/v1/agent-session", .access = Access::Agent, .kind = Kind::Read,
               .bodyLimit = 0, .summary = "Who am I, what may I do",
               .answer = to<&AgentApi::session>,
               .responses = {{ { 200, "agent:Agent client:OwnClient gateway:Gateway projects:GrantedProject[] limits:any" } }},
               .example = { true } },
        Route{ .method = Method::Post, .path = kToolPath, .access = Access::Agent, .kind = Kind::Write,
               .bodyLimit = 1_MiB, .summary = "Use a tool",
               .answer = to<&AgentApi::useTool>, .bodySchema = schema::kAnyObject },
    };
    // clang-format on
    static_assert(routesAreClosed(kRoutes) && answeredBy<AgentApi>(kRoutes));
    return kRoutes;
}

AgentApi::AgentApi(Registry &registry, CallPipeline &pipeline, PeerCache &sights, const Condition &condition)
    : m_registry(registry)
    , m_pipeline(pipeline)
    , m_sights(sights)
    , m_condition(condition)
{
}

Json grantsByProject(const Directory &directory, const AgentId &agent, std::int64_t now)
{
    std::map<ProjectId, Json> projects;
    if (const auto grants = directory.grants.find(agent); grants != directory.grants.end()) {
        for (const auto &[key, grant] : grants->second) {
            if (grant.answer == GrantPolicy::Off || (grant.until && *grant.until <= now))
                continue;
            Json &project = projects[grant.project];
            if (project.is_null()) {
                const bool every = grant.project == kEveryProject;
                project = { { "id", grant.project.text() },
                            { "name", every ? "Every project" : grant.projectName },
                            { "identifier", grant.projectIdentifier },
                            { "grants", Json::array() } };
            }
            project["grants"].push_back(
                { { "scope", grant.scope },
                  { "answer", nameOf(grant.answer) },
                  { "until", grant.until ? Json(wire::timeText(*grant.until)) : Json(nullptr) } });
        }
    }
    std::vector<Json> list;
    for (auto &[id, project] : projects)
        list.push_back(std::move(project));
    std::ranges::stable_sort(list, {},
                             [](const Json &project) { return project["name"].get<std::string>(); });
    return Json(std::move(list));
}

void AgentApi::session(RouteCall &call)
{
    const Client &client = *call.caller.client;
    const Directory &directory = *call.caller.directory;
    const Agent *agent = directory.agent(client.agent);
    if (!agent)
        return call.reply.fail(ErrorCode::Internal);
    call.reply.ok({ { "agent", wire::toJson(*agent) },
                    { "client",
                      { { "id", client.id.text() },
                        { "name", client.name },
                        { "token_tail", client.tokenTail },
                        { "expires_at", wire::timeText(client.expiresAt) } } },
                    { "gateway",
                      { { "name", "gatehouse" },
                        { "version", m_condition.version },
                        { "mode", nameOf(directory.profile.mode) },
                        { "mode_reason", directory.profile.modeReason } } },
                    { "projects", grantsByProject(directory, client.agent, m_registry.now()) },
                    { "limits", limitsJson() } });
}

void AgentApi::useTool(RouteCall &call)
{
    // An empty key is a client's mistake that would write twice, not a call without one.
    const auto isKey = [](const auto &header) { return header.first == "idempotency-key"; };
    const bool hasKey = std::ranges::any_of(call.request.headers, isKey);
    const std::string_view key = call.request.header("idempotency-key");
    if (hasKey && !wire::isIdempotencyKey(key))
        return call.reply.fail(ErrorCode::InvalidRequest, { { "field", "Idempotency-Key" } });

    Call begun;
    begun.requestId = call.request.id;
    begun.client = call.caller.client->id;
    begun.scopeLimit = call.caller.scopeLimit;
    begun.peer = m_sights.of(call.request.peer);
    begun.via = "rest";
    begun.tool = call.parameters.front();
    begun.arguments = std::move(call.body);
    begun.idempotencyKey = key;
    begun.traceparent = wire::checkedTraceparent(call.request.header("traceparent"));
    begun.delivery = [](const Result<Json> &result) {
        return Delivery{ std::to_string(result ? 200 : httpStatusOf(result.error().code)), {} };
    };

    // The answer may come before begin() returns; then there is nothing left to cancel.
    struct Running
    {
        CallId id;
        bool over = false;
    };
    auto running = std::make_shared<Running>();
    call.reply.responder()->onGone([&pipeline = m_pipeline, running] {
        if (!running->over)
            pipeline.lose(running->id);
    });
    running->id = m_pipeline.begin(std::move(begun), [reply = call.reply, running](const CallAnswer &answer) {
        running->over = true;
        Headers more;
        if (!answer.call.isEmpty())
            more.emplace_back("gatehouse-call-id", answer.call.text());
        if (answer.replayed)
            more.emplace_back("idempotent-replayed", "true");
        if (answer.result)
            reply.send(200, *answer.result, std::move(more));
        else
            reply.fail(answer.result.error(), std::move(more));
    });
}

} // namespace gatehouse
