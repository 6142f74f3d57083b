// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/route/access.h"
#include "gateway_core/api/oauth/oauth_form.h"
#include "gateway_core/api/oauth/oauth_page.h"
#include "tests/core/api/api_bench.h"

using namespace gatehouse;
using namespace gatehouse::test;
using namespace std::chrono_literals;

namespace {

const std::string kBack = "http://127.0.0.1:39001/callback";
// RFC 7636, appendix B.
const std::string kVerifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const std::string kChallenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const std::string kResource = "http://127.0.0.1:4100/mcp";
const Headers kForm{ { "content-type", "application/x-www-form-urlencoded" } };

using Fields = std::map<std::string, std::string>;

std::string formText(const Fields &fields)
{
    std::string text;
    for (const auto &[name, value] : fields)
        text += (text.empty() ? "" : "&") + name + "=" + percentEncoded(value);
    return text;
}

Fields askFields(const std::string &client)
{
    return { { "response_type", "code" },         { "client_id", client },
             { "redirect_uri", kBack },           { "state", "a b&c" },
             { "scope", "issues:read" },          { "code_challenge", kChallenge },
             { "code_challenge_method", "S256" }, { "resource", kResource } };
}

/// A client of the real surface that logs in as Codex does.
class Login final
{
public:
    ApiBench bench;

    RecordedPtr registerClient(const Json &body)
    {
        return bench.send({ "POST", "/oauth/register", {}, body.dump() });
    }
    std::string enrolled()
    {
        return registerClient({ { "client_name", "<b>Codex" }, { "redirect_uris", { kBack } } })
            ->json()
            .value("client_id", "");
    }
    RecordedPtr authorize(const Fields &fields, Headers headers = {})
    {
        return bench.send({ "GET", "/oauth/authorize", {}, {}, std::move(headers), formText(fields) });
    }
    RecordedPtr post(const std::string &path, const Fields &fields)
    {
        return bench.send({ "POST", path, {}, formText(fields), kForm });
    }
    /// From the registration to the tokens.
    Json tokens()
    {
        client = enrolled();
        const std::string page = authorize(askFields(client))->header("location");
        answer(true);
        const std::string back = bench.send({ "GET", page })->header("location");
        const std::size_t from = back.find("code=") + 5;
        code = back.substr(from, back.find('&', from) - from);
        return spend()->json();
    }
    RecordedPtr spend()
    {
        return post("/oauth/token",
                    { { "grant_type", "authorization_code" },
                      { "code", code },
                      { "code_verifier", kVerifier },
                      { "client_id", client },
                      { "redirect_uri", kBack },
                      { "resource", kResource } });
    }
    RecordedPtr refresh(const std::string &token)
    {
        return post("/oauth/token",
                    { { "grant_type", "refresh_token" },
                      { "refresh_token", token },
                      { "client_id", client },
                      { "resource", kResource } });
    }
    void answer(bool yes)
    {
        const std::string id = bench.pairing.questions().front().id.text();
        const std::string body = yes ? Json{ { "agent_id", bench.agent.text() } }.dump() : "";
        const auto said = bench.sendWithPin(
            { "POST", "/api/v1/confirmations/" + id + (yes ? "/confirm" : "/deny"), {}, body });
        QCOMPARE(said->status(), 204);
    }
    [[nodiscard]] std::string lastError(const RecordedPtr &record) const { return record->error(); }

    std::string client, code;
};

} // namespace

class OAuthTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void metadata_readByAnyone_namesOneOriginAndTheMcpAddress()
    {
        ApiBench bench;
        for (const char *path :
             { "/.well-known/oauth-protected-resource/mcp", "/.well-known/oauth-protected-resource" }) {
            const Json resource = bench.send({ "GET", path })->json();
            QCOMPARE(resource["resource"], kResource);
            QCOMPARE(resource["authorization_servers"], Json::array({ "http://127.0.0.1:4100" }));
        }
        const Json server = bench.send({ "GET", "/.well-known/oauth-authorization-server" })->json();
        QCOMPARE(server["issuer"], "http://127.0.0.1:4100");
        QCOMPARE(server["registration_endpoint"], "http://127.0.0.1:4100/oauth/register");
        QCOMPARE(server["code_challenge_methods_supported"], Json::array({ "S256" }));
        QCOMPARE(server["token_endpoint_auth_methods_supported"], Json::array({ "none" }));
        QVERIFY(server["authorization_response_iss_parameter_supported"].get<bool>());
        QVERIFY(!server.contains("client_id_metadata_document_supported"));
    }

    void metadata_askedForByAnotherOfOurNames_isToldInThatName()
    {
        ApiBench bench;
        for (const std::string name : { "localhost:4100", "[::1]:4100", "LocalHost:4100" }) {
            const std::string origin = "http://" + (name == "LocalHost:4100" ? "localhost:4100" : name);
            const Headers host{ { "host", name } };
            const Json resource
                = bench.send({ "GET", "/.well-known/oauth-protected-resource/mcp", {}, {}, host })->json();
            QCOMPARE(resource["resource"], origin + "/mcp");
            QCOMPARE(resource["authorization_servers"], Json::array({ origin }));
            const Json server
                = bench.send({ "GET", "/.well-known/oauth-authorization-server", {}, {}, host })->json();
            QCOMPARE(server["issuer"], origin);
            QCOMPARE(server["token_endpoint"], origin + "/oauth/token");
            const std::string challenge
                = bench.send({ "GET", "/mcp", {}, {}, host })->header("www-authenticate");
            QVERIFY(challenge.find(origin + "/.well-known/oauth-protected-resource/mcp")
                    != std::string::npos);
        }
        // The Unix socket's names, and whatever the door would have refused: never repeated.
        for (const char *name : { "gatehouse", "localhost", "evil.example:4100",
                                  "localhost:4100.evil.example", "localhost:41000" }) {
            const Json server
                = bench
                      .send(
                          { "GET", "/.well-known/oauth-authorization-server", {}, {}, { { "host", name } } })
                      ->json();
            QCOMPARE(server["issuer"], "http://127.0.0.1:4100");
        }
    }

    void login_byAnotherOfOurNames_isOneAudience_data()
    {
        QTest::addColumn<QString>("resource");
        for (const char *resource :
             { "http://localhost:4100/mcp", "http://[::1]:4100/mcp/", "http://127.0.0.1:4100/mcp/",
               "http://127.0.0.1:4100", "http://localhost:4100/" })
            QTest::newRow(resource) << resource;
    }
    void login_byAnotherOfOurNames_isOneAudience()
    {
        QFETCH(QString, resource);
        Login login;
        login.client = login.enrolled();
        Fields fields = askFields(login.client);
        fields["resource"] = resource.toStdString();
        const Headers host{ { "host", "localhost:4100" } };
        const std::string page = login.authorize(fields, host)->header("location");
        login.answer(true);
        const std::string back = login.bench.send({ "GET", page, {}, {}, host })->header("location");
        QVERIFY(back.ends_with("&iss=http%3A%2F%2Flocalhost%3A4100"));
        const std::size_t from = back.find("code=") + 5;
        login.code = back.substr(from, back.find('&', from) - from);
        const Json tokens = login.spend()->json(); // by the other name
        const auto session
            = login.bench.send({ "GET", "/api/v1/agent-session", tokens["access_token"], {}, host });
        QCOMPARE(session->status(), 200);
        QCOMPARE(login
                     .post("/oauth/token",
                           { { "grant_type", "refresh_token" },
                             { "refresh_token", tokens["refresh_token"] },
                             { "client_id", login.client },
                             { "resource", resource.toStdString() } })
                     ->status(),
                 200);
    }

    void mcp_withoutAToken_pointsAtTheMetadata()
    {
        ApiBench bench;
        const auto answer = bench.send({ "GET", "/mcp" });
        QCOMPARE(answer->status(), 401);
        QVERIFY(
            answer->header("www-authenticate")
                .find("resource_metadata=\"http://127.0.0.1:4100/.well-known/oauth-protected-resource/mcp\"")
            != std::string::npos);
    }

    void register_asCodexDoes_getsAPublicClient()
    {
        Login login;
        const auto answer
            = login.registerClient({ { "client_name", "Codex" },
                                     { "redirect_uris", { "http://127.0.0.1:34637/callback/LhbzBv_d6Et5" } },
                                     { "grant_types", { "authorization_code", "refresh_token" } },
                                     { "token_endpoint_auth_method", "none" },
                                     { "response_types", { "code" } },
                                     { "scope", "mcp:read" },
                                     { "application_type", "native" } });
        QCOMPARE(answer->status(), 201);
        QVERIFY(!answer->json().value("client_id", "").empty());
        QVERIFY(!answer->json().contains("client_secret"));
        QCOMPARE(answer->json()["token_endpoint_auth_method"], "none");
    }

    void register_asAnEditorDoes_saysWhatWasKept()
    {
        Login login;
        const auto answer = login.registerClient(
            { { "client_name", "Editor" },
              { "redirect_uris",
                { "https://editor.example/redirect", "editor://login", "http://192.168.1.5/",
                  "http://localhost/", "http://127.0.0.1:33418/" } },
              { "grant_types",
                { "authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code" } },
              { "response_types", { "code", "token" } },
              { "token_endpoint_auth_method", "none" } });
        QCOMPARE(answer->status(), 201);
        const Json kept = answer->json();
        QCOMPARE(kept["redirect_uris"], Json::array({ "http://localhost/", "http://127.0.0.1:33418/" }));
        QCOMPARE(kept["grant_types"], Json::array({ "authorization_code", "refresh_token" }));
        QCOMPARE(kept["response_types"], Json::array({ "code" }));

        Fields fields = askFields(kept["client_id"]);
        fields["redirect_uri"] = "https://editor.example/redirect";
        const auto notKept = login.authorize(fields);
        QCOMPARE(notKept->status(), 400);
        QCOMPARE(notKept->header("location"), std::string());
        QVERIFY(login.bench.pairing.questions().empty());
        fields["redirect_uri"] = "http://127.0.0.1:51234";
        QCOMPARE(login.authorize(fields)->status(), 303);
        QCOMPARE(login.bench.pairing.questions().size(), std::size_t(1));
    }

    void register_withNullForWhatMayBeLeftOut_isAsIfItWereNotThere()
    {
        Login login;
        const auto answer = login.registerClient({ { "client_name", nullptr },
                                                   { "redirect_uris", { kBack } },
                                                   { "grant_types", nullptr },
                                                   { "response_types", nullptr },
                                                   { "token_endpoint_auth_method", nullptr },
                                                   { "scope", nullptr },
                                                   { "client_uri", nullptr },
                                                   { "contacts", nullptr } });
        QCOMPARE(answer->status(), 201);
        QCOMPARE(login.registerClient({ { "redirect_uris", nullptr } })->error(),
                 std::string("invalid_redirect_uri"));
    }

    void register_whatIsNotAPublicLoopbackClient_isRefused()
    {
        Login login;
        QCOMPARE(login.registerClient({ { "redirect_uris", { "https://example.org/cb" } } })->error(),
                 std::string("invalid_redirect_uri"));
        QCOMPARE(login.registerClient({ { "client_name", "x" } })->error(),
                 std::string("invalid_redirect_uri"));
        QCOMPARE(login
                     .registerClient({ { "redirect_uris", { kBack } },
                                       { "token_endpoint_auth_method", "client_secret_post" } })
                     ->error(),
                 std::string("invalid_client_metadata"));
        QCOMPARE(login.registerClient({ { "redirect_uris", { kBack } }, { "grant_types", { "password" } } })
                     ->error(),
                 std::string("invalid_client_metadata"));
        QCOMPARE(login.registerClient(Json::array({ 1 }))->error(), std::string("invalid_client_metadata"));
        QCOMPARE(login.registerClient({ { "redirect_uris", { kBack } }, { "client_name", 7 } })->error(),
                 std::string("invalid_client_metadata"));
    }

    void authorize_fromAnotherSiteOrUnknown_is400AndAsksNobody()
    {
        Login login;
        const std::string client = login.enrolled();
        const auto crossSite = login.authorize(askFields(client), { { "sec-fetch-site", "cross-site" } });
        QCOMPARE(crossSite->status(), 400);
        QCOMPARE(crossSite->header("location"), std::string());
        const auto framed = login.authorize(askFields(client), { { "sec-fetch-dest", "iframe" } });
        QCOMPARE(framed->status(), 400);
        QCOMPARE(login.authorize(askFields("nobody"))->status(), 400);
        Fields foreign = askFields(client);
        foreign["redirect_uri"] = "http://127.0.0.1:39001/elsewhere";
        const auto elsewhere = login.authorize(foreign);
        QCOMPARE(elsewhere->status(), 400);
        QCOMPARE(elsewhere->header("location"), std::string());
        const auto twice = login.bench.send(
            { "GET", "/oauth/authorize", {}, {}, {}, formText(askFields(client)) + "&client_id=" + client });
        QCOMPARE(twice->status(), 400);
        QVERIFY(login.bench.pairing.questions().empty());
    }

    void authorize_withAFault_sendsItToTheClientAndAsksNobody_data()
    {
        QTest::addColumn<QString>("field");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("error");
        QTest::newRow("no PKCE") << "code_challenge"
                                 << ""
                                 << "invalid_request";
        QTest::newRow("plain PKCE") << "code_challenge_method"
                                    << "plain"
                                    << "invalid_request";
        QTest::newRow("implicit") << "response_type"
                                  << "token"
                                  << "unsupported_response_type";
        QTest::newRow("another resource") << "resource"
                                          << "http://127.0.0.1:4100/api"
                                          << "invalid_target";
        QTest::newRow("another port") << "resource"
                                      << "http://localhost:4101/mcp"
                                      << "invalid_target";
        QTest::newRow("another host") << "resource"
                                      << "http://localhost.evil.example:4100/mcp"
                                      << "invalid_target";
        QTest::newRow("no resource") << "resource"
                                     << ""
                                     << "invalid_target";
        QTest::newRow("a scope we have not") << "scope"
                                             << "issues:read admin"
                                             << "invalid_scope";
        QTest::newRow("that one beside those of no concern") << "scope"
                                                             << "openid admin"
                                                             << "invalid_scope";
    }
    void authorize_withAFault_sendsItToTheClientAndAsksNobody()
    {
        QFETCH(QString, field);
        QFETCH(QString, value);
        QFETCH(QString, error);
        Login login;
        Fields fields = askFields(login.enrolled());
        fields[field.toStdString()] = value.toStdString();
        const auto answer = login.authorize(fields);
        QCOMPARE(answer->status(), 303);
        QCOMPARE(answer->header("location"),
                 kBack + "?error=" + error.toStdString()
                     + "&state=a%20b%26c&iss=http%3A%2F%2F127.0.0.1%3A4100");
        QVERIFY(login.bench.pairing.questions().empty());
    }

    void authorize_withAForgottenClient_saysHowToLogOutThere()
    {
        Login login;
        const auto page = login.authorize(askFields("8a1c0b52-0c3f-4d61-9d6e-0b1f6ad3ffff"));
        QCOMPARE(page->status(), 400);
        QVERIFY(page->response->body.find("Log out of this server in that program") != std::string::npos);
        QVERIFY(login.bench.pairing.questions().empty());
    }

    void authorize_withScopesOfIdentity_asksForWhatIsOurs()
    {
        const auto asksFor = [](const std::string &scope) {
            Login login;
            Fields fields = askFields(login.enrolled());
            fields["scope"] = scope;
            if (login.authorize(fields)->status() != 303)
                return std::string("refused");
            const Json asked
                = login.bench.send({ "GET", "/api/v1/confirmations", login.bench.ownerToken })->json();
            return asked["confirmations"][0].value("asks_for", "");
        };
        QCOMPARE(asksFor("openid issues:read offline_access"), std::string("issues:read"));
        QCOMPARE(asksFor("offline_access openid profile email"),
                 std::string("everything that its agent may"));
        QCOMPARE(asksFor(""), std::string("everything that its agent may"));
    }

    void page_whileWaiting_isStaticStrictAndEscaped()
    {
        Login login;
        const std::string path = login.authorize(askFields(login.enrolled()))->header("location");
        const auto page = login.bench.send({ "GET", path });
        QCOMPARE(page->status(), 200);
        const std::string &html = page->response->body;
        QVERIFY(html.find(login.bench.pairing.questions().front().checkNumber) != std::string::npos);
        QVERIFY(html.find("Answer in Gatehouse") != std::string::npos);
        QVERIFY(html.find("&lt;b&gt;Codex") != std::string::npos
                && html.find("<b>Codex") == std::string::npos);
        QVERIFY(html.find("<script") == std::string::npos);
        QVERIFY(html.find("http-equiv=\"refresh\" content=\"2;url=" + path) != std::string::npos);
        const std::string policy = page->header("content-security-policy");
        QVERIFY(policy.starts_with("default-src 'none';")
                && policy.find("frame-ancestors 'none'") != std::string::npos);
        QVERIFY(policy.find("unsafe") == std::string::npos);
        QCOMPARE(page->header("referrer-policy"), std::string("no-referrer"));
        QCOMPARE(page->header("cache-control"), std::string("no-store"));
    }

    void page_afterDeny_goesBackAndTheNextQuestionIsSilent()
    {
        Login login;
        const std::string path = login.authorize(askFields(login.enrolled()))->header("location");
        login.answer(false);
        QVERIFY(login.bench.send({ "GET", path })
                    ->header("location")
                    .starts_with(kBack + "?error=access_denied&state="));
        const auto again = login.authorize(askFields(login.enrolled()));
        QVERIFY(again->header("location").starts_with(kBack + "?error=access_denied&state="));
        QVERIFY(login.bench.pairing.questions().empty());
    }

    void login_whole_givesATokenThatReachesMcpAndRestAndNoFurtherThanItsScope()
    {
        Login login;
        const Json tokens = login.tokens();
        QCOMPARE(tokens["token_type"], "Bearer");
        QCOMPARE(tokens["expires_in"], 3600);
        QCOMPARE(tokens["scope"], "issues:read");
        const std::string access = tokens["access_token"];
        const auto session = login.bench.send({ "GET", "/api/v1/agent-session", access });
        QCOMPARE(session->status(), 200);
        QCOMPARE(session->json()["agent"]["id"], login.bench.agent.text());
        const auto mcp = login.bench.send(
            { "POST",
              "/mcp",
              access,
              R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"x","version":"1"}}})",
              { { "accept", "application/json, text/event-stream" } } });
        QCOMPARE(mcp->status(), 200);
        // The agent may create, this login may not.
        login.bench.grant(Scope::IssuesCreate, GrantPolicy::Allow);
        const auto refused = login.bench.send(
            { "POST", "/api/v1/tools/tasker_create_issue", access, R"({"project":"ENG","name":"x"})" });
        QCOMPARE(refused->status(), 403);
        QCOMPARE(refused->error(), std::string("scope_denied"));
        // Nor is it the owner's.
        QCOMPARE(login.bench.send({ "GET", "/api/v1/agents", access })->error(), std::string("scope_denied"));
        const auto asRefresh = login.bench.send({ "GET", "/api/v1/agent-session", tokens["refresh_token"] });
        login.bench.wind(250ms);
        QCOMPARE(asRefresh->status(), 401);
    }

    void token_refused_saysTheWordsOfTheRfc()
    {
        Login login;
        QCOMPARE(login.post("/oauth/token", { { "grant_type", "password" } })->error(),
                 std::string("unsupported_grant_type"));
        QCOMPARE(login.post("/oauth/token", {})->error(), std::string("invalid_request"));
        QCOMPARE(login.bench.send({ "POST", "/oauth/token", {}, "{}" })->error(),
                 std::string("invalid_request"));
        login.client = login.enrolled();
        const auto unknown = login.refresh("gh_r_nothing");
        QCOMPARE(unknown->status(), 400);
        QCOMPARE(unknown->error(), std::string("invalid_grant"));
        QCOMPARE(unknown->header("cache-control"), std::string("no-store"));
    }

    void token_ofAForgottenClient_is401InvalidClient()
    {
        Login login;
        login.client = "nobody";
        login.code = "gh_c_nothing";
        for (const auto &answer : { login.refresh("gh_r_nothing"), login.spend() }) {
            QCOMPARE(answer->status(), 401);
            QCOMPARE(answer->error(), std::string("invalid_client"));
        }
    }

    void token_ofManyProcessesAtOnce_isNoCeremonyOfTheirUser()
    {
        Login login;
        const std::string refresh = login.tokens()["refresh_token"];
        for (int process = 0; process < 3 * kCeremoniesPerMinute; ++process)
            QCOMPARE(login.refresh(refresh)->status(), 200);
    }

    /// Everything that can stand before the endpoints, in the form that OAuth's clients know: at anything
    /// else the official SDK opens a browser.
    void refusal_underOauth_isOAuthsOwn()
    {
        Login login;
        const auto isForNow = [](const RecordedPtr &answer, int status) {
            return answer->status() == status && answer->error() == "temporarily_unavailable"
                && !answer->header("retry-after").empty() && answer->json().size() == 2
                && answer->json().contains("error_description");
        };
        for (int i = 0; i < kCeremoniesPerMinute; ++i)
            (void)login.refresh("gh_r_nothing");
        QVERIFY(isForNow(login.refresh("gh_r_nothing"), 429));
        QVERIFY(isForNow(login.registerClient({ { "redirect_uris", { kBack } } }), 429));
        QVERIFY(isForNow(login.post("/oauth/revoke", { { "token", "x" }, { "client_id", "y" } }), 429));
        const auto page = login.authorize(askFields("nobody"));
        QCOMPARE(page->status(), 429);
        QVERIFY(page->header("content-type").starts_with("text/html")
                && !page->header("retry-after").empty());

        for (const auto state :
             { Condition::State::Starting, Condition::State::Locked, Condition::State::Broken }) {
            login.bench.surface.setCondition({ state, std::nullopt, "http://127.0.0.1:4100", "1" });
            QVERIFY(isForNow(login.refresh("gh_r_nothing"), 503));
            QVERIFY(isForNow(login.registerClient({ { "redirect_uris", { kBack } } }), 503));
            const auto closed = login.authorize(askFields("nobody"));
            QCOMPARE(closed->status(), 503);
            QVERIFY(closed->response->body.find("Reload this page later") != std::string::npos);
        }
        login.bench.surface.setCondition(
            { Condition::State::Ready, std::nullopt, "http://127.0.0.1:4100", "1" });
        const auto method = login.bench.send({ "GET", "/oauth/token" });
        QCOMPARE(method->status(), 405);
        QCOMPARE(method->error(), std::string("invalid_request"));
        QCOMPARE(method->header("allow"), std::string("POST"));
        QCOMPARE(login.bench.send({ "GET", "/oauth/nothing" })->error(), std::string("invalid_request"));
    }

    void token_whilePausedOrStorageFails_is503AndNeverInvalidGrant()
    {
        Login login;
        const std::string refresh = login.tokens()["refresh_token"];
        login.bench.setMode(Mode::Paused);
        const auto paused = login.refresh(refresh);
        QCOMPARE(paused->status(), 503);
        QCOMPARE(paused->error(), std::string("temporarily_unavailable"));
        QVERIFY(!paused->header("retry-after").empty());
        login.bench.setMode(Mode::Running);
        login.bench.storage.fault = ErrorCode::StorageFull;
        QCOMPARE(login.refresh(refresh)->status(), 503);
        login.bench.storage.fault.reset();
        login.bench.surface.setCondition(
            { Condition::State::Locked, std::nullopt, "http://127.0.0.1:4100", "1" });
        QCOMPARE(login.refresh(refresh)->status(), 503);
        login.bench.surface.setCondition(
            { Condition::State::Ready, std::nullopt, "http://127.0.0.1:4100", "1" });
        QCOMPARE(login.refresh(refresh)->status(), 200);
    }

    void revoke_ofAToken_endsItAndAnUnknownOneIsFine()
    {
        Login login;
        const Json tokens = login.tokens();
        QCOMPARE(login.post("/oauth/revoke", { { "token", "gh_r_nothing" }, { "client_id", login.client } })
                     ->status(),
                 200);
        QCOMPARE(login
                     .post("/oauth/revoke",
                           { { "token", tokens["refresh_token"] }, { "client_id", login.client } })
                     ->status(),
                 200);
        const auto after = login.bench.send({ "GET", "/api/v1/agent-session", tokens["access_token"] });
        login.bench.wind(250ms);
        QCOMPARE(after->status(), 401);
        QCOMPARE(login.refresh(tokens["refresh_token"])->error(), std::string("invalid_grant"));
    }

    void ceremonies_eleventhInAMinute_is429()
    {
        Login login;
        for (int i = 0; i < kCeremoniesPerMinute; ++i)
            (void)login.refresh("gh_r_nothing");
        QCOMPARE(login.refresh("gh_r_nothing")->status(), 429);
    }

    void form_thatMeansTwoThings_isNoForm()
    {
        QVERIFY(!FormFields::parse("a=1&a=2"));
        QVERIFY(!FormFields::parse("a=%zz"));
        QVERIFY(!FormFields::parse("a=%00"));
        QVERIFY(!FormFields::parse("a=%0d%0aset-cookie:x"));
        QVERIFY(!FormFields::parse(std::string(kFormMost + 1, 'a')));
        const auto form = FormFields::parse("a=b+c%26&d=&e");
        QVERIFY(form);
        QCOMPARE(std::string(form->value("a")), std::string("b c&"));
        QCOMPARE(std::string(form->value("e")), std::string());
        QCOMPARE(htmlEscaped("<&>\"'"), std::string("&lt;&amp;&gt;&quot;&#39;"));
    }
};

QTEST_GUILESS_MAIN(OAuthTest)
#include "tst_oauth.moc"
