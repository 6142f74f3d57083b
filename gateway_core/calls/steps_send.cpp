// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/calls/hallway_inside.h"

#include "gateway_core/calls/key_record.h"

namespace gatehouse {

namespace {

Error asError(Error error, const char *outcome, const Walk &walk)
{
    if (!error.details.is_object())
        error.details = Json::object();
    error.details["outcome"] = outcome;
    if (walk.madeKey) // so that the agent can ask for the same call again
        error.details["idempotency_key"] = walk.key;
    return error;
}

} // namespace

IdempotencyRecord Hallway::Inside::keyRecordOf(const Walk &walk, KeyState state) const
{
    IdempotencyRecord record;
    record.client = walk.client.id;
    record.tool = walk.tool->name;
    record.key = walk.key;
    record.bodyDigest = walk.bodyDigest;
    record.state = state;
    record.call = walk.id;
    record.project = walk.project().id;
    record.answer
        = state == KeyState::Done ? kept(KeptAnswer{ walk.result, walk.partial }) : kept(walk.use->request());
    record.createdAt = walk.firstSentAt;
    return record;
}

Taken Hallway::Inside::recordIntent(const WalkPtr &walk)
{
    Event event = eventOf(*walk, EventKind::CallIntent);
    if (!walk->tool->writes) {
        if (const auto queued = journal.recordSoon(event); !queued)
            return tl::unexpected<Error>(queued.error());
        return Pace::On;
    }
    walk->pastIntent = true;
    journal.recordWith(
        event,
        [record = keyRecordOf(*walk, KeyState::Sent)](Stores &stores) { return stores.keys.save(record); },
        [go = resumer(walk)](const Result<> &recorded) {
            go(recorded ? Result<>()
                        : failure(ErrorCode::AuditUnavailable, "intent: " + recorded.error().detail));
        });
    return Pace::Wait;
}

Taken Hallway::Inside::relay(const WalkPtr &walk)
{
    Actor actor = actorOf(*walk);
    if (walk->tool->writes)
        actor.idempotencyKey = upstreamKeyOf(*walk);
    walk->use->send(actor, [walk, go = resumer(walk)](const UpstreamReply &reply) {
        walk->reply = reply;
        go({});
    });
    return Pace::Wait;
}

/// Which of a write's three ends this is. Whatever leaves doubt is Unknown, never failed.
void Hallway::Inside::judgeReply(Walk &walk) const
{
    const UpstreamReply &reply = walk.reply;
    if (reply.body) {
        auto judged = walk.use->judge(*reply.body, rightsOf(walk));
        walk.fate = judged ? Walk::Fate::Done : Walk::Fate::Unknown;
        walk.partial = judged && judged->partial;
        walk.result = judged ? Result<Json>(std::move(judged->result)) : tl::unexpected<Error>(judged.error());
        return;
    }
    const Error &error = reply.body.error();
    walk.result = tl::unexpected<Error>(error);
    switch (error.code) {
    case ErrorCode::ValidationFailed:
    case ErrorCode::ProjectDenied:
    case ErrorCode::NotFound:
    case ErrorCode::IssueChanged:
    case ErrorCode::Conflict:
        walk.fate = reply.sent == UpstreamReply::Sent::Answered ? Walk::Fate::Done : Walk::Fate::Released;
        break;
    case ErrorCode::IdempotencyInProgress: // our own first try is still running there
        walk.fate = Walk::Fate::Unknown;
        break;
    default: // 401, 429, 503 and what never reached the upstream: nothing was done
        walk.fate = reply.outcomeUnknown ? Walk::Fate::Unknown : Walk::Fate::Released;
    }
    // A first try of unknown outcome is not undone by a second one that did not get through.
    if (walk.resend && walk.fate == Walk::Fate::Released)
        walk.fate = Walk::Fate::Unknown;
}

Taken Hallway::Inside::checkAnswer(const WalkPtr &walk)
{
    judgeReply(*walk);
    if (walk->tool->writes && walk->fate == Walk::Fate::Unknown)
        walk->result = tl::unexpected<Error>(asError(walk->result.error(), "unknown", *walk));
    if (!walk->result && walk->result.error().code == ErrorCode::NotFound)
        walk->result = failure(ErrorCode::NotFound);
    return Pace::On;
}

Taken Hallway::Inside::recordOutcome(const WalkPtr &walk)
{
    Event event = eventOf(*walk, EventKind::CallOutcome);
    if (!walk->tool->writes || walk->replayed) {
        if (const auto queued = journal.recordSoon(event); !queued && !walk->replayed)
            walk->result = tl::unexpected<Error>(queued.error()); // a read that is not on record is not given
        return Pace::On;
    }
    // A made key that is done with can never come again: nothing to keep.
    const bool keep = walk->fate == Walk::Fate::Unknown || (walk->fate == Walk::Fate::Done && !walk->madeKey);
    const auto record
        = keyRecordOf(*walk, walk->fate == Walk::Fate::Done ? KeyState::Done : KeyState::Unknown);
    journal.recordWith(
        event,
        [record, keep](Stores &stores) {
            return keep ? stores.keys.save(record)
                        : stores.keys.release(record.client, record.tool, record.key);
        },
        // The write has happened: its answer is true whether or not this row could be written. The
        // intent stands, and the key stays open, so a repeat finds out under the same upstream key.
        [go = resumer(walk)](const Result<> &) { go({}); });
    return Pace::Wait;
}

} // namespace gatehouse
