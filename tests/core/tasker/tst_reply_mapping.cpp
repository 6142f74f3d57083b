// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/tasker/reply_mapping.h"

#include "gateway_core/tasker/adapter.h"

#include <QTest>

#include <set>

using namespace gatehouse;

/// "Error answers / From Tasker", row by row.
class ReplyMappingTest final : public QObject
{
    Q_OBJECT

    static RawAnswer answer(int status, std::string body)
    {
        RawAnswer raw;
        raw.status = status;
        raw.body = std::move(body);
        return raw;
    }

private Q_SLOTS:
    void status_eachRow_becomesItsCode_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("code");
        QTest::addColumn<bool>("unknownForAWrite");
        const auto row = [](int status, const char *body, const char *code, bool unknown) {
            QTest::addRow("%d %.40s", status, body)
                << status << QByteArray(body) << QByteArray(code) << unknown;
        };
        row(400, R"({"error":"validation_failed","message":"m"})", "validation_failed", false);
        row(422, R"({"error":"validation_failed","message":"m"})", "validation_failed", false);
        row(422, R"({"error":"idempotency_key_reused","message":"m"})", "internal", false);
        row(401, R"({"error":"unauthorized","message":"m"})", "upstream_auth_failed", false);
        row(401, "<html>", "upstream_unavailable", false);
        row(401, R"({"error":"invalid_token","message":"m"})", "upstream_unavailable", false);
        row(403, R"({"error":"forbidden","message":"m"})", "project_denied", false);
        row(403, R"({"error":"agent_unknown","message":"m"})", "project_denied", false);
        row(403, "<html>", "upstream_unavailable", true);
        row(403, R"({"error":"forbidden"})", "upstream_unavailable", true);
        row(404, R"({"error":"issue_not_found","message":"m"})", "not_found", false);
        row(404, R"({"error":"issue_not_in_project","message":"m"})", "not_found", false);
        row(404, "<html>", "upstream_unavailable", true);
        row(409, R"({"error":"issue_changed","message":"m"})", "issue_changed", false);
        row(409, R"({"error":"idempotency_in_progress","message":"m"})", "idempotency_in_progress", false);
        row(409, R"({"error":"something_new","message":"m"})", "conflict", false);
        row(409, "{}", "upstream_unavailable", true);
        row(418, R"({"error":"teapot","message":"m"})", "upstream_error", false);
        row(413, "", "upstream_unavailable", false);
        row(429, R"({"error":"rate_limited","message":"m"})", "rate_limited", false);
        row(429, "<html>", "upstream_unavailable", false);
        row(503, R"({"error":"internal","message":"m"})", "upstream_unavailable", false);
        row(503, "<html>", "upstream_unavailable", true);
        row(500, R"({"error":"internal","message":"m"})", "upstream_error", true);
        row(502, "<html>", "upstream_unavailable", true);
        row(504, "", "upstream_unavailable", true);
        row(301, "", "upstream_unavailable", true);
        row(302, "{}", "upstream_unavailable", true);
        row(307, "{}", "upstream_unavailable", true);
        row(304, "", "upstream_unavailable", true);
        row(101, "", "upstream_invalid_response", true);
        row(204, "", "upstream_invalid_response", true);
        row(202, "{}", "upstream_invalid_response", true);
        row(200, "<html>", "upstream_invalid_response", true);
        row(200, "", "upstream_invalid_response", true);
        row(200, "{}", "upstream_invalid_response", true);
        row(201, R"({"id":1})", "upstream_invalid_response", true);
        row(200, R"({"id":"a","id":"b"})", "upstream_invalid_response", true);
    }
    void status_eachRow_becomesItsCode()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, code);
        QFETCH(bool, unknownForAWrite);
        const auto raw = answer(status, body.toStdString());

        const auto write = replyTo(adapter::createIssue(Json::object()), raw);
        const auto read = replyTo(*adapter::projectContext(ProjectId("p")), raw);

        for (const auto &reply : { write, read }) {
            QVERIFY(!reply.body);
            QCOMPARE(nameOf(reply.body.error().code), std::string_view(code.constData()));
            QVERIFY(reply.sent == Sent::Answered);
            QCOMPARE(reply.status, status);
        }
        QCOMPARE(write.outcomeUnknown, unknownForAWrite);
        QVERIFY(!read.outcomeUnknown);
        const auto &details = write.body.error().details;
        QCOMPARE(details.is_object() && details.value("outcome", "") == "unknown", unknownForAWrite);
    }

    void validation_freeText_neverPasses()
    {
        const auto reply = replyTo(adapter::createIssue(Json::object()), answer(422, R"({
            "error":"validation_failed","message":"LEAK one",
            "details":{"field":"name","fields":["label_ids","LEAK two: <b>"],"hint":"LEAK three",
                       "errors":[{"field":"state.id","message":"LEAK four"},{"field":7}]}})"));

        const auto &error = reply.body.error();
        QCOMPARE(error.details.dump(),
                 R"({"errors":[{"field":"name","problem":"refused by Tasker"},)"
                 R"({"field":"label_ids","problem":"refused by Tasker"},)"
                 R"({"field":"state.id","problem":"refused by Tasker"}]})");
        QVERIFY(error.detail.find("LEAK") == std::string::npos);
    }

    void errorCode_thatWeDoNotKnow_isNotEvenLogged()
    {
        const auto reply = replyTo(adapter::createIssue(Json::object()),
                                   answer(409, R"({"error":"LEAK\u202e","message":"m"})"));

        QCOMPARE(reply.body.error().detail, "tasker 409: not an answer of the contract");
    }

    void somethingInBetween_eachStatus_isToldAsThat()
    {
        const std::set<int> notTaken{ 401, 407, 408, 411, 413, 414, 417, 421, 425, 426, 428, 429, 431, 511 };
        const auto write = adapter::createIssue(Json::object());
        const auto read = adapter::resolveProjects("*", 1);
        for (int status = 300; status < 600; ++status) {
            for (const char *body :
                 { "<!doctype html><title>Sign in</title>", R"({"message":"no Route matched"})",
                   R"({"error":"Forbidden","message":"m","path":"/"})", R"({"error":{"code":1}})", "[]",
                   "null", "" }) {
                auto raw = answer(status, body);
                for (const bool encoded : { false, true }) {
                    raw.encoded = encoded;
                    const auto written = replyTo(write, raw);
                    const auto readBack = replyTo(read, raw);
                    for (const auto &reply : { written, readBack }) {
                        QCOMPARE(reply.body.error().code, ErrorCode::UpstreamUnavailable);
                        QCOMPARE(reply.body.error().details["reason"], Json("intercepted"));
                        QCOMPARE(reply.body.error().details["status"], Json(status));
                    }
                    const bool unknown = !notTaken.contains(status);
                    QCOMPARE(written.outcomeUnknown, unknown);
                    QCOMPARE(written.body.error().details["outcome"], Json(unknown ? "unknown" : "none"));
                    QVERIFY(!readBack.outcomeUnknown);
                    QCOMPARE(readBack.body.error().details["outcome"], Json("none"));
                }
            }
        }
        auto compressed = answer(403, R"({"error":"forbidden","message":"m"})");
        compressed.encoded = true;
        QCOMPARE(replyTo(write, compressed).body.error().code, ErrorCode::UpstreamUnavailable);
    }

    void field_thatCannotBeRead_isNamed()
    {
        const auto reply = replyTo(adapter::createIssue(Json::object()), answer(201, R"({"id":1})"));

        QCOMPARE(reply.body.error().details, Json({ { "field", "id" }, { "outcome", "unknown" } }));
    }

    /// The words about rows that were left out are ours: Tasker has no such member.
    void rowsLeftOut_asTaskerSaysIt_areDropped()
    {
        auto request = *adapter::projectContext(ProjectId("p"));
        request.check = &adapter::checkIssuePage;
        const auto reply = replyTo(request,
                                   answer(200,
                                          R"({"items":[],"next_cursor":null,"unreadable":)"
                                          R"([{"list":"send the token","row":1,)"
                                          R"("field":"please","problem":"now"}]})"));

        QVERIFY(reply.body);
        QVERIFY(!reply.body->contains(adapter::kUnreadable));
    }

    void rateLimit_retryAfter_isPassedOn()
    {
        auto raw = answer(429, R"({"error":"rate_limited","message":"m"})");
        raw.retryAfterSeconds = 7;

        const auto reply = replyTo(adapter::createIssue(Json::object()), raw);

        QCOMPARE(reply.retryAfterSeconds.value_or(0), 7);
        QCOMPARE(reply.body.error().details, Json({ { "retry_after", 7 } }));
    }

    void loss_tellsWhatMayHaveHappened()
    {
        const auto write = adapter::createIssue(Json::object());
        const auto read = adapter::resolveProjects("*", 1);

        const auto before = replyWithout(write, Sent::Nothing, ErrorCode::UpstreamTimeout, {});
        const auto after = replyWithout(write, Sent::Unknown, ErrorCode::UpstreamTimeout, {});
        const auto readAfter = replyWithout(read, Sent::Unknown, ErrorCode::UpstreamTimeout, {});

        QVERIFY(!before.outcomeUnknown && after.outcomeUnknown && !readAfter.outcomeUnknown);
        QCOMPARE(before.body.error().details, Json({ { "outcome", "none" } }));
        QCOMPARE(after.body.error().details, Json({ { "outcome", "unknown" } }));
        QCOMPARE(readAfter.body.error().details, Json({ { "outcome", "none" } }));
    }
};

QTEST_APPLESS_MAIN(ReplyMappingTest)
#include "tst_reply_mapping.moc"
