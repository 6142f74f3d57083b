// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/calls/approvals.h"

#include "gateway_core/base/json.h"

#include <QPointer>

#include <algorithm>
#include <array>
#include <map>

namespace gatehouse {

namespace {

struct ReachRow
{
    Reach reach;
    std::string_view name;
    Millis time;
};
constexpr std::array kReaches{
    ReachRow{ Reach::Once, "once", kOnceReach },
    ReachRow{ Reach::Minutes15, "15m", std::chrono::minutes(15) },
    ReachRow{ Reach::Hour1, "1h", std::chrono::hours(1) },
    ReachRow{ Reach::Hours8, "8h", std::chrono::hours(8) },
};

const ReachRow &rowOf(Reach reach)
{
    return *std::ranges::find(kReaches, reach, &ReachRow::reach);
}

/// One call, whoever repeats it: a newer issue or another grant makes it another question.
bool sameCall(const AskedCall &left, const AskedCall &right)
{
    return left.client == right.client && left.tool == right.tool && left.project == right.project
        && left.argumentDigest == right.argumentDigest && left.grantRevision == right.grantRevision
        && left.issueUpdatedAt == right.issueUpdatedAt && left.withPin == right.withPin;
}

Event eventOf(EventKind kind, const Approval &approval)
{
    const AskedCall &asked = approval.asked;
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
    event.more = { { "approval_id", approval.id.text() }, { "with_pin", asked.withPin } };
    return event;
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

std::string_view nameOf(Reach reach)
{
    return rowOf(reach).name;
}

std::optional<Reach> reachNamed(std::string_view name)
{
    const auto row = std::ranges::find(kReaches, name, &ReachRow::name);
    return row == kReaches.end() ? std::nullopt : std::optional(row->reach);
}

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
        Result<> word;
    };
    /// What the owner was shown of an issue: a repeat, after somebody changed it, says what was changed.
    struct Shown
    {
        AskedCall asked;
        std::int64_t untilBoot = 0;
    };
    struct Quiet
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
    [[nodiscard]] bool isFull(const AskedCall &asked) const;
    [[nodiscard]] bool isStanding(const AskedCall &asked);
    std::optional<Result<>> takeKept(const AskedCall &asked);
    void record(const Event &event, Storage::Done done);
    [[nodiscard]] Storage::Done whileHere(Storage::Done done) const;
    void wait(const std::shared_ptr<Question> &question, const AskedCall &asked, Heard heard);
    void holdRanOut(const ApprovalId &id, const CallId &call);
    ApprovalId openQuestion(AskedCall asked, Heard heard);
    void remember(AskedCall &asked);
    /// `isForOne`: the word is for one call; where none waits, its next repeat hears it.
    void answered(const std::shared_ptr<Question> &question, const Result<> &word, bool isForOne);
    void close(const std::shared_ptr<Question> &question, const std::string &reason, const Result<> &word);
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
    std::vector<StandingYes> standing;
    std::map<ClientId, Quiet> quiet;
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
    // The list as it is when this unit runs: units run in the order they were given.
    journal.recordWith(
        event,
        [note = openAsNote()](Stores &stores) { return stores.profile.saveNote(kOpenQuestionsNote, note); },
        whileHere(std::move(done)));
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

bool Approvals::Inside::isFull(const AskedCall &asked) const
{
    const auto ofClient = std::ranges::count_if(questions, [&asked](const auto &question) {
        return question->approval.asked.client == asked.client;
    });
    return ofClient >= kHeldPerClient || static_cast<int>(questions.size()) >= kHeldInAll;
}

bool Approvals::Inside::isStanding(const AskedCall &asked)
{
    const std::int64_t now = registry.now();
    std::erase_if(standing, [now](const StandingYes &yes) { return now >= yes.until; });
    return std::ranges::any_of(standing, [&asked](const StandingYes &yes) {
        return yes.agent == asked.agent && yes.tool == asked.tool && yes.project == asked.project
            && yes.grantRevision == asked.grantRevision;
    });
}

std::optional<Result<>> Approvals::Inside::takeKept(const AskedCall &asked)
{
    const std::int64_t boot = clock.sinceBoot();
    std::erase_if(kept, [boot](const Kept &word) { return boot >= word.untilBoot; });
    const auto found
        = std::ranges::find_if(kept, [&](const Kept &word) { return sameCall(word.asked, asked); });
    if (found == kept.end())
        return std::nullopt;
    const Result<> word = found->word;
    kept.erase(found);
    return word;
}

void Approvals::Inside::wait(const std::shared_ptr<Question> &question, const AskedCall &asked, Heard heard)
{
    question->waiters.push_back({ asked, std::move(heard) });
    question->approval.held = true;
    question->approval.heldUntil = clock.now() + Millis(kHoldTime).count();
    clock.after(kHoldTime, &q,
                [this, id = question->approval.id, call = asked.call] { holdRanOut(id, call); });
}

void Approvals::Inside::holdRanOut(const ApprovalId &id, const CallId &call)
{
    const auto question = open(id);
    if (!question)
        return;
    const auto waiter = std::ranges::find_if(question->waiters,
                                             [&call](const Waiter &one) { return one.asked.call == call; });
    if (waiter == question->waiters.end())
        return;
    const Heard heard = std::move(waiter->heard);
    question->waiters.erase(waiter);
    question->approval.held = !question->waiters.empty();
    if (question->seen && !question->ignored) {
        question->ignored = true;
        Quiet &client = quiet[question->approval.asked.client];
        if (++client.ignored >= kUnansweredBeforeCoolDown)
            client = { 0, clock.sinceBoot() + Millis(kCoolDown).count() };
    }
    heard(pending(id));
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
    const auto silence = quiet.find(asked.client);
    const bool isQuiet = silence != quiet.end() && clock.sinceBoot() < silence->second.untilBoot;
    if (!isQuiet)
        wait(question, asked, std::exchange(heard, nullptr));

    record(eventOf(EventKind::ApprovalAsked, question->approval), [this, id](const Result<> &recorded) {
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

void Approvals::Inside::answered(const std::shared_ptr<Question> &question, const Result<> &word,
                                 bool isForOne)
{
    remove(question);
    quiet.erase(question->approval.asked.client);
    const auto waiters = std::exchange(question->waiters, {});
    if (waiters.empty() && isForOne)
        kept.push_back({ question->approval.asked, clock.sinceBoot() + Millis(kOnceReach).count(), word });
    emit q.closed(question->approval.id);
    for (const Waiter &waiter : waiters)
        waiter.heard(word);
}

void Approvals::Inside::close(const std::shared_ptr<Question> &question, const std::string &reason,
                              const Result<> &word)
{
    remove(question);
    Event event = eventOf(EventKind::ApprovalClosed, question->approval);
    event.more["reason"] = reason;
    record(event,
           [](const Result<> &) { /* the question is gone either way; a start closes it on record */ });
    const auto waiters = std::exchange(question->waiters, {});
    emit q.closed(question->approval.id);
    for (const Waiter &waiter : waiters)
        waiter.heard(word);
}

/// A question whose asker may not ask any more is none.
void Approvals::Inside::dropGone()
{
    const DirectoryPtr directory = registry.current();
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
}

Approvals::~Approvals() = default;

ApprovalId Approvals::ask(const AskedCall &asked, Heard heard)
{
    if (m_inside->isStanding(asked)) {
        heard({});
        return {};
    }
    if (const auto word = m_inside->takeKept(asked)) {
        heard(*word);
        return {};
    }
    if (m_inside->waitersOf(asked.client) >= kHeldPerClient) {
        heard(failure(ErrorCode::ApprovalsFull, "eight calls of this client wait already"));
        return {};
    }
    for (const auto &question : m_inside->questions) {
        if (!question->answering && sameCall(question->approval.asked, asked)) {
            m_inside->wait(question, asked, std::move(heard));
            emit askedAgain(question->approval);
            return question->approval.id;
        }
    }
    if (m_inside->isFull(asked)) {
        heard(failure(ErrorCode::ApprovalsFull, "the queue of questions is full"));
        return {};
    }
    return m_inside->openQuestion(asked, std::move(heard));
}

void Approvals::withdraw(const CallId &call)
{
    for (const auto &question : Inside::Questions(m_inside->questions)) {
        const auto waiter = std::ranges::find_if(
            question->waiters, [&call](const Inside::Waiter &one) { return one.asked.call == call; });
        if (waiter == question->waiters.end())
            continue;
        const Heard heard = std::move(waiter->heard);
        question->waiters.erase(waiter);
        question->approval.held = !question->waiters.empty();
        if (question->waiters.empty() && !question->answering)
            m_inside->close(question, "withdrawn", {});
        heard(failure(ErrorCode::Cancelled, "withdrawn by the client"));
        return;
    }
}

void Approvals::withdraw(const ApprovalId &id)
{
    const auto question = m_inside->open(id);
    if (question && question->waiters.empty())
        m_inside->close(question, "withdrawn", {});
}

void Approvals::withdrawAll(const std::string &reason)
{
    for (const auto &question : Inside::Questions(m_inside->questions)) {
        if (!question->answering)
            m_inside->close(question, reason, failure(ErrorCode::Cancelled, reason));
    }
    m_inside->kept.clear();
    m_inside->standing.clear();
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

std::vector<StandingYes> Approvals::standing() const
{
    std::vector<StandingYes> list;
    std::ranges::copy_if(
        m_inside->standing, std::back_inserter(list),
        [now = m_inside->registry.now()](const StandingYes &yes) { return now < yes.until; });
    return list;
}

bool Approvals::takeBack(const ApprovalId &id)
{
    return std::erase_if(m_inside->standing, [&id](const StandingYes &yes) { return yes.id == id; }) > 0;
}

void Approvals::seen(const ApprovalId &id)
{
    if (const auto question = m_inside->open(id))
        question->seen = true;
}

void Approvals::allow(const ApprovalId &id, Reach reach, const std::string &via, Storage::Done done)
{
    const auto question = m_inside->open(id);
    if (!question)
        return done(failure(ErrorCode::NotFound, "no such question"));
    const std::int64_t until = m_inside->registry.now() + rowOf(reach).time.count();
    Event event = eventOf(EventKind::ApprovalAllowed, question->approval);
    event.via = via;
    event.more["reach"] = nameOf(reach);
    event.more["until"] = until;
    question->answering = true;
    m_inside->record(event, [this, question, reach, until, done = std::move(done)](const Result<> &recorded) {
        question->answering = false;
        if (!recorded)
            return done(failure(ErrorCode::AuditUnavailable, recorded.error().detail));
        const AskedCall asked = question->approval.asked;
        std::vector<Inside::Waiter> again;
        if (reach == Reach::Once && question->waiters.size() > 1) {
            // One yes, one run: whoever else asked the same is a question of its own.
            again.assign(std::next(question->waiters.begin()), question->waiters.end());
            question->waiters.resize(1);
        }
        if (reach != Reach::Once)
            m_inside->standing.push_back({ question->approval.id, asked.agent, asked.tool, asked.project,
                                           asked.grantRevision, until });
        m_inside->answered(question, {}, reach == Reach::Once);
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
    Event event = eventOf(EventKind::ApprovalDenied, question->approval);
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
    m_inside->registry.apply([paused](Stores &stores) { return stores.agents.save(paused); }, event,
                             m_inside->whileHere(std::move(told)));
}

} // namespace gatehouse
