// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/tasker/tasker_bench.h"

#include <QSignalSpy>
#include <QTest>

using namespace gatehouse;
using namespace gatehouse::test;

/// The nine routes against the contract Tasker, and what every request carries.
class TaskerClientTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_bench = std::make_unique<TaskerBench>();
        QVERIFY2(m_bench->start(), qPrintable(m_bench->tasker.error()));
    }
    void cleanup() { m_bench.reset(); }

    void routes_reads_answerWhatTaskerHolds()
    {
        auto &bench = *m_bench;
        const auto eng = bench.projectId("ENG");

        const auto matches = bench.ask(adapter::resolveProjects("*", 10), {});
        const auto context = bench.ask(adapter::projectContext(ProjectId(eng)));
        const auto page = bench.ask(adapter::listIssues(ProjectId(eng), { { "limit", 2 } }));
        const auto next = bench.ask(adapter::listIssues(
            ProjectId(eng), { { "limit", 2 }, { "cursor", (*page.body)["next_cursor"] } }));
        const auto one = bench.ask(adapter::listIssues(ProjectId(eng), { { "identifier", "ENG-2" } }));
        const auto text = bench.ask(adapter::listIssues(ProjectId(eng), { { "q", "Login & page?" } }));

        QVERIFY(matches.body && context.body && page.body && next.body && one.body && text.body);
        QCOMPARE((*matches.body)["matches"].size(), std::size_t{ 3 }); // not FIN
        QCOMPARE((*context.body)["states"][0]["group"],
                 Json("triage")); // unknown to the contract, passes as text
        QVERIFY(!(*context.body)["project"].contains("remotes"));
        QCOMPARE((*page.body)["items"].size(), std::size_t{ 2 });
        QVERIFY((*page.body)["items"][0]["id"] != (*next.body)["items"][0]["id"]);
        QCOMPARE((*one.body)["items"][0]["sequence_id"], Json(2));
        QCOMPARE((*text.body)["items"].size(), std::size_t{ 0 });
        QCOMPARE(bench.tasker.requests().back()["query"]["q"], Json("Login & page?"));
        QVERIFY(!page.outcomeUnknown && page.sent == Sent::Answered && page.status == 200);
    }

    void routes_writes_changeWhatTaskerHolds()
    {
        auto &bench = *m_bench;
        const auto context = *bench.ask(adapter::projectContext(ProjectId(bench.projectId("ENG")))).body;
        const std::string eng = context["project"]["id"];
        const std::string label = context["labels"][1]["id"];
        const std::string member = context["members"][2]["id"];
        const std::string done = context["states"][5]["id"];

        const auto created = bench.ask(bench.write(eng, "Ein Zettel — с юникодом"));
        const std::string issue = (*created.body)["id"];
        const auto updated = bench.ask(
            adapter::updateIssue(issue, { { "priority", "high" }, { "target_date", "2026-12-01" } }), eng);
        const auto moved = bench.ask(adapter::moveIssue(issue, { { "state_id", done } }), eng);
        const auto comment = bench.ask(adapter::addComment(issue, { { "body_markdown", "Done." } }), eng);
        const auto labels = bench.ask(adapter::setLabels(issue, { { "label_ids", { label } } }), eng);
        const auto people = bench.ask(adapter::setAssignees(issue, { { "assignee_ids", { member } } }), eng);

        QVERIFY(created.body && updated.body && moved.body && comment.body && labels.body && people.body);
        QCOMPARE(created.status, 201);
        QCOMPARE((*comment.body)["created_by"], Json("agent:agt-1"));
        const auto stored = bench.tasker.issue((*created.body)["identifier"]);
        QCOMPARE(stored["name"], Json("Ein Zettel — с юникодом"));
        QCOMPARE(stored["priority"], Json("high"));
        QCOMPARE(stored["state"]["name"], Json("Done"));
        QCOMPARE(stored["label_ids"], Json({ label }));
        QCOMPARE(stored["assignee_ids"], Json({ member }));
    }

    void send_everyRequest_carriesTheContractsHeaders()
    {
        auto &bench = *m_bench;
        auto request = bench.write(bench.projectId("OPS"));
        request.acting.agentName = "Zoë 🤖\r\nX-Evil: 1";
        request.acting.requestId = "3b1c2c1e-0000-4000-8000-000000000001";
        request.acting.traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

        const auto reply = bench.ask(request);

        QVERIFY(reply.body);
        const auto seen = bench.tasker.requests().back();
        const auto &headers = seen["headers"];
        QCOMPARE(seen["credential"], Json("good"));
        QCOMPARE(headers["x-nodedc-owner-user-id"], Json(bench.tasker.owner()));
        QCOMPARE(headers["x-nodedc-agent-id"], Json("agt-1"));
        QCOMPARE(headers["x-nodedc-agent-name"], Json("Zo%C3%AB%20%F0%9F%A4%96%0D%0AX-Evil%3A%201"));
        QVERIFY(!headers.contains("x-evil"));
        QCOMPARE(headers["x-request-id"], Json(request.acting.requestId));
        QCOMPARE(headers["traceparent"], Json(request.acting.traceparent));
        QCOMPARE(headers["idempotency-key"], Json(request.acting.idempotencyKey));
        QCOMPARE(headers["x-nodedc-project-id"], Json(request.acting.project.text()));
        QVERIFY(!headers.contains("cookie"));
    }

    void send_aRead_carriesNoKeyAndNoProjectButATrace()
    {
        auto &bench = *m_bench;

        QVERIFY(bench.ask(bench.read()).body);

        const auto headers = bench.tasker.requests().back()["headers"];
        QVERIFY(!headers.contains("idempotency-key"));
        QVERIFY(!headers.contains("x-nodedc-project-id"));
        QCOMPARE(headers["traceparent"].get<std::string>().size(), std::size_t{ 55 });
    }

    void send_sameKeyTwice_isReplayedAndAppliedOnce()
    {
        auto &bench = *m_bench;
        const auto request = bench.write(bench.projectId("ENG"));

        const auto first = bench.ask(request);
        const auto again = bench.ask(request);

        QVERIFY(!first.replayed && again.replayed);
        QCOMPARE(*first.body, *again.body);
        QCOMPARE(bench.tasker.counters()["writes_applied"], Json(1));
    }

    void send_oneAfterAnother_useOneConnection()
    {
        auto &bench = *m_bench;

        for (int i = 0; i < 5; ++i)
            QVERIFY(bench.ask(bench.read()).body);

        for (const auto &request : bench.tasker.requests())
            QCOMPARE(request["connection"], bench.tasker.requests().front()["connection"]);
    }

    void refusals_ofTasker_areNamedAndNotUnknown()
    {
        auto &bench = *m_bench;
        const auto eng = bench.projectId("ENG");
        const auto ops = bench.projectId("OPS");
        const std::string issue = bench.tasker.issue("ENG-1")["id"];
        const Json stale{ { "name", "Late" }, { "expected_updated_at", "2020-01-01T00:00:00Z" } };

        const auto nobody = bench.ask(adapter::projectContext(ProjectId("no-such-project")));
        const auto stranger = bench.ask(adapter::projectContext(ProjectId(bench.projectId("FIN"))));
        const auto elsewhere = bench.ask(adapter::updateIssue(issue, { { "name", "x" } }), ops);
        const auto late = bench.ask(adapter::updateIssue(issue, stale), eng);
        const auto invalid = bench.ask(adapter::updateIssue(issue, { { "priority", "purple" } }), eng);

        QCOMPARE(codeOf(nobody), "not_found");
        QCOMPARE(codeOf(stranger), "project_denied");
        QCOMPARE(codeOf(elsewhere), "not_found");
        QCOMPARE(codeOf(late), "issue_changed");
        QCOMPARE(codeOf(invalid), "validation_failed");
        QCOMPARE(invalid.body.error().details["errors"][0]["field"], Json("priority"));
        QVERIFY(!elsewhere.outcomeUnknown && !late.outcomeUnknown && !invalid.outcomeUnknown);
        QVERIFY(!bench.client.health().lastError);
    }

    void send_retiredAgent_isDenied()
    {
        auto &bench = *m_bench;
        bench.tasker.retireAgent("agt-1");

        QCOMPARE(codeOf(bench.ask(bench.read())), "project_denied");
    }

    void send_withoutATarget_isNotConfigured()
    {
        auto &bench = *m_bench;
        QVERIFY(bench.client.setTarget(std::nullopt));

        const auto reply = bench.ask(bench.write("p"));

        QVERIFY(!bench.client.isConfigured());
        QCOMPARE(codeOf(reply), "upstream_not_configured");
        QVERIFY(reply.sent == Sent::Nothing);
    }

    void send_namesThatNoHeaderCarries_neverLeave_data()
    {
        QTest::addColumn<QString>("field");
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<QString>("code");
        const QByteArray crlf("k\r\nX-Evil: 1");
        for (const char *field :
             { "idempotency_key", "agent_id", "request_id", "traceparent", "project_id" }) {
            QTest::addRow("%s CRLF", field)
                << QString::fromLatin1(field) << crlf << QStringLiteral("validation_failed");
            QTest::addRow("%s NUL", field)
                << QString::fromLatin1(field) << QByteArray("a\0b", 3) << QStringLiteral("validation_failed");
            QTest::addRow("%s long", field)
                << QString::fromLatin1(field) << QByteArray(256, 'a') << QStringLiteral("validation_failed");
        }
        QTest::newRow("no key") << QStringLiteral("idempotency_key") << QByteArray()
                                << QStringLiteral("internal");
        QTest::newRow("no project") << QStringLiteral("project_id") << QByteArray()
                                    << QStringLiteral("internal");
        QTest::newRow("no request id")
            << QStringLiteral("request_id") << QByteArray() << QStringLiteral("internal");
    }
    void send_namesThatNoHeaderCarries_neverLeave()
    {
        QFETCH(QString, field);
        QFETCH(QByteArray, value);
        QFETCH(QString, code);
        auto &bench = *m_bench;
        auto request = bench.write(bench.projectId("ENG"));
        const auto text = value.toStdString();
        if (field == u"idempotency_key")
            request.acting.idempotencyKey = text;
        else if (field == u"agent_id")
            request.acting.agentId = text;
        else if (field == u"request_id")
            request.acting.requestId = text;
        else if (field == u"traceparent")
            request.acting.traceparent = text;
        else
            request.acting.project = ProjectId(text);

        const auto reply = bench.ask(request);

        QCOMPARE(codeOf(reply), code.toStdString());
        QVERIFY(reply.sent == Sent::Nothing && !reply.outcomeUnknown);
        QCOMPARE(bench.tasker.counters()["requests"], Json(0));
    }

    void send_wrongCredential_breaksUntilANewTarget()
    {
        auto &bench = *m_bench;
        auto wrong = bench.target();
        wrong.credential = Secret(std::string_view("tk_wrong"));
        QVERIFY(bench.client.setTarget(std::move(wrong)));
        QSignalSpy changed(&bench.client, &TaskerClient::healthChanged);

        const auto first = bench.ask(bench.write(bench.projectId("ENG")));
        const auto second = bench.ask(bench.read());

        QCOMPARE(codeOf(first), "upstream_auth_failed");
        QVERIFY(first.sent == Sent::Answered && !first.outcomeUnknown);
        QCOMPARE(codeOf(second), "upstream_auth_failed");
        QVERIFY(second.sent == Sent::Nothing);
        QCOMPARE(bench.tasker.counters()["requests"], Json(1));
        QVERIFY(bench.client.health().lastError == ErrorCode::UpstreamAuthFailed);
        QCOMPARE(changed.count(), 1);

        QVERIFY(bench.aim());
        QVERIFY(!bench.client.health().lastError);
        QVERIFY(bench.ask(bench.read()).body);
    }

    void send_wrongCredential_endsWhatWaits()
    {
        auto &bench = *m_bench;
        auto wrong = bench.target();
        wrong.credential = Secret(std::string_view("tk_wrong"));
        QVERIFY(bench.client.setTarget(std::move(wrong)));

        std::vector<TaskerBench::Reply> replies;
        for (int i = 0; i < 60; ++i)
            replies.push_back(bench.begin(bench.read()));

        int nothing = 0;
        for (const auto &reply : replies) {
            QTRY_VERIFY(reply->has_value());
            QCOMPARE(codeOf(**reply), "upstream_auth_failed");
            nothing += (*reply)->sent == Sent::Nothing;
        }
        QVERIFY(nothing >= 60 - static_cast<int>(kUpstreamConnections));
        QCOMPARE(bench.tasker.counters()["requests"], Json(60 - nothing));
    }

    void setTarget_badOnes_areRefusedAndKeepTheOld()
    {
        auto &bench = *m_bench;
        const auto reasonFor = [&](auto &&spoil) {
            auto target = bench.target();
            spoil(target);
            const auto result = bench.client.setTarget(std::move(target));
            return result ? std::string("accepted")
                          : result.error().details["reason"].template get<std::string>();
        };

        QCOMPARE(reasonFor([](TaskerTarget &t) { t.baseUrl = "http://tasker.example"; }),
                 "plain_http_not_loopback");
        QCOMPARE(reasonFor([](TaskerTarget &t) { t.ownerUserId = "a\r\nb"; }), "not_visible_ascii");
        QCOMPARE(reasonFor([](TaskerTarget &t) { t.credential = Secret(); }), "empty");
        QCOMPARE(reasonFor([](TaskerTarget &t) { t.credential = Secret(std::string_view("a b")); }),
                 "not_visible_ascii");
        QCOMPARE(reasonFor([](TaskerTarget &t) { t.caFile = "/nonexistent/ca.pem"; }), "unreadable");
        QVERIFY(bench.ask(bench.read()).body);
    }

private:
    std::unique_ptr<TaskerBench> m_bench;
};

QTEST_GUILESS_MAIN(TaskerClientTest)
#include "tst_tasker_client.moc"
