// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/tasker/adapter.h"

#include <QTest>

using namespace gatehouse;

class AdapterTest final : public QObject
{
    Q_OBJECT

    static Json issue()
    {
        return { { "id", "i1" },
                 { "project_id", "p1" },
                 { "sequence_id", 1 },
                 { "identifier", "ENG-1" },
                 { "name", "x" },
                 { "priority", "blazing" },
                 { "state", { { "id", "s" }, { "name", "Triage" }, { "group", "triage" } } },
                 { "label_ids", Json::array() },
                 { "assignee_ids", Json::array() },
                 { "created_at", "2026-09-01T08:00:00Z" },
                 { "updated_at", "2026-09-01T08:00:00Z" } };
    }

private Q_SLOTS:
    void ids_thatCouldLeaveTheirSegment_areRefused_data()
    {
        QTest::addColumn<QByteArray>("id");
        for (const char *id : { "", ".", "..", "../x", "a/b", "a\\b", "a?b", "a#b", "%2e%2e", "a%2fb", "a b",
                                "a\r\nb", "a;b", "a:b", "a@b", "\xd0\xb0", "a&b=c", "~", "*" })
            QTest::newRow(id) << QByteArray(id);
        QTest::newRow("NUL") << QByteArray("a\0b", 3);
        QTest::newRow("too long") << QByteArray(65, 'a');
    }
    void ids_thatCouldLeaveTheirSegment_areRefused()
    {
        QFETCH(QByteArray, id);
        const auto text = id.toStdString();

        const auto checked = adapter::checkId(text, "issue_id");

        QVERIFY(!checked);
        QCOMPARE(checked.error().code, ErrorCode::ValidationFailed);
        QCOMPARE(checked.error().details["errors"][0]["field"], Json("issue_id"));
        QVERIFY(!adapter::projectContext(ProjectId(text)));
        QVERIFY(!adapter::listIssues(ProjectId(text), Json::object()));
        QVERIFY(!adapter::listIssues(ProjectId("p"), { { "issue_id", text } }));
        QVERIFY(!adapter::updateIssue(text, { { "name", "x" } }));
        QVERIFY(!adapter::moveIssue(text, { { "state_id", "s" } }));
        QVERIFY(!adapter::addComment(text, { { "body_markdown", "x" } }));
        QVERIFY(!adapter::setLabels(text, { { "label_ids", Json::array() } }));
        QVERIFY(!adapter::setAssignees(text, { { "assignee_ids", Json::array() } }));
    }

    void ids_ofTasker_pass()
    {
        QVERIFY(adapter::checkId("d81b64ac-18ff-5ffd-b5d7-e858983ee7d3", "id"));
        QVERIFY(adapter::checkId("a_B-9", "id"));
        QVERIFY(adapter::checkId(std::string(64, 'a'), "id"));
    }

    void identifiers_areKeyDashNumber()
    {
        for (const char *good :
             { "ENG-1", "A_9-123456789", "ABCDEFGHIJKL-7", "ЗАД-2", "ÖRN-1", "工程-3", "हिन्दी-4" })
            QVERIFY2(adapter::checkIdentifier(good, "identifier"), good);
        for (const char *bad : { "",
                                 "ENG",
                                 "ENG-",
                                 "-1",
                                 "eng-1",
                                 "ENG-1a",
                                 "ENG-1-2",
                                 "ENG/1",
                                 "ABCDEFGHIJKLM-1",
                                 "E%-1",
                                 "ENG-1234567890",
                                 "ENG-1\n",
                                 "зад-2",
                                 "ENG-１",
                                 "ＥＮＧ-1",
                                 "ENG-١",
                                 "\u202eENG-1",
                                 "E\u200dNG-1",
                                 "\u3164-1",
                                 "\u0301-1",
                                 "../x-1" })
            QVERIFY2(!adapter::checkIdentifier(bad, "identifier"), bad);
    }

