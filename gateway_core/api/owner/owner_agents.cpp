// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/owner/owner_agents.h"

#include "gateway_core/api/route/request_schemas.h"

#include "gateway_core/api/route/error_table.h"
#include "gateway_core/api/owner/owner_caller.h"
#include "gateway_core/api/route/wire.h"
#include "gateway_core/grants/rights.h"
#include "gateway_core/grants/scope.h"

#include <algorithm>

namespace gatehouse {

namespace {

bool sameText(const std::string &left, const std::string &right)
{
    return QString::fromStdString(left).compare(QString::fromStdString(right), Qt::CaseInsensitive) == 0;
}

/// What is left out is not compared; what is named must be us.
bool isOwner(const Profile &profile, const Json &body)
{
    const std::string user = wire::text(body, "owner_user_id");
    const std::string email = wire::text(body, "owner_email");
    return (user.empty() || user == profile.ownerUserId)
        && (email.empty() || sameText(email, profile.ownerEmail));
}

Json tokenOnce(const std::pair<Client, Secret> &minted)
{
    Json json = wire::toJson(minted.first);
    json["token"] = minted.second.text();
    return json;
}

template <typename Map> auto sortedByAge(const Map &map)
{
    std::vector<const typename Map::mapped_type *> items;
    for (const auto &[id, item] : map)
        items.push_back(&item);
    std::ranges::sort(items, {},
                      [](const auto *item) { return std::pair(item->createdAt, item->id.text()); });
    return items;
}

} // namespace

// What it answers, and what openapi.json and /describe say of it.
std::span<const Route> OwnerAgents::routes()
{
    // clang-format off
    static constexpr std::string_view kCreateAgent = R"({
  "type":"object","additionalProperties":false,"required":["display_name"],"properties":{
    "display_name":{"type":"string","minLength":1,"maxLength":80},
    "owner_user_id":{"type":"string","minLength":1,"maxLength":128},
    "owner_email":{"type":"string","minLength":3,"maxLength":254}}})";
    static constexpr std::string_view kChangeAgent = R"({
  "type":"object","additionalProperties":false,"minProperties":1,"properties":{
    "display_name":{"type":"string","minLength":1,"maxLength":80},
    "state":{"enum":["active","paused","retired"]}}})";
    static constexpr std::string_view kPutGrants = R"({
  "type":"object","additionalProperties":false,"required":["project_id","scopes","answer"],"properties":{
    "project_id":{"type":"string","minLength":1,"maxLength":64},
    "project_name":{"type":"string","maxLength":255},
    "project_identifier":{"type":"string","maxLength":12},
    "scopes":{"type":"array","minItems":1,"maxItems":32,"uniqueItems":true,
              "items":{"type":"string","minLength":1,"maxLength":64}},
    "answer":{"enum":["off","allow","ask","ask_with_pin"]},
    "until":{"type":["string","null"],"maxLength":40}}})";
    static constexpr std::string_view kNamed = R"({
  "type":"object","additionalProperties":false,"required":["name"],"properties":{
    "name":{"type":"string","minLength":1,"maxLength":80}}})";
    static constexpr std::array kRoutes{
        Route{ .method = Method::Get, .path = "/api/v1/agents", .access = Access::Owner, .kind = Kind::Read,
               .bodyLimit = 0, .summary = "The agents",
               .answer = to<&OwnerAgents::list>,
               .responses = {{ { 200, "agents:Agent[]" } }},
               .example = { true } },
        Route{ .method = Method::Post, .path = "/api/v1/agents", .access = Access::Owner, .kind = Kind::Write,
               .bodyLimit = 8_KiB, .summary = "Create an agent",
               .answer = to<&OwnerAgents::create>, .bodySchema = kCreateAgent,
               .responses = {{ { 201, "Agent" } }},
               .example = { true, {}, R"({"display_name":"Reviewer"})" } },
        Route{ .method = Method::Get, .path = "/api/v1/agents/{id}", .access = Access::Owner, .kind = Kind::Read,
               .bodyLimit = 0, .summary = "One agent",
               .answer = to<&OwnerAgents::show>,
               .responses = {{ { 200, "Agent" } }},
               .example = { true } },
        Route{ .method = Method::Patch, .path = "/api/v1/agents/{id}", .access = Access::Owner, .kind = Kind::Write,
               .bodyLimit = 8_KiB, .summary = "Rename, pause, resume or retire it",
               .answer = to<&OwnerAgents::change>, .bodySchema = kChangeAgent,
               .responses = {{ { 200, "Agent" } }},
               .example = { true, {}, R"({"state":"paused"})" } },
        Route{ .method = Method::Get, .path = "/api/v1/agents/{id}/grants", .access = Access::Owner, .kind = Kind::Read,
               .bodyLimit = 0, .summary = "Its grants",
               .answer = to<&OwnerAgents::grants>,
               .responses = {{ { 200, "grants:Grant[]" } }},
               .example = { true } },
        Route{ .method = Method::Put, .path = "/api/v1/agents/{id}/grants", .access = Access::Owner, .kind = Kind::Write,
               .bodyLimit = 16_KiB, .summary = "Give, change or take away grants",
               .answer = to<&OwnerAgents::putGrants>, .bodySchema = kPutGrants,
               .responses = {{ { 200, "grants:Grant[]" } }} },
        Route{ .method = Method::Delete, .path = "/api/v1/agents/{id}/grants/{grant}", .access = Access::Owner, .kind = Kind::Write,
               .bodyLimit = 0, .summary = "Take a grant away",
               .answer = to<&OwnerAgents::removeGrant>,
               .responses = {{ { 204, "" } }} },
        Route{ .method = Method::Get, .path = "/api/v1/agents/{id}/tokens", .access = Access::Owner, .kind = Kind::Read,
               .bodyLimit = 0, .summary = "Its clients and their tokens",
               .answer = to<&OwnerAgents::tokens>,
               .responses = {{ { 200, "tokens:Client[]" } }},
               .example = { true } },
        Route{ .method = Method::Post, .path = "/api/v1/agents/{id}/tokens", .access = Access::OwnerStepUp, .kind = Kind::Write,
               .bodyLimit = 8_KiB, .summary = "Mint a token, shown once",
               .answer = to<&OwnerAgents::mintToken>, .bodySchema = kNamed,
               .responses = {{ { 201, "MintedClient" } }} },
        Route{ .method = Method::Post, .path = "/api/v1/agents/{id}/tokens/{token}/rotate", .access = Access::OwnerStepUp, .kind = Kind::Write,
               .bodyLimit = 8_KiB, .summary = "Replace a token, shown once",
               .answer = to<&OwnerAgents::rotateToken>, .bodySchema = schema::kEmpty,
               .responses = {{ { 200, "MintedClient" } }} },
        Route{ .method = Method::Delete, .path = "/api/v1/agents/{id}/tokens/{token}", .access = Access::Owner, .kind = Kind::Write,
               .bodyLimit = 0, .summary = "Revoke a token",
               .answer = to<&OwnerAgents::revokeToken>,
               .responses = {{ { 204, "" } }} },
    };
    // clang-format on
    static_assert(routesAreClosed(kRoutes) && answeredBy<OwnerAgents>(kRoutes)
                  && onlyTheOwnerComesIn(kRoutes));
    return kRoutes;
}

