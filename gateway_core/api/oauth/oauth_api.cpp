// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/oauth/oauth_api.h"

#include "gateway_core/api/route/access.h"
#include "gateway_core/api/route/error_table.h"
#include "gateway_core/api/route/media_type.h"
#include "gateway_core/api/oauth/oauth_fault.h"
#include "gateway_core/api/route/own_names.h"
#include "gateway_core/api/route/wire.h"
#include "gateway_core/base/json.h"

#include <algorithm>
#include <array>

namespace gatehouse {

namespace {

constexpr OAuthFault kInvalidRequest{ 400, "invalid_request", "The request is malformed." };
constexpr OAuthFault kInvalidMetadata{ 400, "invalid_client_metadata",
                                       "Only public clients with authorization codes are registered." };
constexpr std::string_view kUnnamed = "unnamed program";

/// A member that may be left out; null is as good as that.
const Json *memberOf(const Json &body, const char *name)
{
    const auto found = body.find(name);
    return found == body.end() || found->is_null() ? nullptr : &*found;
}

/// The texts of a JSON list; nullopt for anything else. No such member: an empty list.
std::optional<std::vector<std::string>> textsOf(const Json &body, const char *name)
{
    std::vector<std::string> texts;
    const Json *list = memberOf(body, name);
    if (!list)
        return texts;
    if (!list->is_array())
        return std::nullopt;
    for (const Json &text : *list) {
        if (!text.is_string())
            return std::nullopt;
        texts.push_back(text.get<std::string>());
    }
    return texts;
}

/// One of `wanted` is in the list, or nothing is said of it: what else a client can do is left out of the
/// answer (RFC 7591, section 3.2.1).
bool canOneOf(const Json &body, const char *name, std::initializer_list<std::string_view> wanted)
{
    const auto texts = textsOf(body, name);
    return texts && (texts->empty() || std::ranges::any_of(*texts, [&](const std::string &text) {
                         return std::ranges::find(wanted, text) != wanted.end();
                     }));
}

/// RFC 7591, section 2, as far as it concerns us; what else is said there changes nothing here.
bool isPublicCodeClient(const Json &body)
{
    const Json *method = memberOf(body, "token_endpoint_auth_method");
    return (!method || *method == "none")
        && canOneOf(body, "grant_types", { "authorization_code", "refresh_token" })
        && canOneOf(body, "response_types", { "code" });
}

std::string nameIn(const Json &body)
{
    const Json *name = memberOf(body, "client_name");
    if (!name)
        return std::string(kUnnamed);
    return name->is_string() ? name->get<std::string>() : std::string();
}

Json registrationJson(const LoginRegistration &registration)
{
    return { { "client_id", registration.id },
             { "client_id_issued_at", registration.createdAt / 1000 },
             { "client_name", registration.name },
             { "redirect_uris", registration.redirects },
             { "grant_types", { "authorization_code", "refresh_token" } },
             { "response_types", { "code" } },
             { "token_endpoint_auth_method", "none" } };
}

void sendFault(const Reply &reply, const OAuthFault &fault, const Error &error = {})
{
    reply.responder()->send(oauthAnswer(fault, error, reply.requestId()));
}

} // namespace

// What it answers, and what openapi.json and /describe say of it.
std::span<const Route> OAuthApi::routes()
{
    // clang-format off
    static constexpr std::array kRoutes{
        Route{ .method = Method::Get, .path = "/.well-known/oauth-protected-resource/mcp", .access = Access::Anyone, .kind = Kind::Read,
               .bodyLimit = 0, .summary = "OAuth: what is protected here",
               .answer = to<&OAuthApi::resource>,
               .responses = {{ { 200, "any" } }},
               .example = { true } },
        Route{ .method = Method::Get, .path = "/.well-known/oauth-protected-resource", .access = Access::Anyone, .kind = Kind::Read,
               .bodyLimit = 0, .summary = "OAuth: the same, at the root",
               .answer = to<&OAuthApi::resource>,
               .responses = {{ { 200, "any" } }} },
        Route{ .method = Method::Get, .path = "/.well-known/oauth-authorization-server", .access = Access::Anyone, .kind = Kind::Read,
               .bodyLimit = 0, .summary = "OAuth: how to log in",
               .answer = to<&OAuthApi::server>,
               .responses = {{ { 200, "any" } }},
               .example = { true } },
        Route{ .method = Method::Post, .path = "/oauth/register", .access = Access::Ceremony, .kind = Kind::Write,
               .bodyLimit = 8_KiB, .summary = "OAuth: register a program",
               .answer = to<&OAuthApi::registerClient>,
               .responses = {{ { 201, "any" } }} },
        Route{ .method = Method::Post, .path = "/oauth/token", .access = Access::Ceremony, .kind = Kind::Write,
               .bodyLimit = 8_KiB, .summary = "OAuth: spend a code or refresh",
               .answer = to<&OAuthApi::token>,
               .responses = {{ { 200, "any" } }} },
        Route{ .method = Method::Post, .path = "/oauth/revoke", .access = Access::Ceremony, .kind = Kind::Write,
               .bodyLimit = 8_KiB, .summary = "OAuth: end a login",
               .answer = to<&OAuthApi::revoke>,
               .responses = {{ { 200, "any" } }} },
    };
    // clang-format on
    static_assert(routesAreClosed(kRoutes) && answeredBy<OAuthApi>(kRoutes));
    return kRoutes;
}

OAuthApi::OAuthApi(Logins &logins, AccessCheck &access, Journal &journal, const Condition &condition)
    : m_logins(logins)
    , m_access(access)
    , m_journal(journal)
    , m_condition(condition)
{
}

void OAuthApi::resource(RouteCall &call)
{
    const std::string origin = originAskedFor(call.request, m_condition);
    call.reply.ok({ { "resource", origin + "/mcp" },
                    { "resource_name", "Gatehouse" },
                    { "authorization_servers", Json::array({ origin }) },
                    { "scopes_supported", wire::scopeNames() },
                    { "bearer_methods_supported", Json::array({ "header" }) } });
}

void OAuthApi::server(RouteCall &call)
{
    const std::string origin = originAskedFor(call.request, m_condition);
    call.reply.ok({ { "issuer", origin },
                    { "authorization_endpoint", origin + "/oauth/authorize" },
                    { "token_endpoint", origin + "/oauth/token" },
                    { "registration_endpoint", origin + "/oauth/register" },
                    { "revocation_endpoint", origin + "/oauth/revoke" },
                    { "scopes_supported", wire::scopeNames() },
                    { "response_types_supported", Json::array({ "code" }) },
                    { "response_modes_supported", Json::array({ "query" }) },
                    { "grant_types_supported", { "authorization_code", "refresh_token" } },
                    { "token_endpoint_auth_methods_supported", Json::array({ "none" }) },
                    { "revocation_endpoint_auth_methods_supported", Json::array({ "none" }) },
                    { "code_challenge_methods_supported", Json::array({ "S256" }) },
                    { "authorization_response_iss_parameter_supported", true } });
}

void OAuthApi::registerClient(RouteCall &call)
{
    if (!mediaTypeIs(call.request.header("content-type"), "application/json"))
        return sendFault(call.reply, kInvalidMetadata);
    const auto body = parseJson(call.request.body, kRequestPartsLimit);
    if (!body || !body->is_object() || !isPublicCodeClient(*body))
        return sendFault(call.reply, kInvalidMetadata);
    const auto redirects = textsOf(*body, "redirect_uris");
    const auto enrolled = m_logins.registerClient(
        nameIn(*body), redirects.value_or(std::vector<std::string>()), call.request.peer->sight());
    if (enrolled)
        return call.reply.send(201, registrationJson(*enrolled));
    if (wire::text(enrolled.error().details, "field") == "redirect_uris")
        return sendFault(call.reply,
                         { 400, "invalid_redirect_uri", "Only http redirects to loopback are registered." });
    if (enrolled.error().code == ErrorCode::ValidationFailed)
        return sendFault(call.reply, { 400, "invalid_client_metadata", "client_name: 1 to 80 characters." });
    // A full house passes, and 429 would be this client's own doing.
    OAuthFault fault = oauthFaultOf(enrolled.error());
    fault.status = 503;
    sendFault(call.reply, fault, enrolled.error());
}

void OAuthApi::token(RouteCall &call)
{
    const auto form = formOf(call);
    if (!form)
        return;
    const std::string_view type = form->value("grant_type");
    if (type == "authorization_code")
        return exchangeCode(call, *form);
    if (type == "refresh_token")
        return refresh(call, *form);
    sendFault(call.reply,
              { 400, type.empty() ? "invalid_request" : "unsupported_grant_type",
                "grant_type is authorization_code or refresh_token." });
}

void OAuthApi::exchangeCode(RouteCall &call, const FormFields &form)
{
    const std::string audience = audienceOf(form.value("resource"), m_condition);
    const CodeExchange spending{ form.value("code"), form.value("code_verifier"), form.value("client_id"),
                                 form.value("redirect_uri"), audience };
    if (spending.code.empty() || spending.verifier.empty() || spending.registration.empty()
        || spending.redirect.empty())
        return sendFault(call.reply, kInvalidRequest);
    m_logins.exchangeCode(spending, call.request.peer->uid(), answering(call));
}

void OAuthApi::refresh(RouteCall &call, const FormFields &form)
{
    const std::string audience = audienceOf(form.value("resource"), m_condition);
    RefreshRequest refreshing{ form.value("refresh_token"), form.value("client_id"), audience, {} };
    if (refreshing.token.empty() || refreshing.registration.empty())
        return sendFault(call.reply, kInvalidRequest);
    if (const auto client = m_logins.clientOfRefresh(refreshing.token)) {
        if (const auto counted = m_access.countAsClient(call.request.peer->uid(), *client); !counted)
            return failing(call)(counted.error());
    }
    const auto limit = scopeLimitOf(form.value("scope"));
    if (!limit)
        return failing(call)(limit.error());
    refreshing.scopeLimit = *limit;
    m_logins.refresh(refreshing, call.request.peer->uid(), answering(call));
}

void OAuthApi::revoke(RouteCall &call)
{
    const auto form = formOf(call);
    if (!form)
        return;
    if (form->value("token").empty() || form->value("client_id").empty())
        return sendFault(call.reply, kInvalidRequest);
    m_logins.revoke(form->value("token"), form->value("client_id"),
                    [reply = call.reply, fail = failing(call)](const Result<> &done) {
                        if (done)
                            reply.ok(Json::object());
                        else
                            fail(done.error());
                    });
}

std::optional<FormFields> OAuthApi::formOf(RouteCall &call) const
{
    std::optional<FormFields> form;
    if (mediaTypeIs(call.request.header("content-type"), "application/x-www-form-urlencoded"))
        form = FormFields::parse(call.request.body);
    if (!form)
        sendFault(call.reply, kInvalidRequest);
    return form;
}

std::function<void(const Result<LoginTokens> &)> OAuthApi::answering(const RouteCall &call) const
{
    return [reply = call.reply, fail = failing(call)](const Result<LoginTokens> &tokens) {
        if (!tokens)
            return fail(tokens.error());
        reply.ok({ { "access_token", tokens->access.text() },
                   { "token_type", "Bearer" },
                   { "expires_in", tokens->lifetime.count() },
                   { "refresh_token", tokens->refresh.text() },
                   { "scope", wire::scopeText(tokens->scopeLimit) } });
    };
}

std::function<void(const Error &)> OAuthApi::failing(const RouteCall &call) const
{
    Event event;
    event.kind = EventKind::CallRefused;
    event.requestId = call.request.id;
    event.via = "rest";
    event.decision = "denied";
    event.peer.uid = call.request.peer->uid();
    event.peer.viaUnixSocket = call.request.peer->isUnixSocket();
    return [reply = call.reply, event, &journal = m_journal](const Error &error) mutable {
        const OAuthFault fault = oauthFaultOf(error);
        event.outcome = nameOf(onTheWire(error.code));
        event.more = Json{ { "what", "login" }, { "answer", fault.word } };
        journal.recordRefusal(event, onTheWire(error.code));
        sendFault(reply, fault, error);
    };
}

} // namespace gatehouse
