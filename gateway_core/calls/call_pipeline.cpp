// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/calls/calls_log.h"
#include "gateway_core/calls/call_pipeline_inside.h"

namespace gatehouse {

namespace {

/// The ends of a question are rows of their own, however many there are: their number is bounded, and
/// the owner looks for them. Everything else may be a flood, and is counted.
bool isOwnersAnswer(ErrorCode code)
{
    return code == ErrorCode::ApprovalPending || code == ErrorCode::ApprovalDenied
        || code == ErrorCode::Cancelled;
}

std::map<const Tool *, ToolFamily *> byTool(const ToolCatalogue &catalogue,
                                            std::initializer_list<ToolFamily *> families)
{
    std::map<const Tool *, ToolFamily *> found;
    for (ToolFamily *family : families) {
        for (const Tool &tool : family->tools())
            found.emplace(&tool, family);
    }
    for (const Tool *tool : catalogue.tools()) {
        if (!found.contains(tool))
            qFatal("nobody brings the tool %s", std::string(tool->name).c_str());
    }
    return found;
}

void logRefusal(const CallContext &context, const Error &error)
{
    const char *tool = context.tool ? context.tool->name.data() : "no tool of ours";
    if (error.detail.empty())
        qCDebug(lcCalls, "request %s: %s: %s", context.call.requestId.c_str(), tool,
                nameOf(error.code).data());
    else
        qCInfo(lcCalls, "request %s: %s: %s: %s", context.call.requestId.c_str(), tool,
               nameOf(error.code).data(), error.detail.c_str());
}

} // namespace

// The order is the security of the program: product.md, "A call, in order". Each step may end the call;
// the last two never refuse, because the write has happened.
constexpr std::array<CallPipeline::Inside::Step, 13> CallPipeline::Inside::kSteps{
    Step{ "caller", &Inside::checkCaller }, // its client, the mode, its agent: before any work
    Step{ "arguments", &Inside::checkArgumentShape }, // later steps read only what the schema admitted
    Step{ "place", &Inside::findPlace }, // from the grants alone: nothing upstream is asked what exists
    Step{ "grants", &Inside::checkGrants }, // the union of what the arguments do
    Step{ "rate", &Inside::takeRate }, // per agent
    Step{ "budget", &Inside::takeBudget }, // the upstream's patience, shared by all agents
    Step{ "idempotency", &Inside::claimKey }, // before asking: a repeat must not ask twice
    Step{ "prepare",
          &Inside::prepare }, // look-ups, then the request: what the owner is asked about is what is sent
    Step{ "approval", &Inside::awaitApproval }, // ask and ask with PIN hold the call here
    Step{ "intent", &Inside::recordIntent }, // durable before a write leaves the machine
    Step{ "relay", &Inside::relay },
    Step{ "answer", &Inside::checkAnswer }, // shape, project, and that the write really happened
    Step{ "outcome", &Inside::recordOutcome }, // with the key's new state, in one unit of work
};

CallPipeline::Inside::Inside(CallPipeline &pipeline, Registry &people, Journal &record, Storage &store,
                             Approvals &questions, const ToolCatalogue &tools,
                             std::initializer_list<ToolFamily *> rooms, Clock &time, Random &dice)
    : q(pipeline)
    , registry(people)
    , journal(record)
    , storage(store)
    , approvals(questions)
    , catalogue(tools)
    , families(byTool(tools, rooms))
    , clock(time)
    , random(dice)
{
}

void CallPipeline::Inside::run(const CallContextPtr &context)
{
    while (!context->ended && context->step < kSteps.size()) {
        const Step &step = kSteps[context->step];
        context->stepping = true;
        context->early.reset();
        Result<StepResult> taken = (this->*step.take)(context);
        context->stepping = false;
        if (!taken)
            return refuse(context, std::move(taken.error()));
        // A step that jumped has moved on by itself.
        if (*taken != StepResult::Retry && &step == &kSteps[context->step])
            ++context->step;
        if (*taken == StepResult::Continue)
            continue;
        if (!context->early)
            return;
        if (!*context->early)
            return refuse(context, std::move(context->early->error()));
    }
    if (!context->ended)
        finish(context, { context->id, context->result, context->replayed, context->partial });
}

void CallPipeline::Inside::resume(const CallContextPtr &context, const Result<> &outcome)
{
    if (context->ended)
        return;
    if (context->stepping)
        context->early = outcome;
    else if (outcome)
        run(context);
    else
        refuse(context, outcome.error());
}

std::function<void(const Result<> &)> CallPipeline::Inside::resumption(const CallContextPtr &context)
{
    return [this, guard = QPointer<CallPipeline>(&q), context](const Result<> &outcome) {
        if (guard)
            resume(context, outcome);
    };
}

void CallPipeline::Inside::refuse(const CallContextPtr &context, Error error)
{
    Event event = eventOf(*context, EventKind::CallRefused);
    event.outcome = nameOf(error.code);
    putAnswer(event, *context, tl::unexpected<Error>(error));
    logRefusal(*context, error);
    if (!isOwnersAnswer(error.code) || !journal.recordSoon(event))
        journal.recordRefusal(event, error.code);
    // What an agent may not know of and what is not there read the same, byte for byte.
    if (error.code == ErrorCode::NotFound)
        error = { ErrorCode::NotFound, {}, nullptr };
    finish(context, { context->id, tl::unexpected<Error>(std::move(error)), false, false });
}

void CallPipeline::Inside::finish(const CallContextPtr &context, const CallAnswer &answer)
{
    context->ended = true;
    releaseClaim(*context);
    contexts.erase(context->id);
    const auto done = std::exchange(context->done, {});
    context->progress = {};
    if (done)
        done(answer);
    if (contexts.empty())
        emit q.idle();
}

CallPipeline::CallPipeline(Registry &registry, Journal &journal, Storage &storage, Approvals &approvals,
                           const ToolCatalogue &catalogue, std::initializer_list<ToolFamily *> families,
                           Clock &clock, Random &random, QObject *parent)
    : QObject(parent)
    , m_inside(std::make_unique<Inside>(*this, registry, journal, storage, approvals, catalogue, families,
                                        clock, random))
{
}

CallPipeline::~CallPipeline() = default;

const ToolCatalogue &CallPipeline::catalogue() const
{
    return m_inside->catalogue;
}

ToolFamily &CallPipeline::familyOf(const Tool &tool) const
{
    return *m_inside->families.at(&tool);
}

CallId CallPipeline::begin(Call call, Done done, Progress progress)
{
    auto context = std::make_shared<CallContext>();
    context->id = CallId(m_inside->random.uuid());
    context->call = std::move(call);
    context->done = std::move(done);
    context->progress = std::move(progress);
    context->beganAt = m_inside->clock.sinceBoot();
    m_inside->contexts.emplace(context->id, context);
    // From the event loop, so that no door is answered before begin() has returned.
    QMetaObject::invokeMethod(
        this, [this, context] { m_inside->run(context); }, Qt::QueuedConnection);
    return context->id;
}

void CallPipeline::cancel(const CallId &call)
{
    const auto found = m_inside->contexts.find(call);
    if (found == m_inside->contexts.end())
        return;
    const CallContextPtr context = found->second;
    context->unheard = true;
    if (context->pastIntent) {
        context->done = {};
        return;
    }
    m_inside->refuse(context, { ErrorCode::Cancelled, "by the client", nullptr });
    m_inside->approvals.withdraw(call);
}

void CallPipeline::lose(const CallId &call)
{
    const auto found = m_inside->contexts.find(call);
    if (found == m_inside->contexts.end())
        return;
    const CallContextPtr context = found->second;
    context->unheard = true;
    if (context->waitsForOwner)
        m_inside->approvals.finish(call);
}

int CallPipeline::underWay() const
{
    return static_cast<int>(m_inside->contexts.size());
}

void CallPipeline::recover(Storage::Done done)
{
    m_inside->recover(std::move(done));
}

int CallPipeline::questionsClosed() const
{
    return m_inside->questionsClosed;
}

void CallPipeline::setJournalKey(Secret key)
{
    m_inside->journalKey = std::move(key);
}

} // namespace gatehouse