OwnerAgents::OwnerAgents(OwnerService &owner, Registry &registry, const Approvals &approvals)
    : m_owner(owner)
    , m_registry(registry)
    , m_approvals(approvals)
{
}

const Agent *OwnerAgents::agentOf(const RouteCall &call) const
{
    const Agent *agent = call.caller.directory->agent(AgentId(call.parameters.front()));
    if (!agent)
        call.reply.fail(ErrorCode::NotFound);
    return agent;
}

const Client *OwnerAgents::tokenOf(const RouteCall &call) const
{
    const Client *client = call.caller.directory->client(ClientId(call.parameters.at(1)));
    if (client && client->agent.text() == call.parameters.front())
        return client;
    call.reply.fail(ErrorCode::NotFound);
    return nullptr;
}

void OwnerAgents::list(RouteCall &call)
{
    Json agents = Json::array();
    for (const Agent *agent : sortedByAge(call.caller.directory->agents))
        agents.push_back(wire::toJson(*agent));
    call.reply.ok({ { "agents", std::move(agents) } });
}

void OwnerAgents::create(RouteCall &call)
{
    if (!isOwner(call.caller.directory->profile, call.body))
        return call.reply.fail(ErrorCode::OwnerMismatch);
    m_owner.createAgent(ownerOf(call), wire::text(call.body, "display_name"),
                        [reply = call.reply](const Result<Agent> &agent) {
                            reply.answer(agent, 201, [](const Agent &made) { return wire::toJson(made); });
                        });
}

