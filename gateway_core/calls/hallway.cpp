// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/calls/calls_log.h"
#include "gateway_core/calls/hallway_inside.h"

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

void logRefusal(const Walk &walk, const Error &error)
{
    const char *tool = walk.tool ? walk.tool->name.data() : "no tool of ours";
    if (error.detail.empty())
        qCDebug(lcCalls, "request %s: %s: %s", walk.call.requestId.c_str(), tool, nameOf(error.code).data());
    else
        qCInfo(lcCalls, "request %s: %s: %s: %s", walk.call.requestId.c_str(), tool,
               nameOf(error.code).data(), error.detail.c_str());
}

} // namespace

// The order is the security of the program: product.md, "A call, in order". Each step may end the call;
// the last two never refuse, because the write has happened.
constexpr std::array<Hallway::Inside::Step, 13> Hallway::Inside::kSteps{
    Step{ "caller", &Inside::checkCaller }, // its client, the mode, its agent: before any work
    Step{ "arguments", &Inside::checkArgumentShape }, // later steps read only what the schema admitted
    Step{ "place", &Inside::findPlace }, // from the grants alone: nothing upstream is asked what exists
    Step{ "grants", &Inside::checkGrants }, // the union of what the arguments do
    Step{ "rate", &Inside::takeRate }, // per agent
    Step{ "budget", &Inside::takeBudget }, // the upstream's patience, shared by all agents
    Step{ "idempotency", &Inside::claimKey }, // before asking: a repeat must not ask twice
    Step{ "prepare", &Inside::prepare }, // look-ups, then the request: what the owner is asked about is what is sent
    Step{ "approval", &Inside::awaitApproval }, // ask and ask with PIN hold the call here
    Step{ "intent", &Inside::recordIntent }, // durable before a write leaves the machine
    Step{ "relay", &Inside::relay },
    Step{ "answer", &Inside::checkAnswer }, // shape, project, and that the write really happened
    Step{ "outcome", &Inside::recordOutcome }, // with the key's new state, in one unit of work
};

Hallway::Inside::Inside(Hallway &hallway, Registry &people, Journal &record, Storage &store,
                        Approvals &questions, const ToolCatalogue &tools, std::initializer_list<ToolFamily *> rooms,
                        Clock &time, Random &dice)
    : q(hallway)
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

void Hallway::Inside::go(const WalkPtr &walk)
{
    while (!walk->ended && walk->step < kSteps.size()) {
        const Step &step = kSteps[walk->step];
        walk->stepping = true;
        walk->early.reset();
        Taken taken = (this->*step.take)(walk);
        walk->stepping = false;
        if (!taken)
            return refuse(walk, std::move(taken.error()));
        // A step that jumped has moved on by itself.
        if (*taken != Pace::Again && &step == &kSteps[walk->step])
            ++walk->step;
        if (*taken == Pace::On)
            continue;
        if (!walk->early)
            return;
        if (!*walk->early)
            return refuse(walk, std::move(walk->early->error()));
    }
    if (!walk->ended)
        leave(walk, { walk->id, walk->result, walk->replayed, walk->partial });
}

void Hallway::Inside::resume(const WalkPtr &walk, const Result<> &outcome)
{
    if (walk->ended)
        return;
    if (walk->stepping)
        walk->early = outcome;
    else if (outcome)
        go(walk);
    else
        refuse(walk, outcome.error());
}

std::function<void(const Result<> &)> Hallway::Inside::resumer(const WalkPtr &walk)
{
    return [this, guard = QPointer<Hallway>(&q), walk](const Result<> &outcome) {
        if (guard)
            resume(walk, outcome);
    };
}

void Hallway::Inside::refuse(const WalkPtr &walk, Error error)
{
    Event event = eventOf(*walk, EventKind::CallRefused);
    event.outcome = nameOf(error.code);
    putAnswer(event, *walk, tl::unexpected<Error>(error));
    logRefusal(*walk, error);
    if (!isOwnersAnswer(error.code) || !journal.recordSoon(event))
        journal.recordRefusal(event, error.code);
    // What an agent may not know of and what is not there read the same, byte for byte.
    if (error.code == ErrorCode::NotFound)
        error = { ErrorCode::NotFound, {}, nullptr };
    leave(walk, { walk->id, tl::unexpected<Error>(std::move(error)), false, false });
}

void Hallway::Inside::leave(const WalkPtr &walk, const CallAnswer &answer)
{
    walk->ended = true;
    releaseClaim(*walk);
    walks.erase(walk->id);
    const auto done = std::exchange(walk->done, {});
    walk->progress = {};
    if (done)
        done(answer);
    if (walks.empty())
        emit q.idle();
}

Hallway::Hallway(Registry &registry, Journal &journal, Storage &storage, Approvals &approvals,
                 const ToolCatalogue &catalogue, std::initializer_list<ToolFamily *> families, Clock &clock, Random &random,
                 QObject *parent)
    : QObject(parent)
    , m_inside(std::make_unique<Inside>(*this, registry, journal, storage, approvals, catalogue, families, clock, random))
{
}

Hallway::~Hallway() = default;

const ToolCatalogue &Hallway::catalogue() const
{
    return m_inside->catalogue;
}

ToolFamily &Hallway::familyOf(const Tool &tool) const
{
    return *m_inside->families.at(&tool);
}

CallId Hallway::begin(Call call, Done done, Progress progress)
{
    auto walk = std::make_shared<Walk>();
    walk->id = CallId(m_inside->random.uuid());
    walk->call = std::move(call);
    walk->done = std::move(done);
    walk->progress = std::move(progress);
    walk->beganAt = m_inside->clock.sinceBoot();
    m_inside->walks.emplace(walk->id, walk);
    // From the event loop, so that no door is answered before begin() has returned.
    QMetaObject::invokeMethod(
        this, [this, walk] { m_inside->go(walk); }, Qt::QueuedConnection);
    return walk->id;
}

void Hallway::cancel(const CallId &call)
{
    const auto found = m_inside->walks.find(call);
    if (found == m_inside->walks.end())
        return;
    const WalkPtr walk = found->second;
    walk->unheard = true;
    if (walk->pastIntent) {
        walk->done = {};
        return;
    }
    m_inside->refuse(walk, { ErrorCode::Cancelled, "by the client", nullptr });
    m_inside->approvals.withdraw(call);
}

void Hallway::lose(const CallId &call)
{
    const auto found = m_inside->walks.find(call);
    if (found == m_inside->walks.end())
        return;
    const WalkPtr walk = found->second;
    walk->unheard = true;
    if (walk->waitsForOwner)
        m_inside->approvals.leave(call);
}

int Hallway::underWay() const
{
    return static_cast<int>(m_inside->walks.size());
}

void Hallway::recover(Storage::Done done)
{
    m_inside->recover(std::move(done));
}

int Hallway::questionsClosed() const
{
    return m_inside->questionsClosed;
}

void Hallway::setJournalKey(Secret key)
{
    m_inside->journalKey = std::move(key);
}

} // namespace gatehouse
