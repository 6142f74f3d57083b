// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/http/http_bench.h"

#include <unistd.h>

#include <stdexcept>

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
        QCOMPARE(first.header("date"), std::string("mon, 21 sep 2026 14:13:20 gmt"));
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
        QCOMPARE(bench.requests.at(0).peer->uid(), ::getuid());
    }

    void request_ofEveryMethod_reachesTheHandler()
    {
        HttpBench bench;
        RawClient client = bench.client();

        for (const std::string method : { "GET", "POST", "PATCH", "PUT", "DELETE" })
            QCOMPARE(client.exchange(bench.request(method + " /a")).body, method + " /a ");
    }

    void request_withHarmlessOddities_isServed_data()
    {
        QTest::addColumn<QByteArray>("headers");
        QTest::newRow("method override")
            << QByteArray("X-HTTP-Method-Override: DELETE\r\nX-Method-Override: DELETE\r\n");
        QTest::newRow("upgrade") << QByteArray("Connection: upgrade\r\nUpgrade: websocket\r\n");
        QTest::newRow("h2c") << QByteArray(
            "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMA\r\n");
        QTest::newRow("list header twice") << QByteArray("Accept: a/b\r\nAccept: c/d\r\n");
        QTest::newRow("tabs and spaces around a value") << QByteArray("X: \t a b \t \r\n");
        QTest::newRow("empty value") << QByteArray("X:\r\n");
        QTest::newRow("length of nothing") << QByteArray("Content-Length: 0\r\n");
        QTest::newRow("expectation without a body") << QByteArray("Expect: 100-continue\r\n");
        QTest::newRow("another program's cookies")
            << QByteArray("Cookie: n=\xd0\xb6\r\nReferer: http://x/\xe9\r\n");
        QTest::newRow("own origin") << QByteArray("Origin: http://HOST\r\nSec-Fetch-Site: same-origin\r\n");
        QTest::newRow("own origin by number") << QByteArray("Origin: http://127.0.0.1:PORT\r\n");
        QTest::newRow("own origin, IPv6") << QByteArray("Origin: http://[::1]:PORT\r\n");
        QTest::newRow("typed by the user") << QByteArray("Sec-Fetch-Site: none\r\n");
    }
    void request_withHarmlessOddities_isServed()
    {
        QFETCH(QByteArray, headers);
        HttpBench bench;
        headers.replace("HOST", QByteArray::fromStdString(bench.host()));
        headers.replace("PORT", QByteArray::number(bench.port));
        RawClient client = bench.client();

        const RawAnswer answer = client.exchange(bench.request("GET /a", headers.toStdString()));

        QCOMPARE(answer.status, 200);
        QCOMPARE(answer.body, std::string("GET /a "));
        QVERIFY(client.isOpen());
    }

    void host_anyOwnNameInAnyCase_isServed()
    {
        HttpBench bench;

        for (const std::string name : { "127.0.0.1", "localhost", "LocalHost", "[::1]" }) {
            RawClient client = bench.client();
            const std::string request
                = "GET /a HTTP/1.1\r\nHost: " + name + ':' + std::to_string(bench.port) + "\r\n\r\n";
            QCOMPARE(client.exchange(request).status, 200);
        }
    }

    void navigablePath_fromAnotherSite_isServedThereAndNowhereElse()
    {
        HttpBench bench;
        bench.server.setNavigablePaths({ "/oauth/authorize" });
        const std::string crossSite = "Sec-Fetch-Site: cross-site\r\n";

        QCOMPARE(bench.client().exchange(bench.request("GET /oauth/authorize?a=b", crossSite)).status, 200);
        QCOMPARE(bench.client().exchange(bench.request("GET /oauth/authorize/x", crossSite)).status, 403);
        QCOMPARE(bench.client()
                     .exchange(bench.request("GET /oauth/authorize", crossSite + "Origin: null\r\n"))
                     .status,
                 403);
    }

    void body_chunked_isJoinedAndItsTrailersAreDropped()
    {
        HttpBench bench;
        RawClient client = bench.client();

        const RawAnswer answer = client.exchange(bench.request(
            "POST /a", "Transfer-Encoding: Chunked\r\n",
            "3\r\nabc\r\n00A\r\n0123456789\r\n0\r\nAuthorization: Bearer x\r\nX-Late: 1\r\n\r\n"));

        QCOMPARE(answer.body, std::string("POST /a abc0123456789"));
        QVERIFY(bench.requests.at(0).header("authorization").empty());
        QVERIFY(bench.requests[0].header("x-late").empty());
        QCOMPARE(client.exchange(bench.request("GET /b")).status, 200);
    }

    void body_ofTheWholeLimit_isTakenAndOneByteMoreIsNot()
    {
        HttpBench bench;
        const std::string body(1 << 20, 'x');

        const RawAnswer whole
            = bench.client().exchange(bench.request("POST /a", "Content-Length: 1048576\r\n", body));
        const RawAnswer chunked = bench.client().exchange(bench.request(
            "POST /a", "Transfer-Encoding: chunked\r\n", "100000\r\n" + body + "\r\n0\r\n\r\n"));
        const RawAnswer over = bench.client().exchange(bench.request(
            "POST /a", "Transfer-Encoding: chunked\r\n", "100000\r\n" + body + "\r\n1\r\nx\r\n0\r\n\r\n"));

        QCOMPARE(whole.body.size(), body.size() + 8);
        QCOMPARE(chunked.body.size(), body.size() + 8);
        QCOMPARE(over.status, 413);
    }

    void body_overTheRoutesOwnLimit_isRefusedBeforeItIsRead()
    {
        HttpBench bench;
        bench.server.setBodyLimit([](std::string_view method, std::string_view path) {
            return std::size_t{ method == "POST" && path == "/eight" ? 8U : 0U };
        });

        QCOMPARE(
            bench.client().exchange(bench.request("POST /eight", "Content-Length: 8\r\n", "12345678")).status,
            200);
        QCOMPARE(bench.client().exchange(bench.request("POST /eight", "Content-Length: 9\r\n")).status, 413);
        QCOMPARE(bench.client().exchange(bench.request("POST /none", "Content-Length: 1\r\n")).status, 413);
        QCOMPARE(bench.client().exchange(bench.request("GET /none")).status, 200);
    }

    void body_hugeAndRefused_stillGetsItsAnswerRead()
    {
        HttpBench bench;
        RawClient client = bench.client();

        client.send(bench.request("POST /a", "Content-Length: 8000000\r\n"));
        client.send(std::string(8'000'000, 'x'));

        QCOMPARE(client.answer().status, 413);
        QVERIFY(client.isClosedByServer());
        QVERIFY(bench.servesTheNext());
    }

    void expectation_ofAGoodRequest_isMetBeforeTheBodyComes()
    {
        HttpBench bench;
        RawClient client = bench.client();

        const RawAnswer interim
            = client.exchange(bench.request("POST /a", "Content-Length: 2\r\nExpect: 100-continue\r\n"));
        const RawAnswer answer = client.exchange("ok");

        QCOMPARE(interim.status, 100);
        QCOMPARE(answer.body, std::string("POST /a ok"));
    }

    void expectation_ofABodyThatIsNotWanted_isAnsweredAtOnceAndTheBodyIsNoRequest()
    {
        HttpBench bench;
        bench.server.setBodyWanted([](const HttpRequest &head) {
            return head.header("authorization") == "Bearer good" && head.peer;
        });
        bench.handler = [](const HttpRequest &request, const ResponderPtr &responder) {
            responder->send({ 401, {}, request.body.empty() ? "nothing was read" : request.body });
        };
        const std::string body = "GET /b HTTP/1.1\r\nHost: " + bench.host() + "\r\n\r\n";
        const std::string framing
            = "Content-Length: " + std::to_string(body.size()) + "\r\nExpect: 100-continue\r\n";
        RawClient client = bench.client();

        const RawAnswer answer = client.exchange(bench.request("POST /a", framing));
        client.send(body);

        QCOMPARE(answer.status, 401);
        QCOMPARE(answer.body, std::string("nothing was read"));
        QCOMPARE(answer.header("connection"), std::string("close"));
        QVERIFY(client.isClosedByServer());
        QCOMPARE(bench.requests.size(), std::size_t(1));

        RawClient known = bench.client();
        QCOMPARE(known.exchange(bench.request("POST /a", "Authorization: Bearer good\r\n" + framing)).status,
                 100);
    }

    void request_byteByByte_isServed()
    {
        HttpBench bench;
        RawClient client = bench.client();

        client.sendByteByByte(
            bench.request("POST /a", "Transfer-Encoding: chunked\r\n", "2\r\nok\r\n0\r\n\r\n"));

        QCOMPARE(client.answer().body, std::string("POST /a ok"));
    }

    void pipeline_ofManyRequests_isAnsweredInOrder()
    {
        HttpBench bench;
        RawClient client = bench.client();
        std::string all;
        for (int i = 0; i < 300; ++i)
            all += bench.request("POST /" + std::to_string(i), "Content-Length: 1\r\n", "x");

        client.send(all);

        for (int i = 0; i < 300; ++i)
            QCOMPARE(client.answer().body, "POST /" + std::to_string(i) + " x");
    }

    void pipeline_behindARequestBeingServed_waitsUnread()
    {
        HttpBench bench;
        std::vector<ResponderPtr> held;
        bench.handler
            = [&](const HttpRequest &, ResponderPtr responder) { held.push_back(std::move(responder)); };
        RawClient client = bench.client();

        client.send(bench.request("GET /1") + bench.request("GET /2"));
        QTRY_COMPARE(held.size(), 1U);
        // More than the server takes from a client that waits for an answer; the rest stays in the kernel.
        client.send(std::string(1 << 20, 'x'));
        QVERIFY(bench.servesTheNextHeldBack(held));
        QCOMPARE(bench.requests.size(), 2U);

        held[0]->send({ 200, {}, "first" });
        QTRY_COMPARE(held.size(), 3U);
        held[2]->send({ 200, {}, "second" });

        QCOMPARE(client.answer().body, std::string("first"));
        QCOMPARE(client.answer().body, std::string("second"));
        QCOMPARE(client.answer().status, 431);
    }

    void answer_comesLater_requestIsStillThere()
    {
        HttpBench bench;
        const HttpRequest *request = nullptr;
        ResponderPtr held;
        bench.handler = [&](const HttpRequest &given, ResponderPtr responder) {
            request = &given;
            held = std::move(responder);
        };
        RawClient client = bench.client();
        client.send(bench.request("GET /held"));
        QTRY_VERIFY(held);

        client.close();
        QTRY_VERIFY(!request->peer->countAs("late", 1));

        QCOMPARE(request->path, std::string("/held"));
        held->send({ 200, {}, {} });
    }

    void responder_droppedUnused_answers500()
    {
        HttpBench bench;
        bench.handler = [](const HttpRequest &, ResponderPtr) {};
        RawClient client = bench.client();

        QCOMPARE(client.exchange(bench.request("GET /a")).status, 500);
        QCOMPARE(client.exchange(bench.request("GET /b")).status, 500);
    }

    void responder_usedTwice_answersOnce()
    {
        HttpBench bench;
        bench.handler = [](const HttpRequest &, const ResponderPtr &responder) {
            responder->send({ 200, {}, "one" });
            responder->send({ 200, {}, "two" });
            QVERIFY(!responder->stream()->send("three"));
        };
        RawClient client = bench.client();

        QCOMPARE(client.exchange(bench.request("GET /a")).body, std::string("one"));
        QCOMPARE(client.exchange(bench.request("GET /b")).body, std::string("one"));
        QVERIFY(client.received().empty());
    }

    void handler_thatThrows_answers500AndTheNextIsServed()
    {
        HttpBench bench;
        bench.handler = [](const HttpRequest &, const ResponderPtr &) { throw std::runtime_error("broken"); };
        RawClient client = bench.client();
        QTest::ignoreMessage(QtCriticalMsg, "the handler threw: broken");

        QCOMPARE(client.exchange(bench.request("GET /a")).status, 500);
        bench.handler = nullptr;
        QVERIFY(bench.servesTheNext());
    }

    void answer_withALineEndInAHeader_isNotWritten()
    {
        HttpBench bench;
        bench.handler = [](const HttpRequest &, const ResponderPtr &responder) {
            responder->send({ 200, { { "location", "/a\r\nset-cookie: b" } }, {} });
        };
        QTest::ignoreMessage(QtCriticalMsg, "an answer's headers held what no header may hold");

        const RawAnswer answer = bench.client().exchange(bench.request("GET /a"));

        QCOMPARE(answer.status, 500);
        QCOMPARE(answer.head.find("set-cookie"), std::string::npos);
    }

    void answer_ofNoContent_hasNoBodyAndNoLength()
    {
        HttpBench bench;
        bench.handler = [](const HttpRequest &, const ResponderPtr &responder) {
            responder->send({ 204, {}, "x" });
        };
        RawClient client = bench.client();

        const RawAnswer answer = client.exchange(bench.request("DELETE /a"));

        QCOMPARE(answer.status, 204);
        QVERIFY(answer.header("content-length").empty());
        QCOMPARE(client.exchange(bench.request("DELETE /a")).status, 204);
    }

    void connection_closeAskedByEitherSide_endsBehindTheAnswer()
    {
        HttpBench bench;
        RawClient asking = bench.client();
        QCOMPARE(asking.exchange(bench.request("GET /a", "Connection: close\r\n")).header("connection"),
                 std::string("close"));
        QVERIFY(asking.isClosedByServer());

        bench.handler = [](const HttpRequest &, const ResponderPtr &responder) {
            responder->send({ 429, { { "Connection", "close" } }, {} });
        };
        RawClient told = bench.client();
        QCOMPARE(told.exchange(bench.request("GET /a")).header("connection"), std::string("close"));
        QVERIFY(told.isClosedByServer());
    }

    void client_leavesBeforeTheAnswer_isTold()
    {
        HttpBench bench;
        int gone = 0;
        ResponderPtr held;
        bench.handler = [&](const HttpRequest &, ResponderPtr responder) {
            held = std::move(responder);
            held->onGone([&] { ++gone; });
        };
        RawClient client = bench.client();
        client.send(bench.request("GET /a"));
        QTRY_VERIFY(held);

        client.close();

        QTRY_COMPARE(gone, 1);
        held->send({ 200, {}, "too late" });
        held.reset();
        QCOMPARE(gone, 1);
        bench.handler = nullptr;
        QVERIFY(bench.servesTheNext());
    }

    void client_leavesBehindTheAnswer_isNotTold()
    {
        HttpBench bench;
        bool gone = false;
        bench.handler = [&](const HttpRequest &, const ResponderPtr &responder) {
            responder->onGone([&] { gone = true; });
            responder->send({ 200, {}, {} });
        };
        {
            RawClient client = bench.client();
            QCOMPARE(client.exchange(bench.request("GET /a")).status, 200);
        }
        bench.handler = nullptr;

        QVERIFY(bench.servesTheNext());
        QVERIFY(!gone);
    }

    void client_closesItsSendingSide_getsAnAnswerThatIsReadyAndElseCountsAsGone()
    {
        HttpBench bench;
        RawClient ready = bench.client();
        ready.send(bench.request("GET /ready"));
        ready.shutdownWriting();
        QCOMPARE(ready.answer().status, 200);

        bool gone = false;
        ResponderPtr held;
        bench.handler = [&](const HttpRequest &, ResponderPtr responder) {
            held = std::move(responder);
            held->onGone([&] { gone = true; });
        };
        RawClient waiting = bench.client();
        waiting.send(bench.request("GET /waiting"));
        waiting.shutdownWriting();
        QTRY_VERIFY(gone);
    }

    void refusal_inTheGatewaysOwnWords_isSent()
    {
        HttpBench bench;
        bench.server.setRefusal(
            [](int status, std::string_view reason, std::string_view, const std::string &id) {
                return HttpResponse{ status,
                                     { { "content-type", "application/json" } },
                                     std::string(reason) + ' ' + id };
            });

        const RawAnswer answer = bench.client().exchange(bench.request("OPTIONS /a"));

        QCOMPARE(answer.status, 405);
        QCOMPARE(answer.header("content-type"), std::string("application/json"));
        QCOMPARE(answer.header("allow"), std::string("get, post, patch, put, delete"));
        QVERIFY(answer.body.starts_with("method_not_allowed "));
        QCOMPARE(answer.body.size(), 19U + 36U);
    }

    void server_goesWithRequestsOpen_leavesNothingBehind()
    {
        ResponderPtr held;
        std::shared_ptr<EventStream> stream;
        bool gone = false;
        auto bench = std::make_unique<HttpBench>();
        bench->handler = [&](const HttpRequest &request, const ResponderPtr &responder) {
            if (request.path == "/stream") {
                stream = responder->stream();
            } else {
                held = responder;
                held->onGone([&] { gone = true; });
            }
        };
        RawClient first = bench->client();
        RawClient second = bench->client();
        first.send(bench->request("GET /held"));
        second.send(bench->request("GET /stream"));
        QTRY_VERIFY(held && stream);

        bench.reset();

        QVERIFY(!stream->send("x"));
        held->send({ 200, {}, {} });
        QVERIFY(!gone);
        QVERIFY(first.answer().status == 0);
    }
};

QTEST_GUILESS_MAIN(HttpServerTest)
#include "tst_http_server.moc"
