// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/mcp/mcp_session.h"
#include "tests/core/api/recorded.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fixed_random.h"

#include <QTest>

using namespace gatehouse;
using namespace gatehouse::test;
using namespace std::chrono_literals;

namespace {

Client someone(const std::string &id)
{
    Client client;
    client.id = ClientId(id);
    client.expiresAt = 2'000'000'000'000;
    client.tokenHash[0] = std::uint8_t(id.size() + std::size_t(id.back()));
    return client;
}

Json note(int number)
{
    return { { "n", number } };
}

} // namespace

class McpSessionTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void version_isNegotiatedDown()
    {
        QCOMPARE(negotiatedVersion("2025-06-18"), std::string_view("2025-06-18"));
        QCOMPARE(negotiatedVersion("2025-11-25"), std::string_view("2025-11-25"));
        QCOMPARE(negotiatedVersion("2099-01-01"), std::string_view("2025-11-25"));
        QCOMPARE(negotiatedVersion("2024-11-05"), std::string_view("2025-06-18"));
        QCOMPARE(negotiatedVersion("rubbish"), std::string_view("2025-11-25"));
    }

    void session_ofAnotherTokenOrClient_isNotFound()
    {
        McpSessions sessions(m_clock, m_random);
        const auto session = sessions.open(someone("a"), kMcpVersions[0]);
        Client rotated = someone("a");
        rotated.tokenHash[5] = 1;

        QVERIFY(sessions.find(session->id(), someone("a")));
        QVERIFY(!sessions.find(session->id(), someone("b")));
        QVERIFY(!sessions.find(session->id(), rotated));
        QCOMPARE(session->id().size(), std::size_t(43));
    }

    void sessions_oneMoreThanTheBound_dropsTheIdlest()
    {
        McpSessions sessions(m_clock, m_random);
        std::vector<std::string> ids;
        for (int i = 0; i < kMcpSessionsPerClient; ++i) {
            ids.push_back(sessions.open(someone("a"), kMcpVersions[0])->id());
            m_clock.advance(1ms);
        }
        const auto other = sessions.open(someone("b"), kMcpVersions[0]);
        QVERIFY(sessions.find(ids[0], someone("a"))); // used just now: the next one is the idlest

        QVERIFY(sessions.open(someone("a"), kMcpVersions[0]));

        QVERIFY(sessions.find(ids[0], someone("a")));
        QVERIFY(!sessions.find(ids[1], someone("a")));
        QVERIFY(sessions.find(other->id(), someone("b")));
    }

    void sweep_idleSession_goes_listeningOneStays()
    {
        McpSessions sessions(m_clock, m_random);
        Directory directory;
        directory.clients.emplace(ClientId("a"), someone("a"));
        const auto idle = sessions.open(someone("a"), kMcpVersions[0]);
        const auto listening = sessions.open(someone("a"), kMcpVersions[0]);
        listening->listen(std::make_shared<RecordedStream>());
        m_clock.advance(kMcpSessionIdle + 1ms);

        QVERIFY(sessions.sweep(directory, m_clock.now()).empty());

        QVERIFY(!sessions.find(idle->id(), someone("a")));
        QVERIFY(sessions.find(listening->id(), someone("a")));
    }

    void sweep_revokedClient_losesItsSessionsAndStreams()
    {
        McpSessions sessions(m_clock, m_random);
        Directory directory;
        Client revoked = someone("a");
        revoked.revokedAt = 1;
        directory.clients.emplace(ClientId("a"), revoked);
        const auto stream = std::make_shared<RecordedStream>();
        sessions.open(someone("a"), kMcpVersions[0])->listen(stream);

        const auto lost = sessions.sweep(directory, m_clock.now());

        QCOMPARE(lost, std::vector{ ClientId("a") });
        QVERIFY(stream->closed);
    }

    void resume_afterALostStream_repeatsOnlyWhatWasMissed()
    {
        McpSession session("s", someone("a"), kMcpVersions[0]);
        const auto lost = std::make_shared<RecordedStream>();
        const int number = session.openStream(lost);
        session.send(number, note(1));
        session.send(number, note(2));
        const std::string last = lost->events[0].id;
        lost->gone = true;
        session.send(number, note(3));
        session.send(0, note(99)); // of another stream: not to be mixed in

        const auto back = std::make_shared<RecordedStream>();
        QVERIFY(session.resume(last, back));
        session.send(number, note(4));
        session.finish(number);

        QCOMPARE(back->events.size(), std::size_t(3));
        QCOMPARE(back->events[0].json(), note(2));
        QCOMPARE(back->events[2].json(), note(4));
        QVERIFY(back->closed);
    }

    void resume_finishedStream_repeatsAndCloses()
    {
        McpSession session("s", someone("a"), kMcpVersions[0]);
        const auto lost = std::make_shared<RecordedStream>();
        const int number = session.openStream(lost);
        const std::string primed = lost->lastId;
        lost->gone = true;
        session.send(number, note(1));
        session.finish(number);

        const auto back = std::make_shared<RecordedStream>();
        QVERIFY(session.resume(primed, back));

        QCOMPARE(back->events.size(), std::size_t(1));
        QVERIFY(back->closed);
    }

    void resume_unknownOrForgottenEvent_isRefused()
    {
        McpSession session("s", someone("a"), kMcpVersions[0]);
        const int number = session.openStream(std::make_shared<RecordedStream>());
        for (int i = 0; i < int(kMcpEventsKept) + 10; ++i)
            session.send(number, note(i));

        for (const char *id : { "", "x", "1", "1-", "-1-1", "9-1", "1-99999", "1-2", "0-1", "1-1x" })
            QVERIFY2(!session.resume(id, std::make_shared<RecordedStream>()), id);
    }

    void oldVersion_newStream_hasNoEmptyFirstEvent()
    {
        McpSession session("s", someone("a"), "2025-06-18");
        const auto stream = std::make_shared<RecordedStream>();

        session.openStream(stream);

        QVERIFY(stream->lastId.empty());
    }

    void cancel_runningRequest_runsOnce_andIdsOfTwoTypesDiffer()
    {
        McpSession session("s", someone("a"), kMcpVersions[0]);
        int cancelled = 0;
        QVERIFY(session.begin(1, [&] { ++cancelled; }));
        QVERIFY(session.begin("1", [&] { cancelled += 10; }));
        QVERIFY(!session.begin(1, [] {}));

        session.cancel(1);
        session.cancel(1);
        session.cancel(7);

        QCOMPARE(cancelled, 1);
        QVERIFY(session.isBusy());
    }

private:
    FakeClock m_clock;
    FixedRandom m_random;
};

QTEST_APPLESS_MAIN(McpSessionTest)
#include "tst_mcp_session.moc"
