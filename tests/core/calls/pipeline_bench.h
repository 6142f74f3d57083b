// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/calls/call_pipeline.h"
#include "gateway_core/tracker/tool_rows.h"
#include "gateway_core/tracker/tracker_family.h"
#include "tests/support/contract_tasker_process.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fixed_random.h"
#include "tests/support/test_storage.h"

#include <QEventLoop>
#include <QTest>
#include <QTimer>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

namespace gatehouse::test {

/// A pipeline with everything real behind it: storage, journal, registry, the relay, and the contract
/// Tasker in a process of its own. One agent, one client, no grant; the clock stands still.
class PipelineBench
{
public:
    explicit PipelineBench(ContractTaskerProcess &upstream)
        : tasker(upstream)
    {
        tasker.reset();
        before = static_cast<int>(tasker.requests().size());
        TaskerTarget target;
        target.baseUrl = tasker.baseUrl();
        target.ownerUserId = tasker.owner();
        target.credential = Secret(tasker.credential());
        target.caFile = tasker.caFile();
        const auto set = relay.setTarget(std::move(target));
        if (!set)
            qFatal("the contract Tasker is no target: %s", set.error().detail.c_str());
        (void)storage.writeNow([this](Stores &stores) -> Result<> {
            if (auto saved = stores.agents.save(agent); !saved)
                return saved;
            return stores.agents.save(client);
        });
        live();
    }

    /// A life of the gateway: after a second call, everything in memory is gone and read again.
    void live()
    {
        pipeline.reset();
        approvals.reset();
        registry.reset();
        journal.reset();
        journal = std::make_unique<Journal>(storage, clock);
        registry = std::make_unique<Registry>(storage, *journal, clock);
        registry->load([](const Result<> &) {});
        storage.settle();
        approvals = std::make_unique<Approvals>(*registry, *journal, clock, random);
        pipeline
            = std::make_unique<CallPipeline>(*registry, *journal, storage, *approvals, catalogue,
                                             std::initializer_list<ToolFamily *>{ &tracker }, clock, random);
        pipeline->setJournalKey(Secret("a key of the test"));
    }
    void change(const Registry::Change &change)
    {
        Event event;
        event.kind = EventKind::AgentChanged;
        registry->apply(change, event, [](const Result<> &) {});
        storage.settle();
    }
    void grant(const std::string &project, const char *scope, GrantPolicy answer = GrantPolicy::Allow)
    {
        Grant grant;
        grant.id = GrantId(random.uuid());
        grant.agent = agent.id;
        grant.project = ProjectId(project == "*" ? project : projectId(project));
        grant.projectName = project;
        grant.projectIdentifier = project == "*" ? "" : project;
        grant.scope = scope;
        grant.answer = answer;
        change([grant](Stores &stores) -> Result<> {
            const auto put = stores.grants.put(grant);
            return put ? Result<>() : tl::unexpected<Error>(put.error());
        });
    }
    std::string projectId(const std::string &identifier)
    {
        return entry("projects", identifier).value("id", "");
    }
    /// A project or an issue as Tasker has it now; {} if there is none.
    Json entry(const char *list, const std::string &identifier)
    {
        const Json world = tasker.world();
        for (const Json &one : world.at(list)) {
            if (one.at("identifier") == identifier)
                return one;
        }
        return Json::object();
    }

    Call callOf(const char *tool, const Json &arguments, const std::string &key = {})
    {
        Call call;
        call.requestId = random.uuid();
        call.client = client.id;
        call.peer.uid = 1000;
        call.via = "rest";
        call.tool = tool;
        call.arguments = arguments;
        call.idempotencyKey = key;
        return call;
    }
    /// Begins a call; its answer comes into the returned place.
    std::shared_ptr<std::optional<CallAnswer>> begin(const Call &call, CallId *id = nullptr)
    {
        auto place = std::make_shared<std::optional<CallAnswer>>();
        const CallId made = pipeline->begin(call, [place](const CallAnswer &answer) { *place = answer; });
        if (id)
            *id = made;
        return place;
    }
    /// Waits for real I/O until `isSo`; false after 10 s.
    static bool until(const std::function<bool()> &isSo) { return QTest::qWaitFor(isSo, 10'000); }

    CallAnswer use(const Call &call)
    {
        const auto place = begin(call);
        if (!until([&place] { return place->has_value(); }))
            return { CallId(), failure(ErrorCode::Internal, "no answer within 10 s"), false, false };
        storage.settle();
        return **place;
    }
    CallAnswer use(const char *tool, const Json &arguments, const std::string &key = {})
    {
        return use(callOf(tool, arguments, key));
    }
    /// The approval of the next question, once it is on record.
    ApprovalId nextQuestion()
    {
        if (!until([this] { return !approvals->open().empty(); }))
            return {};
        storage.settle();
        return approvals->open().back().id;
    }

    /// What reached Tasker since the bench was made.
    std::vector<Json> requests()
    {
        const Json all = tasker.requests();
        return { all.begin() + std::min<std::ptrdiff_t>(before, static_cast<std::ptrdiff_t>(all.size())),
                 all.end() };
    }
    int writesSeen()
    {
        int count = 0;
        for (const Json &request : requests())
            count += request.at("method") != "GET"
                && !request.at("path").get<std::string>().ends_with("/resolve");
        return count;
    }
    Json lastRow(const char *kind)
    {
        storage.settle();
        const auto rows = storage.journal();
        const auto row
            = std::find_if(rows.rbegin(), rows.rend(), [kind](const auto &one) { return one.kind == kind; });
        return row == rows.rend() ? Json() : Json::parse(row->body);
    }

    ContractTaskerProcess &tasker;
    FakeClock clock;
    FixedRandom random;
    TestStorage storage;
    Agent agent{ AgentId("8a1c0b52-0c3f-4d61-9d6e-0b1f6ad3c001"), "Builder", AgentState::Active,
                 clock.now() };
    Client client = [this] {
        Client made;
        made.id = ClientId("8a1c0b52-0c3f-4d61-9d6e-0b1f6ad3c002");
        made.agent = agent.id;
        made.name = "Codex";
        made.createdAt = clock.now();
        made.expiresAt = clock.now() + Millis(std::chrono::hours(24 * 30)).count();
        made.lastUsedAt = clock.now();
        return made;
    }();
    TaskerClient relay{ clock };
    ToolCatalogue catalogue{ { trackerTools() } };
    TrackerFamily tracker{ relay, clock, random };
    std::unique_ptr<Journal> journal;
    std::unique_ptr<Registry> registry;
    std::unique_ptr<Approvals> approvals;
    std::unique_ptr<CallPipeline> pipeline;
    int before = 0;
};

inline ErrorCode codeOf(const CallAnswer &answer)
{
    return answer.result ? ErrorCode::Internal : answer.result.error().code;
}

} // namespace gatehouse::test
