// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/calls/call_pipeline.h"
#include "gateway_core/grants/rights.h"

#include <memory>
#include <optional>
#include <string>

namespace gatehouse {

/// One call on its way down the pipeline: what the steps have found out so far. Thread: core.
struct CallContext
{
    CallId id;
    Call call;
    CallPipeline::Done done;
    CallPipeline::Progress progress;
    std::int64_t beganAt = 0; ///< boot time

    // Where it is.
    std::size_t step = 0;
    bool stepping = false; ///< a step's function is running
    std::optional<Result<>> early; ///< it was answered before it had returned
    bool pastIntent = false; ///< its intent is on record, or on its way there: it cannot be cancelled
    bool ended = false;
    bool unheard = false; ///< nobody waits for the answer any more: cancelled, or the connection is lost

    // Who and what.
    DirectoryPtr directory;
    Agent agent;
    Client client;
    const Tool *tool = nullptr;
    ToolFamily *family = nullptr; ///< null together with `tool`
    std::unique_ptr<ToolUse> use; ///< null until its arguments are known to fit
    Decision decision;

    // Idempotency.
    std::string key;
    bool madeKey = false; ///< by us: nobody can repeat it
    bool claimed = false;
    Digest bodyDigest{};
    bool resend = false; ///< an unknown outcome, tried again under the same upstream key
    std::int64_t firstSentAt = 0; ///< wall time; of the first try, where this is another
    bool replayed = false;

    // The question.
    std::int64_t askedRevision = -1; ///< of the grants that asked, once the owner said yes
    bool waitsForOwner = false;
    std::optional<GivenYes> yes; ///< what let it through
    ApprovalId approval;

    // The relay.
    UpstreamReply reply;
    enum class Fate { Done, Released, Unknown } fate = Fate::Released;
    Result<Json> result = failure(ErrorCode::Internal);
    bool partial = false;

    [[nodiscard]] const Json &arguments() const { return call.arguments; }
    /// Where it acts; empty: nowhere by itself, or not known yet.
    [[nodiscard]] ProjectReference project() const
    {
        return use && !use->needs().empty() ? use->needs().front().place.project : ProjectReference();
    }
};

using CallContextPtr = std::shared_ptr<CallContext>;

} // namespace gatehouse