void OwnerAgents::show(RouteCall &call)
{
    if (const Agent *agent = agentOf(call))
        call.reply.ok(wire::toJson(*agent));
}

void OwnerAgents::change(RouteCall &call)
{
    const Agent *agent = agentOf(call);
    if (!agent)
        return;
    const OwnerCaller owner = ownerOf(call);
    const AgentId id = agent->id;
    const std::string name = wire::text(call.body, "display_name");
    const auto state = kAgentStateWords.named(wire::text(call.body, "state"));
    const auto answer = [reply = call.reply](const Result<Agent> &changed) {
        reply.answer(changed, 200, [](const Agent &now) { return wire::toJson(now); });
    };
    if (name.empty())
        return m_owner.setAgentState(owner, id, *state, answer);
    // The state first: it is the half that may need the PIN, and then nothing has been changed yet.
    if (!state)
        return m_owner.renameAgent(owner, id, name, answer);
    m_owner.setAgentState(owner, id, *state, [this, owner, id, name, answer](const Result<Agent> &changed) {
        if (!changed)
            return answer(changed);
        m_owner.renameAgent(owner, id, name, answer);
    });
}

void OwnerAgents::grants(RouteCall &call)
{
    const Agent *agent = agentOf(call);
    if (!agent)
        return;
    const auto standing = m_approvals.standing();
    Json grants = Json::array();
    if (const auto held = call.caller.directory->grants.find(agent->id);
        held != call.caller.directory->grants.end()) {
        for (const auto &[key, grant] : held->second)
            grants.push_back(wire::toJson(grant, standing));
    }
    call.reply.ok({ { "grants", std::move(grants) } });
}

/// One PUT on its way: the same answer for each of its scopes.
struct OwnerAgents::GrantRun
{
    OwnerCaller owner;
    GrantRequest request;
    std::vector<std::string> scopes;
    std::size_t next = 0;
    Json done = Json::array();
    Reply reply;
};

void OwnerAgents::putGrants(RouteCall &call)
{
    const Agent *agent = agentOf(call);
    if (!agent)
        return;
    GrantRequest request;
    request.agent = agent->id;
    request.project = ProjectId(wire::text(call.body, "project_id"));
    request.projectName = wire::text(call.body, "project_name");
    request.projectIdentifier = wire::text(call.body, "project_identifier");
    request.answer = *kAnswerWords.named(wire::text(call.body, "answer"));
    if (const std::string until = wire::text(call.body, "until"); !until.empty()) {
        request.until = wire::timeOf(until);
        if (!request.until)
            return call.reply.fail(fieldProblem("/until", "not a date-time with an offset"));
    }
    auto scopes = call.body["scopes"].get<std::vector<std::string>>();
    for (std::size_t i = 0; i < scopes.size(); ++i) {
        if (!scopeNamed(scopes[i]))
            return call.reply.fail(
                fieldProblem("/scopes/" + std::to_string(i), "is none of " + wire::scopeNames().dump()));
    }
    nameProject(std::make_shared<GrantRun>(
        GrantRun{ ownerOf(call), std::move(request), std::move(scopes), 0, Json::array(), call.reply }));
}

