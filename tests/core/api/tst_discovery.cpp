// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/documents/response_schemas.h"
#include "gateway_core/api/documents/openapi.h"
#include "tests/core/api/api_bench.h"
#include "tests/core/api/routes.h"
#include "tests/support/contract_tasker_process.h"
#include "tests/support/raw_client.h"

#include <QFile>
#include <QProcess>
#include <QTemporaryDir>

#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

using namespace gatehouse;
using namespace gatehouse::test;
using namespace std::chrono_literals;

namespace {

/// `$ref`s put in place: the validator knows no document around a schema.
Json resolved(Json schema, const Json &document)
{
    if (schema.is_object() && schema.contains("$ref")) {
        const std::string pointer = schema["$ref"].get<std::string>().substr(1);
        return resolved(document.at(Json::json_pointer(pointer)), document);
    }
    if (schema.is_structured()) {
        for (Json &part : schema)
            part = resolved(std::move(part), document);
    }
    return schema;
}

/// Empty: it fits.
std::string misfit(const Json &schema, const Json &value)
{
    valijson::Schema compiled;
    valijson::SchemaParser().populateSchema(valijson::adapters::NlohmannJsonAdapter(schema), compiled);
    valijson::Validator validator(valijson::Validator::kStrongTypes);
    valijson::ValidationResults results;
    if (validator.validate(compiled, valijson::adapters::NlohmannJsonAdapter(value), &results))
        return {};
    std::string text = value.dump();
    for (const auto &error : results) {
        text += "\n ";
        for (const auto &step : error.context)
            text += step;
        text += ' ' + error.description;
    }
    return text;
}

std::string lowered(std::string_view text)
{
    std::string lower;
    for (const char c : text)
        lower += static_cast<char>(c | 0x20);
    return lower;
}

/// Answers, held against the document that describes them; it remembers what it has seen.
class Witness final
{
public:
    Witness(ApiBench &bench, Audience audience)
        : m_bench(bench)
        , m_document(openApi(audience, bench.surface.table(), bench.catalogue, bench.surface.condition()))
    {
    }

    /// The answer to `ask`, a request to the route of that path in the document.
    Json sees(const std::string &path, const Ask &ask)
    {
        auto record = m_bench.send(ask);
        if (!m_bench.waitFor([&record] { return record->response || record->stream; }))
            qFatal("no answer from %s", path.c_str());
        const std::string status = std::to_string(record->stream ? 200 : record->status());
        const Json &operation = m_document.at("paths").at(path).at(lowered(ask.method));
        const Json &answers = operation.at("responses");
        const Json &answer = answers.contains(status) ? answers.at(status) : answers.at("default");
        if (answer.contains("content")) {
            const auto content = answer.at("content").items().begin();
            if (content.key() == "application/json") {
                const std::string problem
                    = misfit(resolved(content.value().at("schema"), m_document), record->json());
                if (!problem.empty())
                    problems.push_back(ask.method + ' ' + path + ' ' + status + ": " + problem);
            } else if (!record->stream && record->header("content-type").find(content.key()) != 0) {
                problems.push_back(ask.method + ' ' + path + ": " + record->header("content-type"));
            }
        } else if (!record->response->body.empty()) {
            problems.push_back(ask.method + ' ' + path + ' ' + status + ": a body where none is described");
        }
        if (!answers.contains(status) && record->status() < 400)
            problems.push_back(ask.method + ' ' + path + ": " + status + " is not described");
        if (record->status() < 400)
            m_seen.insert(ask.method + ' ' + path);
        return record->json();
    }
    /// What the document describes and no good answer was seen of.
    [[nodiscard]] std::set<std::string> unseen() const
    {
        std::set<std::string> left;
        for (const auto &[path, methods] : m_document.at("paths").items()) {
            for (const auto &[method, operation] : methods.items()) {
                std::string name;
                for (const char c : method)
                    name += static_cast<char>(c & ~0x20);
                if (!m_seen.contains(name + ' ' + path))
                    left.insert(name + ' ' + path);
            }
        }
        return left;
    }

