// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/calls/call_context.h"
#include "gateway_core/grants/rates.h"

#include <QPointer>

#include <array>
#include <initializer_list>
#include <map>
#include <tuple>
#include <vector>

namespace gatehouse {

inline constexpr auto kUnknownReach = std::chrono::hours(24); ///< Tasker keeps keys for 25 h
inline constexpr auto kKeyLifetime = std::chrono::hours(24 * 30); ///< as long as a client's token at most
inline constexpr auto kProgressEvery = std::chrono::seconds(10);

/// How a step left the call: On to the next; Wait until it is resumed; Again: wait, then take the same step.
enum class StepResult { Continue, Suspend, Retry };

/// The steps of the pipeline, spread over steps_*.cpp in their order. Thread: core.
struct CallPipeline::Inside
{
    struct Step
    {
        std::string_view name;
        Result<StepResult> (Inside::*take)(const CallContextPtr &context);
    };

    Inside(CallPipeline &pipeline, Registry &registry, Journal &journal, Storage &storage,
           Approvals &approvals, const ToolCatalogue &catalogue, std::initializer_list<ToolFamily *> families,
           Clock &clock, Random &random);

    // steps_entry.cpp
    Result<StepResult> checkCaller(const CallContextPtr &context);
    Result<StepResult> checkArgumentShape(const CallContextPtr &context);
    Result<StepResult> findPlace(const CallContextPtr &context);
    Result<StepResult> checkGrants(const CallContextPtr &context);
    Result<StepResult> takeRate(const CallContextPtr &context);
    Result<StepResult> takeBudget(const CallContextPtr &context);
    // steps_key.cpp
    Result<StepResult> claimKey(const CallContextPtr &context);
    // steps_prepare.cpp
    Result<StepResult> prepare(const CallContextPtr &context);
    // steps_ask.cpp
    Result<StepResult> awaitApproval(const CallContextPtr &context);
    // steps_send.cpp
    Result<StepResult> recordIntent(const CallContextPtr &context);
    Result<StepResult> relay(const CallContextPtr &context);
    Result<StepResult> checkAnswer(const CallContextPtr &context);
    Result<StepResult> recordOutcome(const CallContextPtr &context);

    // pipeline.cpp: walking
    void run(const CallContextPtr &context);
    void resume(const CallContextPtr &context, const Result<> &outcome);
    /// What an asynchronous door is given to call back: safe when the call or the pipeline is gone.
    [[nodiscard]] std::function<void(const Result<> &)> resumption(const CallContextPtr &context);
    /// Jumps over all that is left but the record of the outcome: the answer is known.
    void skipToOutcome(CallContext &context) const { context.step = kSteps.size() - 1; }
    void refuse(const CallContextPtr &context, Error error);
    void finish(const CallContextPtr &context, const CallAnswer &answer);

    // steps_entry.cpp: asked again before anything leaves
    [[nodiscard]] Result<> decide(CallContext &context) const;
    [[nodiscard]] CallerRights rightsOf(const CallContext &context) const;
    // steps_key.cpp
    [[nodiscard]] std::string upstreamKeyOf(const CallContext &context) const;
    [[nodiscard]] Result<> judgeEarlier(CallContext &context, const IdempotencyRecord &earlier);
    void releaseClaim(const CallContext &context);
    // steps_ask.cpp
    [[nodiscard]] AskedCall questionOf(const CallContext &context) const;
    void tellProgress(const CallContextPtr &context, int seconds);
    // steps_send.cpp
    [[nodiscard]] IdempotencyRecord keyRecordOf(const CallContext &context, KeyState state) const;
    void judgeReply(CallContext &context) const;
    // recording.cpp
    [[nodiscard]] Event eventOf(const CallContext &context, EventKind kind) const;
    /// Adds what leaves by the door.
    static void putAnswer(Event &event, const CallContext &context, const Result<Json> &result);
    // recovery.cpp
    void recover(Storage::Done done);

    [[nodiscard]] Actor actorOf(const CallContext &context) const;

    static const std::array<Step, 13> kSteps;

    CallPipeline &q;
    Registry &registry;
    Journal &journal;
    Storage &storage;
    Approvals &approvals;
    const ToolCatalogue &catalogue;
    std::map<const Tool *, ToolFamily *> families;
    Clock &clock;
    Random &random;
    Secret journalKey;
    int questionsClosed = 0; ///< by recover()

    using KeyPlace = std::tuple<ClientId, std::string, std::string>; ///< client, tool, key
    std::map<CallId, CallContextPtr> contexts;
    std::map<KeyPlace, CallId> claims; ///< keys of calls under way
    Rate reads{ kAgentReadsAMinute };
    Rate writes{ kAgentWritesAMinute };
    int ratesTaken = 0;
};

} // namespace gatehouse
