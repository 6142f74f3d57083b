// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/http/response_bytes.h"
#include "tests/core/http/http_bench.h"

using namespace gatehouse;
using namespace gatehouse::test;
using namespace std::chrono_literals;

namespace {

/// A client with an open stream.
struct Listening
{
    explicit Listening(HttpLimits limits = {})
        : bench(limits)
        , client(bench.client())
    {
        bench.handler = [this](const HttpRequest &, const ResponderPtr &responder) {
            responder->onGone([this] { gone = true; });
            stream = responder->stream({ { "Mcp-Session-Id", "7" } });
        };
        head = client.exchange(bench.request("GET /events"));
    }

    HttpBench bench;
    RawClient client;
    bool gone = false;
    std::shared_ptr<EventStream> stream;
    RawAnswer head;
};

} // namespace

class EventStreamTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void event_ofAnyText_isFramedAsTheStandardSays_data()
    {
        QTest::addColumn<QByteArray>("data");
        QTest::addColumn<QByteArray>("id");
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("wire");
        QTest::newRow("plain") << QByteArray("a") << QByteArray() << QByteArray()
                               << QByteArray("data: a\n\n");
        QTest::newRow("all") << QByteArray("a") << QByteArray("1") << QByteArray("x")
                             << QByteArray("id: 1\nevent: x\ndata: a\n\n");
        QTest::newRow("empty") << QByteArray() << QByteArray("1") << QByteArray()
                               << QByteArray("id: 1\ndata: \n\n");
        QTest::newRow("lines") << QByteArray("a\nb\r\nc\rd") << QByteArray() << QByteArray()
                               << QByteArray("data: a\ndata: b\ndata: c\ndata: d\n\n");
        QTest::newRow("line end at the end")
            << QByteArray("a\n") << QByteArray() << QByteArray() << QByteArray("data: a\ndata: \n\n");
        QTest::newRow("forged by id")
            << QByteArray("a") << QByteArray("1\ndata: b") << QByteArray("x\r\n\r\n")
            << QByteArray("id: 1data: b\nevent: x\ndata: a\n\n");
    }
    void event_ofAnyText_isFramedAsTheStandardSays()
    {
        QFETCH(QByteArray, data);
        QFETCH(QByteArray, id);
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, wire);

        QCOMPARE(
            QByteArray::fromStdString(eventText(data.toStdString(), id.toStdString(), name.toStdString())),
            wire);
    }

    void stream_opened_saysWhatItIs()
    {
        Listening listening;

        QCOMPARE(listening.head.status, 200);
        QCOMPARE(listening.head.header("content-type"), std::string("text/event-stream"));
        QCOMPARE(listening.head.header("cache-control"), std::string("no-store"));
        QCOMPARE(listening.head.header("transfer-encoding"), std::string("chunked"));
        QCOMPARE(listening.head.header("mcp-session-id"), std::string("7"));
        QVERIFY(listening.head.header("content-length").empty());
    }

    void stream_eventsAndHeartbeat_arriveAtOnce()
    {
        Listening listening;

        QVERIFY(listening.stream->send("one", "7", "call"));
        QCOMPARE(listening.client.chunk(), std::string("id: 7\nevent: call\ndata: one\n\n"));
        QVERIFY(listening.stream->comment("heartbeat"));
        QCOMPARE(listening.client.chunk(), std::string(": heartbeat\n\n"));
        QCOMPARE(listening.stream->waiting(), 0);
    }

    void stream_closed_leavesTheConnectionForTheNextRequest()
    {
        Listening listening;
        listening.stream->send("last");

        listening.stream->close();

        QCOMPARE(listening.client.chunk(), std::string("data: last\n\n"));
        QCOMPARE(listening.client.chunk(), std::string());
        QVERIFY(!listening.stream->send("more"));
        listening.bench.handler = nullptr;
        QCOMPARE(listening.client.exchange(listening.bench.request("GET /a")).status, 200);
        QVERIFY(!listening.gone);
    }

    void stream_dropped_ends()
    {
        Listening listening;

        listening.stream.reset();

        QCOMPARE(listening.client.chunk(), std::string());
        QVERIFY(listening.client.isOpen());
    }

    void stream_keptOpen_hasNoTimeLimit()
    {
        Listening listening;

        listening.bench.clock.advance(3600s);
        QVERIFY(listening.stream->send("late"));

        QCOMPARE(listening.client.chunk(), std::string("data: late\n\n"));
    }

    void client_leavesAStream_isTold()
    {
        Listening listening;

        listening.client.close();

        QTRY_VERIFY(listening.gone);
        QVERIFY(!listening.stream->send("x"));
        QCOMPARE(listening.stream->waiting(), 0);
    }

    void reader_tooSlow_isClosedWithAWordAndOthersGoOn()
    {
        HttpLimits limits;
        limits.streamQueue = 256 << 10;
        Listening listening(limits);
        const std::shared_ptr<EventStream> slow = listening.stream;
        RawClient other = listening.bench.client();
        QCOMPARE(other.exchange(listening.bench.request("GET /events")).status, 200);
        const std::shared_ptr<EventStream> quick = listening.stream;
        listening.client.stopReading();
        const std::string event(64 << 10, 'x');

        int sent = 0;
        while (slow->send(event) && sent < 1000) {
            ++sent;
            QVERIFY(slow->waiting() <= limits.streamQueue + (64 << 10));
            QVERIFY(quick->send("tick"));
            QCOMPARE(other.chunk(), std::string("data: tick\n\n"));
        }

        QVERIFY(sent >= 3 && sent < 1000);
        QVERIFY(!slow->send("more"));
        listening.client.startReading();
        QVERIFY(listening.client.waitFor(": closed: too slow"));
        QVERIFY(quick->send("tick"));
        QCOMPARE(other.chunk(), std::string("data: tick\n\n"));
    }

    void reader_thatTakesNothing_isClosedAfterTheIdleTime()
    {
        Listening listening;
        listening.client.stopReading();
        const std::string event(64 << 10, 'x');
        // Until the kernel takes no more; a turn of the loop lets it take what it can.
        QTRY_VERIFY((listening.stream->send(event), listening.stream->waiting() > (512 << 10)));

        listening.bench.clock.advance(76s);

        QTRY_VERIFY(listening.gone);
        QVERIFY(!listening.stream->send("x"));
    }
};

QTEST_GUILESS_MAIN(EventStreamTest)
#include "tst_event_stream.moc"