    std::vector<std::string> problems;

private:
    ApiBench &m_bench;
    Json m_document;
    std::set<std::string> m_seen;
};

QString joined(const auto &texts)
{
    std::string text;
    for (const auto &one : texts)
        text += one + '\n';
    return QString::fromStdString(text);
}

/// The gateway on a port, with a Tasker behind it and a grant of everything on ENG.
class LiveBench : public ApiBench
{
public:
    LiveBench()
    {
        if (!tasker_.start())
            qFatal("%s", qPrintable(tasker_.error()));
        connectTasker();
        project = tasker_.project("ENG")["id"].get<std::string>();
        for (const Scope scope : kScopes)
            grant(scope, GrantPolicy::Allow, project);
        surface.attachTo(server);
        const auto port = server.listenLoopback(0);
        if (!port)
            qFatal("no port");
        Condition condition = surface.condition();
        condition.origin = "http://127.0.0.1:" + std::to_string(*port);
        surface.setCondition(condition);
    }
    void connectTasker()
    {
        const auto set = tasker.setTarget(TaskerTarget{ tasker_.baseUrl(), tasker_.owner(),
                                                        Secret(tasker_.credential()), tasker_.caFile() });
        if (!set)
            qFatal("no target");
    }
    /// `line` in a shell, as a reader of the document would run it. Its exit code.
    int run(const std::string &line, const std::string &token)
    {
        QFile file(m_folder.filePath(QStringLiteral("auth")));
        if (!file.open(QIODevice::WriteOnly))
            return -1;
        file.write(("Authorization: Bearer " + token + '\n').c_str());
        file.close();
        QProcess shell;
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("GATEHOUSE_AUTH"), file.fileName());
        environment.insert(QStringLiteral("no_proxy"), QStringLiteral("127.0.0.1"));
        shell.setProcessEnvironment(environment);
        shell.start(QStringLiteral("sh"), { QStringLiteral("-c"), QString::fromStdString(line) });
        shell.write(("{\"pin\":\"" + kPin + "\"}").c_str());
        shell.closeWriteChannel();
        if (!QTest::qWaitFor([&shell] { return shell.state() == QProcess::NotRunning; },
                             RawClient::kPatience * 4))
            return -1;
        output = shell.readAllStandardOutput().toStdString();
        errors = shell.readAllStandardError().toStdString();
        return shell.exitCode();
    }

    ContractTaskerProcess tasker_;
    HttpServer server{ HttpLimits{}, clock, random };
    std::string project;
    std::string output;
    std::string errors;

private:
    QTemporaryDir m_folder;
};

std::vector<std::string> examplesIn(const std::string &document)
{
    std::vector<std::string> lines;
    for (const QString &line : QString::fromStdString(document).split(QLatin1Char('\n'))) {
        if (line.trimmed().startsWith(QLatin1String("curl ")))
            lines.push_back(line.trimmed().toStdString());
    }
    return lines;
}

constexpr int kStreamCutByCurl = 28; // --max-time was reached

} // namespace

