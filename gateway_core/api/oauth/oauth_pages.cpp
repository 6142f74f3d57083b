// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/oauth/oauth_pages.h"

#include "gateway_core/api/route/error_table.h"
#include "gateway_core/api/oauth/oauth_page.h"
#include "gateway_core/api/route/own_names.h"
#include "gateway_core/api/route/wire.h"

#include <algorithm>

namespace gatehouse {

namespace {

constexpr std::size_t kStateMost = 512;
constexpr std::size_t kChallengeLength = 43; // SHA-256 in base64url, RFC 7636, section 4.2

void show(const RouteCall &call, int status, const LoginPage &page)
{
    call.reply.responder()->send(pageAnswer(status, page, call.request.id));
}

void showPlain(const RouteCall &call, int status, std::string_view title, std::string line)
{
    show(call, status, { title, { std::move(line) }, {}, {} });
}

/// RFC 9110 leaves it to us; a browser says with these three how it came here, other programs say nothing.
bool isOwnNavigation(const HttpRequest &request)
{
    const auto isOr = [&](std::string_view header, std::initializer_list<std::string_view> values) {
        const std::string_view value = request.header(header);
        return value.empty() || std::ranges::find(values, value) != values.end();
    };
    return isOr("sec-fetch-site", { "none", "same-origin" }) && isOr("sec-fetch-mode", { "navigate" })
        && isOr("sec-fetch-dest", { "document" });
}

bool isState(std::string_view text)
{
    return text.size() <= kStateMost
        && std::ranges::all_of(text, [](char c) { return c >= ' ' && c < '\x7f'; });
}

bool isChallenge(std::string_view text)
{
    return text.size() == kChallengeLength && std::ranges::all_of(text, [](char c) {
               return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'
                   || c == '_';
           });
}

} // namespace

// What it answers, and what openapi.json and /describe say of it.
std::span<const Route> OAuthPages::routes()
{
    // clang-format off
    static constexpr std::array kRoutes{
        Route{ .method = Method::Get, .path = "/oauth/authorize", .access = Access::Ceremony, .kind = Kind::Write,
               .bodyLimit = 0, .summary = "OAuth: ask the owner, by browser",
               .answer = to<&OAuthPages::authorize>,
               .responses = {{ { 200, "text/html" } }} },
        Route{ .method = Method::Get, .path = "/oauth/logins/{page}", .access = Access::Anyone, .kind = Kind::Read,
               .bodyLimit = 0, .summary = "OAuth: the page that waits",
               .answer = to<&OAuthPages::wait>,
               .responses = {{ { 200, "text/html" } }} },
    };
    // clang-format on
    static_assert(routesAreClosed(kRoutes) && answeredBy<OAuthPages>(kRoutes));
    return kRoutes;
}

OAuthPages::OAuthPages(Logins &logins, const Condition &condition)
    : m_logins(logins)
    , m_condition(condition)
{
}

void OAuthPages::authorize(RouteCall &call)
{
    if (!isOwnNavigation(call.request))
        return showPlain(call, 400, "This login did not start here",
                         "Another page led here. Start the login in the program that wants to log in.");
    const auto fields = FormFields::parse(call.request.query);
    AuthorizationRequest asked;
    if (fields) {
        asked.registration = fields->value("client_id");
        asked.redirect = fields->value("redirect_uri");
        asked.state = fields->value("state");
    }
    const std::uint32_t uid = call.request.peer->uid();
    const auto known = m_logins.registrationFor(asked.registration, asked.redirect, uid);
    if (!fields || !isState(asked.state))
        return showPlain(call, 400, "Gatehouse does not understand this login",
                         "Its address is broken. Start the login again in the program that wants to log in.");
    if (!known && known.error().code == ErrorCode::ValidationFailed)
        return showPlain(
            call, 400, "This login leads elsewhere",
            "The program wants the browser to go back to an address that is not registered here. Only "
            "addresses on this machine are. Nobody was asked, and nothing was sent there.");
    if (!known)
        return show(
            call, 400,
            { "Gatehouse does not know this program",
              { "The program is not registered here any more, and remembers an old registration.",
                "Log out of this server in that program, then log in again: it registers anew. In Codex: "
                "codex mcp logout NAME. In Claude Code: /mcp, the server, Clear authentication. In VS Code: "
                "the command Authentication: Remove Dynamic Authentication Providers. In others: look for "
                "Log out or Forget beside the server, or remove the server and add it again." },
              {},
              {} });
    if (const std::string_view fault = faultIn(*fields, asked); !fault.empty())
        return refuse(call, asked, fault);

    m_logins.ask(asked, uid,
                 [reply = call.reply, request = call.request.id,
                  denied = wayBack(call.request, asked.redirect, asked.state,
                                   { { "error", "access_denied" } })](const Result<std::string> &page) {
                     const ResponderPtr &responder = reply.responder();
                     if (page)
                         return responder->send(seeOther("/oauth/logins/" + *page, request));
                     const ErrorCode code = page.error().code;
                     if (code == ErrorCode::ApprovalDenied)
                         return responder->send(seeOther(denied, request));
                     const bool another = code == ErrorCode::RateLimited;
                     HttpResponse answer
                         = pageAnswer(another ? 429 : 503,
                                      { another ? "Another login waits" : "Not now",
                                        { another ? "Answer it in Gatehouse first, then reload this page."
                                                  : std::string(sentenceOf(onTheWire(code)))
                                                  + " Reload this page later." },
                                        {},
                                        {} },
                                      request);
                     answer.headers.emplace_back("retry-after", "5");
                     responder->send(std::move(answer));
                 });
}

std::string_view OAuthPages::faultIn(const FormFields &fields, AuthorizationRequest &asked) const
{
    asked.challenge = fields.value("code_challenge");
    asked.resource = audienceOf(fields.value("resource"), m_condition);
    if (fields.value("response_type") != "code")
        return fields.value("response_type").empty() ? "invalid_request" : "unsupported_response_type";
    if (fields.value("code_challenge_method") != "S256" || !isChallenge(asked.challenge))
        return "invalid_request";
    if (asked.resource != ownAudience(m_condition))
        return "invalid_target";
    const auto limit = scopeLimitOf(fields.value("scope"));
    if (!limit)
        return "invalid_scope";
    asked.scopeLimit = *limit;
    return {};
}

void OAuthPages::wait(RouteCall &call)
{
    const std::string &page = call.parameters.front();
    const auto sight = m_logins.look(page, call.request.peer->uid());
    if (!sight)
        return showPlain(call, 404, "This login is over",
                         "Start it again in the program that wants to log in.");
    const auto goBack = [&](std::string_view name, std::string value) {
        call.reply.responder()->send(seeOther(
            wayBack(call.request, sight->redirect, sight->clientState, { { name, std::move(value) } }),
            call.request.id));
    };
    switch (sight->state) {
    case LoginSight::State::Waiting:
        return show(call, 200,
                    { "Answer in Gatehouse",
                      { "“" + sight->clientName + "” wants to log in.",
                        "Gatehouse asks you now. Say yes there only if it shows the same number." },
                      sight->checkNumber,
                      "/oauth/logins/" + page });
    case LoginSight::State::Granted:
        if (sight->code.isEmpty())
            return showPlain(call, 200, "Logged in", "You may close this page.");
        return goBack("code", std::string(sight->code.text()));
    case LoginSight::State::Denied:
    case LoginSight::State::Expired: return goBack("error", "access_denied");
    }
}

void OAuthPages::refuse(const RouteCall &call, const AuthorizationRequest &asked, std::string_view word) const
{
    call.reply.responder()->send(
        seeOther(wayBack(call.request, asked.redirect, asked.state, { { "error", std::string(word) } }),
                 call.request.id));
}

std::string OAuthPages::wayBack(const HttpRequest &request, const std::string &redirect,
                                const std::string &state, const Parameters &parameters) const
{
    std::string address = redirect;
    char mark = redirect.find('?') == std::string::npos ? '?' : '&';
    const auto add = [&](std::string_view name, std::string_view value) {
        address.append(1, mark).append(name).append("=").append(percentEncoded(value));
        mark = '&';
    };
    for (const auto &[name, value] : parameters)
        add(name, value);
    if (!state.empty())
        add("state", state);
    add("iss", originAskedFor(request, m_condition));
    return address;
}

} // namespace gatehouse
