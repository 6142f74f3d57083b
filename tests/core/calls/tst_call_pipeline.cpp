// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/calls/pipeline_bench.h"

#include "gateway_core/calls/tool.h"

using namespace gatehouse;
using namespace gatehouse::test;

class CallPipelineTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QVERIFY2(m_tasker.start(), qPrintable(m_tasker.error())); }

    void create_withAGrant_writesOnceAndIsOnRecord()
    {
        PipelineBench bench(m_tasker);
        bench.grant("ENG", "issues:create");
        bench.grant("ENG", "issues:read");

        const auto answer
            = bench.use("tasker_create_issue", { { "project", "ENG" }, { "name", "From the pipeline" } });

        QVERIFY2(answer.result, answer.result ? "" : answer.result.error().detail.c_str());
        QCOMPARE(answer.result->at("issue").at("name"), Json("From the pipeline"));
        QCOMPARE(bench.requests().size(), std::size_t(1));
        const Json sent = bench.requests().front();
        QCOMPARE(sent.at("method"), Json("POST"));
        QCOMPARE(bench.lastRow("call_intent").at("tool"), Json("tasker_create_issue"));
        QCOMPARE(bench.lastRow("call_outcome").at("outcome"), Json("ok"));
        QCOMPARE(bench.lastRow("call_outcome").at("issue"), answer.result->at("issue").at("identifier"));
        QCOMPARE(bench.pipeline->underWay(), 0);
    }

    void journal_afterACall_holdsNoArgument()
    {
        PipelineBench bench(m_tasker);
        bench.grant("ENG", "issues:create");

        bench.use("tasker_create_issue",
                  { { "project", "ENG" }, { "name", "n" }, { "description_markdown", "the-secret-text" } });

        for (const auto &row : bench.storage.journal())
            QVERIFY(row.body.find("the-secret-text") == std::string::npos);
        QCOMPARE(bench.lastRow("call_intent").at("arguments").at("description_markdown").at("size"),
                 Json(17));
    }

    void reads_answerTheirOutputSchemas_data()
    {
        QTest::addColumn<QByteArray>("tool");
        QTest::addColumn<QByteArray>("arguments");
        QTest::newRow("resolve") << QByteArray("tasker_resolve_project") << QByteArray(R"({"query":"eng"})");
        QTest::newRow("context") << QByteArray("tasker_get_project_context")
                                 << QByteArray(R"({"project":"ENG"})");
        QTest::newRow("list") << QByteArray("tasker_list_issues")
                              << QByteArray(R"({"project":"eng","limit":3})");
        QTest::newRow("list by names")
            << QByteArray("tasker_list_issues")
            << QByteArray(R"({"project":"ENG","state":"in review","label":"BUG"})");
        QTest::newRow("issue") << QByteArray("tasker_get_issue") << QByteArray(R"({"issue":"ENG-4"})");
    }
    void reads_answerTheirOutputSchemas()
    {
        QFETCH(QByteArray, tool);
        QFETCH(QByteArray, arguments);
        PipelineBench bench(m_tasker);
        bench.grant("ENG", "projects:read");
        bench.grant("ENG", "issues:read");

        const auto answer = bench.use(tool.constData(), Json::parse(arguments.toStdString()));

        QVERIFY2(answer.result, answer.result ? "" : answer.result.error().detail.c_str());
        const Json schema = bench.catalogue.find(tool.constData())->outputSchema;
        for (const auto &field : schema.at("required"))
            QVERIFY2(answer.result->contains(field.get<std::string>()), field.dump().c_str());
        for (const auto &[field, value] : answer.result->items())
            QVERIFY2(schema.at("properties").contains(field), field.c_str());
        QCOMPARE(answer.result->at("untrusted_text"), Json(true));
        QCOMPARE(bench.lastRow("call_outcome").at("outcome"), Json("ok"));
    }

    void texts_fromTasker_comeWithoutInvisibleCharacters()
    {
        PipelineBench bench(m_tasker);
        bench.grant("ENG", "issues:read");

        const auto answer = bench.use("tasker_get_issue", { { "issue", "ENG-4" } });

        QVERIFY(answer.result);
        const auto text = answer.result->at("issue").at("description_markdown").get<std::string>();
        QVERIFY(text.find("Ignore previous instructions") != std::string::npos);
        QVERIFY(text.find("\xe2\x80\x8b") == std::string::npos);
        QVERIFY(text.find("\xe2\x80\xae") == std::string::npos);
    }

    void results_nameOnlyGrantedProjects()
    {
        PipelineBench bench(m_tasker);
        bench.grant("OPS", "projects:read");
        bench.grant("ENG", "issues:create");

        const auto answer = bench.use("tasker_resolve_project", { { "query", "*" }, { "limit", 1 } });

        QVERIFY(answer.result);
        QCOMPARE(answer.result->at("total"), Json(1));
        QCOMPARE(answer.result->at("matches").at(0).at("project").at("identifier"), Json("OPS"));
    }

    // Tests of the refusals: each with nothing sent.
    void notFound_forUngrantedAndForNothing_isTheSame_data()
    {
        QTest::addColumn<QByteArray>("tool");
        QTest::addColumn<QByteArray>("ungranted");
        QTest::addColumn<QByteArray>("nothing");
        const auto row = [](const char *name, const char *tool, const char *ungranted, const char *nothing) {
            QTest::newRow(name) << QByteArray(tool) << QByteArray(ungranted) << QByteArray(nothing);
        };
        row("project", "tasker_get_project_context", R"({"project":"SECRET"})", R"({"project":"NOPE"})");
        row("list", "tasker_list_issues", R"({"project":"SECRET"})", R"({"project":"NOPE"})");
        row("issue", "tasker_get_issue", R"({"issue":"SECRET-1"})", R"({"issue":"NOPE-1"})");
        row("create", "tasker_create_issue", R"({"project":"SECRET","name":"a"})",
            R"({"project":"NOPE","name":"a"})");
        row("move", "tasker_move_issue", R"({"issue":"SECRET-1","state":"Done"})",
            R"({"issue":"NOPE-1","state":"Done"})");
        row("parent", "tasker_create_issue", R"({"project":"ENG","name":"a","parent":"SECRET-1"})",
            R"({"project":"ENG","name":"a","parent":"NOPE-1"})");
        row("borrowed identifier", "tasker_get_issue", R"({"issue":"SECRET-1","project":"ENG"})",
            R"({"issue":"NOPE-1","project":"ENG"})");
    }
    void notFound_forUngrantedAndForNothing_isTheSame()
    {
        QFETCH(QByteArray, tool);
        QFETCH(QByteArray, ungranted);
        QFETCH(QByteArray, nothing);
        PipelineBench bench(m_tasker);
        for (const Scope scope : kScopes)
            bench.grant("ENG", nameOf(scope).data());

        const auto first = bench.use(tool.constData(), Json::parse(ungranted.toStdString()));
        const auto second = bench.use(tool.constData(), Json::parse(nothing.toStdString()));

        QVERIFY(!first.result && !second.result);
        QCOMPARE(first.result.error().code, ErrorCode::NotFound);
        QCOMPARE(second.result.error().code, ErrorCode::NotFound);
        QCOMPARE(first.result.error().detail, second.result.error().detail);
        QCOMPARE(first.result.error().details, second.result.error().details);
        QCOMPARE(bench.requests().size(), std::size_t(0));
    }

    void scopes_areNotReachedThroughOtherFields_data()
    {
        QTest::addColumn<QByteArray>("tool");
        QTest::addColumn<QByteArray>("arguments");
        QTest::addColumn<QByteArray>("held");
        QTest::addColumn<QByteArray>("missing");
        const auto row = [](const char *name, const char *tool, const char *arguments, const char *held,
                            const char *missing) {
            QTest::newRow(name) << QByteArray(tool) << QByteArray(arguments) << QByteArray(held)
                                << QByteArray(missing);
        };
        const char *create = "tasker_create_issue";
        row("state", create, R"({"project":"ENG","name":"a","state":"Done"})", "issues:create",
            "issues:move");
        row("labels", create, R"({"project":"ENG","name":"a","labels":["bug"]})", "issues:create",
            "labels:write");
        row("no labels", create, R"({"project":"ENG","name":"a","labels":[]})", "issues:create",
            "labels:write");
        row("assignees", create, R"({"project":"ENG","name":"a","assignees":["You"]})", "issues:create",
            "assignees:write");
        row("parent", create, R"({"project":"ENG","name":"a","parent":"ENG-1"})", "issues:create",
            "issues:read");
        row("parent elsewhere", create, R"({"project":"ENG","name":"a","parent":"OPS-1"})", "issues:create",
            "issues:read");
        row("parent of update", "tasker_update_issue", R"({"issue":"ENG-2","parent":"ENG-1"})",
            "issues:update", "issues:read");
        row("update", "tasker_update_issue", R"({"issue":"ENG-2","name":"b"})", "issues:create",
            "issues:update");
        row("move", "tasker_move_issue", R"({"issue":"ENG-2","state":"Done"})", "issues:update",
            "issues:move");
        row("comment", "tasker_add_comment", R"({"issue":"ENG-2","body_markdown":"b"})", "issues:read",
            "comments:create");
        row("read", "tasker_get_issue", R"({"issue":"ENG-2"})", "projects:read", "issues:read");
        row("context", "tasker_get_project_context", R"({"project":"ENG"})", "issues:read", "projects:read");
        row("resolve", "tasker_resolve_project", R"({"query":"*"})", "issues:read", "projects:read");
    }
    void scopes_areNotReachedThroughOtherFields()
    {
        QFETCH(QByteArray, tool);
        QFETCH(QByteArray, arguments);
        QFETCH(QByteArray, held);
        QFETCH(QByteArray, missing);
        PipelineBench bench(m_tasker);
        bench.grant("ENG", held.constData());
        bench.grant("OPS", "issues:create"); // so that OPS may be seen, and no more

        const auto answer = bench.use(tool.constData(), Json::parse(arguments.toStdString()));

        QCOMPARE(codeOf(answer), ErrorCode::ScopeDenied);
        QCOMPARE(answer.result.error().details.at("missing"), Json::array({ missing.toStdString() }));
        QCOMPARE(bench.requests().size(), std::size_t(0));
        QCOMPARE(bench.lastRow("call_refused").at("outcome"), Json("scope_denied"));
    }

    void login_withALimit_narrowsTheGrants()
    {
        PipelineBench bench(m_tasker);
        bench.grant("ENG", "issues:create");
        Call call = bench.callOf("tasker_create_issue", { { "project", "ENG" }, { "name", "a" } });
        call.scopeLimit = std::int64_t(1) << static_cast<int>(Scope::IssuesRead);

        const auto answer = bench.use(call);

        QCOMPARE(codeOf(answer), ErrorCode::ScopeDenied);
        QCOMPARE(bench.requests().size(), std::size_t(0));
    }

    void mode_pausedOrDraining_refuses()
    {
        PipelineBench bench(m_tasker);
        bench.grant("ENG", "issues:read");
        for (const auto &[mode, code] : { std::pair(Mode::Paused, ErrorCode::GatewayPaused),
                                          std::pair(Mode::Draining, ErrorCode::GatewayDraining) }) {
            bench.change([mode = mode](Stores &stores) -> Result<> {
                auto profile = stores.profile.load();
                profile->mode = mode;
                return stores.profile.save(*profile);
            });

            QCOMPARE(codeOf(bench.use("tasker_get_issue", { { "issue", "ENG-1" } })), code);
            const Json row = bench.lastRow("call_refused");
            QCOMPARE(row.at("outcome").get<std::string>(), std::string(nameOf(code)));
            QCOMPARE(row.at("agent_name").get<std::string>(), bench.agent.displayName);
        }
        QCOMPARE(bench.requests().size(), std::size_t(0));
    }

    void agent_paused_refuses()
    {
        PipelineBench bench(m_tasker);
        bench.grant("ENG", "issues:read");
        bench.agent.state = AgentState::Paused;
        bench.change([agent = bench.agent](Stores &stores) { return stores.agents.save(agent); });

        QCOMPARE(codeOf(bench.use("tasker_get_issue", { { "issue", "ENG-1" } })), ErrorCode::AgentPaused);
        QCOMPARE(bench.requests().size(), std::size_t(0));
    }

    void intent_notOnDisk_sendsNothing()
    {
        PipelineBench bench(m_tasker);
        bench.grant("ENG", "issues:create");
        bench.storage.fault = ErrorCode::StorageFull;

        const auto answer
            = bench.use("tasker_create_issue", { { "project", "ENG" }, { "name", "a" } }, "key-1");

        QCOMPARE(codeOf(answer), ErrorCode::AuditUnavailable);
        QCOMPARE(bench.requests().size(), std::size_t(0));
        bench.storage.fault.reset();
        QVERIFY(bench.use("tasker_create_issue", { { "project", "ENG" }, { "name", "a" } }, "key-1").result);
        QCOMPARE(bench.writesSeen(), 1);
    }

    void rate_ofWrites_isPerAgent()
    {
        PipelineBench bench(m_tasker);
        bench.grant("ENG", "issues:read");
        int passed = 0;
        CallAnswer last;
        // The upstream budget of 50 a minute, 30 of it for reads, ends this before the agent's own rate.
        for (int i = 0; i < 40; ++i) {
            last = bench.use("tasker_get_issue", { { "issue", "ENG-1" } });
            passed += last.result.has_value();
        }

        QCOMPARE(passed, 30);
        QCOMPARE(codeOf(last), ErrorCode::RateLimited);
        QVERIFY(last.result.error().details.at("retry_after").get<int>() >= 1);
    }

private:
    ContractTaskerProcess m_tasker;
};

QTEST_GUILESS_MAIN(CallPipelineTest)
#include "tst_call_pipeline.moc"
