// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/owner/owner_gateway.h"

#include "gateway_core/api/route/access.h"
#include "gateway_core/api/route/error_table.h"
#include "gateway_core/api/owner/owner_caller.h"
#include "gateway_core/api/route/wire.h"
#include "gateway_core/identity/token.h"
#include "gateway_core/storage/enum_names.h"
#include "gateway_core/storage/versions.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <charconv>

namespace gatehouse {

namespace {

constexpr int kProjectsMost = 50; // as many as the adapter gives

Json connectionJson(const Profile &profile, const TaskerClient &tasker)
{
    const auto health = tasker.health();
    return { { "tasker_url", profile.taskerUrl },
             { "owner_user_id", profile.ownerUserId },
             { "owner_email", profile.ownerEmail },
             { "ca_file", profile.caFile },
             { "configured", tasker.isConfigured() },
             { "heard", health.heard },
             { "last_error", health.lastError ? Json(nameOf(*health.lastError)) : Json(nullptr) },
             { "reason", health.reason.empty() ? Json(nullptr) : Json(health.reason) },
             { "last_heard_at", health.at > 0 ? Json(wire::timeText(health.at)) : Json(nullptr) } };
}

/// What `gatehousectl doctor` and a support bundle name.
Json versionsJson()
{
    return { { "qt", qVersion() },
             { "openssl", OpenSSL_version(OPENSSL_VERSION_STRING) },
             { "sqlcipher", sqlcipherVersion() },
             { "schema", schemaVersion() } };
}

/// Clients that lately had no connection left for one more.
Json crowdedJson(const Registry &registry)
{
    Json list = Json::array();
    const DirectoryPtr directory = registry.current();
    for (const auto &[id, client] : directory->clients) {
        const std::int64_t at = registry.lastCrowded(id);
        if (client.revokedAt || at == 0 || registry.now() - at > Millis(kCrowdedShown).count())
            continue;
        const Agent *agent = directory->agent(client.agent);
        list.push_back({ { "client_id", id.text() },
                         { "client_name", client.name },
                         { "agent_name", agent ? agent->displayName : std::string() },
                         { "crowded_at", wire::timeText(at) },
                         { "most", kConnectionsPerClient } });
    }
    return list;
}

Json ownerTokenOnce(const std::pair<OwnerToken, Secret> &minted)
{
    Json json = wire::toJson(minted.first);
    json["token"] = minted.second.text();
    return json;
}

ConnectionSettings settingsOf(const Json &body)
{
    ConnectionSettings settings;
    settings.taskerUrl = wire::text(body, "tasker_url");
    settings.ownerUserId = wire::text(body, "owner_user_id");
    settings.ownerEmail = wire::text(body, "owner_email");
    settings.caFile = wire::text(body, "ca_file");
    if (const std::string credential = wire::text(body, "credential"); !credential.empty())
        settings.credential = Secret(credential);
    return settings;
}

Json clockJson(const ClockSight &sight)
{
    return { { "latest", wire::timeText(sight.latest) },
             { "wall", wire::timeText(sight.wall) },
             { "question", nameOf(sight.question) } };
}

Json retentionJson(const RetentionProgress &progress)
{
    return { { "step", nameOf(progress.step) }, { "rows", progress.rows }, { "of", progress.of } };
}

} // namespace

// What it answers, and what openapi.json and /describe say of it.
std::span<const Route> OwnerGateway::routes()
{
    // clang-format off
    static constexpr std::string_view kMintOwnerToken = R"({
  "type":"object","additionalProperties":false,"required":["name"],"properties":{
    "name":{"type":"string","minLength":1,"maxLength":80},
    "lifetime_seconds":{"type":"integer","minimum":60,"maximum":2592000}}})";
    static constexpr std::string_view kStepUp = R"({
  "type":"object","additionalProperties":false,"required":["pin"],"properties":{
    "pin":{"type":"string","minLength":1,"maxLength":64}}})";
    static constexpr std::string_view kSignIn = R"({
  "type":"object","additionalProperties":false,"required":["pin","name"],"properties":{
    "pin":{"type":"string","minLength":1,"maxLength":64},
    "name":{"type":"string","minLength":1,"maxLength":80}}})";
    static constexpr std::string_view kMode = R"({
  "type":"object","additionalProperties":false,"required":["mode"],"properties":{
    "mode":{"enum":["running","paused","draining"]},
    "reason":{"type":"string","maxLength":500}}})";
    static constexpr std::string_view kClock = R"({
  "type":"object","additionalProperties":false,"required":["answer"],"properties":{
    "answer":{"enum":["is_right","was_wrong"]}}})";
    static constexpr std::string_view kStopEverything = R"({
  "type":"object","additionalProperties":false,"properties":{
    "revoke_clients":{"type":"boolean"},
    "revoke_agents":{"type":"array","maxItems":128,"items":{"type":"string","minLength":1,"maxLength":40}}}})";
    static constexpr std::string_view kConnection = R"({
  "type":"object","additionalProperties":false,"required":["tasker_url","owner_user_id"],"properties":{
    "tasker_url":{"type":"string","minLength":1,"maxLength":2048},
    "owner_user_id":{"type":"string","minLength":1,"maxLength":128},
    "owner_email":{"type":"string","maxLength":254},
    "credential":{"type":"string","minLength":1,"maxLength":4096},
    "ca_file":{"type":"string","maxLength":4096}}})";
    static constexpr std::array kRoutes{
        Route{ .method = Method::Post, .path = "/api/v1/owner/sign-in", .access = Access::Ceremony, .kind = Kind::Write,
               .bodyLimit = 8_KiB, .summary = "The owner's PIN for an owner token",
               .answer = to<&OwnerGateway::signIn>, .bodySchema = kSignIn,
               .responses = {{ { 201, "MintedOwnerToken" } }} },
        Route{ .method = Method::Get, .path = "/api/v1/status", .access = Access::Owner, .kind = Kind::Read,
               .bodyLimit = 0, .summary = "The gateway at a glance",
               .answer = to<&OwnerGateway::status>,
               .responses = {{ { 200, "Status" } }},
               .example = { true } },
        Route{ .method = Method::Post, .path = "/api/v1/step-up", .access = Access::Owner, .kind = Kind::Write,
               .bodyLimit = 8_KiB, .summary = "Enter the PIN",
               .answer = to<&OwnerGateway::stepUp>, .bodySchema = kStepUp,
               .responses = {{ { 200, "step_up_token:text expires_at:time" } }},
               .example = { true, {}, "@-" } },
        Route{ .method = Method::Delete, .path = "/api/v1/step-up", .access = Access::Owner, .kind = Kind::Write,
               .bodyLimit = 0, .summary = "Forget the entered PIN",
               .answer = to<&OwnerGateway::forgetStepUp>,
               .responses = {{ { 204, "" } }},
               .example = { true } },
        Route{ .method = Method::Post, .path = "/api/v1/mode", .access = Access::Owner, .kind = Kind::Write,
               .bodyLimit = 8_KiB, .summary = "Pause, drain or resume",
               .answer = to<&OwnerGateway::setMode>, .bodySchema = kMode,
               .responses = {{ { 200, "Status" } }},
               .example = { true, {}, R"({"mode":"paused","reason":"lunch"})" } },
        Route{ .method = Method::Post, .path = "/api/v1/stop-everything", .access = Access::Owner, .kind = Kind::Write,
               .bodyLimit = 8_KiB, .summary = "The red button",
               .answer = to<&OwnerGateway::stopEverything>, .bodySchema = kStopEverything,
               .responses = {{ { 200, "questions_withdrawn:int streams_closed:int clients_revoked:int calls_finished:int quiet_after_ms:int" } }},
               .example = { true, {}, "{}" } },
        Route{ .method = Method::Post, .path = "/api/v1/clock", .access = Access::OwnerStepUp, .kind = Kind::Write,
               .bodyLimit = 8_KiB, .summary = "Say what the time is after a jump",
               .answer = to<&OwnerGateway::settleClock>, .bodySchema = kClock,
               .responses = {{ { 200, "Status" } }} },
        Route{ .method = Method::Get, .path = "/api/v1/owner-tokens", .access = Access::Owner, .kind = Kind::Read,
               .bodyLimit = 0, .summary = "The owner's tokens",
               .answer = to<&OwnerGateway::ownerTokens>,
               .responses = {{ { 200, "owner_tokens:OwnerToken[] current:text" } }},
               .example = { true } },
        Route{ .method = Method::Post, .path = "/api/v1/owner-tokens", .access = Access::OwnerStepUp, .kind = Kind::Write,
               .bodyLimit = 8_KiB, .summary = "Mint one, shown once",
               .answer = to<&OwnerGateway::mintOwnerToken>, .bodySchema = kMintOwnerToken,
               .responses = {{ { 201, "MintedOwnerToken" } }} },
        Route{ .method = Method::Delete, .path = "/api/v1/owner-tokens/{id}", .access = Access::Owner, .kind = Kind::Write,
               .bodyLimit = 0, .summary = "Revoke one",
               .answer = to<&OwnerGateway::revokeOwnerToken>,
               .responses = {{ { 204, "" } }} },
        Route{ .method = Method::Get, .path = "/api/v1/connection", .access = Access::Owner, .kind = Kind::Read,
               .bodyLimit = 0, .summary = "Where Tasker is",
               .answer = to<&OwnerGateway::connection>,
               .responses = {{ { 200, "Connection" } }},
               .example = { true } },
        Route{ .method = Method::Put, .path = "/api/v1/connection", .access = Access::OwnerStepUp, .kind = Kind::Write,
               .bodyLimit = 16_KiB, .summary = "Connect to a Tasker",
               .answer = to<&OwnerGateway::saveConnection>, .bodySchema = kConnection,
               .responses = {{ { 200, "Connection" } }} },
        Route{ .method = Method::Post, .path = "/api/v1/connection/test", .access = Access::OwnerStepUp, .kind = Kind::Write,
               .bodyLimit = 16_KiB, .summary = "Try settings without storing them",
               .answer = to<&OwnerGateway::testConnection>, .bodySchema = kConnection,
               .responses = {{ { 200, "matches:ProjectMatch[] unreadable:any? tasker_url:text" } }} },
        Route{ .method = Method::Get, .path = "/api/v1/projects", .access = Access::Owner, .kind = Kind::Read,
               .bodyLimit = 0, .summary = "Find the owner's projects",
               .answer = to<&OwnerGateway::projects>,
               .query = "query:text? limit:int?",
               .responses = {{ { 200, "matches:ProjectMatch[] unreadable:any?" } }},
               .example = { true, "query=eng&limit=5" } },
    };
    // clang-format on
    static_assert(routesAreClosed(kRoutes) && answeredBy<OwnerGateway>(kRoutes));
    return kRoutes;
}

