// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/route/access.h"
#include "tests/core/api/gate_bench.h"

using namespace gatehouse;
using namespace gatehouse::test;
using namespace std::chrono_literals;

namespace {

/// The answer that a refusal has to be.
struct Answered
{
    int status;
    std::string error;
    std::string reason = {}; ///< details.reason, where it is part of the promise
};

/// One way to be turned away. `spoil` takes what would have been let in and makes it that case.
struct Refusal
{
    const char *name;
    std::function<bool(const Route &)> applies;
    std::function<void(Visit &, GateBench &)> spoil;
    std::function<Answered(const Route &)> answer;
    bool late = false; ///< due after kWrongTokenDelay, and not before
    std::function<void(GateBench &)> prepare = {};
};

const Answered kNoToken{ 401, "unauthorized", "missing_token" };
const Answered kBadToken{ 401, "unauthorized", "invalid_token" };

auto always(const Answered &answer)
{
    return [answer](const Route &) { return answer; };
}
auto header(const std::string &name, const std::string &value)
{
    return [name, value](Visit &visit, GateBench &) { visit.headers[name] = value; };
}
/// Replaces the token by what `change` makes of it.
auto token(const std::function<std::string(const std::string &)> &change)
{
    return [change](Visit &visit, GateBench &) {
        std::string &value = visit.headers["Authorization"];
        value = change(value.substr(std::string_view("Bearer ").size()));
    };
}
void nothing(Visit &, GateBench &) { }
bool everyRoute(const Route &)
{
    return true;
}
bool takesJson(const Route &route)
{
    return !route.bodySchema.empty();
}
bool isAgents(const Route &route)
{
    return route.access == Access::Agent;
}
bool needsStepUp(const Route &route)
{
    return route.access == Access::OwnerStepUp;
}
bool isClosed(const Route &route)
{
    return route.kind != Kind::Probe;
}
/// The one page to which a browser may be sent by another site; it says no in words of its own.
bool isNavigable(const Route &route)
{
    return route.path == "/oauth/authorize";
}

std::vector<Refusal> tokenRefusals()
{
    std::vector<Refusal> rows{
        { "no token", &needsToken, [](Visit &visit, GateBench &) { visit.headers.erase("Authorization"); },
          always(kNoToken) },
        { "expired token", &needsToken, &nothing, always(kBadToken), true,
          [](GateBench &bench) { bench.api.clock.advance(kAgentTokenLifetime); } },
        { "idle token", &isAgents, &nothing, always(kBadToken), true,
          [](GateBench &bench) { bench.api.clock.advance(kAgentTokenIdle); } },
        { "revoked token", &needsToken, &nothing, always(kBadToken), true, &GateBench::revokeTokens },
        { "agent's token", &isOwners,
          [](Visit &visit, GateBench &bench) {
              visit.headers["Authorization"] = "Bearer " + bench.api.agentToken;
          },
          always({ 403, "scope_denied" }) },
        { "owner's token", &isAgents,
          [](Visit &visit, GateBench &bench) {
              visit.headers["Authorization"] = "Bearer " + bench.api.ownerToken;
          },
          always({ 403, "scope_denied" }) },
        { "step-up token as token", &needsToken,
          [](Visit &visit, GateBench &bench) {
              bench.freshStepUp();
              visit.headers["Authorization"] = "Bearer " + bench.api.stepUpToken;
          },
          always(kBadToken), true },
        { "token in the query", &needsToken,
          [](Visit &visit, GateBench &) {
              visit.target += "?access_token=" + visit.headers["Authorization"].substr(7);
              visit.headers.erase("Authorization");
          },
          always(kNoToken) },
        { "token in a cookie", &needsToken,
          [](Visit &visit, GateBench &) {
              visit.headers["Cookie"] = "token=" + visit.headers["Authorization"].substr(7);
              visit.headers.erase("Authorization");
          },
          always(kNoToken) },
    };
    const auto add = [&rows](const char *name, const std::function<std::string(const std::string &)> &change,
                             const Answered &answer) {
        rows.push_back(
            { name, &needsToken, token(change), always(answer), answer.reason == kBadToken.reason });
    };
    add(
        "no scheme", [](const std::string &good) { return good; }, kNoToken);
    add(
        "other scheme", [](const std::string &good) { return "Basic " + good; }, kNoToken);
    add(
        "scheme alone", [](const std::string &) { return "Bearer"; }, kNoToken);
    add(
        "word for a token", [](const std::string &) { return "Bearer null"; }, kBadToken);
    add(
        "token cut by one",
        [](const std::string &good) { return "Bearer " + good.substr(0, good.size() - 1); }, kBadToken);
    add(
        "token and one more", [](const std::string &good) { return "Bearer " + good + "A"; }, kBadToken);
    add(
        "two tokens", [](const std::string &good) { return "Bearer " + good + " " + good; }, kBadToken);
    add(
        "two tokens, by a comma", [](const std::string &good) { return "Bearer " + good + "," + good; },
        kBadToken);
    add(
        "other prefix",
        [](const std::string &good) {
            return "Bearer " + std::string(good.starts_with("gh_a_") ? "gh_o_" : "gh_a_") + good.substr(5);
        },
        kBadToken);
    add(
        "right form, wrong token",
        [](const std::string &good) { return "Bearer " + good.substr(0, 5) + std::string(43, 'A'); },
        kBadToken);
    add(
        "token of eight kilobytes",
        [](const std::string &good) { return "Bearer " + good + std::string(8192, 'A'); }, kBadToken);
    return rows;
}

std::vector<Refusal> nameRefusals()
{
    std::vector<Refusal> rows;
    for (const char *origin : { "null", "http://evil.example", "http://127.0.0.1", "https://127.0.0.1:4100" })
        rows.push_back({ origin, &everyRoute, header("Origin", origin), always({ 403, "origin_denied" }) });
    for (const char *host : { "evil.example", "127.0.0.1:1", "localhost", "gatehouse" })
        rows.push_back({ host, &everyRoute, header("Host", host), always({ 403, "origin_denied" }) });
    for (const char *site : { "cross-site", "same-site" })
        rows.push_back(
            { site, &everyRoute, header("Sec-Fetch-Site", site), [](const Route &route) {
                 return isNavigable(route) ? Answered{ 400, "" } : Answered{ 403, "origin_denied" };
             } });
    return rows;
}

/// Under /oauth/ a refusal is told to whoever reads there: a browser, or a client that knows the RFC's words
/// alone. What the endpoints say themselves is due as it stands.
Answered asRead(const Route &route, const Answered &due)
{
    if (route.path == "/oauth/authorize" || route.path.starts_with("/oauth/logins/"))
        return { due.status, "" };
    if (!route.path.starts_with("/oauth/") || due.error.starts_with("invalid_"))
        return due;
    return { due.status,
             due.status == 429 || due.status >= 500 ? "temporarily_unavailable" : "invalid_request" };
}

/// What a body that is no JSON of its route's form is answered by those who read it themselves.
Answered notUnderstood(const Route &route)
{
    if (route.path == "/oauth/register")
        return { 400, "invalid_client_metadata" };
    return { 400, "invalid_request" };
}

std::vector<Refusal> bodyRefusals()
{
    const auto hasBody = [](const Route &route) { return route.bodyLimit > 0; };
    std::vector<Refusal> rows{
        { "a byte too many", &everyRoute,
          [](Visit &visit, GateBench &bench) {
              const auto limit = bench.api.surface.bodyLimit(visit.method, visit.target);
              visit.body = std::string(limit + 1, ' ');
          },
          always({ 413, "payload_too_large" }) },
        { "a length that is said, not sent", &everyRoute,
          [](Visit &visit, GateBench &) { visit.headers["Content-Length"] = "999999999999"; },
          always({ 413, "payload_too_large" }) },
        { "chunks over the limit", hasBody,
          [](Visit &visit, GateBench &bench) {
              const auto limit = bench.api.surface.bodyLimit(visit.method, visit.target);
              visit.headers["Transfer-Encoding"] = "chunked";
              visit.body = QByteArray::number(qulonglong(limit + 1), 16).toStdString() + "\r\n"
                  + std::string(limit + 1, ' ') + "\r\n0\r\n\r\n";
          },
          always({ 413, "payload_too_large" }) },
        { "text for JSON", hasBody, header("Content-Type", "text/plain"),
          [](const Route &route) {
              return route.path.starts_with("/oauth/") ? notUnderstood(route)
                                                       : Answered{ 415, "unsupported_media_type" };
          } },
        { "packed", hasBody, header("Content-Encoding", "gzip"), always({ 415, "unsupported_media_type" }) },
        { "unknown field",
          [](const Route &route) { return takesJson(route) && route.path != GateBench::toolRoute().path; },
          [](Visit &visit, GateBench &) { visit.body = R"({"no_such_field":1})"; },
          always({ 422, "validation_failed" }) },
    };
    // What a page can send to another origin without asking first, and JSON that others would read as another
    // text.
    for (const char *type :
         { "text/plain;charset=UTF-8", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
           "text/plain; application/json", "application/json5", "application/json; charset=utf-16",
           "application/json;charset=\"UTF-7\"" })
        rows.push_back(
            { type,
              [](const Route &route) { return route.bodyLimit > 0 && !route.path.starts_with("/oauth/"); },
              header("Content-Type", type), always({ 415, "unsupported_media_type" }) });
    const std::string deep = std::string(65, '[') + std::string(65, ']');
    for (const auto &[name, body] : {
             std::pair<const char *, std::string>{ "half of an object", "{" },
             { "a list", "[]" },
             { "null", "null" },
             { "the same key twice", R"({"name":"a","name":"b"})" },
             { "the same key twice, further in", R"({"name":{"a":1,"a":2}})" },
             { "the same key twice, one escaped", R"({"name":"a","n\u0061me":"b"})" },
             { "too deep", R"({"name":)" + deep + "}" },
             { "half a surrogate pair", R"({"name":"\ud800"})" },
             { "not UTF-8", "{\"name\":\"\xff\"}" },
             { "a byte order mark", "\xef\xbb\xbf{}" },
             { "a comment", "{/* */}" },
             { "not a number", R"({"name":NaN})" },
             { "a raw NUL in a text", std::string("{\"name\":\"a\0b\"}", 14) },
             { "an object and more", "{}{}" },
         }) {
        rows.push_back({ name, hasBody, [body = body](Visit &visit, GateBench &) { visit.body = body; },
                         &notUnderstood });
    }
    return rows;
}

std::vector<Refusal> stateRefusals()
{
    const auto stepUp = [](const char *reason) { return always({ 403, "step_up_required", reason }); };
    return {
        { "no step-up", &needsStepUp,
          [](Visit &visit, GateBench &) { visit.headers.erase("X-Step-Up-Token"); }, stepUp("pin") },
        { "guessed step-up", &needsStepUp, header("X-Step-Up-Token", std::string(43, 'A')), stepUp("pin") },
        { "step-up of another token", &needsStepUp,
          [](Visit &visit, GateBench &bench) {
              visit.headers["Authorization"] = "Bearer " + bench.api.addOwnerToken().second;
          },
          stepUp("pin") },
        { "step-up of five minutes ago", &needsStepUp,
          [](Visit &, GateBench &bench) { bench.api.clock.advance(5min); }, stepUp("pin") },
        { "PIN for a step-up token", &needsStepUp, header("X-Step-Up-Token", kPin), stepUp("pin") },
        { "locked", &isClosed, &nothing, always({ 503, "gateway_locked" }), false,
          [](GateBench &bench) {
              bench.api.surface.setCondition({ Condition::State::Locked, ErrorCode::SecretsLocked });
          } },
        { "damaged storage", &isClosed, &nothing, always({ 503, "audit_unavailable" }), false,
          [](GateBench &bench) {
              bench.api.surface.setCondition({ Condition::State::Broken, ErrorCode::StorageDamaged });
          } },
    };
}

std::vector<Refusal> allRefusals()
{
    std::vector<Refusal> all;
    for (auto group : { &tokenRefusals, &nameRefusals, &bodyRefusals, &stateRefusals })
        std::ranges::move(group(), std::back_inserter(all));
    return all;
}

/// Something that ends every call in the pipeline, before anything is sent.
struct ClosedState
{
    const char *name;
    Answered answer;
    std::function<void(GateBench &, Json &arguments)> enter;
    std::function<bool(const Tool &)> applies = [](const Tool &) { return true; };
    bool mayLook = false; ///< it comes behind the looks that a call takes first
};

const std::vector<ClosedState> &closedStates()
{
    const auto mode = [](Mode now) { return [now](GateBench &bench, Json &) { bench.api.setMode(now); }; };
    const auto agent
        = [](AgentState state) { return [state](GateBench &bench, Json &) { bench.setAgentState(state); }; };
    const auto hasProject
        = [](const Tool &tool) { return tool.inputSchema.at("properties").contains("project"); };
    static const std::vector<ClosedState> rows{
        { "paused gateway", { 503, "gateway_paused" }, mode(Mode::Paused) },
        { "draining gateway", { 503, "gateway_draining" }, mode(Mode::Draining) },
        { "paused agent", { 403, "agent_paused" }, agent(AgentState::Paused) },
        { "retired agent", { 403, "agent_paused" }, agent(AgentState::Retired) },
        { "unknown argument",
          { 422, "validation_failed" },
          [](GateBench &, Json &arguments) { arguments["no_such_argument"] = true; } },
        { "nothing granted there",
          { 404, "not_found" },
          [](GateBench &bench, Json &) { bench.takeGrantsAway(); },
          hasProject },
        { "a project that is nowhere",
          { 404, "not_found" },
          [](GateBench &bench, Json &arguments) {
              bench.takeGrantsAway();
              arguments["project"] = "8a1c0b52-0c3f-4d61-9d6e-0b1f6ad3ffff";
          },
          hasProject },
        // A read's row may wait a second in memory; a write's may not.
        { "journal cannot be written",
          { 503, "audit_unavailable" },
          [](GateBench &bench, Json &) { bench.api.storage.fault = ErrorCode::StorageFull; },
          [](const Tool &tool) { return tool.writes; },
          true },
    };
    return rows;
}

/// Our error body, also where it travels inside a JSON-RPC error.
Json bodyOf(const RawAnswer &answer)
{
    const Json body = Json::parse(answer.body, nullptr, false);
    if (!body.is_object())
        return Json::object();
    return body.contains("jsonrpc") ? body.at("error").at("data") : body;
}

std::string difference(const RawAnswer &answer, const Answered &due)
{
    const Json body = bodyOf(answer);
    const std::string error = body.value("error", "");
    const std::string reason = body.value("details", Json::object()).value("reason", "");
    if (answer.status != due.status || (!due.error.empty() && error != due.error)
        || (!due.reason.empty() && reason != due.reason))
        return "answered " + std::to_string(answer.status) + ' ' + error + ' ' + reason + " for "
            + std::to_string(due.status) + ' ' + due.error + ' ' + due.reason;
    if (!answer.header("access-control-allow-origin").empty())
        return "an answer that other origins may read";
    if (due.status == 401 && !answer.header("www-authenticate").starts_with("bearer "))
        return "401 without a challenge";
    const bool forNow = due.error == "gateway_locked" || due.error == "temporarily_unavailable";
    if ((due.status == 429 || forNow) && answer.header("retry-after").empty())
        return "no word on when to come back";
    return {};
}

std::string nameOf(const Route &route)
{
    return std::string(gatehouse::nameOf(route.method)) + ' ' + std::string(route.path);
}

} // namespace

