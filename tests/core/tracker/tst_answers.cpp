// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/calls/pipeline_bench.h"

#include "gateway_core/calls/foreign_text.h"
#include "gateway_core/tracker/list_cursor.h"
#include "gateway_core/tracker/references.h"
#include "gateway_core/grants/scope.h"

#include <set>

using namespace gatehouse;
using namespace gatehouse::test;

/// What goes to Tasker and what comes back: names, looks, partial outcomes, bounds.
class AnswersTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void wildcardOfAnotherArea_makesNoProjectVisible()
    {
        Directory directory;
        const AgentId agent("a");
        for (const char *scope : { "team:read", "processes:read" }) {
            Grant grant;
            grant.agent = agent;
            grant.project = kEveryProject;
            grant.scope = scope;
            grant.answer = GrantPolicy::Allow;
            directory.grants[agent].insert_or_assign({ grant.project, grant.scope }, grant);
        }
        QVERIFY(!holdsWildcard(directory, agent, 0));
        QVERIFY(!maySee(directory, agent, ProjectId("p1"), 0));
        const auto named = projectNamed(directory, agent, "SECRET", 0);
        QVERIFY(!named && named.error().code == ErrorCode::NotFound);
    }

    void initTestCase() { QVERIFY2(m_tasker.start(), qPrintable(m_tasker.error())); }

    void names_becomeIds_withOneLookAMinute()
    {
        PipelineBench bench(m_tasker);
        grantAll(bench, "ENG");
        const Json create{ { "project", "ENG" },
                           { "name", "Named" },
                           { "state", "in progress" },
                           { "labels", { "BUG" } },
                           { "assignees", { "Юлия Смирнова" } },
                           { "priority", "high" } };

        const auto first = bench.use("tasker_create_issue", create);
        const auto second = bench.use("tasker_create_issue", create);

        QVERIFY2(first.result, first.result ? "" : first.result.error().details.dump().c_str());
        QVERIFY(second.result);
        QVERIFY(!first.partial);
        QCOMPARE(first.result->at("issue").at("state").at("name"), Json("In Progress"));
        QCOMPARE(bench.requests().size(), std::size_t(3)); // the context once
    }

    void name_ofNothing_isToldByField()
    {
        PipelineBench bench(m_tasker);
        grantAll(bench, "ENG");

        const auto answer = bench.use("tasker_create_issue",
                                      { { "project", "ENG" }, { "name", "a" }, { "labels", { "no-such" } } });

        QCOMPARE(codeOf(answer), ErrorCode::ValidationFailed);
        QCOMPARE(answer.result.error().details.at("errors").at(0).at("field"), Json("labels"));
        QCOMPARE(bench.writesSeen(), 0);
    }

    void group_meansItsFirstState()
    {
        PipelineBench bench(m_tasker);
        grantAll(bench, "ENG");

        const auto answer = bench.use("tasker_move_issue", { { "issue", "ENG-1" }, { "state", "started" } });

        QVERIFY(answer.result);
        QCOMPARE(answer.result->at("issue").at("state").at("name"), Json("In Progress"));
    }

    void addAndRemove_keepTheRest_andExpectTheIssueAsItWas()
    {
        PipelineBench bench(m_tasker);
        grantAll(bench, "ENG");
        const Json before = bench.entry("issues", "ENG-4");

        const auto answer = bench.use(
            "tasker_set_labels", { { "issue", "ENG-4" }, { "add", { "docs" } }, { "remove", { "bug" } } });

        QVERIFY2(answer.result, answer.result ? "" : answer.result.error().detail.c_str());
        QVERIFY(!answer.partial);
        QCOMPARE(answer.result->at("issue").at("label_ids").size(), std::size_t(2));
        const Json sent = bench.requests().back();
        QCOMPARE(sent.at("body").at("expected_updated_at"), before.at("updated_at"));
    }

    void issue_changedBetweenLookAndWrite_isNotOverwritten()
    {
        PipelineBench bench(m_tasker);
        grantAll(bench, "ENG");
        const std::string id = bench.entry("issues", "ENG-4").at("id");
        m_tasker.fault({ { "match", "PUT /issues/*/assignees" }, { "kind", "slow" }, { "delay_ms", 500 } });
        const auto answer = bench.begin(
            bench.callOf("tasker_set_assignees", { { "issue", "ENG-4" }, { "add", { "Ada Lindqvist" } } }));
        QVERIFY(PipelineBench::until([&] { return bench.writesSeen() == 1; })); // on its way, not yet applied
        m_tasker.touch(id);

        QVERIFY(PipelineBench::until([&] { return answer->has_value(); }));
        QCOMPARE(codeOf(**answer), ErrorCode::IssueChanged);
    }

    void labels_droppedByTasker_arePartial()
    {
        PipelineBench bench(m_tasker);
        grantAll(bench, "ENG");
        m_tasker.fault({ { "match", "POST /issues" }, { "kind", "drop_labels" } });

        const auto answer = bench.use("tasker_create_issue",
                                      { { "project", "ENG" }, { "name", "a" }, { "labels", { "bug" } } });

        QVERIFY(answer.result);
        QVERIFY(answer.partial);
        QVERIFY(answer.result->at("partial").contains("label_ids"));
        QCOMPARE(bench.lastRow("call_outcome").at("outcome"), Json("partial"));
    }

    void state_ignoredByTasker_isPartial()
    {
        PipelineBench bench(m_tasker);
        grantAll(bench, "ENG");
        m_tasker.fault({ { "match", "POST /issues/*/move" }, { "kind", "ignore_state" } });

        const auto answer = bench.use("tasker_move_issue", { { "issue", "ENG-1" }, { "state", "Done" } });

        QVERIFY(answer.result);
        QVERIFY(answer.partial);
        QVERIFY(answer.result->at("partial").contains("state_id"));
    }

    void texts_ignoredByTasker_arePartial()
    {
        PipelineBench bench(m_tasker);
        grantAll(bench, "ENG");
        m_tasker.fault({ { "match", "PATCH /issues/*" }, { "kind", "ignore_text" } });

        const auto answer = bench.use(
            "tasker_update_issue",
            { { "issue", "ENG-1" }, { "name", "Another" }, { "description_markdown", "Other words" } });

        QVERIFY(answer.result);
        QVERIFY(answer.partial);
        QCOMPARE(answer.result->at("partial").at("name").at("asked"), Json("Another"));
        QVERIFY(answer.result->at("partial").contains("description_markdown"));
        QCOMPARE(bench.lastRow("call_outcome").at("outcome"), Json("partial"));
    }

    void texts_ignoredByTasker_areNotShownWithoutTheRightToRead()
    {
        PipelineBench bench(m_tasker);
        bench.grant("ENG", "issues:update");
        const std::string before = bench.entry("issues", "ENG-1").at("name");
        m_tasker.fault({ { "match", "PATCH /issues/*" }, { "kind", "ignore_text" } });

        const auto answer = bench.use("tasker_update_issue", { { "issue", "ENG-1" }, { "name", "Another" } });

        QVERIFY(answer.partial);
        QCOMPARE(answer.result->dump().find(before), std::string::npos);
    }

    void texts_writtenAnewByTasker_areNotPartial()
    {
        PipelineBench bench(m_tasker);
        grantAll(bench, "ENG");
        m_tasker.fault({ { "match", "PATCH /issues/*" },
                         { "kind", "odd" },
                         { "pointer", "/description_markdown" },
                         { "value", "- one\n- **two**\n" } });

        const auto answer = bench.use("tasker_update_issue",
                                      { { "issue", "ENG-1" },
                                        { "name", " Two  words " },
                                        { "description_markdown", "* one\n* __two__" } });

        QVERIFY(answer.result);
        QVERIFY(!answer.partial);
    }

    void comment_changedByTasker_isPartial()
    {
        PipelineBench bench(m_tasker);
        grantAll(bench, "ENG");
        m_tasker.fault({ { "match", "POST /issues/*/comments" },
                         { "kind", "odd" },
                         { "pointer", "/body_markdown" },
                         { "value", "" } });

        const auto answer
            = bench.use("tasker_add_comment", { { "issue", "ENG-1" }, { "body_markdown", "Hello" } });

        QVERIFY(answer.partial);
        QVERIFY(answer.result->at("partial").contains("body_markdown"));
    }

    void list_oddRow_isNamedInAnswerAndJournal()
    {
        PipelineBench bench(m_tasker);
        grantAll(bench, "ENG");
        m_tasker.fault({ { "match", "GET /issues" },
                         { "kind", "odd" },
                         { "pointer", "/items/0/state" },
                         { "value", nullptr } });

        const auto answer = bench.use("tasker_list_issues", { { "project", "ENG" } });

        QVERIFY(answer.result);
        QVERIFY(!answer.result->at("issues").empty());
        const Json named = answer.result->at("unreadable");
        QCOMPARE(named.size(), std::size_t(1));
        QCOMPARE(named[0]["row"], Json(1));
        QCOMPARE(named[0]["field"], Json("state"));
        QVERIFY(!named[0].contains("project_id"));
        QCOMPARE(bench.lastRow("call_outcome").at("more").at("unreadable")[0]["field"], Json("state"));
    }

    void issue_thatCannotBeRead_saysTheField()
    {
        PipelineBench bench(m_tasker);
        grantAll(bench, "ENG");
        const Json odd{ { "match", "GET /issues" },
                        { "kind", "odd" },
                        { "pointer", "/items/0/label_ids" },
                        { "value", nullptr } };
        m_tasker.fault(odd);
        const auto read = bench.use("tasker_get_issue", { { "issue", "ENG-1" } });
        m_tasker.fault(odd);
        const auto written = bench.use("tasker_update_issue", { { "issue", "ENG-1" }, { "name", "x" } });

        for (const auto &answer : { read, written }) {
            QCOMPARE(codeOf(answer), ErrorCode::UpstreamInvalidResponse);
            QCOMPARE(answer.result.error().details.value("field", ""), "label_ids");
        }
        QCOMPARE(bench.writesSeen(), 0);
    }

    void match_oddAndNotGranted_staysUnknown()
    {
        PipelineBench bench(m_tasker);
        grantAll(bench, "ENG");
        m_tasker.fault(
            { { "match", "POST /projects/resolve" },
              { "kind", "wrong_shape" },
              { "answer",
                { { "matches",
                    { { { "project", { { "id", bench.projectId("OPS") } } }, { "score", 1 } },
                      { { "project", { { "id", bench.projectId("ENG") } } }, { "score", 1 } } } } } } });

        const auto answer = bench.use("tasker_resolve_project", { { "query", "*" } });

        QVERIFY(answer.result);
        QCOMPARE(answer.result->at("unreadable").size(), std::size_t(1));
        QCOMPARE(answer.result->at("unreadable")[0]["id"], Json(bench.projectId("ENG")));
        QCOMPARE(answer.result->dump().find(bench.projectId("OPS")), std::string::npos);
    }

    void write_withoutTheRightToRead_showsOnlyWhatWasWritten()
    {
        PipelineBench bench(m_tasker);
        bench.grant("ENG", "issues:update");

        const auto answer = bench.use("tasker_update_issue", { { "issue", "ENG-4" }, { "priority", "low" } });

        QVERIFY(answer.result);
        const Json &issue = answer.result->at("issue");
        QCOMPARE(issue.at("priority"), Json("low"));
        QCOMPARE(issue.at("identifier"), Json("ENG-4"));
        QVERIFY(!issue.contains("description_markdown"));
        QVERIFY(!issue.contains("name"));
        QVERIFY(!issue.contains("assignee_ids"));
    }

    void parent_ofAGrantedProject_isSentById()
    {
        PipelineBench bench(m_tasker);
        grantAll(bench, "ENG");
        bench.grant("OPS", "issues:read");

        const auto answer = bench.use("tasker_create_issue",
                                      { { "project", "ENG" }, { "name", "Child" }, { "parent", "ENG-2" } });

        QVERIFY2(answer.result, answer.result ? "" : answer.result.error().detail.c_str());
        QCOMPARE(answer.result->at("issue").at("parent_id"), bench.entry("issues", "ENG-2").at("id"));
    }

    void wildcard_findsProjectsByIdentifier()
    {
        PipelineBench bench(m_tasker);
        bench.grant("*", "issues:read");

        const auto there = bench.use("tasker_get_issue", { { "issue", "OPS-1" } });
        const auto nowhere = bench.use("tasker_get_issue", { { "issue", "NOPE-1" } });

        QVERIFY2(there.result, there.result ? "" : there.result.error().detail.c_str());
        QCOMPARE(codeOf(nowhere), ErrorCode::NotFound);
    }

    void wildcard_withOneProjectOff_doesNotReachIt_howeverItIsNamed()
    {
        PipelineBench bench(m_tasker);
        bench.grant("*", "issues:read");
        bench.grant("*", "projects:read");
        bench.grant("OPS", "issues:read", GrantPolicy::Off);
        bench.grant("OPS", "projects:read", GrantPolicy::Off);
        const std::string issue = bench.entry("issues", "OPS-1").at("id");

        QCOMPARE(codeOf(bench.use("tasker_get_issue", { { "issue", "OPS-1" } })), ErrorCode::NotFound);
        QCOMPARE(codeOf(bench.use("tasker_get_issue", { { "issue", "ops-1" } })), ErrorCode::NotFound);
        QCOMPARE(codeOf(bench.use("tasker_list_issues", { { "project", bench.projectId("OPS") } })),
                 ErrorCode::NotFound);
        QCOMPARE(codeOf(bench.use("tasker_get_issue", { { "issue", issue }, { "project", "OPS" } })),
                 ErrorCode::NotFound);
        QVERIFY(bench.use("tasker_get_issue", { { "issue", "ENG-1" } }).result);
    }

    void wildcard_withAProjectOffOfUnknownName_isDecidedAgainOnceItIsFound()
    {
        PipelineBench bench(m_tasker);
        bench.grant("*", "issues:read");
        Grant off;
        off.id = GrantId(bench.random.uuid());
        off.agent = bench.agent.id;
        off.project = ProjectId(bench.projectId("OPS"));
        off.scope = "issues:read";
        off.answer = GrantPolicy::Off;
        bench.change([off](Stores &stores) -> Result<> {
            const auto put = stores.grants.put(off);
            return put ? Result<>() : tl::unexpected<Error>(put.error());
        });

        QCOMPARE(codeOf(bench.use("tasker_get_issue", { { "issue", "OPS-1" } })), ErrorCode::NotFound);
        QVERIFY(bench.use("tasker_get_issue", { { "issue", "ENG-1" } }).result);
    }

    void issueId_ofAnotherProject_isNotFound()
    {
        PipelineBench bench(m_tasker);
        grantAll(bench, "ENG");
        const std::string secret = bench.entry("issues", "SECRET-1").at("id");

        const auto read = bench.use("tasker_get_issue", { { "issue", secret }, { "project", "ENG" } });
        const auto written = bench.use("tasker_update_issue",
                                       { { "issue", secret }, { "project", "ENG" }, { "name", "Mine" } });
        const auto child = bench.use("tasker_create_issue",
                                     { { "project", "ENG" }, { "name", "a" }, { "parent", secret } });

        QCOMPARE(codeOf(read), ErrorCode::NotFound);
        QCOMPARE(codeOf(written), ErrorCode::NotFound);
        QCOMPARE(codeOf(child), ErrorCode::NotFound);
        QVERIFY(bench.entry("issues", "SECRET-1").at("name") != "Mine");
    }

    void answer_aboutAnotherProject_isNotShown()
    {
        PipelineBench bench(m_tasker);
        grantAll(bench, "ENG");
        Json page{ { "items", { bench.entry("issues", "SECRET-1") } }, { "next_cursor", nullptr } };
        m_tasker.fault({ { "match", "GET /issues" }, { "kind", "wrong_shape" }, { "answer", page } });

        const auto answer = bench.use("tasker_list_issues", { { "project", "ENG" } });

        QCOMPARE(codeOf(answer), ErrorCode::UpstreamInvalidResponse);
    }

    void list_tooLargeForOneAnswer_goesOnInsideThePage()
    {
        PipelineBench bench(m_tasker);
        grantAll(bench, "ENG");
        Json page{ { "items", Json::array() }, { "next_cursor", "after-this" }, { "total", 100 } };
        Json issue = bench.entry("issues", "ENG-1");
        issue["description_markdown"] = std::string(20'000, 'x');
        for (int i = 0; i < 100; ++i) {
            issue["id"] = "issue-" + std::to_string(i);
            page["items"].push_back(issue);
        }
        m_tasker.fault(
            { { "match", "GET /issues" }, { "kind", "wrong_shape" }, { "answer", page }, { "times", 10 } });

        std::set<std::string> seen;
        std::string cursor;
        int answers = 0;
        do {
            Json arguments{ { "project", "ENG" }, { "limit", 100 } };
            if (!cursor.empty())
                arguments["cursor"] = cursor;
            const auto answer = bench.use("tasker_list_issues", arguments);
            QVERIFY2(answer.result, answer.result ? "" : answer.result.error().detail.c_str());
            QVERIFY(answer.result->dump().size() <= kResultLimit);
            for (const Json &one : answer.result->at("issues"))
                QVERIFY(seen.insert(one.at("id")).second);
            cursor = answer.result->at("next_cursor").get<std::string>();
            ++answers;
        } while (cursor != "after-this" && answers < 10);

        QCOMPARE(seen.size(), std::size_t(100));
        QVERIFY(answers > 1);
    }

    void issue_withAHugeText_isCutAndSaysSo()
    {
        PipelineBench bench(m_tasker);
        grantAll(bench, "ENG");
        const std::string text = std::string(60'000, '\n') + "end";
        QVERIFY(bench.use("tasker_update_issue", { { "issue", "ENG-1" }, { "description_markdown", text } })
                    .result);

        const auto answer = bench.use("tasker_get_issue", { { "issue", "ENG-1" } });

        QVERIFY(answer.result);
        QVERIFY(answer.result->dump().size() <= kResultLimit);
        const auto shown = answer.result->at("issue").at("description_markdown").get<std::string>();
        QVERIFY(shown.find("cut here by Gatehouse") != std::string::npos);
    }

    // Pure parts.
    void text_ofOthers_losesWhatIsInvisible_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("clean");
        QTest::newRow("plain English") << QByteArray("a ~b\n\tc") << QByteArray("a ~b\n\tc");
        QTest::newRow("delete") << QByteArray("a\x7f"
                                              "b")
                                << QByteArray("ab");
        QTest::newRow("plain") << QByteArray("Привет, 世界 \xf0\x9f\x91\x8d")
                               << QByteArray("Привет, 世界 \xf0\x9f\x91\x8d");
        QTest::newRow("zero width") << QByteArray("a\xe2\x80\x8b\xe2\x80\x8d"
                                                  "b")
                                    << QByteArray("ab");
        QTest::newRow("bidi") << QByteArray("a\xe2\x80\xae"
                                            "b\xe2\x81\xa6"
                                            "c")
                              << QByteArray("abc");
        QTest::newRow("tags") << QByteArray("a\xf3\xa0\x81\x81\xf3\xa0\x81\xbf"
                                            "b")
                              << QByteArray("ab");
        QTest::newRow("fillers") << QByteArray("a\xe3\x85\xa4\xef\xbe\xa0\xe1\x85\x9f"
                                               "b")
                                 << QByteArray("ab");
        QTest::newRow("variation selectors") << QByteArray("a\xef\xb8\x8f\xef\xb8\x80\xf3\xa0\x84\x80"
                                                           "b")
                                             << QByteArray("ab");
        QTest::newRow("coloured heart")
            << QByteArray("\xe2\x9d\xa4\xef\xb8\x8f\xef\xb8\x8f") << QByteArray("\xe2\x9d\xa4\xef\xb8\x8f");
        QTest::newRow("Arabic number sign, which is seen")
            << QByteArray("\xd8\x80") << QByteArray("\xd8\x80");
        QTest::newRow("byte order mark") << QByteArray("\xef\xbb\xbf"
                                                       "a")
                                         << QByteArray("a");
        QTest::newRow("escape") << QByteArray("a\x1b[31mb") << QByteArray("a[31mb");
        QTest::newRow("NUL") << QByteArray("a\0b", 3) << QByteArray("ab");
        QTest::newRow("line breaks") << QByteArray("a\r\nb\xe2\x80\xa8"
                                                   "c\td")
                                     << QByteArray("a\nb\nc\td");
        QTest::newRow("not UTF-8") << QByteArray("a\xff"
                                                 "b")
                                   << QByteArray("a\xef\xbf\xbd"
                                                 "b");
    }
    void text_ofOthers_losesWhatIsInvisible()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, clean);

        QCOMPARE(QByteArray::fromStdString(cleanText(text.toStdString(), false)), clean);
        // In one line the same, with a space for each break.
        const auto line = QByteArray::fromStdString(cleanText(text.toStdString(), true));
        QCOMPARE(line.simplified(), clean.simplified());
        QVERIFY(!line.contains('\n') && !line.contains('\t'));
    }

    void identifiers_areTold_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("project");
        QTest::newRow("upper") << QByteArray("ENG-42") << QByteArray("ENG");
        QTest::newRow("lower") << QByteArray("eng-42") << QByteArray("ENG");
        QTest::newRow("uuid") << QByteArray("6f3d8a1e-52d1-4c6c-9a0e-2f4b7f0c9d11") << QByteArray();
        QTest::newRow("no number") << QByteArray("ENG-") << QByteArray();
        QTest::newRow("Cyrillic") << QByteArray("зад-2") << QByteArray("ЗАД");
        QTest::newRow("decomposed") << QByteArray("o\u0308rn-1") << QByteArray("ÖRN");
        QTest::newRow("sharp s") << QByteArray("straße-1") << QByteArray("STRASSE");
        QTest::newRow("final sigma") << QByteArray("ΕΡΓΟς-1") << QByteArray("ΕΡΓΟΣ");
        QTest::newRow("Latin A") << QByteArray("A-1") << QByteArray("A");
        QTest::newRow("Cyrillic A") << QByteArray("А-1") << QByteArray("А"); // another letter
        QTest::newRow("full width") << QByteArray("ＥＮＧ-1") << QByteArray();
        QTest::newRow("full-width digit") << QByteArray("ENG-１") << QByteArray();
        QTest::newRow("override") << QByteArray("\u202eENG-1") << QByteArray();
        QTest::newRow("filler") << QByteArray("\u3164-1") << QByteArray();
        QTest::newRow("path") << QByteArray("../x-1") << QByteArray();
        QTest::newRow("two dashes") << QByteArray("ENG-4-2") << QByteArray();
    }
    void identifiers_areTold()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, project);

        const auto identifier = asIdentifier(text.toStdString());

        QCOMPARE(QByteArray::fromStdString(identifier ? identifier->project : std::string()), project);
    }

    void identifiers_ofAnyScript_reachTheirProject()
    {
        ContractTaskerProcess tasker;
        QVERIFY(tasker.start());
        PipelineBench bench(tasker);
        bench.grant("ENG", "issues:read");
        // The same project, as a Tasker of another alphabet would name it.
        bench.change([&bench](Stores &stores) -> Result<> {
            Grant grant;
            grant.id = GrantId(bench.random.uuid());
            grant.agent = bench.agent.id;
            grant.project = ProjectId(bench.projectId("OPS"));
            grant.projectName = "Задачи";
            grant.projectIdentifier = "ЗАД";
            grant.scope = "issues:read";
            grant.answer = GrantPolicy::Allow;
            const auto put = stores.grants.put(grant);
            return put ? Result<>() : tl::unexpected<Error>(put.error());
        });

        for (const char *project : { "ЗАД", "зад" }) {
            const auto listed = bench.use("tasker_list_issues", { { "project", project } });
            QVERIFY2(listed.result, listed.result ? "" : listed.result.error().detail.c_str());
        }
        const auto read = bench.use("tasker_get_issue", { { "issue", "зад-2" } });
        QCOMPARE(codeOf(read), ErrorCode::NotFound); // it is asked for, and this Tasker has none
        QVERIFY(bench.requests().back().dump().find("ЗАД-2") != std::string::npos
                || bench.requests().back().dump().find("%D0%97%D0%90%D0%94-2") != std::string::npos);
        QCOMPARE(codeOf(bench.use("tasker_list_issues", { { "project", "3АД" } })), ErrorCode::NotFound);
        for (const std::string &bad : { std::string("../x-1"), std::string("\u202eЗАД"), std::string("ЗАД/1"),
                                        std::string("ЗАД-２"), std::string(200, 'a') }) {
            const auto refused = bench.use("tasker_get_issue", { { "issue", bad } });
            QCOMPARE(codeOf(refused), ErrorCode::ValidationFailed);
        }
    }

    void cursor_ofOurs_comesBack_andOthersPass()
    {
        const ListCursor cursor{ "opaque:1:2", 50, 7 };

        const auto back = readCursor(spelled(cursor), 25);
        QCOMPARE(back.tasker, cursor.tasker);
        QCOMPARE(back.limit, 50);
        QCOMPARE(back.skip, 7);
        for (const char *other :
             { "opaque", "within:", "within:5:5:x", "within:1000:2:x", "within:5:-1:x", "within:5:2" }) {
            const auto passed = readCursor(other, 25);
            QCOMPARE(passed.tasker, std::string(other));
            QCOMPARE(passed.skip, 0);
        }
    }

private:
    static void grantAll(PipelineBench &bench, const std::string &project)
    {
        for (const Scope scope : kScopes)
            bench.grant(project, nameOf(scope).data());
    }

    ContractTaskerProcess m_tasker;
};

QTEST_GUILESS_MAIN(AnswersTest)
#include "tst_answers.moc"
