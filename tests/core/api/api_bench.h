// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/api/api_dispatcher.h"
#include "gateway_core/tracker/tool_rows.h"
#include "gateway_core/tracker/tracker_family.h"
#include "gateway_core/base/json.h"
#include "gateway_core/grants/scope.h"
#include "gateway_core/identity/token.h"
#include "tests/core/api/recorded.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fixed_random.h"
#include "tests/support/memory_secrets.h"
#include "tests/support/test_storage.h"

#include <QTest>

namespace gatehouse::test {

inline const std::string kPin = "480215";

/// One request as a client makes it.
struct Ask
{
    std::string method = "GET";
    std::string path;
    std::string token = {};
    std::string body = {};
    Headers headers = {};
    std::string query = {};
};

/// The surface over the real rooms, with real storage and a clock wound by hand; the sockets are left out.
/// An agent "Builder" with one client, and one owner token, are there from the start.
class ApiBench
{
public:
    /// `offer`: to MCP clients, in place of what Gatehouse offers.
    explicit ApiBench(McpProvider *offer = nullptr)
    {
        registry.load([](const Result<> &) {});
        stepUp.load([](const Result<> &) {});
        logins.load([](const Result<> &) {});
        storage.settle();
        agent = addAgent("Builder");
        std::tie(client, agentToken) = addClient(agent);
        std::tie(owner, ownerToken) = addOwnerToken();
        pipeline.setJournalKey(Secret("a key for the journal, of the test"));
        surface.setCondition({ Condition::State::Ready, std::nullopt, "http://127.0.0.1:4100", "1.2.3" });
        surface.open({ storage, registry, journal, stepUp, pairing, logins, approvals, pipeline, tasker,
                       ownerService, secrets, clock, random, offer });
    }

    RecordedPtr send(const Ask &ask)
    {
        auto record = std::make_shared<Recorded>();
        record->onStream = onStream;
        HttpRequest request{ ask.method, ask.path, ask.query, ask.headers, ask.body, random.uuid(), peer };
        if (!ask.token.empty())
            request.headers.emplace_back("authorization", "Bearer " + ask.token);
        const bool typed
            = std::ranges::any_of(ask.headers, [](const auto &h) { return h.first == "content-type"; });
        if (!ask.body.empty() && !typed)
            request.headers.emplace_back("content-type", "application/json");
        surface.handle(request, std::make_shared<RecordingResponder>(record));
        settle();
        return record;
    }
    /// The same with an owner token that has just been stepped up.
    RecordedPtr sendWithPin(Ask ask)
    {
        if (stepUpToken.empty())
            enterPin();
        ask.token = ownerToken;
        ask.headers.emplace_back("x-step-up-token", stepUpToken);
        return send(ask);
    }
    void setPin()
    {
        bool set = false;
        stepUp.setPin(Secret(), Secret(kPin), [&set](const Result<> &done) { set = done.has_value(); });
        waitFor([&set] { return set; });
    }
    void enterPin()
    {
        if (!stepUp.hasPin())
            setPin();
        const auto record = send({ "POST", "/api/v1/step-up", ownerToken, R"({"pin":")" + kPin + "\"}" });
        waitFor([&record] { return record->response.has_value(); });
        stepUpToken = record->json().value("step_up_token", "");
    }
    /// Everything that needs neither time nor the network has happened: a call takes a few turns between
    /// the event loop and storage.
    void settle()
    {
        for (int turn = 0; turn < 8; ++turn) {
            QCoreApplication::sendPostedEvents();
            storage.settle();
        }
    }
    /// The newest outcome or refusal of a call, as the journal has it.
    [[nodiscard]] Json lastCall()
    {
        settle();
        const auto rows = storage.journal();
        const auto found = std::find_if(rows.rbegin(), rows.rend(), [](const JournalRow &row) {
            return row.kind == "call_outcome" || row.kind == "call_refused";
        });
        return found == rows.rend() ? Json() : Json::parse(found->body);
    }
    /// scrypt runs on a thread of its own: the one thing here that takes real time.
    template <typename Condition> bool waitFor(Condition condition)
    {
        return QTest::qWaitFor([&] {
            settle();
            return condition();
        });
    }

