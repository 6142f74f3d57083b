// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/tasker/tasker_bench.h"

#include <QTemporaryDir>
#include <QTest>

using namespace gatehouse;
using namespace gatehouse::test;
using namespace std::chrono_literals;

/// What the wire does to a request, and what the reply says of it. The log of the contract Tasker tells
/// how often a request really came.
class TaskerFaultsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_bench = std::make_unique<TaskerBench>();
        QVERIFY2(m_bench->start(), qPrintable(m_bench->tasker.error()));
        m_eng = m_bench->projectId("ENG");
    }
    void cleanup() { m_bench.reset(); }

    void write_spoiltAnswer_isUnknownAndSentOnce_data()
    {
        QTest::addColumn<QByteArray>("fault");
        QTest::addColumn<QByteArray>("code");
        QTest::addColumn<int>("sent");
        QTest::addColumn<int>("applied");
        const auto row = [](const char *name, const char *fault, const char *code, Sent sent, int applied) {
            QTest::newRow(name) << QByteArray(fault) << QByteArray(code) << static_cast<int>(sent) << applied;
        };
        row("reset before", R"({"kind":"reset_before"})", "upstream_unavailable", Sent::Unknown, 0);
        row("reset after", R"({"kind":"reset_after"})", "upstream_unavailable", Sent::Unknown, 1);
        row("truncated", R"({"kind":"truncate"})", "upstream_unavailable", Sent::Unknown, 1);
        row("not JSON", R"({"kind":"not_json"})", "upstream_invalid_response", Sent::Answered, 1);
        row("wrong shape", R"({"kind":"wrong_shape"})", "upstream_invalid_response", Sent::Answered, 1);
        row("too large", R"({"kind":"huge"})", "upstream_invalid_response", Sent::Answered, 1);
        row("redirect", R"({"kind":"redirect","status":307,"location":"/"})", "upstream_unavailable",
            Sent::Answered, 0);
        row("500", R"({"kind":"status","status":500})", "upstream_error", Sent::Answered, 0);
        row("502", R"({"kind":"status","status":502})", "upstream_error", Sent::Answered, 0);
    }
    void write_spoiltAnswer_isUnknownAndSentOnce()
    {
        QFETCH(QByteArray, fault);
        QFETCH(QByteArray, code);
        QFETCH(int, sent);
        QFETCH(int, applied);
        auto &bench = *m_bench;
        QVERIFY(bench.ask(bench.read()).body); // so that the write goes over a kept-alive connection
        bench.tasker.fault(Json::parse(fault.toStdString()));

        const auto reply = bench.ask(bench.write(m_eng));

        QCOMPARE(codeOf(reply), code.toStdString());
        QVERIFY(reply.outcomeUnknown);
        QCOMPARE(static_cast<int>(reply.sent), sent);
        QCOMPARE(bench.tasker.counters()["writes_applied"], Json(applied));
        QCOMPARE(bench.tasker.requests().size(), std::size_t{ 2 });
        QVERIFY(bench.ask(bench.read()).body); // and the pool goes on
    }

    void write_refused_isNotUnknown_data()
    {
        QTest::addColumn<QByteArray>("fault");
        QTest::addColumn<QByteArray>("code");
        QTest::addColumn<int>("retryAfter");
        const auto row = [](const char *name, const char *fault, const char *code, int retryAfter) {
            QTest::newRow(name) << QByteArray(fault) << QByteArray(code) << retryAfter;
        };
        row("429", R"({"kind":"status","status":429,"error":"rate_limited","retry_after":12})",
            "rate_limited", 12);
        row("429 date", R"({"kind":"status","status":429,"retry_after":"Wed, 21 Oct 2026 07:28:00 GMT"})",
            "rate_limited", -1);
        row("429 absurd", R"({"kind":"status","status":429,"retry_after":999999999999})", "rate_limited", -1);
        row("429 negative", R"({"kind":"status","status":429,"retry_after":-1})", "rate_limited", -1);
        row("503", R"({"kind":"status","status":503,"retry_after":3})", "upstream_unavailable", 3);
        row("403", R"({"kind":"status","status":403,"error":"forbidden"})", "project_denied", -1);
        row("409", R"({"kind":"status","status":409,"error":"idempotency_in_progress"})",
            "idempotency_in_progress", -1);
        row("422 ours", R"({"kind":"status","status":422,"error":"idempotency_key_reused"})", "internal", -1);
    }
    void write_refused_isNotUnknown()
    {
        QFETCH(QByteArray, fault);
        QFETCH(QByteArray, code);
        QFETCH(int, retryAfter);
        auto &bench = *m_bench;
        bench.tasker.fault(Json::parse(fault.toStdString()));

        const auto reply = bench.ask(bench.write(m_eng));

        QCOMPARE(codeOf(reply), code.toStdString());
        QVERIFY(!reply.outcomeUnknown && reply.sent == Sent::Answered);
        QCOMPARE(reply.retryAfterSeconds.value_or(-1), retryAfter);
        QCOMPARE(bench.tasker.requests().size(), std::size_t{ 1 });
    }

    void write_keptAliveConnectionClosedAtThatMoment_isNeverSentTwice()
    {
        auto &bench = *m_bench;
        QVERIFY(bench.ask(bench.read()).body);
        bench.tasker.fault({ { "match", "POST /issues" }, { "kind", "reset_before" }, { "times", 2 } });

        const auto request = bench.write(m_eng);
        const auto reply = bench.ask(request);

        QVERIFY(reply.outcomeUnknown);
        const auto requests = bench.tasker.requests();
        QCOMPARE(requests.size(), std::size_t{ 2 });
        QCOMPARE(requests[0]["connection"], requests[1]["connection"]);
    }

    void write_connectionDeadBeforeWriting_goesOverAFreshOneOnce()
    {
        auto &bench = *m_bench;
        for (int round = 0; round < 5; ++round) {
            bench.tasker.reset();
            bench.tasker.fault({ { "kind", "close_after" } }); // keep-alive by its headers, and closed
            QVERIFY(bench.ask(bench.read()).body);
            (void)bench.tasker.counters(); // its answer comes after the FIN: the kernel has it by now

            const auto reply = bench.ask(bench.write(m_eng));

            QVERIFY2(reply.body, codeOf(reply).c_str());
            const auto requests = bench.tasker.requests();
            QCOMPARE(requests.size(), std::size_t{ 2 });
            QVERIFY(requests[0]["connection"] != requests[1]["connection"]);
        }
    }

    void write_idleConnectionsClosedByTasker_succeeds()
    {
        auto &bench = *m_bench;
        QVERIFY(bench.ask(bench.read()).body);
        bench.tasker.closeIdle();

        QVERIFY(bench.ask(bench.write(m_eng)).body);
        QCOMPARE(bench.tasker.counters()["writes_applied"], Json(1));
    }

    void read_keptAliveConnectionClosed_isSentOnceMore()
    {
        auto &bench = *m_bench;
        QVERIFY(bench.ask(bench.read()).body);
        bench.tasker.fault({ { "kind", "reset_before" } });

        const auto reply = bench.ask(bench.read());

        QVERIFY(reply.body);
        const auto requests = bench.tasker.requests();
        QCOMPARE(requests.size(), std::size_t{ 3 });
        QVERIFY(requests[1]["connection"] != requests[2]["connection"]);
        QCOMPARE(requests[1]["headers"]["x-request-id"], requests[2]["headers"]["x-request-id"]);
    }

    void read_closedAgain_isNotSentAThirdTime()
    {
        auto &bench = *m_bench;
        QVERIFY(bench.ask(bench.read()).body);
        bench.tasker.fault({ { "kind", "reset_before" }, { "times", 5 } });

        const auto reply = bench.ask(bench.read());

        QCOMPARE(codeOf(reply), "upstream_unavailable");
        QCOMPARE(reply.body.error().details,
                 Json({ { "reason", "connection_broke" }, { "outcome", "none" } }));
        QVERIFY(!reply.outcomeUnknown);
        QCOMPARE(bench.tasker.requests().size(), std::size_t{ 3 });
    }

    void answer_ofExactlyTheLimit_passesAndOneByteMoreDoesNot()
    {
        auto &bench = *m_bench;
        bench.tasker.fault({ { "kind", "huge" }, { "size", kUpstreamAnswerLimit } });
        bench.tasker.fault({ { "kind", "huge" }, { "size", kUpstreamAnswerLimit + 1 } });

        const auto fits = bench.ask(bench.read());
        const auto over = bench.ask(bench.read());

        QVERIFY2(fits.body, codeOf(fits).c_str());
        QCOMPARE(codeOf(over), "upstream_invalid_response");
    }

    void answer_inOtherFramings_isRead()
    {
        auto &bench = *m_bench;
        const ProjectId eng(m_eng);
        bench.tasker.fault({ { "kind", "chunked" } });
        bench.tasker.fault({ { "kind", "until_close" } });

        QVERIFY(bench.ask(adapter::projectContext(eng)).body);
        QVERIFY(bench.ask(adapter::projectContext(eng)).body);
        QVERIFY(bench.ask(adapter::projectContext(eng)).body);
    }

    void redirect_toAnotherServer_neverTakesTheCredentialThere()
    {
        auto &bench = *m_bench;
        ContractTaskerProcess other;
        QVERIFY(other.start());
        for (const int status : { 301, 302, 303, 307, 308 }) {
            const Json fault{ { "kind", "redirect" },
                              { "status", status },
                              { "location", other.baseUrl() + "/issues" } };
            bench.tasker.fault(fault);
            bench.tasker.fault(fault);

            QCOMPARE(codeOf(bench.ask(bench.read())), "upstream_unavailable");
            QVERIFY(bench.ask(bench.write(m_eng)).outcomeUnknown);
        }

        QCOMPARE(other.counters()["requests"], Json(0));
        QCOMPARE(other.counters()["by_status"], Json::object());
    }

    void timeout_afterSending_isUnknownForAWriteOnly()
    {
        auto &bench = *m_bench;
        bench.tasker.fault({ { "kind", "hang" }, { "times", 2 } });
        const auto write = bench.begin(bench.write(m_eng));
        const auto read = bench.begin(bench.read());
        QTRY_COMPARE(bench.tasker.counters()["requests"], Json(2));

        bench.clock.advance(kUpstreamWholeTime - 1ms);
        QCoreApplication::sendPostedEvents();
        QVERIFY(!write->has_value() && !read->has_value());
        bench.clock.advance(1ms);

        QTRY_VERIFY(write->has_value() && read->has_value());
        QCOMPARE(codeOf(**write), "upstream_timeout");
        QVERIFY((*write)->sent == Sent::Unknown && (*write)->outcomeUnknown);
        QCOMPARE((*write)->body.error().details, Json({ { "outcome", "unknown" } }));
        QVERIFY((*read)->sent == Sent::Unknown && !(*read)->outcomeUnknown);
        QCOMPARE((*read)->body.error().details, Json({ { "outcome", "none" } }));
        QCOMPARE(bench.tasker.counters()["requests"], Json(2));
    }

    void health_isNoSingleCallsMatter()
    {
        auto &bench = *m_bench;
        QVERIFY(!bench.client.health().heard); // set, and not tried
        QVERIFY(bench.ask(bench.read()).body);
        QVERIFY(bench.client.health().heard);
        bench.tasker.fault({ { "kind", "status" }, { "status", 500 } });
        QCOMPARE(codeOf(bench.ask(bench.read())), "upstream_error");
        QVERIFY(!bench.client.health().lastError);
        QVERIFY(bench.ask(bench.read()).body);

        bench.tasker.fault({ { "kind", "status" }, { "status", 429 }, { "times", kFailuresInARow } });
        for (int i = 0; i < kFailuresInARow; ++i)
            QCOMPARE(codeOf(bench.ask(bench.read())), "rate_limited");
        QVERIFY(!bench.client.health().lastError);

        bench.tasker.fault({ { "kind", "status" }, { "status", 500 }, { "times", kFailuresInARow } });
        for (int i = 0; i < kFailuresInARow; ++i) {
            QVERIFY(!bench.client.health().lastError);
            QCOMPARE(codeOf(bench.ask(bench.read())), "upstream_error");
        }
        QVERIFY(bench.client.health().lastError == ErrorCode::UpstreamError);
        QVERIFY(bench.ask(bench.read()).body);
        QVERIFY(!bench.client.health().lastError);
    }

    void somethingInBetween_at401_latchesNothing()
    {
        auto &bench = *m_bench;
        for (const char *body : { "<html>Sign in</html>", R"({"detail":"no"})", "" }) {
            bench.tasker.fault({ { "kind", "status" }, { "status", 401 }, { "body", body } });

            const auto reply = bench.ask(bench.write(m_eng));

            QCOMPARE(codeOf(reply), "upstream_unavailable");
            QVERIFY(!reply.outcomeUnknown);
            QVERIFY(bench.ask(bench.read()).body);
        }
    }

    void write_firstStillRunning_isInProgressAndThenReplayed()
    {
        auto &bench = *m_bench;
        bench.tasker.fault({ { "kind", "slow" }, { "delay_ms", 300 } });
        const auto request = bench.write(m_eng);
        const auto first = bench.begin(request);

        const auto meanwhile = bench.ask(request);

        QCOMPARE(codeOf(meanwhile), "idempotency_in_progress");
        QTRY_VERIFY(first->has_value() && (*first)->body);
        QVERIFY(bench.ask(request).replayed);
        QCOMPARE(bench.tasker.counters()["writes_applied"], Json(1));
    }

    void write_repeatedAfterTaskersRestart_isReplayed()
    {
        const QTemporaryDir folder;
        const QString data = folder.filePath(QStringLiteral("tasker.json"));
        TaskerBench bench;
        QVERIFY(bench.start(
            { QStringLiteral("--data"), data, QStringLiteral("--credential"), QStringLiteral("tk_1") }));
        const auto request = bench.write(m_eng);
        QVERIFY(bench.ask(request).body);
        const auto port = QString::number(bench.tasker.port());
        bench.tasker.stop();
        QVERIFY(bench.tasker.start({ QStringLiteral("--data"), data, QStringLiteral("--credential"),
                                     QStringLiteral("tk_1"), QStringLiteral("--port"), port }));

        const auto again = bench.ask(request); // the client still holds connections to the old process

        QVERIFY2(again.body, codeOf(again).c_str());
        QVERIFY(again.replayed);
        QCOMPARE(bench.tasker.counters()["writes_applied"], Json(0));
    }

    void connect_noListener_sendsNothing()
    {
        auto &bench = *m_bench;
        const auto request = bench.write(m_eng);
        bench.tasker.stop();

        const auto reply = bench.ask(request);

        QCOMPARE(codeOf(reply), "upstream_unavailable");
        QVERIFY(reply.sent == Sent::Nothing && !reply.outcomeUnknown);
    }

    void setTarget_whileUnderWay_endsAsUnknownOrNothing()
    {
        auto &bench = *m_bench;
        bench.tasker.fault({ { "kind", "hang" }, { "times", 16 } });
        std::vector<TaskerBench::Reply> replies;
        for (std::size_t i = 0; i < kUpstreamConnections + 3; ++i)
            replies.push_back(bench.begin(bench.write(m_eng)));
        QTRY_COMPARE(bench.tasker.counters()["requests"], Json(kUpstreamConnections));

        QVERIFY(bench.aim());

        int unknown = 0;
        for (const auto &reply : replies) {
            QTRY_VERIFY(reply->has_value());
            QCOMPARE(codeOf(**reply), "upstream_unavailable");
            QCOMPARE((*reply)->outcomeUnknown, (*reply)->sent == Sent::Unknown);
            unknown += (*reply)->outcomeUnknown;
        }
        QCOMPARE(unknown, static_cast<int>(kUpstreamConnections));
        QVERIFY(bench.ask(bench.read()).body);
    }

private:
    std::unique_ptr<TaskerBench> m_bench;
    std::string m_eng;
};

QTEST_GUILESS_MAIN(TaskerFaultsTest)
#include "tst_tasker_faults.moc"