/// Grants keep what Tasker calls the project. Not knowing it is no reason to refuse.
void OwnerAgents::nameProject(std::shared_ptr<GrantRun> run)
{
    GrantRequest &request = run->request;
    const bool isOff = request.answer == GrantPolicy::Off;
    const auto isKept = [&](const std::string &scope) {
        return wildcardOf(*m_registry.current(), request.agent, scope) != nullptr;
    };
    // Off is kept under a wildcard alone, and then with Tasker's name: the caller's is not taken without the
    // PIN.
    if (request.project == kEveryProject || (isOff && std::ranges::none_of(run->scopes, isKept))
        || (!isOff && !request.projectName.empty()))
        return putNext(std::move(run));
    for (const auto &[agent, held] : m_registry.current()->grants) {
        for (const auto &[key, grant] : held) {
            if (grant.project != request.project || grant.projectName.empty())
                continue;
            request.projectName = grant.projectName;
            request.projectIdentifier = grant.projectIdentifier;
            return putNext(std::move(run));
        }
    }
    m_owner.findProjects(run->owner, request.project.text(), 10, [this, run](const Result<Json> &found) {
        for (const Json &match : found ? found->value("matches", Json::array()) : Json::array()) {
            const Json project = match.value("project", Json::object());
            if (wire::text(project, "id") != run->request.project.text())
                continue;
            run->request.projectName = wire::text(project, "name");
            run->request.projectIdentifier = wire::text(project, "identifier");
            run->request.isNamedByTasker = true;
        }
        putNext(run);
    });
}

void OwnerAgents::putNext(std::shared_ptr<GrantRun> run)
{
    if (run->next == run->scopes.size())
        return run->reply.ok({ { "grants", std::move(run->done) } });
    run->request.scope = run->scopes[run->next++];
    m_owner.putGrant(run->owner, run->request, [this, run](const Result<Grant> &grant) {
        if (!grant)
            return run->reply.fail(grant.error());
        run->done.push_back(wire::toJson(*grant));
        putNext(run);
    });
}

void OwnerAgents::removeGrant(RouteCall &call)
{
    const Agent *agent = agentOf(call);
    if (!agent)
        return;
    if (const auto held = call.caller.directory->grants.find(agent->id);
        held != call.caller.directory->grants.end()) {
        for (const auto &[key, grant] : held->second) {
            if (grant.id.text() != call.parameters.at(1))
                continue;
            GrantRequest request{ grant.agent, grant.project, {}, {}, grant.scope, GrantPolicy::Off, {} };
            request.removes = true;
            return m_owner.putGrant(ownerOf(call), request,
                                    [reply = call.reply](const Result<Grant> &removed) {
                                        removed ? reply.noContent() : reply.fail(removed.error());
                                    });
        }
    }
    call.reply.fail(ErrorCode::NotFound);
}

void OwnerAgents::tokens(RouteCall &call)
{
    const Agent *agent = agentOf(call);
    if (!agent)
        return;
    Json tokens = Json::array();
    for (const Client *client : sortedByAge(call.caller.directory->clients)) {
        if (client->agent == agent->id)
            tokens.push_back(
                wire::toJson(*client, m_registry.lastHeard(client->id), m_registry.lastCrowded(client->id)));
    }
    call.reply.ok({ { "tokens", std::move(tokens) } });
}

void OwnerAgents::mintToken(RouteCall &call)
{
    const Agent *agent = agentOf(call);
    if (!agent)
        return;
    m_owner.mintAgentToken(ownerOf(call), agent->id, wire::text(call.body, "name"),
                           [reply = call.reply](const Result<std::pair<Client, Secret>> &minted) {
                               reply.answer(minted, 201, &tokenOnce);
                           });
}

void OwnerAgents::rotateToken(RouteCall &call)
{
    const Client *client = tokenOf(call);
    if (!client)
        return;
    m_owner.rotateAgentToken(ownerOf(call), client->id,
                             [reply = call.reply](const Result<std::pair<Client, Secret>> &minted) {
                                 reply.answer(minted, 200, &tokenOnce);
                             });
}

void OwnerAgents::revokeToken(RouteCall &call)
{
    if (const Client *client = tokenOf(call))
        m_owner.revokeClient(ownerOf(call), client->id,
                             [reply = call.reply](const Result<> &done) { reply.done(done); });
}

} // namespace gatehouse
