// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/route/access.h"
#include "gateway_core/api/owner/audit_stream.h"
#include "gateway_core/api/owner/stream_readers.h"
#include "gateway_core/api/route/wire.h"
#include "tests/core/api/api_bench.h"

using namespace gatehouse;
using namespace gatehouse::test;
using namespace std::chrono_literals;

namespace {

const std::string kAudit = "/api/v1/streams/audit";
const std::string kStatus = "/api/v1/streams/status";

class StreamsBench : public ApiBench
{
public:
    RecordedPtr listen(const std::string &path, const std::string &query = {}, const std::string &lastId = {})
    {
        Headers headers;
        if (!lastId.empty())
            headers.emplace_back("last-event-id", lastId);
        return send({ "GET", path, ownerToken, {}, headers, query });
    }
    RecordedPtr listenByTicket(const std::string &path, const std::string &ticket)
    {
        return send({ "GET", path, {}, {}, {}, "ticket=" + ticket });
    }
    std::string ticket(const std::string &body = {})
    {
        return send({ "POST", "/api/v1/streams/tickets", ownerToken, body })->json().value("ticket", "");
    }
    /// One row of the journal, as any act of the owner's makes one.
    void happen(const std::string &title, const std::string &agentId = {},
                EventKind kind = EventKind::AgentChanged)
    {
        Event event;
        event.kind = kind;
        event.via = "window";
        event.title = title;
        event.agent = AgentId(agentId);
        if (!journal.recordSoon(event))
            qFatal("the journal takes nothing");
        settle();
    }
    [[nodiscard]] std::int64_t newest() { return storage.journal().back().seq; }
    void revokeOwnerToken()
    {
        OwnerToken token = registry.current()->ownerTokens.at(owner);
        token.revokedAt = clock.now();
        apply([token](Stores &stores) { return stores.agents.save(token); }, EventKind::OwnerTokenRevoked);
        settle();
    }
};

std::vector<std::string> namesOf(const RecordedPtr &record)
{
    std::vector<std::string> names;
    for (const auto &event : record->stream->events)
        names.push_back(event.name);
    return names;
}

std::vector<std::string> titlesOf(const RecordedPtr &record)
{
    std::vector<std::string> titles;
    for (const auto &event : record->stream->events) {
        if (event.name == "audit")
            titles.push_back(event.json()["title"]);
    }
    return titles;
}

using Texts = std::vector<std::string>;

} // namespace

