// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/calls/call_pipeline_inside.h"

#include "gateway_core/base/json.h"
#include "gateway_core/calls/stored_answer.h"

#include <algorithm>

namespace gatehouse {

namespace {

constexpr std::size_t kKeyMost = 255; // the contract's Idempotency-Key

bool isVisibleAscii(const std::string &text)
{
    return !text.empty() && text.size() <= kKeyMost
        && std::ranges::all_of(text, [](char c) { return c > 32 && c < 127; });
}

/// Codex names each tool call by thread, turn and item; all three, because an item's name alone comes
/// again in the next turn. A client may send the same three with every call: what it asks for tells them
/// apart.
std::string keyFromCodex(const Json &codex, const std::string &asked)
{
    const std::string thread = textAt(codex, "threadId");
    const std::string turn = textAt(codex, "turnId");
    const std::string item = textAt(codex, "itemId");
    if (thread.empty() || turn.empty() || item.empty())
        return {};
    return "codex-" + base64Url(sha256({ canonicalJson(Json::array({ thread, turn, item, asked })) }));
}

} // namespace

std::string CallPipeline::Inside::upstreamKeyOf(const CallContext &context) const
{
    const Json parts = Json::array(
        { context.directory->profile.installId, context.client.id.text(), context.tool->name, context.key });
    return base64Url(sha256({ canonicalJson(parts) }));
}

void CallPipeline::Inside::releaseClaim(const CallContext &context)
{
    if (context.claimed)
        claims.erase({ context.client.id, std::string(context.tool->name), context.key });
}

Result<> CallPipeline::Inside::judgeEarlier(CallContext &context, const IdempotencyRecord &earlier)
{
    if (earlier.bodyDigest != context.bodyDigest)
        return failure(ErrorCode::IdempotencyKeyReused);
    // What it was done to is what has to be granted still, whatever the arguments would mean today.
    context.use->actOn(earlier.project);
    if (const auto stands = decide(context); !stands)
        return failure(ErrorCode::ScopeDenied,
                       "the grant of the first call is gone: " + stands.error().detail);
    if (earlier.state == KeyState::Done) {
        const StoredAnswer kept = decodeAnswer(earlier.answer);
        context.result = kept.result;
        context.partial = kept.partial;
        context.replayed = true;
        skipToOutcome(context);
        return {};
    }
    // Sent, and no call of this life holds it: nobody will ever hear its answer.
    const bool expired = registry.now() - earlier.createdAt >= Millis(kUnknownReach).count();
    const auto request = decodeRequest(earlier.answer);
    if (expired || !request)
        return failure(ErrorCode::OutcomeUnknownExpired);
    context.use->repeat(*request);
    context.resend = true;
    context.firstSentAt = earlier.createdAt;
    return {};
}

Result<StepResult> CallPipeline::Inside::claimKey(const CallContextPtr &context)
{
    if (!context->tool->writes)
        return StepResult::Continue;
    context->firstSentAt = registry.now();
    context->bodyDigest = sha256({ context->tool->name, "\n", canonicalJson(context->arguments()) });
    context->key = context->call.idempotencyKey.empty()
        ? keyFromCodex(context->call.codex, base64Url(context->bodyDigest))
        : context->call.idempotencyKey;
    context->madeKey = context->key.empty();
    if (context->madeKey)
        context->key = "made-" + random.uuid();
    if (!isVisibleAscii(context->key))
        return failure(ErrorCode::InvalidRequest,
                       "the idempotency key is not 1 to 255 visible ASCII characters");

    const auto [claim, isNew] = claims.try_emplace(
        { context->client.id, std::string(context->tool->name), context->key }, context->id);
    if (!isNew) {
        const CallContext &other = *contexts.at(claim->second);
        if (other.bodyDigest != context->bodyDigest)
            return failure(ErrorCode::IdempotencyKeyReused);
        Json details = nullptr;
        if (other.waitsForOwner)
            details = { { "approval_id", other.approval.text() } };
        return failure(ErrorCode::IdempotencyInProgress, {}, std::move(details));
    }
    context->claimed = true;
    if (context->madeKey)
        return StepResult::Continue;

    using Earlier = std::optional<IdempotencyRecord>;
    storage.read<Earlier>(
        [client = context->client.id, tool = std::string(context->tool->name),
         key = context->key](Stores &stores) { return stores.keys.find(client, tool, key); },
        [this, context, guard = QPointer<CallPipeline>(&q)](const Result<Earlier> &earlier) {
            if (!guard || context->ended)
                return;
            if (!earlier)
                return resume(context,
                              failure(ErrorCode::AuditUnavailable, "keys: " + earlier.error().detail));
            resume(context, *earlier ? judgeEarlier(*context, **earlier) : Result<>());
        });
    return StepResult::Suspend;
}

} // namespace gatehouse