    void requests_haveTheContractsMethodAndPath()
    {
        const auto line = [](const TaskerRequest &request) { return request.method + ' ' + request.path; };

        QCOMPARE(line(adapter::resolveProjects("x", 5)), "POST /projects/resolve");
        QCOMPARE(line(*adapter::projectContext(ProjectId("p"))), "GET /projects/p/context");
        QCOMPARE(line(*adapter::listIssues(ProjectId("p"), { { "q", "a&b=c #%\n" }, { "limit", 5 } })),
                 "GET /issues?project_id=p&limit=5&q=a%26b%3Dc%20%23%25%0A");
        QCOMPARE(line(adapter::createIssue(Json::object())), "POST /issues");
        QCOMPARE(line(*adapter::updateIssue("i", Json::object())), "PATCH /issues/i");
        QCOMPARE(line(*adapter::moveIssue("i", Json::object())), "POST /issues/i/move");
        QCOMPARE(line(*adapter::addComment("i", Json::object())), "POST /issues/i/comments");
        QCOMPARE(line(*adapter::setLabels("i", Json::object())), "PUT /issues/i/labels");
        QCOMPARE(line(*adapter::setAssignees("i", Json::object())), "PUT /issues/i/assignees");
    }

    void requests_knowWhetherTheyWrite()
    {
        QVERIFY(!adapter::resolveProjects("x", 5).isWrite);
        QVERIFY(!adapter::projectContext(ProjectId("p"))->isWrite);
        QVERIFY(!adapter::listIssues(ProjectId("p"), Json::object())->isWrite);
        QVERIFY(adapter::createIssue(Json::object()).isWrite);
        QVERIFY(adapter::addComment("i", Json::object())->isWrite);
        QVERIFY(adapter::setAssignees("i", Json::object())->isWrite);
    }

    void filters_thatTheContractDoesNotKnow_areRefused_data()
    {
        QTest::addColumn<QByteArray>("filter");
        QTest::newRow("unknown") << QByteArray(R"({"order_by":"name"})");
        QTest::newRow("second project") << QByteArray(R"({"project_id":"other"})");
        QTest::newRow("limit 0") << QByteArray(R"({"limit":0})");
        QTest::newRow("limit 101") << QByteArray(R"({"limit":101})");
        QTest::newRow("limit text") << QByteArray(R"({"limit":"5"})");
        QTest::newRow("limit half") << QByteArray(R"({"limit":2.5})");
        QTest::newRow("q object") << QByteArray(R"({"q":{}})");
        QTest::newRow("state id") << QByteArray(R"({"state_id":"../s"})");
        QTest::newRow("identifier") << QByteArray(R"({"identifier":"eng 1"})");
    }
    void filters_thatTheContractDoesNotKnow_areRefused()
    {
        QFETCH(QByteArray, filter);

        const auto request = adapter::listIssues(ProjectId("p"), Json::parse(filter.toStdString()));

        QVERIFY(!request);
        QCOMPARE(request.error().code, ErrorCode::ValidationFailed);
    }

    void answers_unknownFieldsAndValues_areDroppedAndPassed()
    {
        auto answer = issue();
        answer["secret_column"] = "x";
        answer["state"]["extra"] = 1;
        answer["description_markdown"] = nullptr; // Plane's way of having none
        answer["parent_id"] = nullptr;

        const auto checked = adapter::checkIssue(answer);

        QVERIFY(checked);
        QVERIFY(!checked->contains("secret_column"));
        QVERIFY(!(*checked)["state"].contains("extra"));
        QVERIFY(!checked->contains("description_markdown"));
        QVERIFY(checked->contains("parent_id"));
        QCOMPARE((*checked)["priority"], Json("blazing"));
        QCOMPARE((*checked)["state"]["group"], Json("triage"));
    }

    void answers_everyRequiredField_isMissed()
    {
        const auto whole = issue();
        for (const char *field : { "id", "project_id", "sequence_id", "identifier", "name", "priority",
                                   "state", "label_ids", "assignee_ids", "created_at", "updated_at" }) {
            auto without = whole;
            without.erase(field);
            auto wrong = whole;
            wrong[field] = true;

            const auto missing = adapter::checkIssue(without);
            const auto mistyped = adapter::checkIssue(wrong);

            QVERIFY2(!missing && !mistyped, field);
            QCOMPARE(missing.error().code, ErrorCode::UpstreamInvalidResponse);
            QCOMPARE(missing.error().detail, std::string(field) + ": missing");
        }
    }