OwnerGateway::OwnerGateway(const Dependencies &dependencies)
    : m_services(dependencies)
{
}

Json OwnerGateway::stateFor(const Profile &profile, const OwnerCaller &owner) const
{
    const bool fresh = m_services.stepUp.check(owner.name, owner.stepUpToken).has_value();
    return { { "version", m_services.condition.version },
             { "address", m_services.condition.origin },
             { "profile", profile.name },
             { "mode", nameOf(profile.mode) },
             { "mode_reason", profile.modeReason },
             { "calls_under_way", m_services.pipeline.underWay() },
             { "approvals_open", m_services.approvals.open().size() },
             { "confirmations_open", m_services.pairing.questions().size() },
             { "recording", m_services.journal.isHealthy() },
             { "signing_held", nameOf(m_services.owner.hold()) },
             { "step_up",
               { { "pin_set", m_services.stepUp.hasPin() },
                 { "fresh", fresh },
                 { "locked_seconds", (m_services.stepUp.lockedFor() + 999) / 1000 } } },
             { "clock", clockJson(m_services.registry.clockSight()) },
             { "retention", retentionJson(m_services.owner.retention()) },
             { "versions", versionsJson() },
             { "connection", connectionJson(profile, m_services.tasker) },
             { "crowded_clients", crowdedJson(m_services.registry) } };
}

