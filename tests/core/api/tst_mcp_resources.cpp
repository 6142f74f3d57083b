// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/mcp/tracker_prompts.h"
#include "gateway_core/api/mcp/tracker_resources.h"
#include "tests/core/api/mcp_client.h"
#include "tests/support/contract_tasker_process.h"

using namespace gatehouse;
using namespace gatehouse::test;
using namespace std::chrono_literals;

namespace {

/// The door with the contract Tasker behind it, whose project ENG the agent may be granted.
class TrackerBench final
{
public:
    explicit TrackerBench(ContractTaskerProcess &tasker)
        : upstream(tasker)
    {
        upstream.reset();
        TaskerTarget target;
        target.baseUrl = upstream.baseUrl();
        target.ownerUserId = upstream.owner();
        target.credential = Secret(upstream.credential());
        target.caFile = upstream.caFile();
        if (!api.tasker.setTarget(std::move(target)))
            qFatal("the contract Tasker is no target");
        project = upstream.project("ENG").value("id", "");
    }
    void grant(Scope scope, GrantPolicy answer = GrantPolicy::Allow) { api.grant(scope, answer, project); }
    /// Asked, and waited for the answer.
    Json ask(const std::string &method, const Json &params)
    {
        const auto record = client.ask(method, params);
        if (!api.waitFor([&] { return record->answers == 1; }))
            qFatal("no answer");
        return record->json();
    }
    Json read(const std::string &uri) { return ask("resources/read", { { "uri", uri } }); }
    Json complete(const Json &ref, const std::string &argument, const std::string &value)
    {
        return ask("completion/complete",
                   { { "ref", ref }, { "argument", { { "name", argument }, { "value", value } } } });
    }
    [[nodiscard]] RouteCaller caller(std::optional<std::int64_t> scopeLimit = {}) const
    {
        const DirectoryPtr directory = api.registry.current();
        return { directory->client(api.client), nullptr, directory, {}, scopeLimit };
    }

    ContractTaskerProcess &upstream;
    ApiBench api;
    StatelessClient client{ api };
    std::string project;
};

std::set<std::string> all(const Json &list, const char *field)
{
    std::set<std::string> found;
    for (const Json &entry : list)
        found.insert(entry.at(field).get<std::string>());
    return found;
}

std::int64_t only(Scope scope)
{
    return std::int64_t(1) << static_cast<int>(scope);
}

const Json kIssueTemplate{ { "type", "ref/resource" }, { "uri", "tasker://issues/{identifier}" } };
const Json kProjectTemplate{ { "type", "ref/resource" }, { "uri", "tasker://projects/{id}" } };

} // namespace

