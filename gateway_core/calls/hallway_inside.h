// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/calls/short_memory.h"
#include "gateway_core/calls/walk.h"
#include "gateway_core/grants/rates.h"
#include "gateway_core/grants/upstream_budget.h"

#include <QPointer>

#include <array>
#include <map>
#include <tuple>

namespace gatehouse {

inline constexpr auto kUnknownReach = std::chrono::hours(24); ///< Tasker keeps keys for 25 h
inline constexpr auto kKeyLifetime = std::chrono::hours(24 * 30); ///< as long as a client's token at most
inline constexpr auto kProgressEvery = std::chrono::seconds(10);

/// How a step left the call: On to the next; Wait until it is resumed; Again: wait, then take the same step.
enum class Pace { On, Wait, Again };
using Taken = Result<Pace>;

/// The steps of the hallway, spread over steps_*.cpp in their order. Thread: core.
struct Hallway::Inside
{
    struct Step
    {
        std::string_view name;
        Taken (Inside::*take)(const WalkPtr &walk);
    };

    Inside(Hallway &hallway, Registry &registry, Journal &journal, Storage &storage, Approvals &approvals,
           TaskerClient &tasker, Clock &clock, Random &random);

    // steps_entry.cpp
    Taken checkCaller(const WalkPtr &walk);
    Taken checkArgumentShape(const WalkPtr &walk);
    Taken findProject(const WalkPtr &walk);
    Taken checkGrants(const WalkPtr &walk);
    Taken takeRate(const WalkPtr &walk);
    Taken takeBudget(const WalkPtr &walk);
    // steps_key.cpp
    Taken claimKey(const WalkPtr &walk);
    // steps_look.cpp
    Taken lookUp(const WalkPtr &walk);
    Taken makeRequest(const WalkPtr &walk);
    // steps_ask.cpp
    Taken awaitApproval(const WalkPtr &walk);
    // steps_send.cpp
    Taken recordIntent(const WalkPtr &walk);
    Taken relay(const WalkPtr &walk);
    Taken checkAnswer(const WalkPtr &walk);
    Taken recordOutcome(const WalkPtr &walk);

    // hallway.cpp: walking
    void go(const WalkPtr &walk);
    void resume(const WalkPtr &walk, const Result<> &outcome);
    /// What an asynchronous door is given to call back: safe when the call or the hallway is gone.
    [[nodiscard]] std::function<void(const Result<> &)> resumer(const WalkPtr &walk);
    /// Jumps over all that is left but the record of the outcome: the answer is known.
    void skipToOutcome(Walk &walk) const { walk.step = kSteps.size() - 1; }
    void refuse(const WalkPtr &walk, Error error);
    void leave(const WalkPtr &walk, const CallAnswer &answer);

    // steps_entry.cpp: asked again before anything leaves
    [[nodiscard]] Result<> decideAgain(Walk &walk) const;
    [[nodiscard]] bool mayRead(const Walk &walk) const;
    [[nodiscard]] Result<> payUpstream(const Walk &walk);
    // steps_key.cpp
    [[nodiscard]] std::string upstreamKeyOf(const Walk &walk) const;
    [[nodiscard]] Result<> judgeEarlier(Walk &walk, const IdempotencyRecord &earlier);
    void releaseClaim(const Walk &walk);
    // steps_look.cpp
    using Found = std::function<Result<>(const Json &body)>;
    [[nodiscard]] static Error forAgent(Error error);
    void heedRateLimit(const TaskerReply &reply);
    void look(const WalkPtr &walk, Result<TaskerRequest> request, bool asOwner, Found found);
    Taken lookForProject(const WalkPtr &walk, ProjectReference &reference);
    Taken lookForContext(const WalkPtr &walk);
    Taken lookForParent(const WalkPtr &walk);
    Taken lookForIssue(const WalkPtr &walk, bool asOwner);
    // steps_ask.cpp
    [[nodiscard]] AskedCall questionOf(const Walk &walk) const;
    void tellProgress(const WalkPtr &walk, int seconds);
    // steps_send.cpp
    [[nodiscard]] IdempotencyRecord keyRecordOf(const Walk &walk, KeyState state) const;
    void judgeReply(Walk &walk) const;
    // recording.cpp
    [[nodiscard]] Event eventOf(const Walk &walk, EventKind kind) const;
    /// Adds what leaves by the door.
    static void putAnswer(Event &event, const Walk &walk, const Result<Json> &result);
    // recovery.cpp
    void recover(Storage::Done done);

    static const std::array<Step, 14> kSteps;

    Hallway &q;
    Registry &registry;
    Journal &journal;
    Storage &storage;
    Approvals &approvals;
    TaskerClient &tasker;
    Clock &clock;
    Random &random;
    Secret journalKey;
    int questionsClosed = 0; ///< by recover()

    using KeyPlace = std::tuple<ClientId, std::string, std::string>; ///< client, tool, key
    std::map<CallId, WalkPtr> walks;
    std::map<KeyPlace, CallId> claims; ///< keys of calls under way
    Rate reads{ kAgentReadsAMinute };
    Rate writes{ kAgentWritesAMinute };
    int ratesTaken = 0;
    UpstreamBudget budget;
    ShortMemory<Json> contexts{ 64 }; ///< by project id
    ShortMemory<Json> projects{ 256 }; ///< by identifier, for wildcard grants
};

} // namespace gatehouse
