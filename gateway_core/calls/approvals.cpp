// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/calls/approvals.h"

#include "gateway_core/base/json.h"

#include <QPointer>

#include <algorithm>
#include <map>

namespace gatehouse {

namespace {

/// The same deed, whatever has changed around it.
bool sameDeed(const AskedCall &left, const AskedCall &right)
{
    return left.client == right.client && left.tool == right.tool && left.project == right.project
        && left.argumentDigest == right.argumentDigest;
}

/// One call, whoever repeats it: a newer issue or another grant makes it another question.
bool sameCall(const AskedCall &left, const AskedCall &right)
{
    return sameDeed(left, right) && left.grantRevision == right.grantRevision
        && left.issueUpdatedAt == right.issueUpdatedAt && left.withPin == right.withPin;
}

Event eventOf(EventKind kind, const ApprovalId &id, const AskedCall &asked)
{
    Event event;
    event.kind = kind;
    event.call = asked.call;
    event.agent = asked.agent;
    event.agentName = asked.agentName;
    event.client = asked.client;
    event.clientName = asked.clientName;
    event.via = "gateway";
    event.tool = asked.tool;
    event.project = asked.project;
    event.projectName = asked.projectName;
    event.issue = asked.issue;
    event.title = asked.title;
    event.peer = asked.peer;
    event.more = { { "approval_id", id.text() }, { "with_pin", asked.withPin } };
    return event;
}

Event endOf(const TimedApproval &yes, const std::string &reason, const std::string &via)
{
    Event event;
    event.kind = EventKind::ApprovalEnded;
    event.agent = yes.agent;
    event.agentName = yes.agentName;
    event.client = yes.client;
    event.clientName = yes.clientName;
    event.via = via;
    event.tool = yes.tool;
    event.project = yes.project;
    event.projectName = yes.projectName;
    event.issue = yes.issue;
    event.more = { { "approval_id", yes.id.text() }, { "covers", nameOf(yes.covers) }, { "reason", reason } };
    return event;
}

tl::unexpected<Error> full(const AskedCall &asked)
{
    return failure(ErrorCode::ApprovalsFull, "as many calls of this client wait as may",
                   { { "client", asked.clientName }, { "most", kHeldPerClient } });
}

tl::unexpected<Error> pending(const ApprovalId &id)
{
    return failure(ErrorCode::ApprovalPending, "waits for the owner", { { "approval_id", id.text() } });
}

/// The same call of the same client, whatever became of the issue meanwhile.
bool isRepeat(const AskedCall &left, const AskedCall &right)
{
    return left.client == right.client && left.tool == right.tool && left.project == right.project
        && left.argumentDigest == right.argumentDigest && left.issueId == right.issueId;
}

} // namespace

struct Approvals::Inside
{
    struct Waiter
    {
        AskedCall asked;
        Heard heard;
    };
    struct Question
    {
        Approval approval;
        std::vector<Waiter> waiters;
        bool seen = false;
        bool ignored = false; ///< seen, and a hold ran out without an answer
        bool answering = false; ///< the owner's word is on its way to disk
    };
    /// A word of the owner for a call that was not waiting any more: used by its next repeat.
    struct Kept
    {
        AskedCall asked;
        std::int64_t untilBoot = 0;
        Result<GivenYes> word;
    };
    /// What the owner was shown of an issue: a repeat, after somebody changed it, says what was changed.
    struct Shown
    {
        AskedCall asked;
        std::int64_t untilBoot = 0;
    };
    struct CoolDown
    {
        int ignored = 0;
        std::int64_t untilBoot = 0;
    };
    using Questions = std::vector<std::shared_ptr<Question>>;

    Inside(Approvals &approvals, Registry &people, Journal &record, Clock &time, Random &dice)
        : q(approvals)
        , registry(people)
        , journal(record)
        , clock(time)
        , random(dice)
    {
    }

