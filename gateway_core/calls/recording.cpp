// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/calls/recording.h"

#include "gateway_core/audit/reduce.h"
#include "gateway_core/base/json.h"
#include "gateway_core/calls/foreign_text.h"
#include "gateway_core/calls/call_pipeline_inside.h"

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

std::string decisionOf(const CallContext &context)
{
    switch (context.decision.answer) {
    case GrantPolicy::Allow: return "allowed";
    case GrantPolicy::Ask:
    case GrantPolicy::AskWithPin: return context.yes && context.yes->stood ? "allowed" : "asked";
    case GrantPolicy::Off: return "denied";
    }
    return "denied";
}

std::string upstreamOf(const CallContext &context)
{
    if (context.replayed)
        return {};
    switch (context.reply.sent) {
    case UpstreamReply::Sent::Nothing: return "nothing sent";
    case UpstreamReply::Sent::Unknown: return "no answer";
    case UpstreamReply::Sent::Answered: break;
    }
    return context.reply.upstream;
}

/// As the call's own look-ups tell it, or else as its arguments do.
Subject subjectOf(const CallContext &context)
{
    if (context.use)
        return context.use->subject();
    return context.family ? context.family->subjectIn(context.arguments()) : Subject();
}

std::string outcomeOf(const CallContext &context)
{
    if (context.tool->writes && !context.replayed && context.fate == CallContext::Fate::Unknown)
        return "unknown";
    if (!context.result)
        return std::string(nameOf(context.result.error().code));
    return context.partial ? "partial" : "ok";
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

Event CallPipeline::Inside::eventOf(const CallContext &context, EventKind kind) const
{
    Event event;
    event.kind = kind;
    event.call = context.id;
    event.requestId = context.call.requestId;
    event.agent = context.agent.id;
    event.agentName = context.agent.displayName;
    event.client = context.call.client;
    event.clientName = context.client.name;
    event.via = context.call.via;
    event.tool = shortened(context.call.tool, kNameLimit);
    const ProjectReference project = context.project();
    event.project = project.id;
    event.projectName = project.name;
    const Subject subject = subjectOf(context);
    if (event.project.isEmpty() && event.projectName.empty())
        event.projectName = shortened(subject.place, kNameLimit);
    event.issue = shortened(subject.name, kNameLimit);
    event.title = shortened(subject.title, kTitleLimit);
    event.decision = decisionOf(context);
    event.grants = context.decision.grants;
    event.durationMs = kind == EventKind::CallIntent ? -1 : clock.sinceBoot() - context.beganAt;
    event.peer = context.call.peer;
    if (context.yes)
        event.more["yes"]
            = { { "approval_id", context.yes->approval.text() }, { "given_at", context.yes->givenAt } };
    if (kind != EventKind::CallOutcome) {
        event.arguments = reduceArguments(context.arguments(), journalKey);
        if (Json codex = recordedCodex(context.call.codex); !codex.empty())
            event.more["codex"] = std::move(codex);
        if (!context.key.empty())
            event.more["upstream_key"] = upstreamKeyOf(context);
        if (context.resend)
            event.more["resend"] = true;
        return event;
    }
    event.outcome = outcomeOf(context);
    event.upstream = upstreamOf(context);
    if (context.reply.facts.is_object())
        event.more = context.reply.facts; // the first to be put there
    if (!context.result && !textAt(context.result.error().details, "field").empty())
        event.more["field"] = context.result.error().details["field"];
    putAnswer(event, context, context.result);
    if (context.replayed)
        event.more["replayed"] = true;
    if (context.result) {
        const Subject told = context.family->subjectIn(*context.result);
        if (!told.name.empty())
            event.issue = told.name;
        if (!told.title.empty())
            event.title = shortened(told.title, kTitleLimit);
    }
    return event;
}

void CallPipeline::Inside::putAnswer(Event &event, const CallContext &context, const Result<Json> &result)
{
    Delivery delivery{ "no answer", {} };
    if (!context.unheard)
        delivery = context.call.delivery ? context.call.delivery(result) : Delivery();
    event.transport = std::move(delivery.transport);
    event.protocol = std::move(delivery.protocol);
}

} // namespace gatehouse
