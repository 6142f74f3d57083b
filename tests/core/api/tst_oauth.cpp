// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/access.h"
#include "gateway_core/api/oauth_form.h"
#include "gateway_core/api/oauth_page.h"
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
    return { { "response_type", "code" },  { "client_id", client },
             { "redirect_uri", kBack },    { "state", "a b&c" },
             { "scope", "issues:read" },   { "code_challenge", kChallenge },
             { "code_challenge_method", "S256" }, { "resource", kResource } };
}

/// A client of the real surface that logs in as Codex does.
class Login final
{
public:
    ApiBench bench;

    RecordedPtr enroll(const Json &body)
    {
        return bench.send({ "POST", "/oauth/register", {}, body.dump() });
    }
    std::string enrolled()
    {
        return enroll({ { "client_name", "<b>Codex" }, { "redirect_uris", { kBack } } })->json().value("client_id", "");
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
        return post("/oauth/token", { { "grant_type", "authorization_code" }, { "code", code },
                                      { "code_verifier", kVerifier }, { "client_id", client },
                                      { "redirect_uri", kBack }, { "resource", kResource } });
    }
    RecordedPtr refresh(const std::string &token)
    {
        return post("/oauth/token", { { "grant_type", "refresh_token" }, { "refresh_token", token },
                                      { "client_id", client }, { "resource", kResource } });
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

    void mcp_withoutAToken_pointsAtTheMetadata()
    {
        ApiBench bench;
        const auto answer = bench.send({ "GET", "/mcp" });
        QCOMPARE(answer->status(), 401);
        QVERIFY(answer->header("www-authenticate")
                    .find("resource_metadata=\"http://127.0.0.1:4100/.well-known/oauth-protected-resource/mcp\"")
                != std::string::npos);
    }

    void register_asCodexDoes_getsAPublicClient()
    {
        Login login;
        const auto answer = login.enroll({ { "client_name", "Codex" },
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

    void register_whatIsNotAPublicLoopbackClient_isRefused()
    {
        Login login;
        QCOMPARE(login.enroll({ { "redirect_uris", { "https://example.org/cb" } } })->error(),
                 std::string("invalid_redirect_uri"));
        QCOMPARE(login.enroll({ { "client_name", "x" } })->error(), std::string("invalid_redirect_uri"));
        QCOMPARE(login.enroll({ { "redirect_uris", { kBack } }, { "token_endpoint_auth_method", "client_secret_post" } })
                     ->error(),
                 std::string("invalid_client_metadata"));
        QCOMPARE(login.enroll({ { "redirect_uris", { kBack } }, { "grant_types", { "password" } } })->error(),
                 std::string("invalid_client_metadata"));
        QCOMPARE(login.enroll(Json::array({ 1 }))->error(), std::string("invalid_client_metadata"));
        QCOMPARE(login.enroll({ { "redirect_uris", { kBack } }, { "client_name", 7 } })->error(),
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
        QTest::newRow("no PKCE") << "code_challenge" << "" << "invalid_request";
        QTest::newRow("plain PKCE") << "code_challenge_method" << "plain" << "invalid_request";
        QTest::newRow("implicit") << "response_type" << "token" << "unsupported_response_type";
        QTest::newRow("another resource") << "resource" << "http://127.0.0.1:4100/" << "invalid_target";
        QTest::newRow("no resource") << "resource" << "" << "invalid_target";
        QTest::newRow("a scope we have not") << "scope" << "issues:read admin" << "invalid_scope";
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
                 kBack + "?error=" + error.toStdString() + "&state=a%20b%26c&iss=http%3A%2F%2F127.0.0.1%3A4100");
        QVERIFY(login.bench.pairing.questions().empty());
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
        QVERIFY(html.find("&lt;b&gt;Codex") != std::string::npos && html.find("<b>Codex") == std::string::npos);
        QVERIFY(html.find("<script") == std::string::npos);
        QVERIFY(html.find("http-equiv=\"refresh\" content=\"2;url=" + path) != std::string::npos);
        const std::string policy = page->header("content-security-policy");
        QVERIFY(policy.starts_with("default-src 'none';") && policy.find("frame-ancestors 'none'") != std::string::npos);
        QVERIFY(policy.find("unsafe") == std::string::npos);
        QCOMPARE(page->header("referrer-policy"), std::string("no-referrer"));
        QCOMPARE(page->header("cache-control"), std::string("no-store"));
    }

    void page_afterDeny_goesBackAndTheNextQuestionIsSilent()
    {
        Login login;
        const std::string path = login.authorize(askFields(login.enrolled()))->header("location");
        login.answer(false);
        QVERIFY(login.bench.send({ "GET", path })->header("location").starts_with(kBack + "?error=access_denied&state="));
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
            { "POST", "/mcp", access,
              R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"x","version":"1"}}})",
              { { "accept", "application/json, text/event-stream" } } });
        QCOMPARE(mcp->status(), 200);
        // The agent may create, this login may not.
        login.bench.grant(Scope::IssuesCreate, Answer::Allow);
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
        QCOMPARE(login.post("/oauth/token", { { "grant_type", "password" } })->error(), std::string("unsupported_grant_type"));
        QCOMPARE(login.post("/oauth/token", {})->error(), std::string("invalid_request"));
        QCOMPARE(login.bench.send({ "POST", "/oauth/token", {}, "{}" })->error(), std::string("invalid_request"));
        login.client = "nobody";
        const auto unknown = login.refresh("gh_r_nothing");
        QCOMPARE(unknown->status(), 400);
        QCOMPARE(unknown->error(), std::string("invalid_grant"));
        QCOMPARE(unknown->header("cache-control"), std::string("no-store"));
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
        login.bench.surface.setCondition({ Condition::State::Locked, std::nullopt, "http://127.0.0.1:4100", "1" });
        QCOMPARE(login.refresh(refresh)->status(), 503);
        login.bench.surface.setCondition({ Condition::State::Ready, std::nullopt, "http://127.0.0.1:4100", "1" });
        QCOMPARE(login.refresh(refresh)->status(), 200);
    }

    void revoke_ofAToken_endsItAndAnUnknownOneIsFine()
    {
        Login login;
        const Json tokens = login.tokens();
        QCOMPARE(login.post("/oauth/revoke", { { "token", "gh_r_nothing" }, { "client_id", login.client } })->status(), 200);
        QCOMPARE(login.post("/oauth/revoke", { { "token", tokens["refresh_token"] }, { "client_id", login.client } })
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