    void list_oddRow_takesOnlyItselfAway_data()
    {
        QTest::addColumn<QByteArray>("patch");
        QTest::addColumn<QByteArray>("field");
        const auto row = [](const char *patch, const char *field) {
            QTest::newRow(patch) << QByteArray(patch) << QByteArray(field);
        };
        row(R"({"state":null})", "state");
        row(R"({"state":{"group":null}})", "state.group");
        row(R"({"sequence_id":"7"})", "sequence_id");
        row(R"({"label_ids":null})", "label_ids");
        row(R"({"assignee_ids":[null]})", "assignee_ids");
        row(R"({"description_markdown":7})", "description_markdown");
        row(R"({"id":null})", "id");
    }
    void list_oddRow_takesOnlyItselfAway()
    {
        QFETCH(QByteArray, patch);
        QFETCH(QByteArray, field);
        auto odd = issue();
        const Json changes = Json::parse(patch.toStdString());
        for (const auto &[name, value] : changes.items()) {
            if (value.is_object())
                odd[name].merge_patch(value);
            else
                odd[name] = value;
        }
        const Json page{ { "items", { issue(), odd, issue(), "no row" } }, { "next_cursor", nullptr } };

        const auto once = adapter::checkIssuePage(page);
        QVERIFY(once);
        const auto again = adapter::checkIssuePage(*once); // as findings do it

        QVERIFY(again);
        QCOMPARE(*again, *once);
        QCOMPARE(once->at("items").size(), std::size_t{ 2 });
        const Json &named = once->at(adapter::kUnreadable);
        QCOMPARE(named.size(), std::size_t{ 2 });
        QCOMPARE(named[0]["list"], Json("items"));
        QCOMPARE(named[0]["row"], Json(2));
        QCOMPARE(named[0]["field"], Json(field.toStdString()));
        QCOMPARE(named[0].contains("id"), field != "id");
        QCOMPARE(named[1]["row"], Json(4));
    }

    void unreadable_ofTaskersOwn_carriesNoText()
    {
        const Json row{
            { "list", "items" }, { "row", 1 }, { "field", "LEAK <b>" }, { "problem", "missing" }
        };
        const Json page{ { "items", Json::array() },
                         { "next_cursor", nullptr },
                         { "unreadable", Json::array({ row, "LEAK", 7 }) } };

        QVERIFY(!adapter::checkIssuePage(page)->contains(adapter::kUnreadable));
    }

    void answers_ofTheOtherKinds_areChecked()
    {
        const Json project{
            { "id", "p" }, { "identifier", "ENG" }, { "name", "E" }, { "workspace_slug", "w" }
        };
        const Json match{ { "project", project }, { "score", 1 } };

        QVERIFY(adapter::checkMatches({ { "matches", Json::array({ match }) } }));
        const auto noScore
            = adapter::checkMatches({ { "matches", Json::array({ { { "project", project } } }) } });
        QCOMPARE(noScore->at(adapter::kUnreadable)[0]["field"], Json("score"));
        QCOMPARE(noScore->at(adapter::kUnreadable)[0]["id"], Json("p"));
        QVERIFY(!adapter::checkMatches(Json::array()));
        QVERIFY(adapter::checkContext(
            { { "project", project },
              { "states", Json::array() },
              { "labels", Json::array() },
              { "members", Json::array({ { { "id", "m" }, { "display_name", "M" } } }) } }));
        QVERIFY(!adapter::checkContext(
            { { "project", project }, { "states", Json::array() }, { "labels", Json::array() } }));
        QVERIFY(!adapter::checkIssuePage({ { "items", Json::array() } })); // next_cursor
        QVERIFY(adapter::checkComment({ { "id", "c" },
                                        { "issue_id", "i" },
                                        { "body_markdown", "" },
                                        { "created_by", "a" },
                                        { "created_at", "t" } }));
        QVERIFY(!adapter::checkComment({ { "id", "c" } }));
    }
};

QTEST_APPLESS_MAIN(AdapterTest)
#include "tst_adapter.moc"
