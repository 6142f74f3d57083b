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
    record.project = walk.project.id;
    record.answer
        = state == KeyState::Done ? kept(KeptAnswer{ walk.result, walk.partial }) : kept(walk.request);
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
    Acting &acting = walk->request.acting;
    acting.agentId = walk->agent.id.text();
    acting.agentName = walk->agent.displayName;
    acting.requestId = walk->call.requestId;
    acting.traceparent = walk->call.traceparent;
    if (walk->tool->writes) {
        acting.idempotencyKey = upstreamKeyOf(*walk);
        acting.project = walk->project.id;
    }
    walk->request.isWrite = walk->tool->writes;
    tasker.send(walk->request, [walk, go = resumer(walk)](const TaskerReply &reply) {
        walk->reply = reply;
        go({});
    });
    return Pace::Wait;
}

/// Which of a write's three ends this is. Whatever leaves doubt is Unknown, never failed.
void Hallway::Inside::judgeReply(Walk &walk) const
{
    const TaskerReply &reply = walk.reply;
    if (reply.body) {
        const Json arguments = walk.arguments();
        const auto finding = walk.tool->name == "tasker_resolve_project"
            ? matchesOf(*registry.current(), walk.agent.id, registry.now(), arguments, *reply.body)
            : findingOf(*walk.tool, arguments, walk.project.id, walk.request.body, *reply.body,
                        mayRead(walk));
        walk.fate = finding ? Walk::Fate::Done : Walk::Fate::Unknown;
        walk.result = finding ? Result<Json>(finding->result) : tl::unexpected<Error>(finding.error());
        walk.partial = finding && finding->partial;
        return;
    }
    const Error error = forAgent(reply.body.error());
    walk.result = tl::unexpected<Error>(error);
    switch (error.code) {
    case ErrorCode::ValidationFailed:
    case ErrorCode::ProjectDenied:
    case ErrorCode::NotFound:
    case ErrorCode::IssueChanged:
    case ErrorCode::Conflict:
        walk.fate = reply.sent == Sent::Answered ? Walk::Fate::Done : Walk::Fate::Released;
        break;
    case ErrorCode::IdempotencyInProgress: // our own first try is still running there
        walk.fate = Walk::Fate::Unknown;
        break;
    default: // 401, 429, 503 and what never reached Tasker: nothing was done
        walk.fate = reply.outcomeUnknown ? Walk::Fate::Unknown : Walk::Fate::Released;
    }
    // A first try of unknown outcome is not undone by a second one that did not get through.
    if (walk.resend && walk.fate == Walk::Fate::Released)
        walk.fate = Walk::Fate::Unknown;
}

Taken Hallway::Inside::checkAnswer(const WalkPtr &walk)
{
    heedRateLimit(walk->reply);
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