void OwnerGateway::status(RouteCall &call)
{
    call.reply.ok(stateFor(call.caller.directory->profile, ownerOf(call)));
}

void OwnerGateway::stepUp(RouteCall &call)
{
    m_services.stepUp.enter(ownerOf(call).name, Secret(wire::text(call.body, "pin")),
                            [reply = call.reply](const Result<StepUpTicket> &ticket) {
                                reply.answer(ticket, 200, [](const StepUpTicket &fresh) -> Json {
                                    return { { "step_up_token", fresh.token.text() },
                                             { "expires_at", wire::timeText(fresh.expiresAt) } };
                                });
                            });
}

void OwnerGateway::signIn(RouteCall &call)
{
    if (!call.request.peer->isUnixSocket())
        return call.reply.fail(ErrorCode::OriginDenied, { { "needs", "unix_socket" } });
    // The PIN stands for the missing token once, under a name of its own.
    OwnerCaller owner{ OwnerCaller::Channel::Token, "sign-in " + call.request.id, {}, "ctl" };
    m_services.stepUp.enter(owner.name, Secret(wire::text(call.body, "pin")),
                            [this, owner, name = wire::text(call.body, "name"),
                             reply = call.reply](const Result<StepUpTicket> &ticket) mutable {
                                if (!ticket)
                                    return reply.fail(ticket.error());
                                owner.stepUpToken = ticket->token.text();
                                m_services.owner.mintOwnerToken(
                                    owner, name, kOwnerTokenLifetime,
                                    [reply](const Result<std::pair<OwnerToken, Secret>> &minted) {
                                        reply.answer(minted, 201, &ownerTokenOnce);
                                    });
                                m_services.stepUp.forget(owner.name);
                            });
}

void OwnerGateway::forgetStepUp(RouteCall &call)
{
    m_services.stepUp.forget(ownerOf(call).name);
    call.reply.noContent();
}

