// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/http/http_bench.h"

#include <sys/stat.h>
#include <unistd.h>

using namespace gatehouse;
using namespace gatehouse::test;

class HttpServerTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void request_overTcp_isAnsweredAndTheConnectionKept()
    {
        HttpBench bench;
        RawClient client = bench.client();

        const RawAnswer first
            = client.exchange(bench.request("POST /a/b%20c?x=1&y=%2B", "Content-Length: 4\r\n", "body"));
        const RawAnswer second = client.exchange(bench.request("GET /second"));

        QCOMPARE(first.status, 200);
        QCOMPARE(first.body, std::string("POST /a/b c body"));
        QCOMPARE(first.header("content-length"), std::string("16"));
        QCOMPARE(second.body, std::string("GET /second "));
        QVERIFY(client.isOpen());
        QCOMPARE(bench.requests.size(), 2U);
        QCOMPARE(bench.requests[0].queryValue("y"), std::string("+"));
        QVERIFY(bench.requests[0].id != bench.requests[1].id);
    }

    void request_overIpv6_isAnswered()
    {
        HttpBench bench;
        RawClient client = RawClient::tcp(bench.port, "::1");
        if (!client.isOpen())
            QSKIP("this machine has no [::1]");

        const RawAnswer answer
            = client.exchange("GET / HTTP/1.1\r\nHost: [::1]:" + std::to_string(bench.port) + "\r\n\r\n");

        QCOMPARE(answer.status, 200);
    }

    void request_overUnixSocket_isAnsweredAndThePeerIsKnown()
    {
        HttpBench bench;
        QTemporaryDir folder;
        const std::string path = folder.path().toStdString() + "/run/gatehouse.sock";
        QVERIFY(bench.server.listenUnix(path));
        RawClient client = RawClient::unixSocket(path);

        const RawAnswer answer = client.exchange("GET /a HTTP/1.1\r\nHost: gatehouse\r\n\r\n");

        QCOMPARE(answer.status, 200);
        QVERIFY(bench.requests.at(0).peer->isUnixSocket());
        QCOMPARE(bench.requests[0].peer->uid(), ::getuid());
        QCOMPARE(bench.requests[0].peer->sight().process.pid, std::int64_t{ ::getpid() });
        struct stat made
        {
        };
        QCOMPARE(::stat(path.c_str(), &made), 0);
        QCOMPARE(made.st_mode & 0777U, 0600U);
        QCOMPARE(::stat((folder.path().toStdString() + "/run").c_str(), &made), 0);
        QCOMPARE(made.st_mode & 0777U, 0700U);
    }

    void stream_eventsAndHeartbeat_arriveAsChunksAndTheConnectionIsKept()
    {
        HttpBench bench;
        std::shared_ptr<EventStream> stream;
        bench.handler
            = [&](const HttpRequest &, const ResponderPtr &responder) { stream = responder->stream(); };
        RawClient client = bench.client();

        const RawAnswer head = client.exchange(bench.request("GET /events"));
        QVERIFY(stream);
        QVERIFY(stream->send("one\ntwo", "7", "call"));
        QVERIFY(stream->comment("heartbeat"));

        QCOMPARE(head.status, 200);
        QCOMPARE(head.header("content-type"), std::string("text/event-stream"));
        QCOMPARE(client.chunk(), std::string("id: 7\nevent: call\ndata: one\ndata: two\n\n"));
        QCOMPARE(client.chunk(), std::string(": heartbeat\n\n"));
        stream->close();
        QCOMPARE(client.chunk(), std::string());
        bench.handler = nullptr;
        QCOMPARE(client.exchange(bench.request("GET /again")).status, 200);
    }
};

QTEST_GUILESS_MAIN(HttpServerTest)
#include "tst_http_server.moc"