/// What the gateway says of itself, and that it is true.
class DiscoveryTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void routes_allSayWhatTheyAnswer()
    {
        std::set<std::string> silent;
        for (const auto *table : { &agentRoutes(), &ownerRoutes() }) {
            for (const Route &route : *table) {
                if (route.path != "/api/v1/tools/{tool}" && route.responses.front().status == 0)
                    silent.insert(std::string(nameOf(route.method)) + ' ' + std::string(route.path));
            }
        }

        QCOMPARE(joined(silent), QString()); // a new route: its row says what it answers
    }

    void openApi_references_allLeadSomewhere()
    {
        ApiBench bench;
        for (const Audience audience : { Audience::Agent, Audience::Owner }) {
            const Json document
                = openApi(audience, bench.surface.table(), bench.catalogue, bench.surface.condition());
            QCOMPARE(document["openapi"], "3.1.0");
            (void)resolved(document["paths"], document); // throws where one does not
            std::set<std::string> ids;
            for (const auto &[path, methods] : document["paths"].items()) {
                for (const auto &[method, operation] : methods.items()) {
                    QVERIFY2(ids.insert(operation["operationId"]).second, path.c_str());
                    for (const Json &alternative : operation["security"]) {
                        for (const auto &[scheme, scopes] : alternative.items())
                            QVERIFY(document["components"]["securitySchemes"].contains(scheme));
                    }
                }
            }
        }
    }

    void openApi_eachTokenIsShownItsOwnSide()
    {
        ApiBench bench;
        const Json agents = bench.send({ "GET", "/api/v1/openapi.json", bench.agentToken })->json();
        const Json owners = bench.send({ "GET", "/api/v1/openapi.json", bench.ownerToken })->json();

        for (const Route &route : ownerRoutes()) {
            QVERIFY2(!agents["paths"].contains(std::string(route.path)), route.path.data());
            QVERIFY2(owners["paths"].contains(std::string(route.path)), route.path.data());
        }
        QVERIFY(agents["paths"].contains("/api/v1/tools/tasker_create_issue"));
        QVERIFY(agents["paths"].contains("/mcp"));
        QVERIFY(agents.dump().find("owner_token") == std::string::npos);
        QVERIFY(!agents["paths"].contains("/api/v1/owner/sign-in"));
        QVERIFY(owners["paths"].contains("/api/v1/owner/sign-in"));
        for (const char *path :
             { "/mcp", "/api/v1/agent-session", "/describe/agent", "/api/v1/tools/tasker_create_issue" })
            QVERIFY(!owners["paths"].contains(path));
        QCOMPARE(bench.send({ "GET", "/api/v1/openapi.json" })->status(), 401);
    }

    void openApi_ofTheOwner_describesWhatIsReallyAnswered()
    {
        LiveBench bench;
        bench.enterPin();
        Witness witness(bench, Audience::Owner);
        const auto ask = [&](const std::string &method, const std::string &path, const std::string &body = {},
                             const std::string &query = {}) {
            return Ask{ method, path, bench.ownerToken, body, { { "x-step-up-token", bench.stepUpToken } },
                        query };
        };
        const std::string agent = "/api/v1/agents/" + bench.agent.text();

        for (const char *path :
             { "/healthz", "/readyz", "/describe", "/describe/owner", "/api/v1/meta/capabilities",
               "/api/v1/openapi.json", "/api/v1/status", "/api/v1/agents", "/api/v1/owner-tokens",
               "/api/v1/connection", "/api/v1/streams/audit", "/api/v1/streams/status" })
            witness.sees(path, ask("GET", path));
        witness.sees("/api/v1/projects", ask("GET", "/api/v1/projects", {}, "query=eng"));
        witness.sees(
            "/api/v1/owner/sign-in",
            ask("POST", "/api/v1/owner/sign-in", Json{ { "pin", kPin }, { "name", "terminal" } }.dump()));
        witness.sees("/api/v1/agents", ask("POST", "/api/v1/agents", R"({"display_name":"Reviewer"})"));
        witness.sees("/api/v1/agents/{id}", ask("GET", agent));
        witness.sees("/api/v1/agents/{id}", ask("PATCH", agent, R"({"display_name":"Mason"})"));
        witness.sees("/api/v1/agents/{id}", ask("GET", "/api/v1/agents/nobody"));
        const Json grants = witness.sees("/api/v1/agents/{id}/grants",
                                         ask("PUT", agent + "/grants",
                                             Json{ { "project_id", bench.project },
                                                   { "scopes", { "issues:create" } },
                                                   { "answer", "ask" } }
                                                 .dump()));
        const Json tokens
            = witness.sees("/api/v1/agents/{id}/tokens", ask("POST", agent + "/tokens", R"({"name":"two"})"));
        const Json rotated = witness.sees(
            "/api/v1/agents/{id}/tokens/{token}/rotate",
            ask("POST", agent + "/tokens/" + tokens["id"].get<std::string>() + "/rotate", "{}"));
        witness.sees("/api/v1/agents/{id}/tokens", ask("GET", agent + "/tokens"));
        witness.sees("/api/v1/agents/{id}/tokens/{token}",
                     ask("DELETE", agent + "/tokens/" + rotated["id"].get<std::string>()));

        const Json code = witness.sees(
            "/api/v1/pairing/codes",
            ask("POST", "/api/v1/pairing/codes", Json{ { "agent_id", bench.agent.text() } }.dump()));
        witness.sees("/api/v1/pairing/codes", ask("GET", "/api/v1/pairing/codes"));
        const auto redeem = [&bench](const Json &opened) {
            bench.send(
                { "POST",
                  "/api/v1/pairing/redeem",
                  {},
                  Json{ { "code", opened["code"] }, { "client_name", "c" }, { "nonce", "0123456789abcdef" } }
                      .dump() });
        };
        redeem(code);
        const auto question = [&] {
            return witness
                .sees("/api/v1/confirmations", ask("GET", "/api/v1/confirmations"))["confirmations"][0]["id"]
                .get<std::string>();
        };
        witness.sees("/api/v1/confirmations/{id}/confirm",
                     ask("POST", "/api/v1/confirmations/" + question() + "/confirm", "{}"));
        redeem(
            bench
                .send(ask("POST", "/api/v1/pairing/codes", Json{ { "agent_id", bench.agent.text() } }.dump()))
                ->json());
        witness.sees("/api/v1/confirmations/{id}/deny",
                     ask("POST", "/api/v1/confirmations/" + question() + "/deny", "{}"));
        witness.sees("/api/v1/pairing/codes", ask("DELETE", "/api/v1/pairing/codes"));

        for (const char *title : { "one", "two" })
            bench.send({ "POST", "/api/v1/tools/tasker_create_issue", bench.agentToken,
                         Json{ { "project", "ENG" }, { "name", title } }.dump() });
        QVERIFY(bench.waitFor([&bench] { return bench.approvals.open().size() == 2; }));
        const Json open = witness.sees("/api/v1/approvals", ask("GET", "/api/v1/approvals"))["approvals"];
        const std::string one = "/api/v1/approvals/" + open[0]["id"].get<std::string>();
        const std::string two = "/api/v1/approvals/" + open[1]["id"].get<std::string>();
        witness.sees("/api/v1/approvals/{id}", ask("GET", one));
        witness.sees("/api/v1/approvals/{id}/allow", ask("POST", one + "/allow", R"({"reach":"1h"})"));
        witness.sees("/api/v1/approvals/{id}/deny", ask("POST", two + "/deny", "{}"));
        const Json standing
            = witness.sees("/api/v1/standing-approvals", ask("GET", "/api/v1/standing-approvals"));
        witness.sees(
            "/api/v1/standing-approvals/{id}",
            ask("DELETE",
                "/api/v1/standing-approvals/" + standing["standing_approvals"][0]["id"].get<std::string>()));
        witness.sees("/api/v1/explain",
                     ask("GET", "/api/v1/explain", {},
                         "agent_id=" + bench.agent.text() + "&project_id=" + bench.project
                             + "&tool=tasker_create_issue&fields=labels,parent"));
        witness.sees("/api/v1/agents/{id}/grants", ask("GET", agent + "/grants"));
        witness.sees("/api/v1/agents/{id}/grants/{grant}",
                     ask("DELETE", agent + "/grants/" + grants["grants"][0]["id"].get<std::string>()));

        witness.sees("/api/v1/audit/events", ask("GET", "/api/v1/audit/events", {}, "limit=100"));
        witness.sees("/api/v1/audit/events", ask("GET", "/api/v1/audit/events", {}, "limit=0"));
        witness.sees("/api/v1/audit/verify", ask("POST", "/api/v1/audit/verify", "{}"));
        const QTemporaryDir exports;
        witness.sees(
            "/api/v1/audit/retention",
            ask("PUT", "/api/v1/audit/retention", Json{ { "folder", exports.path().toStdString() } }.dump()));
        witness.sees("/api/v1/audit/retention", ask("GET", "/api/v1/audit/retention"));
        witness.sees("/api/v1/streams/tickets", ask("POST", "/api/v1/streams/tickets"));
        const Json minted
            = witness.sees("/api/v1/owner-tokens", ask("POST", "/api/v1/owner-tokens", R"({"name":"ci"})"));
        witness.sees("/api/v1/owner-tokens/{id}",
                     ask("DELETE", "/api/v1/owner-tokens/" + minted["id"].get<std::string>()));
        bench.clock.setWall(bench.clock.now() + 7'200'000);
        (void)bench.registry.now();
        bench.clock.setWall(bench.clock.now() - 7'200'000);
        witness.sees("/api/v1/clock", ask("POST", "/api/v1/clock", R"({"answer":"was_wrong"})"));
        witness.sees("/api/v1/mode", ask("POST", "/api/v1/mode", R"({"mode":"draining"})"));
        witness.sees("/api/v1/mode", ask("POST", "/api/v1/mode", R"({"mode":"standing"})"));
        witness.sees("/api/v1/stop-everything", ask("POST", "/api/v1/stop-everything", "{}"));
        witness.sees("/api/v1/step-up", ask("POST", "/api/v1/step-up", Json{ { "pin", kPin } }.dump()));
        witness.sees("/api/v1/step-up", ask("DELETE", "/api/v1/step-up"));

        QVERIFY2(witness.problems.empty(), qPrintable(joined(witness.problems)));
        // The first two have no body or a folder of files (tst_owner_api), the others change the connection
        // that this test stands on.
        QCOMPARE(
            joined(witness.unseen()),
            joined(std::set<std::string>{ "POST /api/v1/audit/accept-restore", "POST /api/v1/audit/export",
                                          "PUT /api/v1/connection", "POST /api/v1/connection/test" }));
    }

    void openApi_ofAgents_describesWhatIsReallyAnswered()
    {
        LiveBench bench;
        Witness witness(bench, Audience::Agent);
        const auto tool = [&](const std::string &name, const Json &arguments) {
            const std::string path = "/api/v1/tools/" + name;
            return witness.sees(path, { "POST", path, bench.agentToken, arguments.dump() });
        };
        for (const char *path :
             { "/healthz", "/readyz", "/describe", "/describe/agent", "/api/v1/meta/capabilities",
               "/api/v1/openapi.json", "/api/v1/agent-session", "/.well-known/oauth-protected-resource/mcp",
               "/.well-known/oauth-protected-resource", "/.well-known/oauth-authorization-server" })
            witness.sees(path, { "GET", path, bench.agentToken });
        tool("tasker_resolve_project", { { "query", "ENG" } });
        tool("tasker_get_project_context", { { "project", "ENG" } });
        tool("tasker_list_issues", { { "project", "ENG" } });
        const Json made = tool("tasker_create_issue", { { "project", "ENG" }, { "name", "Stalls" } });
        const Json issue = made["issue"]["identifier"];
        tool("tasker_get_issue", { { "issue", issue } });
        tool("tasker_update_issue", { { "issue", issue }, { "priority", "high" } });
        tool("tasker_move_issue", { { "issue", issue }, { "state", "started" } });
        tool("tasker_add_comment", { { "issue", issue }, { "body_markdown", "Seen." } });
        tool("tasker_set_labels", { { "issue", issue }, { "labels", { "bug" } } });
        tool("tasker_set_assignees", { { "issue", issue }, { "assignees", Json::array() } });
        tool("tasker_get_issue", { { "issue", "NOPE-1" } });
        tool("tasker_create_issue", { { "project", "ENG" } });
        bench.grant(Scope::IssuesCreate, GrantPolicy::Ask, bench.project);
        const std::string create = "/api/v1/tools/tasker_create_issue";
        const auto held
            = bench.send({ "POST", create, bench.agentToken, R"({"project":"ENG","name":"Held"})" });
        QVERIFY(bench.waitFor([&bench] { return bench.approvals.open().size() == 1; }));
        bench.wind(kHoldTime);
        QCOMPARE(held->status(), 202);
        QCOMPARE(misfit(schemaOf(namedShapes().front().fields), held->json()), std::string());

        std::string code;
        bench.pairing.open(bench.agent, kCodeLifetime, "window",
                           [&code](const Result<PairingCode> &opened) { code = opened ? opened->text : ""; });
        bench.settle();
        const std::string nonce = "0123456789abcdef";
        const Json redeemed
            = witness.sees("/api/v1/pairing/redeem",
                           { "POST",
                             "/api/v1/pairing/redeem",
                             {},
                             Json{ { "code", code }, { "client_name", "c" }, { "nonce", nonce } }.dump() });
        const std::string id = redeemed["confirmation_id"];
        bench.pairing.confirm(ConfirmationId(id), "window", [](const Result<> &) {});
        bench.settle();
        witness.sees(
            "/api/v1/pairing/confirmations/{id}",
            { "POST", "/api/v1/pairing/confirmations/" + id, {}, Json{ { "nonce", nonce } }.dump() });

        QVERIFY2(witness.problems.empty(), qPrintable(joined(witness.problems)));
        // MCP and OAuth have their own standards and their own tests.
        for (const std::string &left : witness.unseen())
            QVERIFY2(left.find(" /mcp") != std::string::npos || left.find(" /oauth/") != std::string::npos,
                     left.c_str());
    }

    void describe_withoutAToken_saysWhereToGo_andNoRouteOfTheOwners()
    {
        ApiBench bench;
        const auto record = bench.send({ "GET", "/describe" });
        const std::string &text = record->response->body;

        QCOMPARE(record->status(), 200);
        QVERIFY(record->header("content-type").starts_with("text/markdown"));
        for (const char *there :
             { "/describe/agent", "/describe/owner", "/api/v1/openapi.json", "http://127.0.0.1:4100/mcp" })
            QVERIFY2(text.find(there) != std::string::npos, there);
        for (const Route &route : ownerRoutes()) {
            if (route.path != "/describe/owner")
                QVERIFY2(text.find(route.path) == std::string::npos, route.path.data());
        }
    }

    void describe_locked_answersAllTheSame()
    {
        const ToolCatalogue catalogue{ { trackerTools() } };
        ApiDispatcher locked(catalogue);
        locked.setCondition({ Condition::State::Locked, ErrorCode::SecretsLocked });
        auto record = std::make_shared<Recorded>();

        locked.handle({ "GET", "/describe", {}, {}, {}, "r", std::make_shared<FakePeer>() },
                      std::make_shared<RecordingResponder>(record));

        QCOMPARE(record->status(), 200);
    }

    void describe_eachSide_namesItsOwnRoutesOnly_andNoToken()
    {
        ApiBench bench;
        bench.grant(Scope::IssuesRead, GrantPolicy::Ask);
        const std::string agents = bench.send({ "GET", "/describe/agent", bench.agentToken })->response->body;
        const std::string owners = bench.send({ "GET", "/describe/owner", bench.ownerToken })->response->body;

        for (const Route &route : ownerRoutes())
            QVERIFY2(
                agents.find("### " + std::string(nameOf(route.method)) + ' ' + std::string(route.path) + '\n')
                    == std::string::npos,
                route.path.data());
        for (const char *foreign :
             { "/api/v1/status", "/api/v1/approvals", "/api/v1/owner", "/api/v1/audit", "gh_o_" })
            QVERIFY2(agents.find(foreign) == std::string::npos, foreign);
        for (const char *foreign : { "/mcp", "/api/v1/agent-session", "/api/v1/tools", "gh_a_" })
            QVERIFY2(owners.find(foreign) == std::string::npos, foreign);
        for (const Route *route : routesFor(bench.surface.table(), Audience::Owner))
            QVERIFY2(owners.find(route->path) != std::string::npos, route->path.data());
        QVERIFY(agents.find("Builder") != std::string::npos);
        QVERIFY(agents.find("ENG: ask") != std::string::npos);
        QVERIFY(agents.find(bench.agentToken) == std::string::npos);
        QVERIFY(owners.find(bench.ownerToken) == std::string::npos);
    }

    void examples_ofTheAgentsDocument_runAsPrinted()
    {
        LiveBench bench;
        const std::string document
            = bench.send({ "GET", "/describe/agent", bench.agentToken })->response->body;
        const auto lines = examplesIn(document);
        QVERIFY(lines.size() >= 14);

        for (const std::string &line : lines) {
            const int code = bench.run(line, bench.agentToken);
            QVERIFY2(code == 0, (line + '\n' + bench.errors + bench.output).c_str());
            QVERIFY2(!bench.output.empty(), line.c_str());
        }
        const auto general = examplesIn(bench.send({ "GET", "/describe" })->response->body);
        QCOMPARE(bench.run(general.at(0), {}), 0);
    }

    void examples_ofTheOwnersDocument_runAsPrinted()
    {
        LiveBench bench;
        bench.setPin();
        const std::string document
            = bench.send({ "GET", "/describe/owner", bench.ownerToken })->response->body;
        auto lines = examplesIn(document);
        QVERIFY(lines.size() >= 20);
        // What ends streams and pauses everything comes last, as a reader would have it.
        std::ranges::stable_partition(
            lines, [](const std::string &line) { return line.find("stop-everything") == std::string::npos; });

        int streams = 0;
        for (const std::string &line : lines) {
            const bool isStream = line.find("--max-time") != std::string::npos;
            streams += isStream;
            const int code = bench.run(line, bench.ownerToken);
            QVERIFY2(code == (isStream ? kStreamCutByCurl : 0),
                     (line + '\n' + bench.errors + bench.output).c_str());
            if (isStream)
                QVERIFY2(bench.output.find("event: ") != std::string::npos, bench.output.c_str());
        }
        QCOMPARE(streams, 2);
        QCOMPARE(bench.registry.current()->profile.mode, Mode::Paused);
    }
};

QTEST_GUILESS_MAIN(DiscoveryTest)
#include "tst_discovery.moc"