/// The boundary of the gateway as the other side sees it: every route of both tables, every way to be
/// refused there. Each refusal has its exact answer, and nothing of it shows at Tasker or as an intent in
/// the journal. Everything is granted and connected here, so that only the refusal stands in between.
class BoundaryTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QVERIFY2(m_tasker.start(), qPrintable(m_tasker.error())); }

    void honest_everyRoute_isLetIn()
    {
        std::vector<std::string> reached;
        eachRoute([&](const Route &route) {
            GateBench bench(m_tasker);
            const RawAnswer answer = bench.ask(bench.honest(route));

            const bool turnedAway = answer.status == 401 || answer.status == 413 || answer.status == 415
                || answer.status == 429 || answer.status == 0
                || (answer.status == 403 && route.access != Access::Ceremony);
            QVERIFY2(!turnedAway,
                     (nameOf(route) + ": " + std::to_string(answer.status) + answer.body).c_str());
            if (!bench.reachedTasker().empty())
                reached.push_back(nameOf(route));
        });

        for (const char *route : { "POST /api/v1/tools/{tool}", "POST /mcp", "GET /api/v1/projects" })
            QVERIFY2(std::ranges::find(reached, route) != reached.end(), route);
    }

    void refusal_atEveryRoute_hasItsAnswerAndNothingHappens_data()
    {
        QTest::addColumn<int>("row");
        const auto all = allRefusals();
        for (std::size_t i = 0; i < all.size(); ++i)
            QTest::newRow(all[i].name) << int(i);
    }
    void refusal_atEveryRoute_hasItsAnswerAndNothingHappens()
    {
        QFETCH(int, row);
        const Refusal refusal = allRefusals()[std::size_t(row)];
        GateBench bench(m_tasker);
        std::map<const Route *, Visit> honest; // made before anything is locked or revoked
        eachRoute([&](const Route &route) { honest[&route] = bench.honest(route); });
        if (refusal.prepare)
            refusal.prepare(bench);

        int seen = 0;
        eachRoute([&](const Route &route) {
            if (!refusal.applies(route))
                return;
            ++seen;
            bench.api.wind(7s); // the rates are not the subject
            Visit visit = refusal.prepare ? honest[&route] : bench.honest(route);
            refusal.spoil(visit, bench);

            const RawAnswer answer = refusal.late ? bench.askLate(visit, kWrongTokenDelay) : bench.ask(visit);

            const std::string wrong = difference(answer, asRead(route, refusal.answer(route)));
            QVERIFY2(wrong.empty(), (nameOf(route) + ": " + wrong).c_str());
            QVERIFY2(bench.nothingHappened(), nameOf(route).c_str());
        });
        QVERIFY(seen > 0);
    }

    void otherMethods_everyPath_are405WithTheRightOnes()
    {
        GateBench bench(m_tasker);
        eachRoute([&](const Route &route) {
            for (const char *method : { "GET", "POST", "PATCH", "PUT", "DELETE" }) {
                bool known = false;
                eachRoute([&](const Route &other) {
                    known |= other.path == route.path && gatehouse::nameOf(other.method) == method;
                });
                if (known)
                    continue;
                Visit visit = bench.honest(route);
                visit.method = method;
                visit.body.clear();
                for (const char *override :
                     { "X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override" })
                    visit.headers[override] = gatehouse::nameOf(route.method);

                const RawAnswer answer = bench.ask(visit);

                QVERIFY2(answer.status == 405, (method + (' ' + nameOf(route))).c_str());
                QVERIFY(!answer.header("allow").empty());
            }
            for (const char *method : { "HEAD", "OPTIONS", "TRACE" }) {
                Visit visit = bench.honest(route);
                visit.method = method;
                visit.body.clear();
                QCOMPARE(bench.ask(visit).status, 405);
            }
            QVERIFY2(bench.nothingHappened(), nameOf(route).c_str());
        });
    }

    void call_everyToolInEveryClosedState_isRefusedByBothDoors_data()
    {
        QTest::addColumn<int>("row");
        const auto &rows = closedStates();
        for (std::size_t i = 0; i < rows.size(); ++i)
            QTest::newRow(rows[i].name) << int(i);
    }
    void call_everyToolInEveryClosedState_isRefusedByBothDoors()
    {
        QFETCH(int, row);
        const ClosedState &state = closedStates()[std::size_t(row)];
        GateBench bench(m_tasker);

        int seen = 0;
        for (const Tool &tool : trackerTools()) {
            if (!state.applies(tool))
                continue;
            ++seen;
            bench.api.wind(30s);
            Json arguments = bench.argumentsFor(tool);
            state.enter(bench, arguments);

            const RawAnswer rest = bench.callByRest(tool, arguments);
            const Json mcp = bench.callByMcp(tool, arguments);

            const std::string wrong = difference(rest, state.answer);
            QVERIFY2(wrong.empty(), (std::string(tool.name) + ": " + wrong).c_str());
            QVERIFY2(mcp.is_object() && mcp.value("isError", false), mcp.dump().c_str());
            QCOMPARE(mcp.at("structuredContent").value("error", ""), state.answer.error);
            bench.api.storage.fault.reset();
            QVERIFY2(state.mayLook ? bench.nothingWasWritten() : bench.nothingHappened(),
                     std::string(tool.name).c_str());
        }
        QVERIFY(seen > 0);
    }

    /// A client that asks first (Expect) is told before it sends what would be thrown away: over the limit of
    /// its route or not, no byte of the body is asked for.
    void body_offeredWithoutAGoodToken_isNotAskedFor_data()
    {
        QTest::addColumn<QString>("authorization");
        QTest::newRow("none") << QString();
        QTest::newRow("wrong") << QStringLiteral("Bearer gh_a_wrong");
        QTest::newRow("of the other kind") << QStringLiteral("other");
    }
    void body_offeredWithoutAGoodToken_isNotAskedFor()
    {
        QFETCH(QString, authorization);
        GateBench bench(m_tasker);
        int seen = 0;
        eachRoute([&](const Route &route) {
            if (route.bodyLimit == 0 || !needsToken(route))
                return;
            if (authorization == QLatin1String("other") && route.access == Access::AgentOrOwner)
                return;
            ++seen;
            bench.api.wind(7s);
            Visit visit = bench.honest(route);
            visit.headers["Expect"] = "100-continue";
            visit.headers["Content-Length"] = "2";
            visit.body.clear();
            QVERIFY2(bench.ask(visit).status == 100, nameOf(route).c_str());
            if (authorization.isEmpty())
                visit.headers.erase("Authorization");
            else
                visit.headers["Authorization"] = authorization == QLatin1String("other")
                    ? "Bearer "
                        + (route.access == Access::Agent ? bench.api.ownerToken : bench.api.agentToken)
                    : authorization.toStdString();
            const bool late = authorization.startsWith(QLatin1String("Bearer"));

            const RawAnswer answer = late ? bench.askLate(visit, kWrongTokenDelay) : bench.ask(visit);

            QVERIFY2(answer.status == 401 || answer.status == 403, nameOf(route).c_str());
            QCOMPARE(answer.header("connection"), std::string("close"));
            QVERIFY2(bench.nothingHappened(), nameOf(route).c_str());
        });
        QVERIFY(seen > 10);
    }

    void call_ofAToolThatIsNotListed_isRefusedByBothDoors()
    {
        for (const Scope granted : kScopes) {
            GateBench bench(m_tasker);
            bench.takeGrantsAway();
            bench.api.grant(granted, GrantPolicy::Allow, kEveryProject.text());
            const std::vector<std::string> listed = bench.listedTools();
            int refused = 0;
            for (const Tool &tool : trackerTools()) {
                if (std::ranges::find(listed, tool.name) != listed.end())
                    continue;
                ++refused;
                bench.api.wind(30s);

                const RawAnswer rest = bench.callByRest(tool, bench.argumentsFor(tool));
                const Json mcp = bench.callByMcp(tool, bench.argumentsFor(tool));

                QVERIFY2(rest.status == 403 || rest.status == 404,
                         (std::string(tool.name) + rest.body).c_str());
                QVERIFY2(mcp.is_null() || mcp.value("isError", false), std::string(tool.name).c_str());
                QVERIFY2(bench.nothingWasWritten(), std::string(tool.name).c_str());
            }
            QVERIFY(refused > 0 && !listed.empty());
        }
    }

    void call_everyTool_whenNothingIsWrong_reachesTasker()
    {
        GateBench bench(m_tasker);
        for (const Tool &tool : trackerTools()) {
            bench.api.wind(30s);

            const RawAnswer answer = bench.callByRest(tool, bench.argumentsFor(tool));

            QVERIFY2(answer.status == 200, (std::string(tool.name) + ": " + answer.body).c_str());
            QVERIFY2(!bench.reachedTasker().empty(), std::string(tool.name).c_str());
        }
    }

private:
    ContractTaskerProcess m_tasker;
};

QTEST_GUILESS_MAIN(BoundaryTest)
#include "tst_boundary.moc"
