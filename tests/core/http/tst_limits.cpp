// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/http/open_files.h"
#include "tests/core/http/http_bench.h"

#include <unistd.h>

using namespace gatehouse;
using namespace gatehouse::test;
using namespace std::chrono_literals;

/// Times by a clock wound by hand, crowds by small limits; sockets are real.
class LimitsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void head_tooSlow_isAnsweredAndClosed()
    {
        HttpBench bench;
        RawClient client = bench.client();
        client.sendByteByByte("GET /a HTTP/1.1\r\nHo");

        bench.clock.advance(9s);
        QVERIFY(client.isOpen());
        client.sendByteByByte("st");
        bench.clock.advance(1s);

        QCOMPARE(client.answer().status, 408);
        QVERIFY(client.isClosedByServer());
        QCOMPARE(bench.refusals.at(0).reason, std::string("head_too_slow"));
        QVERIFY(bench.servesTheNext());
    }

    void head_ofALaterRequest_hasItsTimeFromItsFirstByte()
    {
        HttpBench bench;
        RawClient client = bench.client();
        QCOMPARE(client.exchange(bench.request("GET /a")).status, 200);
        bench.clock.advance(60s);

        client.sendByteByByte("GET");
        bench.clock.advance(9s);
        client.send(" /b HTTP/1.1\r\nHost: " + bench.host() + "\r\n\r\n");

        QCOMPARE(client.answer().status, 200);
    }

    void connection_withoutAByte_isClosedWithoutAWord()
    {
        HttpBench bench;
        RawClient client = bench.client();
        QVERIFY(bench.servesTheNext()); // both are accepted by now

        bench.clock.advance(11s);

        QVERIFY(client.isClosedByServer());
        QVERIFY(client.received().empty());
    }

    void body_tooSlow_isAnsweredAndClosed()
    {
        HttpBench bench;
        RawClient client = bench.client();
        client.sendByteByByte(bench.request("POST /a", "Content-Length: 4\r\n", "ab"));

        bench.clock.advance(29s);
        QVERIFY(client.isOpen());
        client.sendByteByByte("c");
        bench.clock.advance(2s);

        QCOMPARE(client.answer().status, 408);
        QVERIFY(client.isClosedByServer());
        QCOMPARE(bench.refusals.at(0).reason, std::string("body_too_slow"));
    }

    void connection_idle_isClosedAfterItsTime()
    {
        HttpBench bench;
        RawClient client = bench.client();
        QCOMPARE(client.exchange(bench.request("GET /a")).status, 200);

        bench.clock.advance(74s);
        QCOMPARE(client.exchange(bench.request("GET /b")).status, 200);
        bench.clock.advance(74s);
        QVERIFY(client.isOpen());
        bench.clock.advance(2s);

        QVERIFY(client.isClosedByServer());
        QVERIFY(client.received().empty());
    }

    void request_beingServed_hasAllTheTimeItsHandlerTakes()
    {
        HttpBench bench;
        ResponderPtr held;
        bench.handler = [&](const HttpRequest &, ResponderPtr responder) { held = std::move(responder); };
        RawClient client = bench.client();
        client.send(bench.request("GET /a"));
        QTRY_VERIFY(held);

        bench.clock.advance(600s);
        held->send({ 200, {}, "late" });

        QCOMPARE(client.answer().body, std::string("late"));
    }

    void refusedClient_thatNeverCloses_isClosedAfterTwoSeconds()
    {
        HttpBench bench;
        RawClient client = bench.client();
        QCOMPARE(client.exchange("nonsense\r\n\r\n").status, 400);
        QVERIFY(client.isClosedByServer()); // its sending half; ours stays as a half-open socket

        RawClient staying = bench.client();
        staying.send("nonsense\r\n\r\n");
        QTRY_COMPARE(bench.refusals.size(), 2U);
        bench.clock.advance(3s);

        QCOMPARE(staying.answer().status, 400);
        QVERIFY(bench.servesTheNext());
    }

    void strangers_tooMany_theOldestIdleOneIsClosed()
    {
        HttpLimits limits;
        limits.unauthenticatedPerUid = 3;
        HttpBench bench(limits);
        std::vector<RawClient> clients;
        for (int i = 0; i < 3; ++i) {
            clients.push_back(bench.client());
            QCOMPARE(clients.back().exchange(bench.request("GET /a")).status, 200);
            bench.clock.advance(10ms);
        }
        QCOMPARE(clients[0].exchange(bench.request("GET /again")).status, 200);

        QVERIFY(bench.servesTheNext());

        QVERIFY(clients[1].isClosedByServer());
        QVERIFY(clients[0].isOpen() && clients[2].isOpen());
        QCOMPARE(bench.refusals.at(0).reason, std::string("too_many_connections"));
    }

    void strangers_allBusy_theNewcomerIsTold()
    {
        HttpLimits limits;
        limits.unauthenticatedPerUid = 2;
        HttpBench bench(limits);
        std::vector<ResponderPtr> held;
        bench.handler
            = [&](const HttpRequest &, ResponderPtr responder) { held.push_back(std::move(responder)); };
        RawClient first = bench.client();
        RawClient second = bench.client();
        first.send(bench.request("GET /a"));
        second.send(bench.request("GET /a"));
        QTRY_COMPARE(held.size(), 2U);

        RawClient third = bench.client();
        const RawAnswer answer = third.exchange(bench.request("GET /a"));

        QCOMPARE(answer.status, 429);
        QCOMPARE(answer.header("retry-after"), std::string("1"));
        QVERIFY(third.isClosedByServer());
        QCOMPARE(held.size(), 2U);
        held[0]->send({ 200, {}, "still served" });
        QCOMPARE(first.answer().body, std::string("still served"));
    }

    void churn_aroundAWholeRequest_doesNotSendItAway()
    {
        HttpLimits limits;
        limits.unauthenticatedPerUid = 4;
        HttpBench bench(limits);
        // All of this waits in the kernel before the server's next turn, which takes in 64 at once.
        std::vector<RawClient> churn;
        const auto pass = [&] {
            for (int i = 0; i < 20; ++i)
                churn.push_back(bench.client());
        };
        pass();
        RawClient honest = bench.client();
        honest.send(bench.request("GET /a"));
        pass();

        QCOMPARE(honest.answer().status, 200);
    }

    void churn_aroundARequestOnAnOldConnection_doesNotSendItAway()
    {
        HttpLimits limits;
        limits.unauthenticatedPerUid = 4;
        HttpBench bench(limits);
        std::vector<RawClient> honest;
        for (int i = 0; i < 3; ++i) {
            honest.push_back(bench.client());
            QCOMPARE(honest.back().exchange(bench.request("GET /a")).status, 200);
            bench.clock.advance(10ms);
        }

        std::vector<RawClient> churn;
        for (RawClient &client : honest)
            client.send(bench.request("GET /b"));
        for (int i = 0; i < 3; ++i)
            churn.push_back(bench.client());

        for (RawClient &client : honest)
            QCOMPARE(client.answer().status, 200);
    }

    void churn_atTheTcpDoor_leavesTheUnixDoorAlone()
    {
        HttpLimits limits;
        limits.unauthenticatedPerUid = 4;
        HttpBench bench(limits);
        QTemporaryDir folder;
        const std::string path = folder.path().toStdString() + "/gatehouse.sock";
        QVERIFY(bench.server.listenUnix(path));
        RawClient local = RawClient::unixSocket(path);
        const std::string request = "GET /a HTTP/1.1\r\nHost: gatehouse\r\n\r\n";
        QCOMPARE(local.exchange(request).status, 200);
        bench.clock.advance(10ms);

        std::vector<RawClient> churn;
        for (int i = 0; i < 40; ++i)
            churn.push_back(bench.client());
        QVERIFY(bench.servesTheNext());

        QVERIFY(local.isOpen());
        QCOMPARE(local.exchange(request).status, 200);
    }

    void newcomer_thatHasClosedAlready_takesNoPlace()
    {
        HttpLimits limits;
        limits.unauthenticatedPerUid = 2;
        HttpBench bench(limits);
        QTemporaryDir folder;
        const std::string path = folder.path().toStdString() + "/gatehouse.sock";
        QVERIFY(bench.server.listenUnix(path));
        const auto quiet = [&] { return RawClient::unixSocket(path); };
        RawClient first = quiet();
        QCOMPARE(first.exchange("GET /a HTTP/1.1\r\nHost: gatehouse\r\n\r\n").status, 200);

        for (int i = 0; i < 40; ++i)
            quiet().close();
        RawClient last = quiet();

        QCOMPARE(last.exchange("GET /b HTTP/1.1\r\nHost: gatehouse\r\n\r\n").status, 200);
        QVERIFY(first.isOpen());
        QVERIFY(bench.refusals.empty());
    }

    void slowHeads_ofManyStrangers_doNotKeepTheNextOut()
    {
        HttpLimits limits;
        limits.unauthenticatedPerUid = 8;
        HttpBench bench(limits);
        std::vector<RawClient> slow;
        for (int i = 0; i < 40; ++i) {
            slow.push_back(bench.client());
            slow.back().send("GET /a HTTP/1.1\r\nX: ");
        }

        QVERIFY(bench.servesTheNext());
    }

    void counted_connectionsLeaveTheCrowdOfStrangers()
    {
        HttpLimits limits;
        limits.unauthenticatedPerUid = 2;
        HttpBench bench(limits);
        bench.handler = [](const HttpRequest &request, const ResponderPtr &responder) {
            responder->send({ request.peer->countAs("client", 3) ? 200 : 429, {}, {} });
        };
        std::vector<RawClient> clients;
        for (int i = 0; i < 3; ++i) {
            clients.push_back(bench.client());
            QCOMPARE(clients.back().exchange(bench.request("GET /a")).status, 200);
        }

        RawClient fourth = bench.client();
        QCOMPARE(fourth.exchange(bench.request("GET /a")).status, 429);

        QVERIFY(fourth.isClosedByServer());
        for (RawClient &client : clients)
            QCOMPARE(client.exchange(bench.request("GET /b")).status, 200);
    }

    void closeConnections_ofAName_endsThoseAndNoOthers()
    {
        HttpBench bench;
        std::shared_ptr<EventStream> stream;
        bool gone = false;
        bench.handler = [&](const HttpRequest &request, const ResponderPtr &responder) {
            QVERIFY(request.peer->countAs(std::string(request.header("x-name")), 9));
            if (request.path == "/stream") {
                responder->onGone([&] { gone = true; });
                stream = responder->stream();
            } else {
                responder->send({ 200, {}, {} });
            }
        };
        RawClient idle = bench.client();
        RawClient streaming = bench.client();
        RawClient other = bench.client();
        QCOMPARE(idle.exchange(bench.request("GET /a", "X-Name: a\r\n")).status, 200);
        QCOMPARE(streaming.exchange(bench.request("GET /stream", "X-Name: a\r\n")).status, 200);
        QCOMPARE(other.exchange(bench.request("GET /a", "X-Name: b\r\n")).status, 200);

        bench.server.closeConnections("a");

        QVERIFY(idle.isClosedByServer());
        QCOMPARE(streaming.chunk(), std::string());
        QVERIFY(streaming.isClosedByServer());
        QVERIFY(gone);
        QVERIFY(!stream->send("x"));
        QCOMPARE(other.exchange(bench.request("GET /a", "X-Name: b\r\n")).status, 200);
    }

    void closeConnections_withARequestOpen_givesItTwoSeconds()
    {
        HttpBench bench;
        std::vector<ResponderPtr> held;
        int gone = 0;
        bench.handler = [&](const HttpRequest &, ResponderPtr responder) {
            responder->onGone([&] { ++gone; });
            held.push_back(std::move(responder));
        };
        RawClient quick = bench.client();
        RawClient slow = bench.client();
        quick.send(bench.request("GET /a"));
        QTRY_COMPARE(held.size(), 1U);
        slow.send(bench.request("GET /a"));
        QTRY_COMPARE(held.size(), 2U);

        bench.server.closeConnections();
        held[0]->send({ 200, {}, "last word" });
        bench.clock.advance(3s);

        const RawAnswer answer = quick.answer();
        QCOMPARE(answer.body, std::string("last word"));
        QCOMPARE(answer.header("connection"), std::string("close"));
        QVERIFY(slow.isClosedByServer());
        QCOMPARE(gone, 1);
    }

    void crowd_ofTwoThousand_isServedAndOneMoreMovesIn()
    {
        if (allowOpenFiles(5000) < 5000)
            QSKIP("this machine gives a process fewer open files");
        HttpLimits limits;
        limits.unauthenticatedPerUid = 256;
        HttpBench bench(limits);
        bench.handler = [](const HttpRequest &request, const ResponderPtr &responder) {
            responder->send({ request.peer->countAs("owner", 5000) ? 200 : 429, {}, {} });
        };
        std::vector<RawClient> clients;
        for (int i = 0; i < limits.connections; ++i) {
            clients.push_back(bench.client());
            QCOMPARE(clients.back().exchange(bench.request("GET /a")).status, 200);
        }
        QVERIFY(bench.refusals.empty());

        QVERIFY(bench.servesTheNext());

        QCOMPARE(bench.refusals.size(), 1U);
        QVERIFY(clients.front().isClosedByServer());
    }

    void outOfFiles_theDoorOpensAgainWhenSomeAreFree()
    {
        HttpBench bench;
        QTemporaryDir folder;
        const std::string path = folder.path().toStdString() + "/gatehouse.sock";
        QVERIFY(bench.server.listenUnix(path));
        RawClient tcp = bench.client();
        RawClient local = RawClient::unixSocket(path);
        tcp.send(bench.request("GET /a"));
        local.send("GET /a HTTP/1.1\r\nHost: gatehouse\r\n\r\n");
        std::vector<int> files;
        while (files.empty() || files.back() >= 0)
            files.push_back(::dup(0));
        QTest::ignoreMessage(QtWarningMsg, "could not accept a connection; waiting a little");
        QTest::ignoreMessage(QtWarningMsg, "could not accept a connection; waiting a little");
        QVERIFY(!QTest::qWaitFor([&] { return !bench.requests.empty(); }, 200));

        for (const int file : files)
            ::close(file);
        bench.clock.advance(1s);

        QCOMPARE(tcp.answer().status, 200);
        QCOMPARE(local.answer().status, 200);
    }

    void otherUsers_areNamedAsSuch_whenAllowed()
    {
        HttpLimits limits;
        limits.otherUsers = true;
        HttpBench bench(limits);

        QVERIFY(bench.servesTheNext());
        QCOMPARE(bench.requests.at(0).peer->uid(), ::getuid());
    }
};

QTEST_GUILESS_MAIN(LimitsTest)
#include "tst_limits.moc"