    [[nodiscard]] std::shared_ptr<Question> open(const ApprovalId &id) const;
    [[nodiscard]] std::string openAsNote() const;
    [[nodiscard]] int waitersOf(const ClientId &client) const;
    [[nodiscard]] int questionsOf(const ClientId &client) const;
    /// As many questions, or calls that wait on them, as one client may have.
    [[nodiscard]] bool isFullFor(const ClientId &client) const;
    /// The yes that lets the call through without a question, noted as used; none: it has to be asked about.
    std::optional<GivenYes> useStanding(const AskedCall &asked);
    void stand(TimedApproval yes, bool isUsed);
    void endStanding(const std::string &reason, const std::function<bool(const TimedApproval &)> &isOver);
    std::optional<Result<GivenYes>> takeKept(const AskedCall &asked);
    void record(const Event &event, Storage::Done done);
    /// The present list of open questions, as a part of another unit of work.
    [[nodiscard]] Storage::Work savingOpen() const;
    [[nodiscard]] Storage::Done whileHere(Storage::Done done) const;
    void wait(const std::shared_ptr<Question> &question, const AskedCall &asked, Heard heard);
    void holdRanOut(const ApprovalId &id, const CallId &call);
    /// Takes the waiter of this call out of the question; nullptr: it is none of it.
    [[nodiscard]] Heard takeWaiter(Question &question, const CallId &call);
    void tellIfHeld(Question &question);
    void countUnanswered(Question &question);
    void dropOutdated(const AskedCall &asked);
    ApprovalId openQuestion(AskedCall asked, Heard heard);
    void remember(AskedCall &asked);
    /// `isForOne`: the word is for one call; where none waits, its next repeat hears it.
    void answered(const std::shared_ptr<Question> &question, const Result<GivenYes> &word, bool isForOne);
    void close(const std::shared_ptr<Question> &question, const std::string &reason,
               const Result<GivenYes> &word);
    void remove(const std::shared_ptr<Question> &question);
    void dropGone();