/// The tracker as MCP resources and prompts, and their completion.
class McpResourcesTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QVERIFY2(m_tasker.start(), qPrintable(m_tasker.error())); }

    void list_showsGrantedProjects_andNothingBeforeThat()
    {
        TrackerBench bench(m_tasker);
        QVERIFY(bench.ask("resources/list", Json::object())["result"]["resources"].empty());
        QVERIFY(bench.ask("resources/templates/list", Json::object())["result"]["resourceTemplates"].empty());
        bench.grant(Scope::ProjectsRead);
        bench.api.grant(Scope::CommentsCreate, GrantPolicy::Allow, "another"); // not to be read

        const Json list = bench.ask("resources/list", Json::object())["result"]["resources"];

        QCOMPARE(all(list, "uri"),
                 (std::set<std::string>{ "tasker://projects", "tasker://projects/" + bench.project }));
        const Json templates
            = bench.ask("resources/templates/list", Json::object())["result"]["resourceTemplates"];
        QCOMPARE(all(templates, "uriTemplate"), (std::set<std::string>{ "tasker://projects/{id}" }));
        QVERIFY(templates[0]["description"].get<std::string>().find("through Gatehouse only")
                != std::string::npos);
    }

    void read_isTheToolsCall_markedAndOnRecord()
    {
        TrackerBench bench(m_tasker);
        bench.grant(Scope::ProjectsRead);
        bench.grant(Scope::IssuesRead);

        const Json projects = bench.read("tasker://projects")["result"];
        const Json project = bench.read("tasker://projects/" + bench.project)["result"];
        const Json issue = bench.read("tasker://issues/ENG-1")["result"];
        bench.api.settle();

        const Json matches = Json::parse(projects["contents"][0]["text"].get<std::string>());
        QCOMPARE(matches["matches"].size(), std::size_t(1)); // Tasker has more: only the granted one
        const Json context = Json::parse(project["contents"][0]["text"].get<std::string>());
        QCOMPARE(context["project"]["id"], bench.project);
        const Json content = issue["contents"][0];
        QCOMPARE(content["uri"], "tasker://issues/ENG-1");
        QCOMPARE(content["mimeType"], "application/json");
        QCOMPARE(Json::parse(content["text"].get<std::string>())["issue"]["identifier"], "ENG-1");
        const auto marked = content["_meta"]["gatehouse/untrusted"].get<std::set<std::string>>();
        QVERIFY(marked.contains("/issue/name"));
        QVERIFY(!marked.contains("/issue/id"));
        QCOMPARE(issue["ttlMs"], 0);
        QCOMPARE(issue["cacheScope"], "private");
        std::set<std::string> tools;
        for (const auto &row : bench.api.storage.journal()) {
            if (row.kind != "call_outcome")
                continue;
            const Json body = Json::parse(row.body);
            tools.insert(body["tool"].get<std::string>());
            QCOMPARE(body["transport"], "200");
            QCOMPARE(body["protocol"], "result");
        }
        QCOMPARE(tools,
                 (std::set<std::string>{ "tasker_get_issue", "tasker_get_project_context",
                                         "tasker_resolve_project" }));
    }

    void notGranted_andNotThere_readTheSame()
    {
        TrackerBench bench(m_tasker);
        const auto told = [&bench](const std::string &uri) {
            Json error = bench.read(uri)["error"];
            if (error["data"]["uri"] != uri)
                qFatal("the answer is about something else");
            error["data"].erase("uri");
            return error;
        };
        const Json missing = told("tasker://issues/NOPE-1");
        QCOMPARE(missing["code"], rpc::kInvalidParams);
        const Json refused = bench.api.lastCall();
        QCOMPARE(refused["outcome"], "not_found");
        QCOMPARE(refused["protocol"], "-32602"); // as it went out
        QCOMPARE(told("tasker://issues/ENG-1"), missing);
        QCOMPARE(told("tasker://projects/" + bench.project), missing);
        bench.grant(Scope::IssuesRead);

        QCOMPARE(told("tasker://issues/ENG-99999"), missing);
        QCOMPARE(told("tasker://projects/" + bench.project), missing); // issues:read is another scope
        QCOMPARE(told("tasker://issues/OPS-1"), missing);
    }

    void strangeUris_areNoResources_data()
    {
        QTest::addColumn<QString>("uri");
        for (const char *uri :
             { "", "tasker://", "tasker://projects/", "tasker://projects/a/b", "tasker://projects/..",
               "tasker://issues/", "tasker://issues/eng-1", "tasker://issues/ENG-1/",
               "tasker://issues/ENG%2D1", "tasker://issues/ENG-1?x", "TASKER://issues/ENG-1",
               "file:///etc/passwd", "ENG-1" })
            QTest::newRow(uri) << QString::fromLatin1(uri);
    }
    void strangeUris_areNoResources()
    {
        QFETCH(QString, uri);
        TrackerBench bench(m_tasker);
        bench.grant(Scope::IssuesRead);
        bench.grant(Scope::ProjectsRead);

        QCOMPARE(bench.read(uri.toStdString())["error"]["code"], rpc::kInvalidParams);
        QVERIFY(!mcp::mayWatchResource(bench.caller(), uri.toStdString(), bench.api.registry.now()));
    }

    void read_thatAsks_waitsForTheOwner()
    {
        TrackerBench bench(m_tasker);
        bench.grant(Scope::IssuesRead, GrantPolicy::Ask);
        bench.client.capabilities = { { "extensions", { { mcp::kTasksExtension, Json::object() } } } };
        const auto record = bench.client.ask("resources/read", { { "uri", "tasker://issues/ENG-1" } });
        QVERIFY(bench.api.waitFor([&] { return !bench.api.approvals.open().empty(); }));

        bench.api.wind(45s);

        QCOMPARE(record->json()["result"]["resultType"], "input_required"); // tasks are for tools/call
        QVERIFY(record->json()["result"]["requestState"].is_string());
    }

    void subscribers_hearOfWritesThroughGatehouse()
    {
        TrackerBench bench(m_tasker);
        bench.grant(Scope::IssuesRead);
        bench.grant(Scope::ProjectsRead);
        bench.grant(Scope::CommentsCreate);
        const std::string project = "tasker://projects/" + bench.project;
        const auto stream
            = bench.client.ask("subscriptions/listen",
                               { { "notifications",
                                   { { "resourceSubscriptions",
                                       { "tasker://issues/ENG-1", "tasker://issues/OPS-1", project } } } } },
                               3);
        const Json agreed = stream->stream->events[0].json()["params"]["notifications"];
        QCOMPARE(agreed["resourceSubscriptions"], (Json{ "tasker://issues/ENG-1", project }));
        const auto comment = [&bench](const char *issue) {
            return bench.ask("tools/call",
                             { { "name", "tasker_add_comment" },
                               { "arguments", { { "issue", issue }, { "body_markdown", "done" } } } });
        };

        QCOMPARE(comment("ENG-1")["result"]["isError"], false);
        QVERIFY(bench.api.waitFor([&] { return stream->stream->events.size() >= 3; }));
        const std::size_t told = stream->stream->events.size();
        bench.read("tasker://issues/ENG-1"); // a read changes nothing
        bench.api.grant(Scope::IssuesRead, GrantPolicy::Off, bench.project);
        QCOMPARE(comment("ENG-1")["result"]["isError"], false);
        QVERIFY(bench.api.waitFor([&] { return stream->stream->events.size() > told; }));
        bench.api.settle();

        QCOMPARE(stream->stream->events[1].json()["method"], "notifications/resources/updated");
        QCOMPARE(stream->stream->events[1].json()["params"]["uri"], "tasker://issues/ENG-1");
        QCOMPARE(stream->stream->events[2].json()["params"]["uri"], project);
        for (std::size_t i = told; i < stream->stream->events.size(); ++i)
            QCOMPARE(stream->stream->events[i].json()["params"]["uri"],
                     project); // the issue is not theirs any more
    }

    void completion_isOfGrantedProjectsOnly()
    {
        TrackerBench bench(m_tasker);
        const auto values = [&](const Json &ref, const char *argument, const char *value) {
            return bench.complete(ref, argument, value)["result"]["completion"]["values"];
        };
        QCOMPARE(values(kIssueTemplate, "identifier", ""), Json::array());
        bench.grant(Scope::IssuesRead);
        bench.grant(Scope::ProjectsRead);

        QCOMPARE(values(kIssueTemplate, "identifier", ""), Json{ "ENG-" });
        QCOMPARE(values(kIssueTemplate, "identifier", "en"), Json{ "ENG-" });
        QCOMPARE(values(kIssueTemplate, "identifier", "OPS"), Json::array());
        QCOMPARE(values(kProjectTemplate, "id", "eng"), Json{ bench.project });
        QCOMPARE(values({ { "type", "ref/prompt" }, { "name", "take_next_issue" } }, "project", "Engi"),
                 Json{ "ENG" });
        QCOMPARE(values({ { "type", "ref/prompt" }, { "name", "take_next_issue" } }, "focus", "x"),
                 Json::array());
    }

    void completion_ofNothingOfOurs_isInvalidParams()
    {
        TrackerBench bench(m_tasker);
        bench.grant(Scope::IssuesRead);
        const auto code = [&](const Json &ref, const char *argument) {
            return bench.complete(ref, argument, "x")["error"]["code"];
        };

        QCOMPARE(code({ { "type", "ref/resource" }, { "uri", "file:///{x}" } }, "x"), rpc::kInvalidParams);
        QCOMPARE(code(kIssueTemplate, "id"), rpc::kInvalidParams);
        QCOMPARE(code({ { "type", "ref/tool" } }, "x"), rpc::kInvalidParams);
        QCOMPARE(code({ { "type", "ref/prompt" }, { "name", "file_bug" } }, "project"), rpc::kInvalidParams);
        QCOMPARE(code("x", "x"), rpc::kInvalidParams);
    }

    void prompts_areThoseWhoseWorkMayBeDone()
    {
        TrackerBench bench(m_tasker);
        QVERIFY(bench.ask("prompts/list", Json::object())["result"]["prompts"].empty());
        bench.grant(Scope::IssuesRead);
        bench.grant(Scope::IssuesCreate);

        const Json list = bench.ask("prompts/list", Json::object())["result"]["prompts"];

        QCOMPARE(all(list, "name"), (std::set<std::string>{ "file_bug", "take_next_issue" }));
        QCOMPARE(list[0]["arguments"][0]["required"], true);
    }

    void prompt_namesItsPlace_andTakesFreeWords()
    {
        TrackerBench bench(m_tasker);
        bench.grant(Scope::IssuesCreate);
        bench.grant(Scope::CommentsCreate);
        const auto get = [&bench](const char *name, const Json &arguments) {
            return bench.ask("prompts/get", { { "name", name }, { "arguments", arguments } });
        };

        const Json bug = get("file_bug", { { "project", "eng" }, { "what", "It\u200b stalls" } })["result"];
        const Json report = get("report_progress", { { "issue", "eng-1" } })["result"];

        const std::string text = bug["messages"][0]["content"]["text"].get<std::string>();
        QCOMPARE(bug["messages"][0]["role"], "user");
        QVERIFY(text.find("project ENG.") != std::string::npos);
        QVERIFY(text.ends_with("The bug: It stalls"));
        QVERIFY(report["messages"][0]["content"]["text"].get<std::string>().find("issue ENG-1.")
                != std::string::npos);
        QCOMPARE(get("file_bug", Json::object())["error"]["code"], rpc::kInvalidParams);
        QCOMPARE(get("file_bug", { { "project", "OPS" } })["error"]["code"], rpc::kInvalidParams);
        QCOMPARE(get("report_progress", { { "issue", "OPS-1" } })["error"]["code"], rpc::kInvalidParams);
        QCOMPARE(get("take_next_issue", { { "project", "ENG" } })["error"]["code"], rpc::kInvalidParams);
        QCOMPARE(get("file_bug", 7)["error"]["code"], rpc::kInvalidParams);
    }

    void narrowedLogin_seesLess()
    {
        TrackerBench bench(m_tasker);
        bench.grant(Scope::ProjectsRead);
        bench.grant(Scope::IssuesRead);
        const std::int64_t now = bench.api.registry.now();
        const RouteCaller narrow = bench.caller(only(Scope::IssuesRead));

        QCOMPARE(mcp::trackerResources(bench.caller(), now).size(), std::size_t(2));
        QVERIFY(mcp::trackerResources(narrow, now).empty());
        QVERIFY(!mcp::mayWatchResource(narrow, "tasker://projects/" + bench.project, now));
        QVERIFY(mcp::mayWatchResource(narrow, "tasker://issues/ENG-1", now));
        QCOMPARE(mcp::trackerPrompts(bench.caller(only(Scope::ProjectsRead)), now), Json::array());
    }

    void wildcardGrant_namesNoProjectByItself()
    {
        TrackerBench bench(m_tasker);
        bench.api.grant(Scope::ProjectsRead, GrantPolicy::Allow, kEveryProject.text());
        bench.api.grant(Scope::IssuesRead, GrantPolicy::Allow, kEveryProject.text());

        QCOMPARE(bench.ask("resources/list", Json::object())["result"]["resources"].size(), std::size_t(1));
        QCOMPARE(bench.complete(kIssueTemplate, "identifier", "")["result"]["completion"]["values"],
                 Json::array());
        QVERIFY(bench.read("tasker://issues/ENG-1").contains("result"));
        QVERIFY(mcp::mayWatchResource(bench.caller(), "tasker://issues/ENG-1", bench.api.registry.now()));
    }

private:
    ContractTaskerProcess m_tasker;
};

QTEST_GUILESS_MAIN(McpResourcesTest)
#include "tst_mcp_resources.moc"
