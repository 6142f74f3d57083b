// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/tasker/tasker_bench.h"

#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

#include <algorithm>
#include <set>

using namespace gatehouse;
using namespace gatehouse::test;
using namespace std::chrono_literals;

/// Bounds of the pool, and answers byte by byte.
class TaskerPoolTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void pool_manyRequests_useAtMostItsConnectionsInOrder()
    {
        TaskerBench bench;
        QVERIFY(bench.start());
        std::vector<TaskerBench::Reply> replies;
        std::vector<std::string> asked;
        for (int i = 0; i < 100; ++i) {
            auto request = bench.read();
            asked.push_back(request.acting.requestId);
            replies.push_back(bench.begin(request));
        }

        for (const auto &reply : replies)
            QTRY_VERIFY(reply->has_value() && (*reply)->body);

        // One control connection per question of ours; the rest is the pool's.
        int most = 0;
        std::set<int> connections;
        const auto requests = bench.tasker.requests();
        for (std::size_t i = 0; i < requests.size(); ++i) {
            connections.insert(requests[i]["connection"].get<int>());
            const auto at = std::find(asked.begin(), asked.end(),
                                      requests[i]["headers"]["x-request-id"].get<std::string>());
            most = std::max(most, std::abs(static_cast<int>(at - asked.begin()) - static_cast<int>(i)));
        }
        QCOMPARE(requests.size(), std::size_t{ 100 });
        QCOMPARE(connections.size(), kUpstreamConnections);
        QVERIFY2(most < static_cast<int>(kUpstreamConnections), qPrintable(QString::number(most)));
    }

    void pool_queueFull_isRateLimitedAndNothingIsSent()
    {
        TaskerBench bench;
        QVERIFY(bench.start());
        bench.tasker.fault({ { "kind", "hang" }, { "times", 16 } });
        std::vector<TaskerBench::Reply> replies;
        for (std::size_t i = 0; i < kUpstreamConnections + kUpstreamQueueLimit; ++i)
            replies.push_back(bench.begin(bench.read()));

        const auto over = bench.ask(bench.write("p"));

        QCOMPARE(codeOf(over), "rate_limited");
        QVERIFY(over.sent == Sent::Nothing && over.retryAfterSeconds == 1);
        for (const auto &reply : replies)
            QVERIFY(!reply->has_value());
    }

    void pool_waitingCounts_inTheWholeTime()
    {
        TaskerBench bench;
        QVERIFY(bench.start());
        bench.tasker.fault({ { "kind", "hang" }, { "times", 16 } });
        for (std::size_t i = 0; i < kUpstreamConnections; ++i)
            bench.begin(bench.read());
        QTRY_COMPARE(bench.tasker.counters()["requests"], Json(kUpstreamConnections));
        const auto waiting = bench.begin(bench.write("p"));

        bench.clock.advance(kUpstreamWholeTime);

        QTRY_VERIFY(waiting->has_value());
        QCOMPARE(codeOf(**waiting), "upstream_timeout");
        QVERIFY((*waiting)->sent == Sent::Nothing && !(*waiting)->outcomeUnknown);
        QCOMPARE((*waiting)->body.error().details, Json({ { "outcome", "none" } }));
    }

    void pool_idleConnections_areClosedInTime()
    {
        TaskerBench bench;
        QVERIFY(bench.start());
        QVERIFY(bench.ask(bench.read()).body);
        const int before = bench.tasker.counters()["connections_open"];

        bench.clock.advance(kUpstreamIdleTime);

        QTRY_VERIFY(bench.tasker.counters()["connections_open"].get<int>() < before + 1);
        QVERIFY(bench.ask(bench.read()).body);
        const auto requests = bench.tasker.requests();
        QVERIFY(requests[0]["connection"] != requests[1]["connection"]);
    }

    void connect_thatNeverFinishes_endsAfterFiveSecondsWithNothingSent()
    {
        // A listener that accepts and never speaks TLS.
        QTcpServer mute;
        QVERIFY(mute.listen(QHostAddress::LocalHost));
        FakeClock clock;
        TaskerClient client(clock);
        QVERIFY(client.setTarget(target("https://127.0.0.1:" + std::to_string(mute.serverPort()))));
        auto request = adapter::createIssue({ { "project_id", "p" }, { "name", "x" } });
        request.acting = { "a", "a", "r", "", "k", ProjectId("p") };
        std::optional<TaskerReply> reply;
        client.send(request, [&](const TaskerReply &answer) { reply = answer; });
        QTRY_VERIFY(mute.hasPendingConnections());

        clock.advance(kUpstreamConnectTime - 1ms);
        QCoreApplication::sendPostedEvents();
        QVERIFY(!reply);
        clock.advance(1ms);

        QTRY_VERIFY(reply.has_value());
        QCOMPARE(codeOf(*reply), "upstream_timeout");
        QVERIFY(reply->sent == Sent::Nothing && !reply->outcomeUnknown);
    }

    void answer_malformed_isInvalidAndUnknown_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("code");
        const auto row
            = [](const char *name, const QByteArray &bytes, const char *code = "upstream_invalid_response") {
                  QTest::newRow(name) << bytes << QByteArray(code);
              };
        row("not HTTP", "SSH-2.0-OpenSSH\r\n\r\n");
        row("HTTP/0.9", "<html>hello</html>\r\n\r\n");
        row("HTTP/2", "HTTP/2 200 OK\r\n\r\n");
        row("two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}");
        row("length and chunks",
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
        row("odd encoding", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n");
        row("compressed", "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}");
        row("switching", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n");
        row("headers too large", "HTTP/1.1 200 OK\r\nX: " + QByteArray(20'000, 'a') + "\r\n\r\n{}");
        row("promised too much", "HTTP/1.1 200 OK\r\nContent-Length: 8388609\r\n\r\n");
        row("chunk too large", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n900000\r\n");
        row("deep JSON",
            "HTTP/1.1 200 OK\r\nContent-Length: 200\r\n\r\n" + QByteArray(100, '[') + QByteArray(100, ']'));
        row("closed at once", "", "upstream_unavailable");
        row("closed in the head", "HTTP/1.1 200 OK\r\nContent-", "upstream_unavailable");
        row("closed in the body", "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{}", "upstream_unavailable");
        row("closed in a chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n20\r\n{}",
            "upstream_unavailable");
        row("compressed refusal",
            "HTTP/1.1 403 Forbidden\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n\x1f\x8b",
            "upstream_unavailable");
        row("half a refusal", "HTTP/1.1 403 Forbidden\r\nContent-Length: 20\r\n\r\n<html>",
            "upstream_unavailable");
        row("refusal too large", "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 8388609\r\n\r\n",
            "upstream_unavailable");
    }
    void answer_malformed_isInvalidAndUnknown()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, code);

        const auto reply = writeTo({ bytes });

        QCOMPARE(codeOf(reply), code.toStdString());
        QVERIFY(reply.outcomeUnknown && reply.sent != Sent::Nothing);
    }

    void answer_inSinglesAndAfterAContinue_isRead()
    {
        const QByteArray body(
            R"({"id":"c","issue_id":"i","body_markdown":"","created_by":"a","created_at":"t"})");
        const QByteArray whole = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: "
                                 "x\r\n\r\nHTTP/1.1 201 Created\r\n"
                                 "Idempotent-Replayed: true\r\nContent-Length: "
            + QByteArray::number(body.size()) + "\r\n\r\n" + body;
        QList<QByteArray> singles;
        for (const char c : whole)
            singles.push_back(QByteArray(1, c));

        const auto atOnce = writeTo({ whole });
        const auto bytewise = writeTo(singles);

        for (const auto &reply : { atOnce, bytewise }) {
            QVERIFY2(reply.body, codeOf(reply).c_str());
            QCOMPARE(reply.status, 201);
            QVERIFY(reply.replayed);
        }
    }

    void answer_inChunks_cutAnywhere_isRead()
    {
        const QByteArray body(
            R"({"id":"c","issue_id":"i","body_markdown":"","created_by":"a","created_at":"t"})");
        const QByteArray head("HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n");
        const QByteArray chunk = QByteArray::number(body.size(), 16) + "\r\n" + body + "\r\n";
        for (qsizetype cut = 1; cut <= 5; ++cut) {
            const QByteArray last("0\r\n\r\n");

            const auto reply = writeTo({ head + chunk + last.first(cut), last.mid(cut) });

            QVERIFY2(reply.body, codeOf(reply).c_str());
            QCOMPARE(reply.status, 201);
        }
    }

    void answer_withSomethingBehindIt_endsTheConnection()
    {
        QTcpServer server;
        QVERIFY(server.listen(QHostAddress::LocalHost));
        int connections = 0;
        connect(&server, &QTcpServer::newConnection, &server, [&] {
            ++connections;
            auto *socket = server.nextPendingConnection();
            connect(socket, &QTcpSocket::readyRead, socket, [socket] {
                socket->readAll();
                socket->write("HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\n{\"matches\":[]}"
                              "HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\n{\"matches\":[]}");
            });
        });
        FakeClock clock;
        TaskerClient client(clock);
        QVERIFY(client.setTarget(target("http://127.0.0.1:" + std::to_string(server.serverPort()))));

        for (int i = 1; i <= 3; ++i) {
            auto request = adapter::resolveProjects("*", 1);
            request.acting.requestId = "r";
            std::optional<TaskerReply> reply;
            client.send(request, [&](const TaskerReply &answer) { reply = answer; });
            QTRY_VERIFY(reply.has_value());
            QVERIFY(reply->body);
            QCOMPARE(connections, i);
        }
    }

private:
    static TaskerTarget target(const std::string &url)
    {
        TaskerTarget target;
        target.baseUrl = url;
        target.ownerUserId = "u";
        target.credential = Secret(std::string_view("c"));
        return target;
    }

    /// Sends one comment to a server that answers these bytes, piece by piece, and closes.
    static TaskerReply writeTo(const QList<QByteArray> &pieces)
    {
        QTcpServer server;
        if (!server.listen(QHostAddress::LocalHost))
            return {};
        connect(&server, &QTcpServer::newConnection, &server, [&] {
            auto *socket = server.nextPendingConnection();
            connect(socket, &QTcpSocket::readyRead, socket, [socket, pieces] {
                socket->readAll();
                for (const auto &piece : pieces) {
                    socket->write(piece);
                    socket->flush();
                }
                socket->disconnectFromHost();
            });
        });
        FakeClock clock;
        TaskerClient client(clock);
        if (!client.setTarget(target("http://127.0.0.1:" + std::to_string(server.serverPort()))))
            return {};
        auto request = *adapter::addComment("i", { { "body_markdown", "x" } });
        request.acting = { "a", "a", "r", "", "k", ProjectId("p") };
        std::optional<TaskerReply> reply;
        client.send(request, [&](const TaskerReply &answer) { reply = answer; });
        if (!QTest::qWaitFor([&] { return reply.has_value(); }, 10'000))
            qWarning("no reply");
        return reply.value_or(TaskerReply());
    }
};

QTEST_GUILESS_MAIN(TaskerPoolTest)
#include "tst_tasker_pool.moc"