    Approvals &q;
    Registry &registry;
    Journal &journal;
    Clock &clock;
    Random &random;
    Questions questions; ///< oldest first; kHeldInAll at most
    std::vector<Kept> kept;
    std::vector<Shown> shown; ///< oldest first; kHeldInAll at most
    std::vector<TimedApproval> standing;
    std::map<ClientId, CoolDown> coolDowns;
};

std::shared_ptr<Approvals::Inside::Question> Approvals::Inside::open(const ApprovalId &id) const
{
    const auto found = std::ranges::find_if(questions, [&id](const auto &question) {
        return question->approval.id == id && !question->answering;
    });
    return found == questions.end() ? nullptr : *found;
}

std::string Approvals::Inside::openAsNote() const
{
    Json list = Json::array();
    for (const auto &question : questions) {
        if (question->answering)
            continue;
        const Approval &approval = question->approval;
        list.push_back({ { "id", approval.id.text() },
                         { "call", approval.asked.call.text() },
                         { "agent", approval.asked.agent.text() },
                         { "client", approval.asked.client.text() },
                         { "tool", approval.asked.tool } });
    }
    return canonicalJson(list);
}

void Approvals::Inside::record(const Event &event, Storage::Done done)
{
    journal.recordWith(event, savingOpen(), whileHere(std::move(done)));
}

// The list as it is when this unit runs: units run in the order they were given.
Storage::Work Approvals::Inside::savingOpen() const
{
    return
        [note = openAsNote()](Stores &stores) { return stores.profile.saveNote(kOpenQuestionsNote, note); };
}

/// Storage answers even when we are gone.
Storage::Done Approvals::Inside::whileHere(Storage::Done done) const
{
    return [guard = QPointer<Approvals>(&q), done = std::move(done)](const Result<> &outcome) {
        if (guard)
            done(outcome);
    };
}

int Approvals::Inside::waitersOf(const ClientId &client) const
{
    int count = 0;
    for (const auto &question : questions) {
        if (question->approval.asked.client == client)
            count += static_cast<int>(question->waiters.size());
    }
    return count;
}

int Approvals::Inside::questionsOf(const ClientId &client) const
{
    return static_cast<int>(std::ranges::count_if(
        questions, [&client](const auto &question) { return question->approval.asked.client == client; }));
}

bool Approvals::Inside::isFullFor(const ClientId &client) const
{
    return !client.isEmpty()
        && (questionsOf(client) >= kHeldPerClient || waitersOf(client) >= kHeldPerClient);
}

std::optional<GivenYes> Approvals::Inside::useStanding(const AskedCall &asked)
{
    const std::int64_t now = registry.now();
    const DirectoryPtr directory = registry.current();
    const auto yes = std::ranges::find_if(standing, [&](const TimedApproval &one) {
        return letsThrough(one, asked) && stands(one, *directory, now);
    });
    if (yes == standing.end())
        return std::nullopt;
    yes->lastUsedAt = now;
    ++yes->uses;
    emit q.standingChanged();
    return GivenYes{ yes->id, yes->givenAt, true };
}

void Approvals::Inside::stand(TimedApproval yes, bool isUsed)
{
    if (isUsed) {
        yes.lastUsedAt = yes.givenAt;
        yes.uses = 1;
    }
    clock.after(Millis(yes.until - yes.givenAt), &q, [this] {
        const std::int64_t now = registry.now();
        if (std::erase_if(standing, [now](const TimedApproval &one) { return now >= one.until; }) > 0)
            emit q.standingChanged();
    });
    standing.push_back(std::move(yes));
    emit q.standingChanged();
}

/// What is over is gone at once; that it ended is put on record as soon as can be.
void Approvals::Inside::endStanding(const std::string &reason,
                                    const std::function<bool(const TimedApproval &)> &isOver)
{
    const auto over = std::stable_partition(standing.begin(), standing.end(),
                                            [&isOver](const TimedApproval &yes) { return !isOver(yes); });
    if (over == standing.end())
        return;
    const std::vector<TimedApproval> ended(std::make_move_iterator(over),
                                           std::make_move_iterator(standing.end()));
    standing.erase(over, standing.end());
    for (const TimedApproval &yes : ended)
        journal.recordDurably(endOf(yes, reason, "gateway"),
                              [](const Result<> &) { /* it has ended all the same */ });
    emit q.standingChanged();
}

std::optional<Result<GivenYes>> Approvals::Inside::takeKept(const AskedCall &asked)
{
    const std::int64_t boot = clock.sinceBoot();
    std::erase_if(kept, [boot](const Kept &word) { return boot >= word.untilBoot; });
    const auto found
        = std::ranges::find_if(kept, [&](const Kept &word) { return sameCall(word.asked, asked); });
    if (found == kept.end())
        return std::nullopt;
    const Result<GivenYes> word = found->word;
    kept.erase(found);
    return word;
}

void Approvals::Inside::wait(const std::shared_ptr<Question> &question, const AskedCall &asked, Heard heard)
{
    question->waiters.push_back({ asked, std::move(heard) });
    tellIfHeld(*question);
    question->approval.heldUntil = clock.now() + Millis(kHoldTime).count();
    clock.after(kHoldTime, &q,
                [this, id = question->approval.id, call = asked.call] { holdRanOut(id, call); });
}

void Approvals::Inside::holdRanOut(const ApprovalId &id, const CallId &call)
{
    const auto question = open(id);
    if (!question)
        return;
    countUnanswered(*question); // also where the program gave up before
    if (const Heard heard = takeWaiter(*question, call))
        heard(pending(id));
}

Approvals::Heard Approvals::Inside::takeWaiter(Question &question, const CallId &call)
{
    const auto waiter = std::ranges::find_if(question.waiters,
                                             [&call](const Waiter &one) { return one.asked.call == call; });
    if (waiter == question.waiters.end())
        return {};
    Heard heard = std::move(waiter->heard);
    question.waiters.erase(waiter);
    tellIfHeld(question);
    return heard;
}

void Approvals::Inside::tellIfHeld(Question &question)
{
    const bool held = !question.waiters.empty();
    if (std::exchange(question.approval.held, held) != held)
        emit q.heldChanged(question.approval.id, held);
}

void Approvals::Inside::countUnanswered(Question &question)
{
    if (!question.seen || std::exchange(question.ignored, true))
        return;
    CoolDown &client = coolDowns[question.approval.asked.client];
    if (++client.ignored >= kUnansweredBeforeCoolDown)
        client = { 0, clock.sinceBoot() + Millis(kCoolDown).count() };
}

/// A yes to it could not be used any more: the issue is newer, or the grants are.
void Approvals::Inside::dropOutdated(const AskedCall &asked)
{
    for (const auto &question : Questions(questions)) {
        const bool outdated
            = sameDeed(question->approval.asked, asked) && !sameCall(question->approval.asked, asked);
        if (outdated && question->waiters.empty() && !question->answering)
            close(question, "asked anew", GivenYes());
    }
}

void Approvals::Inside::remember(AskedCall &asked)
{
    if (!asked.issueSeen.is_object())
        return;
    const std::int64_t boot = clock.sinceBoot();
    std::erase_if(shown, [boot](const Shown &one) { return boot >= one.untilBoot; });
    AskedCall now = asked;
    const auto earlier
        = std::ranges::find_if(shown, [&](const Shown &one) { return isRepeat(one.asked, asked); });
    if (earlier != shown.end()) {
        asked.issueSeen = std::move(earlier->asked.issueSeen);
        shown.erase(earlier);
    } else if (static_cast<int>(shown.size()) >= kHeldInAll) {
        shown.erase(shown.begin());
    }
    shown.push_back({ std::move(now), boot + Millis(kQuestionTime).count() });
}

ApprovalId Approvals::Inside::openQuestion(AskedCall asked, Heard heard)
{
    remember(asked);
    auto question = std::make_shared<Question>();
    question->approval = { ApprovalId(random.uuid()), asked, clock.now(),
                           clock.now() + Millis(kQuestionTime).count(), false };
    const ApprovalId id = question->approval.id;
    questions.push_back(question);
    const auto silence = coolDowns.find(asked.client);
    const bool isQuiet = silence != coolDowns.end() && clock.sinceBoot() < silence->second.untilBoot;
    if (!isQuiet)
        wait(question, asked, std::exchange(heard, nullptr));

    record(eventOf(EventKind::ApprovalAsked, id, asked), [this, id](const Result<> &recorded) {
        const auto asking = open(id);
        if (!asking)
            return;
        if (recorded) {
            emit q.asked(asking->approval);
            return;
        }
        remove(asking);
        for (const Waiter &waiter : std::exchange(asking->waiters, {}))
            waiter.heard(failure(ErrorCode::AuditUnavailable, "the question could not be recorded"));
    });
    clock.after(kQuestionTime, &q, [this, id] {
        if (const auto late = open(id))
            close(late, "expired", pending(id));
    });
    if (heard)
        heard(pending(id));
    return id;
}

void Approvals::Inside::remove(const std::shared_ptr<Question> &question)
{
    std::erase(questions, question);
}

void Approvals::Inside::answered(const std::shared_ptr<Question> &question, const Result<GivenYes> &word,
                                 bool isForOne)
{
    remove(question);
    coolDowns.erase(question->approval.asked.client);
    const auto waiters = std::exchange(question->waiters, {});
    if (waiters.empty() && isForOne)
        kept.push_back({ question->approval.asked, clock.sinceBoot() + Millis(kOnceReach).count(), word });
    emit q.closed(question->approval.id);
    for (const Waiter &waiter : waiters)
        waiter.heard(word);
}

void Approvals::Inside::close(const std::shared_ptr<Question> &question, const std::string &reason,
                              const Result<GivenYes> &word)
{
    remove(question);
    Event event = eventOf(EventKind::ApprovalClosed, question->approval.id, question->approval.asked);
    event.more["reason"] = reason;
    record(event,
           [](const Result<> &) { /* the question is gone either way; a start closes it on record */ });
    const auto waiters = std::exchange(question->waiters, {});
    emit q.closed(question->approval.id);
    for (const Waiter &waiter : waiters)
        waiter.heard(word);
}

/// A question whose asker may not ask any more is none; a yes whose grants have changed neither.
void Approvals::Inside::dropGone()
{
    const DirectoryPtr directory = registry.current();
    const std::int64_t now = registry.now();
    std::erase_if(standing, [now](const TimedApproval &yes) { return now >= yes.until; });
    endStanding("agent paused", [&directory](const TimedApproval &yes) {
        const Agent *agent = directory->agent(yes.agent);
        return !agent || agent->state != AgentState::Active;
    });
    endStanding("grant changed", [&](const TimedApproval &yes) { return !stands(yes, *directory, now); });
    for (const auto &question : Questions(questions)) {
        const Client *client = directory->client(question->approval.asked.client);
        const Agent *agent = directory->agent(question->approval.asked.agent);
        if (question->answering)
            continue;
        if (!client || client->revokedAt)
            close(question, "client revoked", failure(ErrorCode::Unauthorized, "client revoked while asked"));
        else if (!agent || agent->state != AgentState::Active)
            close(question, "agent paused", failure(ErrorCode::AgentPaused, "agent paused while asked"));
    }
}

Approvals::Approvals(Registry &registry, Journal &journal, Clock &clock, Random &random, QObject *parent)
    : QObject(parent)
    , m_inside(std::make_unique<Inside>(*this, registry, journal, clock, random))
{
    connect(&registry, &Registry::changed, this, [this] { m_inside->dropGone(); });
    connect(&registry, &Registry::timeSet, this,
            [this] { m_inside->standing.clear(); }); // their ends were of another time
}

Approvals::~Approvals() = default;

ApprovalId Approvals::ask(const AskedCall &asked, Heard heard)
{
    if (const auto yes = m_inside->useStanding(asked)) {
        heard(*yes);
        return {};
    }
    if (const auto word = m_inside->takeKept(asked)) {
        heard(*word);
        return {};
    }
    m_inside->dropOutdated(asked);
    for (const auto &question : m_inside->questions) {
        if (!question->answering && sameCall(question->approval.asked, asked)
            && m_inside->waitersOf(asked.client) < kHeldPerClient) {
            m_inside->wait(question, asked, std::move(heard));
            emit askedAgain(question->approval);
            return question->approval.id;
        }
    }
    if (m_inside->isFullFor(asked.client)) {
        heard(full(asked));
        return {};
    }
    if (isFull(asked.client)) {
        heard(failure(ErrorCode::ApprovalsFull, "the queue of questions is full"));
        return {};
    }
    return m_inside->openQuestion(asked, std::move(heard));
}

void Approvals::withdraw(const CallId &call)
{
    for (const auto &question : Inside::Questions(m_inside->questions)) {
        const Heard heard = m_inside->takeWaiter(*question, call);
        if (!heard)
            continue;
        if (question->waiters.empty() && !question->answering)
            m_inside->close(question, "withdrawn", GivenYes());
        heard(failure(ErrorCode::Cancelled, "withdrawn by the client"));
        return;
    }
}

void Approvals::finish(const CallId &call)
{
    for (const auto &question : Inside::Questions(m_inside->questions)) {
        if (const Heard heard = m_inside->takeWaiter(*question, call))
            return heard(pending(question->approval.id));
    }
}

void Approvals::withdraw(const ApprovalId &id)
{
    const auto question = m_inside->open(id);
    if (question && question->waiters.empty())
        m_inside->close(question, "withdrawn", GivenYes());
}

void Approvals::withdrawAll(const std::string &reason)
{
    for (const auto &question : Inside::Questions(m_inside->questions)) {
        if (!question->answering)
            m_inside->close(question, reason, failure(ErrorCode::Cancelled, reason));
    }
    m_inside->kept.clear();
    m_inside->endStanding(reason, [](const TimedApproval &) { return true; });
}

std::vector<Approval> Approvals::open() const
{
    std::vector<Approval> list;
    for (const auto &question : m_inside->questions) {
        if (!question->answering)
            list.push_back(question->approval);
    }
    return list;
}

std::optional<Approval> Approvals::find(const ApprovalId &id) const
{
    const auto question = m_inside->open(id);
    return question ? std::optional(question->approval) : std::nullopt;
}

bool Approvals::isFull(const ClientId &client) const
{
    return m_inside->isFullFor(client) || static_cast<int>(m_inside->questions.size()) >= kHeldInAll;
}

std::vector<TimedApproval> Approvals::standing() const
{
    std::vector<TimedApproval> list;
    const DirectoryPtr directory = m_inside->registry.current();
    std::ranges::copy_if(m_inside->standing, std::back_inserter(list),
                         [&, now = m_inside->registry.now()](const TimedApproval &yes) {
                             return stands(yes, *directory, now);
                         });
    return list;
}

void Approvals::end(const ApprovalId &id, const std::string &via, Storage::Done done)
{
    const auto list = standing();
    const auto yes = std::ranges::find(list, id, &TimedApproval::id);
    if (yes == list.end())
        return done(failure(ErrorCode::NotFound, "no such yes"));
    std::erase_if(m_inside->standing, [&id](const TimedApproval &one) { return one.id == id; });
    m_inside->journal.recordDurably(endOf(*yes, "ended by the owner", via),
                                    m_inside->whileHere(std::move(done)));
    emit standingChanged();
}

void Approvals::seen(const ApprovalId &id)
{
    if (const auto question = m_inside->open(id))
        question->seen = true;
}

void Approvals::allow(const ApprovalId &id, const Yes &yes, const std::string &via, Storage::Done done)
{
    const auto question = m_inside->open(id);
    if (!question)
        return done(failure(ErrorCode::NotFound, "no such question"));
    const auto choices = choicesFor(question->approval.asked);
    const Covers covers = yes.covers.value_or(choices.front());
    if (std::ranges::find(choices, covers) == choices.end())
        return done(failure(ErrorCode::ValidationFailed, "the question names no such thing",
                            { { "field", "covers" } }));
    const std::int64_t now = m_inside->registry.now();
    const std::int64_t until = now + timeOf(yes.reach).count();
    const bool stays = yes.reach != Reach::Once;
    Event event = eventOf(EventKind::ApprovalAllowed, id, question->approval.asked);
    event.via = via;
    event.more["reach"] = nameOf(yes.reach);
    event.more["until"] = until;
    if (stays)
        event.more["covers"] = nameOf(covers);
    question->answering = true;
    m_inside->record(
        event, [this, question, covers, stays, now, until, done = std::move(done)](const Result<> &recorded) {
            question->answering = false;
            if (!recorded)
                return done(failure(ErrorCode::AuditUnavailable, recorded.error().detail));
            const ApprovalId &approval = question->approval.id;
            std::vector<Inside::Waiter> again;
            if (!question->waiters.empty()) {
                // One yes, one run: whoever else asked the same is a question of its own, or covered by what
                // stands.
                again.assign(std::next(question->waiters.begin()), question->waiters.end());
                question->waiters.resize(1);
            }
            if (stays)
                m_inside->stand(standingYesOf(approval, question->approval.asked, covers, now, until),
                                !question->waiters.empty());
            m_inside->answered(question, GivenYes{ approval, now, false }, !stays);
            for (Inside::Waiter &waiter : again)
                ask(waiter.asked, std::move(waiter.heard));
            done({});
        });
}

void Approvals::deny(const ApprovalId &id, const std::string &reason, bool pauseAgent, const std::string &via,
                     Storage::Done done)
{
    const auto question = m_inside->open(id);
    if (!question)
        return done(failure(ErrorCode::NotFound, "no such question"));
    Event event = eventOf(EventKind::ApprovalDenied, id, question->approval.asked);
    event.via = via;
    event.more["reason"] = reason;
    event.more["paused_agent"] = pauseAgent;
    question->answering = true;
    Storage::Done told = [this, question, reason, done = std::move(done)](const Result<> &recorded) {
        question->answering = false;
        if (!recorded)
            return done(failure(ErrorCode::AuditUnavailable, recorded.error().detail));
        Json details = nullptr;
        if (!reason.empty())
            details = { { "reason", reason } };
        m_inside->answered(question,
                           failure(ErrorCode::ApprovalDenied, "the owner said no", std::move(details)), true);
        done({});
    };
    const Agent *agent = m_inside->registry.current()->agent(question->approval.asked.agent);
    if (!pauseAgent || !agent)
        return m_inside->record(event, std::move(told));
    Agent paused = *agent;
    paused.state = AgentState::Paused;
    m_inside->registry.apply(
        [paused, saveOpen = m_inside->savingOpen()](Stores &stores) -> Result<> {
            if (auto saved = stores.agents.save(paused); !saved)
                return saved;
            return saveOpen(stores);
        },
        event, m_inside->whileHere(std::move(told)));
}

} // namespace gatehouse
