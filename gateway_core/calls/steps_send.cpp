// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/calls/call_pipeline_inside.h"

#include "gateway_core/calls/stored_answer.h"

namespace gatehouse {

namespace {

Error asError(Error error, const char *outcome, const CallContext &context)
{
    if (!error.details.is_object())
        error.details = Json::object();
    error.details["outcome"] = outcome;
    if (context.madeKey) // so that the agent can ask for the same call again
        error.details["idempotency_key"] = context.key;
    return error;
}

} // namespace

IdempotencyRecord CallPipeline::Inside::keyRecordOf(const CallContext &context, KeyState state) const
{
    IdempotencyRecord record;
    record.client = context.client.id;
    record.tool = context.tool->name;
    record.key = context.key;
    record.bodyDigest = context.bodyDigest;
    record.state = state;
    record.call = context.id;
    record.project = context.project().id;
    record.answer = state == KeyState::Done ? encode(StoredAnswer{ context.result, context.partial })
                                            : encode(context.use->request());
    record.createdAt = context.firstSentAt;
    return record;
}

Result<StepResult> CallPipeline::Inside::recordIntent(const CallContextPtr &context)
{
    Event event = eventOf(*context, EventKind::CallIntent);
    if (!context->tool->writes) {
        if (const auto queued = journal.recordSoon(event); !queued)
            return tl::unexpected<Error>(queued.error());
        return StepResult::Continue;
    }
    context->pastIntent = true;
    journal.recordWith(
        event,
        [record = keyRecordOf(*context, KeyState::Sent)](Stores &stores) { return stores.keys.save(record); },
        [go = resumption(context)](const Result<> &recorded) {
            go(recorded ? Result<>()
                        : failure(ErrorCode::AuditUnavailable, "intent: " + recorded.error().detail));
        });
    return StepResult::Suspend;
}

Result<StepResult> CallPipeline::Inside::relay(const CallContextPtr &context)
{
    Actor actor = actorOf(*context);
    if (context->tool->writes)
        actor.idempotencyKey = upstreamKeyOf(*context);
    context->use->send(actor, [context, go = resumption(context)](const UpstreamReply &reply) {
        context->reply = reply;
        go({});
    });
    return StepResult::Suspend;
}

/// Which of a write's three ends this is. Whatever leaves doubt is Unknown, never failed.
void CallPipeline::Inside::judgeReply(CallContext &context) const
{
    const UpstreamReply &reply = context.reply;
    if (reply.body) {
        auto judged = context.use->judge(*reply.body, rightsOf(context));
        context.fate = judged ? CallContext::Fate::Done : CallContext::Fate::Unknown;
        context.partial = judged && judged->partial;
        context.result
            = judged ? Result<Json>(std::move(judged->result)) : tl::unexpected<Error>(judged.error());
        return;
    }
    const Error &error = reply.body.error();
    context.result = tl::unexpected<Error>(error);
    switch (error.code) {
    case ErrorCode::ValidationFailed:
    case ErrorCode::ProjectDenied:
    case ErrorCode::NotFound:
    case ErrorCode::IssueChanged:
    case ErrorCode::Conflict:
        context.fate = reply.sent == UpstreamReply::Sent::Answered ? CallContext::Fate::Done
                                                                   : CallContext::Fate::Released;
        break;
    case ErrorCode::IdempotencyInProgress: // our own first try is still running there
        context.fate = CallContext::Fate::Unknown;
        break;
    default: // 401, 429, 503 and what never reached the upstream: nothing was done
        context.fate = reply.outcomeUnknown ? CallContext::Fate::Unknown : CallContext::Fate::Released;
    }
    // A first try of unknown outcome is not undone by a second one that did not get through.
    if (context.resend && context.fate == CallContext::Fate::Released)
        context.fate = CallContext::Fate::Unknown;
}

Result<StepResult> CallPipeline::Inside::checkAnswer(const CallContextPtr &context)
{
    judgeReply(*context);
    if (context->tool->writes && context->fate == CallContext::Fate::Unknown)
        context->result = tl::unexpected<Error>(asError(context->result.error(), "unknown", *context));
    if (!context->result && context->result.error().code == ErrorCode::NotFound)
        context->result = failure(ErrorCode::NotFound);
    return StepResult::Continue;
}

Result<StepResult> CallPipeline::Inside::recordOutcome(const CallContextPtr &context)
{
    Event event = eventOf(*context, EventKind::CallOutcome);
    if (!context->tool->writes || context->replayed) {
        if (const auto queued = journal.recordSoon(event); !queued && !context->replayed)
            context->result
                = tl::unexpected<Error>(queued.error()); // a read that is not on record is not given
        return StepResult::Continue;
    }
    // A made key that is done with can never come again: nothing to keep.
    const bool keep = context->fate == CallContext::Fate::Unknown
        || (context->fate == CallContext::Fate::Done && !context->madeKey);
    const auto record = keyRecordOf(
        *context, context->fate == CallContext::Fate::Done ? KeyState::Done : KeyState::Unknown);
    journal.recordWith(
        event,
        [record, keep](Stores &stores) {
            return keep ? stores.keys.save(record)
                        : stores.keys.release(record.client, record.tool, record.key);
        },
        // The write has happened: its answer is true whether or not this row could be written. The
        // intent stands, and the key stays open, so a repeat finds out under the same upstream key.
        [go = resumption(context)](const Result<> &) { go({}); });
    return StepResult::Suspend;
}

} // namespace gatehouse