/// The owner's live streams, as a reader sees them.
class StreamsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void audit_eachCommit_comesInOrderWithItsPlaceAsId()
    {
        StreamsBench bench;
        const auto record = bench.listen(kAudit);
        QVERIFY(record->stream);
        QCOMPARE(namesOf(record), Texts{ "live" });
        const std::int64_t before = bench.newest();

        for (const char *title : { "one", "two", "three" })
            bench.happen(title);

        QCOMPARE(titlesOf(record), (Texts{ "one", "two", "three" }));
        const auto &last = record->stream->events.back();
        QCOMPARE(last.id, std::to_string(before + 3));
        QCOMPARE(last.json()["seq"], before + 3);
        QCOMPARE(last.json()["kind"], "agent_changed");
        QCOMPARE(last.json()["via"], "window");
    }

    void audit_lastEventId_isGoneOnWithFromTheJournal()
    {
        StreamsBench bench;
        const std::string had = std::to_string(bench.newest());
        for (int i = 0; i < 2 * kReplayPage + 30; ++i)
            bench.happen(std::to_string(i));

        const auto record = bench.listen(kAudit, {}, had);
        bench.happen("new");

        const Texts titles = titlesOf(record);
        QCOMPARE(titles.size(), std::size_t(2 * kReplayPage + 31));
        for (int i = 0; i < 2 * kReplayPage + 30; ++i)
            QCOMPARE(titles[static_cast<std::size_t>(i)], std::to_string(i));
        QCOMPARE(titles.back(), std::string("new"));
        QCOMPARE(std::ranges::count(namesOf(record), "live"), 1);
        QCOMPARE(std::ranges::count(namesOf(record), "gap"), 0);
    }

    void audit_lastIdInTheQuery_isTheSameForReadersWithoutHeaders()
    {
        StreamsBench bench;
        const std::string had = std::to_string(bench.newest());
        bench.happen("missed");

        QCOMPARE(titlesOf(bench.listen(kAudit, "last_event_id=" + had)), Texts{ "missed" });
        for (const char *id : { "x", "-1", "1.5", "99999999999999999999" })
            QCOMPARE(bench.listen(kAudit, {}, id)->status(), 422);
    }

    void audit_rowsThatAreNotKept_areAGapThatIsSaid()
    {
        StreamsBench bench;
        for (int i = 0; i < 10; ++i)
            bench.happen(std::to_string(i));
        const auto rows = bench.storage.journal();
        const JournalRow &cut = rows[rows.size() - 4];
        QVERIFY(bench.storage.writeNow([&cut](Stores &stores) {
            Checkpoint point;
            point.seq = cut.seq;
            point.head = cut.hash;
            return stores.journal.cutAt(point);
        }));

        const auto record = bench.listen(kAudit, {}, "2");

        const auto &gap = record->stream->events.front();
        QCOMPARE(gap.name, std::string("gap"));
        QCOMPARE(gap.json(), (Json{ { "first", 3 }, { "last", cut.seq }, { "reason", "not_kept" } }));
        QCOMPARE(gap.id, std::to_string(cut.seq));
        QCOMPARE(titlesOf(record), (Texts{ "7", "8", "9" }));
    }

    void audit_anIdOfAnotherJournal_isAGapAndGoesOnLive()
    {
        StreamsBench bench;

        const auto record = bench.listen(kAudit, {}, "123456");
        bench.happen("new");

        QCOMPARE(namesOf(record), (Texts{ "gap", "live", "audit" }));
        QCOMPARE(record->stream->events.front().json()["reason"], "unknown_id");
        QCOMPARE(titlesOf(record), Texts{ "new" });
    }

    void audit_tooMuchMissed_isAGapAndTheNewest()
    {
        StreamsBench bench;
        const std::int64_t had = bench.newest();
        const auto many = bench.storage.writeNow([](Stores &stores) -> Result<> {
            for (std::int64_t i = 0; i < kReplayMost + 5; ++i) {
                Event event;
                event.kind = EventKind::AgentChanged;
                if (const auto row = stores.journal.append(toRow(event, i)); !row)
                    return tl::unexpected<Error>(row.error());
            }
            return {};
        });
        QVERIFY(many);

        const auto record = bench.listen(kAudit, {}, std::to_string(had));

        const auto &events = record->stream->events;
        QCOMPARE(events.front().json(),
                 (Json{ { "first", had + 1 }, { "last", had + 5 }, { "reason", "too_many" } }));
        QCOMPARE(events[1].id, std::to_string(had + 6));
        QCOMPARE(titlesOf(record).size(), std::size_t(kReplayMost));
    }

    void audit_filters_areThoseOfTheList()
    {
        StreamsBench bench;
        const auto mine = bench.listen(kAudit, "agent_id=a1");
        const auto words = bench.listen(kAudit, "text=eng%20tür");
        const auto kind = bench.listen(kAudit, "kind=mode_changed");
        const auto late = bench.listen(kAudit, "from=2040-01-01T00:00:00Z");

        bench.happen("Engine Turbine", "a1");
        bench.happen("Engine", "a2");
        bench.happen("paused", "a2", EventKind::ModeChanged);

        QCOMPARE(titlesOf(mine), Texts{ "Engine Turbine" });
        QCOMPARE(titlesOf(words), Texts{ "Engine Turbine" });
        QCOMPARE(titlesOf(kind), Texts{ "paused" });
        QCOMPARE(titlesOf(late), Texts{});
        QCOMPARE(bench.listen(kAudit, "to=yesterday")->status(), 422);
    }

    void audit_aCall_isItsIntentAndItsOutcome()
    {
        StreamsBench bench;
        bench.grant(Scope::IssuesCreate, GrantPolicy::Allow);
        const auto calls = bench.listen(kAudit, "kind=call&tool=tasker_create_issue");
        const auto refused = bench.listen(kAudit, "kind=call_refused");

        bench.send({ "POST", "/api/v1/tools/tasker_create_issue", bench.agentToken,
                     R"({"project":"ENG","name":"Stalls"})" });
        bench.send({ "POST", "/api/v1/tools/tasker_create_issue", bench.agentToken,
                     R"({"project":"NOPE","name":"Stalls"})" });
        bench.waitFor([&] { return refused->stream->events.size() > 1; });

        std::string joined;
        for (const auto &event : calls->stream->events) {
            if (event.name == "audit")
                joined += event.json()["kind"].get<std::string>() + ' ';
        }
        QCOMPARE(joined, std::string("call_intent call_outcome call_refused "));
        QCOMPARE(refused->stream->events.back().json()["outcome"], "not_found");
    }

    void audit_filteredReader_isToldHowFarItIs()
    {
        StreamsBench bench;
        const auto record = bench.listen(kAudit, "agent_id=nobody");
        bench.happen("not for them");

        bench.wind(kStreamHeartbeat);
        bench.wind(kStreamHeartbeat);

        QCOMPARE(namesOf(record), (Texts{ "live", "live" }));
        QCOMPARE(record->stream->events.back().id, std::to_string(bench.newest()));
        QCOMPARE(record->stream->comments, 2);
    }

    void audit_hundredReaders_eachHearEverythingOnceInOrder()
    {
        StreamsBench bench;
        std::vector<RecordedPtr> readers;
        for (int i = 0; i < 100; ++i)
            readers.push_back(bench.listen(kAudit));
        const std::int64_t before = bench.newest();

        for (int i = 0; i < 50; ++i) {
            Event event;
            event.kind = EventKind::AgentChanged;
            QVERIFY(bench.journal.recordSoon(event));
        }
        bench.settle();

        for (const auto &reader : readers) {
            QCOMPARE(reader->stream->events.size(), std::size_t(51));
            for (std::int64_t i = 1; i <= 50; ++i)
                QCOMPARE(reader->stream->events[static_cast<std::size_t>(i)].id, std::to_string(before + i));
        }
    }

    void slowReader_isEndedWithAWord_othersGoOn()
    {
        StreamsBench bench;
        const auto slow = bench.listen(kAudit);
        const auto quick = bench.listen(kAudit);
        slow->stream->unread = kStreamQueueMost;

        bench.happen("one");
        bench.happen("two");

        QCOMPARE(slow->stream->events.back().name, std::string("closed"));
        QCOMPARE(slow->stream->events.back().json()["reason"], "too_slow");
        QVERIFY(slow->stream->closed);
        QCOMPARE(titlesOf(quick), (Texts{ "one", "two" }));
    }

    void readersTogetherTooSlow_theSlowestGoesFirst()
    {
        StreamsBench bench;
        std::vector<RecordedPtr> readers;
        for (int i = 0; i < 100; ++i)
            readers.push_back(bench.listen(kAudit));
        for (const auto &reader : readers)
            reader->stream->unread = kStreamQueuesMost / 100 + 1;
        readers[40]->stream->unread += 2;
        readers[60]->stream->unread += 1;

        bench.happen("one");

        for (std::size_t i = 0; i < readers.size(); ++i)
            QCOMPARE(readers[i]->stream->closed, i == 40);
    }

    void replay_ofASlowReader_waitsForIt()
    {
        StreamsBench bench;
        const std::string had = std::to_string(bench.newest());
        for (int i = 0; i < kReplayPage + 1; ++i)
            bench.happen("x");
        bench.onStream = [](RecordedStream &stream) { stream.unread = kReplayAhead + 1; };

        const auto record = bench.listen(kAudit, {}, had);
        QCOMPARE(titlesOf(record).size(), std::size_t(0));
        bench.wind(kReplayPause);
        QCOMPARE(titlesOf(record).size(), std::size_t(0));
        record->stream->unread = 0;
        bench.wind(kReplayPause);

        QCOMPARE(titlesOf(record).size(), std::size_t(kReplayPage + 1));
        QVERIFY(!record->stream->closed);
    }

    void heartbeat_comesEvery15Seconds()
    {
        StreamsBench bench;
        const auto audit = bench.listen(kAudit);
        const auto status = bench.listen(kStatus);

        bench.wind(14'999ms);
        QCOMPARE(audit->stream->comments, 0);
        bench.wind(1ms);
        bench.wind(15s);

        QCOMPARE(audit->stream->comments, 2);
        QCOMPARE(status->stream->comments, 2);
    }

    void tooManyStreams_is429_andALeavingReaderMakesRoom()
    {
        StreamsBench bench;
        std::vector<RecordedPtr> readers;
        for (std::size_t i = 0; i < kStreamsMost; ++i)
            readers.push_back(bench.listen(kStatus));

        const auto oneMore = bench.listen(kAudit);
        QCOMPARE(oneMore->status(), 429);
        QVERIFY(!oneMore->header("retry-after").empty());
        readers[5]->gone();

        QVERIFY(bench.listen(kAudit)->stream);
    }

    void ownerToken_revoked_endsItsStreamsAndNoOthers()
    {
        StreamsBench bench;
        const auto [other, otherToken] = bench.addOwnerToken();
        const auto mine = bench.listen(kAudit);
        const auto byTicket = bench.listenByTicket(kStatus, bench.ticket());
        const auto theirs = bench.send({ "GET", kAudit, otherToken });

        bench.revokeOwnerToken();

        for (const auto &record : { mine, byTicket }) {
            QVERIFY(record->stream->closed);
            QCOMPARE(record->stream->events.back().json()["reason"], "token_ended");
        }
        QVERIFY(!theirs->stream->closed);
    }

    void ownerToken_expired_isToldNothingMore()
    {
        StreamsBench bench;
        const auto record = bench.listen(kAudit);
        const auto before = record->stream->events.size();
        bench.clock.setWall(bench.clock.now() + std::chrono::milliseconds(kOwnerTokenLifetime).count());

        bench.happen("after the end");

        QVERIFY(titlesOf(record).empty());
        QCOMPARE(record->stream->events.size(), before + 1);
        QCOMPARE(record->stream->events.back().json()["reason"], "token_ended");
    }

    void stopEverything_closesTheStreamsAndCountsThem()
    {
        StreamsBench bench;
        const auto audit = bench.listen(kAudit);
        const auto status = bench.listen(kStatus);

        const auto quiet = bench.send({ "POST", "/api/v1/stop-everything", bench.ownerToken });

        QCOMPARE(quiet->json()["streams_closed"], 2);
        for (const auto &record : { audit, status }) {
            QVERIFY(record->stream->closed);
            QCOMPARE(record->stream->events.back().json()["reason"], "everything_stopped");
        }
    }

    void modePaused_streamsGoOn()
    {
        StreamsBench bench;
        bench.setMode(Mode::Paused);

        QVERIFY(bench.listen(kAudit)->stream);
    }

    // Status

    void status_beginsWhole_andTellsEachChangeOnce()
    {
        StreamsBench bench;
        bench.grant(Scope::IssuesCreate, GrantPolicy::Ask);
        const auto record = bench.listen(kStatus);
        const auto &events = record->stream->events;
        QCOMPARE(events.size(), std::size_t(1));
        QCOMPARE(events[0].json()["mode"], "running");
        QCOMPARE(events[0].json()["agents"].size(), std::size_t(1));
        QCOMPARE(events[0].json()["upstream"]["configured"], false);

        bench.setMode(Mode::Draining);
        bench.settle();
        QCOMPARE(events.size(), std::size_t(2));
        QCOMPARE(events[1].json()["mode"], "draining");
        bench.setMode(Mode::Running);
        bench.settle();
        bench.send({ "POST", "/api/v1/tools/tasker_create_issue", bench.agentToken,
                     R"({"project":"ENG","name":"Stalls"})" });
        QCOMPARE(events.size(), std::size_t(4));
        QCOMPARE(events[3].json()["approvals"][0]["title"], "Stalls");
        QVERIFY(events[3].json()["approvals"][0]["held"]);

        bench.wind(kHoldTime); // nobody says that it is no longer held: the heartbeat finds out
        QCOMPARE(events.size(), std::size_t(5));
        QVERIFY(!events[4].json()["approvals"][0]["held"]);
        bench.happen("nothing of this stream");
        QCOMPARE(events.size(), std::size_t(5));
    }

    void status_confirmations_areThere()
    {
        StreamsBench bench;
        const auto record = bench.listen(kStatus);
        std::string code;
        bench.pairing.open(bench.agent, kCodeLifetime, "window",
                           [&code](const Result<PairingCode> &opened) { code = opened ? opened->text : ""; });
        bench.settle();
        bench.send({ "POST",
                     "/api/v1/pairing/redeem",
                     {},
                     R"({"code":")" + code + R"(","client_name":"Codex","nonce":"0123456789abcdef"})" });

        QCOMPARE(record->stream->events.back().json()["confirmations"][0]["client_name"], "Codex");
    }

    void status_comingBackToTheSameState_isToldNothing()
    {
        StreamsBench bench;
        const auto first = bench.listen(kStatus);
        const std::string id = first->stream->events.back().id;

        QVERIFY(bench.listen(kStatus, {}, id)->stream->events.empty());
        bench.setMode(Mode::Paused);
        QCOMPARE(bench.listen(kStatus, {}, id)->stream->events.size(), std::size_t(1));
    }

    // Tickets

    void ticket_opensOneStreamOnce()
    {
        StreamsBench bench;
        const auto minted = bench.send({ "POST", "/api/v1/streams/tickets", bench.ownerToken });
        QCOMPARE(minted->status(), 201);
        const std::string ticket = minted->json()["ticket"];
        QCOMPARE(ticket.size(), kTicketPrefix.size() + 43); // 256 bits in base64url
        QCOMPARE(wire::timeOf(minted->json()["expires_at"].get<std::string>()), bench.clock.now() + 30'000);

        const auto opened = bench.listenByTicket(kAudit, ticket);
        const auto again = bench.listenByTicket(kAudit, ticket);
        bench.wind(kWrongTokenDelay);

        QVERIFY(opened->stream);
        QCOMPARE(again->status(), 401);
    }

    void ticket_after30Seconds_isWrong()
    {
        StreamsBench bench;
        const std::string early = bench.ticket();
        bench.wind(29'999ms);
        QVERIFY(bench.listenByTicket(kAudit, early)->stream);
        const std::string late = bench.ticket();
        bench.wind(30s);

        const auto record = bench.listenByTicket(kAudit, late);
        QCOMPARE(record->answers, 0);
        bench.wind(kWrongTokenDelay);

        QCOMPARE(record->status(), 401);
    }

    void ticket_forAnotherStream_isRefusedAndBurned()
    {
        StreamsBench bench;
        const std::string ticket = bench.ticket(R"({"streams":["status"]})");

        const auto beyond = bench.listenByTicket(kAudit, ticket);
        const auto after = bench.listenByTicket(kStatus, ticket);
        bench.wind(kWrongTokenDelay);

        QCOMPARE(beyond->status(), 403);
        QCOMPARE(beyond->error(), std::string("scope_denied"));
        QCOMPARE(after->status(), 401);
    }

    void ticket_offeredAnywhereElse_isNotReadAndBurned()
    {
        for (const char *path : { "/api/v1/status", "/api/v1/agent-session", "/api/v1/audit/events" }) {
            StreamsBench bench;
            const std::string ticket = bench.ticket();

            QCOMPARE(bench.listenByTicket(path, ticket)->status(), 401);
            const auto after = bench.listenByTicket(kStatus, ticket);
            bench.wind(kWrongTokenDelay);

            QCOMPARE(after->status(), 401);
        }
    }

    void ticket_besideAnotherCredential_isNotReadAndBurned()
    {
        StreamsBench bench;
        struct Case
        {
            std::string path, token;
            int status;
        };
        for (const Case &one :
             { Case{ kStatus, bench.agentToken, 403 }, Case{ kStatus, "gh_o_" + std::string(43, 'x'), 401 },
               Case{ "/api/v1/status", bench.ownerToken, 200 },
               Case{ "/api/v1/agent-session", bench.agentToken, 200 } }) {
            const std::string ticket = bench.ticket();

            const auto beside = bench.send({ "GET", one.path, one.token, {}, {}, "ticket=" + ticket });
            const auto after = bench.listenByTicket(kStatus, ticket);
            bench.wind(kWrongTokenDelay);

            QCOMPARE(beside->status(), one.status);
            QCOMPARE(after->status(), 401);
        }
    }

    void ticket_isMintedByBearerOnly_neverByATicketOrAnAgent()
    {
        StreamsBench bench;

        QCOMPARE(bench.send({ "POST", "/api/v1/streams/tickets", {}, {}, {}, "ticket=" + bench.ticket() })
                     ->status(),
                 401);
        QCOMPARE(bench.send({ "POST", "/api/v1/streams/tickets", bench.agentToken })->status(), 403);
        QCOMPARE(bench.send({ "POST", "/api/v1/streams/tickets", bench.ownerToken, R"({"streams":[]})" })
                     ->status(),
                 422);
    }

    void ticket_ofARevokedToken_isWrong()
    {
        StreamsBench bench;
        const std::string ticket = bench.ticket();
        bench.revokeOwnerToken();

        const auto record = bench.listenByTicket(kAudit, ticket);
        bench.wind(kWrongTokenDelay);

        QCOMPARE(record->status(), 401);
    }

    void ownerTokenInTheQuery_isNotRead()
    {
        StreamsBench bench;

        const auto asTicket = bench.listenByTicket(kAudit, bench.ownerToken);
        bench.wind(kWrongTokenDelay);

        QCOMPARE(asTicket->status(), 401);
    }

    void tickets_tooManyUnspent_is429_untilTheyAge()
    {
        StreamsBench bench;
        for (std::size_t i = 0; i < kTicketsOpen; ++i)
            QVERIFY(!bench.ticket().empty());

        QCOMPARE(bench.send({ "POST", "/api/v1/streams/tickets", bench.ownerToken })->status(), 429);
        bench.wind(30s);
        QVERIFY(!bench.ticket().empty());
    }

    void ticket_isNeverOnRecordNorInAnAnswer()
    {
        StreamsBench bench;
        const std::string spent = bench.ticket();
        const std::string burned = bench.ticket(R"({"streams":["status"]})");
        bench.listenByTicket(kAudit, spent);
        const auto again = bench.listenByTicket(kAudit, spent);
        const auto beyond = bench.listenByTicket(kAudit, burned);
        bench.wind(11s);

        for (const auto &row : bench.storage.journal()) {
            QVERIFY(row.body.find("gh_t_") == std::string::npos);
            QVERIFY(row.body.find(spent.substr(5)) == std::string::npos);
        }
        QVERIFY(again->response->body.find(spent) == std::string::npos);
        QVERIFY(beyond->response->body.find(burned) == std::string::npos);
    }
};

QTEST_GUILESS_MAIN(StreamsTest)
#include "tst_streams.moc"
