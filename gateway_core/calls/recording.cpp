// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/calls/recording.h"

#include "gateway_core/audit/reduce.h"
#include "gateway_core/base/json.h"
#include "gateway_core/calls/foreign_text.h"
#include "gateway_core/calls/hallway_inside.h"

namespace gatehouse {

namespace {

constexpr std::size_t kTitleLimit = 160;
constexpr std::size_t kNameLimit = 128;
constexpr std::size_t kFieldsLimit = 32;

std::string shortened(const std::string &text, std::size_t bytes)
{
    const std::string clean = cleanText(text, true);
    std::size_t end = std::min(clean.size(), bytes);
    while (end > 0 && end < clean.size() && (static_cast<unsigned char>(clean[end]) & 0xc0) == 0x80)
        --end;
    return clean.substr(0, end);
}

std::string decisionOf(const Walk &walk)
{
    switch (walk.decision.answer) {
    case Answer::Allow: return "allowed";
    case Answer::Ask:
    case Answer::AskWithPin: return walk.yes && walk.yes->stood ? "allowed" : "asked";
    case Answer::Off: return "denied";
    }
    return "denied";
}

std::string upstreamOf(const Walk &walk)
{
    if (walk.replayed)
        return {};
    switch (walk.reply.sent) {
    case UpstreamReply::Sent::Nothing: return "nothing sent";
    case UpstreamReply::Sent::Unknown: return "no answer";
    case UpstreamReply::Sent::Answered: break;
    }
    return walk.reply.upstream;
}

/// As the call's own look-ups tell it, or else as its arguments do.
Subject subjectOf(const Walk &walk)
{
    if (walk.use)
        return walk.use->subject();
    return walk.family ? walk.family->subjectIn(walk.arguments()) : Subject();
}

std::string outcomeOf(const Walk &walk)
{
    if (walk.tool->writes && !walk.replayed && walk.fate == Walk::Fate::Unknown)
        return "unknown";
    if (!walk.result)
        return std::string(nameOf(walk.result.error().code));
    return walk.partial ? "partial" : "ok";
}

} // namespace

Json recordedCodex(const Json &codex)
{
    Json recorded = Json::object();
    if (!codex.is_object())
        return recorded;
    for (const auto &[name, value] : codex.items()) {
        if (value.is_string() && recorded.size() < kFieldsLimit)
            recorded[shortened(name, kNameLimit)]
                = shortened(value.get_ref<const std::string &>(), kNameLimit);
    }
    return recorded;
}

Event Hallway::Inside::eventOf(const Walk &walk, EventKind kind) const
{
    Event event;
    event.kind = kind;
    event.call = walk.id;
    event.requestId = walk.call.requestId;
    event.agent = walk.agent.id;
    event.agentName = walk.agent.displayName;
    event.client = walk.call.client;
    event.clientName = walk.client.name;
    event.via = walk.call.via;
    event.tool = shortened(walk.call.tool, kNameLimit);
    const ProjectReference project = walk.project();
    event.project = project.id;
    event.projectName = project.name;
    const Subject subject = subjectOf(walk);
    if (event.project.isEmpty() && event.projectName.empty())
        event.projectName = shortened(subject.place, kNameLimit);
    event.issue = shortened(subject.name, kNameLimit);
    event.title = shortened(subject.title, kTitleLimit);
    event.decision = decisionOf(walk);
    event.grants = walk.decision.grants;
    event.durationMs = kind == EventKind::CallIntent ? -1 : clock.sinceBoot() - walk.beganAt;
    event.peer = walk.call.peer;
    if (walk.yes)
        event.more["yes"] = { { "approval_id", walk.yes->approval.text() }, { "given_at", walk.yes->givenAt } };
    if (kind != EventKind::CallOutcome) {
        event.arguments = reduceArguments(walk.arguments(), journalKey);
        if (Json codex = recordedCodex(walk.call.codex); !codex.empty())
            event.more["codex"] = std::move(codex);
        if (!walk.key.empty())
            event.more["upstream_key"] = upstreamKeyOf(walk);
        if (walk.resend)
            event.more["resend"] = true;
        return event;
    }
    event.outcome = outcomeOf(walk);
    event.upstream = upstreamOf(walk);
    if (walk.reply.facts.is_object())
        event.more = walk.reply.facts; // the first to be put there
    if (!walk.result && !textAt(walk.result.error().details, "field").empty())
        event.more["field"] = walk.result.error().details["field"];
    putAnswer(event, walk, walk.result);
    if (walk.replayed)
        event.more["replayed"] = true;
    if (walk.result) {
        const Subject told = walk.family->subjectIn(*walk.result);
        if (!told.name.empty())
            event.issue = told.name;
        if (!told.title.empty())
            event.title = shortened(told.title, kTitleLimit);
    }
    return event;
}

void Hallway::Inside::putAnswer(Event &event, const Walk &walk, const Result<Json> &result)
{
    Carriage carriage{ "no answer", {} };
    if (!walk.unheard)
        carriage = walk.call.carriage ? walk.call.carriage(result) : Carriage();
    event.transport = std::move(carriage.transport);
    event.protocol = std::move(carriage.protocol);
}

} // namespace gatehouse