void OwnerGateway::setMode(RouteCall &call)
{
    const OwnerCaller owner = ownerOf(call);
    m_services.owner.setMode(
        owner, *kModeWords.named(wire::text(call.body, "mode")), wire::text(call.body, "reason"),
        [this, owner, reply = call.reply](const Result<Profile> &changed) {
            reply.answer(changed, 200, [&](const Profile &profile) { return stateFor(profile, owner); });
        });
}

void OwnerGateway::settleClock(RouteCall &call)
{
    const OwnerCaller owner = ownerOf(call);
    const auto answer
        = wire::text(call.body, "answer") == "was_wrong" ? ClockAnswer::WasWrong : ClockAnswer::IsRight;
    m_services.owner.settleClock(owner, answer, [this, owner, reply = call.reply](const Result<> &settled) {
        settled ? reply.ok(stateFor(m_services.registry.current()->profile, owner))
                : reply.fail(settled.error());
    });
}

void OwnerGateway::stopEverything(RouteCall &call)
{
    Revocation revoked{ call.body.value("revoke_clients", false), {} };
    for (const Json &agent : call.body.value("revoke_agents", Json::array()))
        revoked.agents.insert(AgentId(agent.get<std::string>()));
    m_services.owner.stopEverything(ownerOf(call), revoked, [reply = call.reply](const Result<Quiet> &quiet) {
        reply.answer(quiet, 200, [](const Quiet &done) -> Json {
            return { { "questions_withdrawn", done.questionsWithdrawn },
                     { "streams_closed", done.streamsClosed },
                     { "clients_revoked", done.clientsRevoked },
                     { "calls_finished", done.callsFinished },
                     { "quiet_after_ms", done.milliseconds } };
        });
    });
}

void OwnerGateway::ownerTokens(RouteCall &call)
{
    std::vector<const OwnerToken *> tokens;
    for (const auto &[id, token] : call.caller.directory->ownerTokens)
        tokens.push_back(&token);
    std::ranges::sort(tokens, {},
                      [](const auto *token) { return std::pair(token->createdAt, token->id.text()); });
    Json list = Json::array();
    for (const OwnerToken *token : tokens)
        list.push_back(wire::toJson(*token));
    call.reply.ok({ { "owner_tokens", std::move(list) }, { "current", call.caller.owner->id.text() } });
}

void OwnerGateway::mintOwnerToken(RouteCall &call)
{
    const auto usual = std::chrono::seconds(kOwnerTokenLifetime).count();
    const std::chrono::seconds lifetime(call.body.value("lifetime_seconds", usual));
    m_services.owner.mintOwnerToken(
        ownerOf(call), wire::text(call.body, "name"), lifetime,
        [reply = call.reply](const Result<std::pair<OwnerToken, Secret>> &minted) {
            reply.answer(minted, 201, &ownerTokenOnce);
        });
}

void OwnerGateway::revokeOwnerToken(RouteCall &call)
{
    const OwnerTokenId id(call.parameters.front());
    if (!call.caller.directory->ownerTokens.contains(id))
        return call.reply.fail(ErrorCode::NotFound);
    m_services.owner.revokeOwnerToken(ownerOf(call), id,
                                      [reply = call.reply](const Result<> &done) { reply.done(done); });
}

void OwnerGateway::connection(RouteCall &call)
{
    call.reply.ok(connectionJson(call.caller.directory->profile, m_services.tasker));
}

void OwnerGateway::saveConnection(RouteCall &call)
{
    m_services.owner.saveConnection(ownerOf(call), settingsOf(call.body),
                                    [this, reply = call.reply](const Result<Profile> &saved) {
                                        reply.answer(saved, 200, [this](const Profile &profile) {
                                            return connectionJson(profile, m_services.tasker);
                                        });
                                    });
}

void OwnerGateway::testConnection(RouteCall &call)
{
    m_services.owner.testConnection(ownerOf(call), settingsOf(call.body),
                                    [reply = call.reply](const Result<Json> &found) {
                                        reply.answer(found, 200, [](const Json &matches) { return matches; });
                                    });
}

void OwnerGateway::projects(RouteCall &call)
{
    std::string query = call.request.queryValue("query");
    int limit = 10;
    if (const std::string text = call.request.queryValue("limit"); !text.empty()) {
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), limit);
        if (error != std::errc() || end != text.data() + text.size() || limit < 1 || limit > kProjectsMost)
            return call.reply.fail(fieldProblem("limit", "not a number from 1 to 50"));
    }
    if (query.empty())
        query = "*";
    m_services.owner.findProjects(ownerOf(call), query, limit,
                                  [reply = call.reply](const Result<Json> &found) {
                                      reply.answer(found, 200, [](const Json &matches) { return matches; });
                                  });
}

} // namespace gatehouse