    AgentId addAgent(const std::string &name)
    {
        Agent made{ AgentId(random.uuid()), name, AgentState::Active, clock.now() };
        apply([made](Stores &stores) { return stores.agents.save(made); }, EventKind::AgentCreated);
        return made.id;
    }
    std::pair<ClientId, std::string> addClient(const AgentId &of)
    {
        const MintedClient minted = mintClient(of, "codex", {}, registry.now(), random);
        apply([made = minted.client](Stores &stores) { return stores.agents.save(made); },
              EventKind::ClientPaired);
        return { minted.client.id, std::string(minted.token.text()) };
    }
    std::pair<OwnerTokenId, std::string> addOwnerToken()
    {
        const MintedOwnerToken minted = gatehouse::mintOwnerToken("tool", registry.now(), random);
        apply([made = minted.record](Stores &stores) { return stores.agents.save(made); },
              EventKind::OwnerTokenMinted);
        return { minted.record.id, std::string(minted.token.text()) };
    }
    void grant(Scope scope, GrantPolicy answer, const std::string &project = "p1", const AgentId &to = {})
    {
        Grant given;
        given.id = GrantId(random.uuid());
        given.agent = to.isEmpty() ? agent : to;
        given.project = ProjectId(project);
        given.projectName = "Engine";
        given.projectIdentifier = "ENG";
        given.scope = nameOf(scope);
        given.answer = answer;
        apply(
            [given](Stores &stores) -> Result<> {
                // Off here: nothing granted.
                const auto revision = given.answer == GrantPolicy::Off ? stores.grants.remove(given)
                                                                       : stores.grants.put(given);
                return revision ? Result<>() : tl::unexpected<Error>(revision.error());
            },
            EventKind::GrantChanged);
    }
    void setMode(Mode mode)
    {
        Profile profile = registry.current()->profile;
        profile.mode = mode;
        apply([profile](Stores &stores) { return stores.profile.save(profile); }, EventKind::ModeChanged);
    }
    void setOwner(const std::string &userId, const std::string &email)
    {
        Profile profile = registry.current()->profile;
        profile.ownerUserId = userId;
        profile.ownerEmail = email;
        apply([profile](Stores &stores) { return stores.profile.save(profile); },
              EventKind::ConnectionChanged);
    }
    void apply(Storage::Work change, EventKind kind)
    {
        Event event;
        event.kind = kind;
        Result<> outcome = failure(ErrorCode::Internal);
        registry.apply(std::move(change), event, [&outcome](Result<> done) { outcome = std::move(done); });
        storage.settle();
        if (!outcome)
            qFatal("the bench could not be set up: %s", outcome.error().detail.c_str());
    }
    void wind(Millis by)
    {
        clock.advance(by);
        settle();
    }

    FakeClock clock;
    FixedRandom random;
    TestStorage storage;
    MemorySecrets secrets;
    Journal journal{ storage, clock };
    Registry registry{ storage, journal, clock };
    StepUp stepUp{ storage, registry, journal, clock, random, nullptr, { "boot-1", 4 } };
    Pairing pairing{ registry, journal, clock, random };
    Logins logins{ { storage, registry, journal, pairing, clock, random } };
    Approvals approvals{ registry, journal, clock, random };
    TaskerClient tasker{ clock };
    ToolCatalogue catalogue{ { trackerTools() } };
    TrackerFamily tracker{ tasker, clock, random };
    CallPipeline pipeline{ registry, journal, storage, approvals, catalogue, { &tracker }, clock, random };
    QTemporaryDir exports;
    Checkpoints checkpoints{ { journal, storage, secrets, clock, random }, ProfileId{ 1 }, "boot-1" };
    Retention retention{
        { storage, journal, clock }, clock, checkpoints, ProfileId{ 1 }, exports.path().toStdString()
    };
    OwnerService ownerService{ { storage, registry, journal, stepUp, pairing, approvals, pipeline, tasker, secrets,
                          checkpoints, retention, clock, random } };
    ApiDispatcher surface{ catalogue };
    std::shared_ptr<FakePeer> peer = std::make_shared<FakePeer>();

    AgentId agent;
    ClientId client;
    std::string agentToken;
    OwnerTokenId owner;
    std::string ownerToken;
    std::string stepUpToken;
    std::function<void(RecordedStream &)> onStream; ///< what the next streams are like
};

} // namespace gatehouse::test
