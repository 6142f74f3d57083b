// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gatehouse/window_port.h"

#include "app/gatehouse/codex_client.h"
#include "app/gatehouse/codex_setup.h"
#include "app/gatehouse/summaries.h"
#include "app/places.h"
#include "gateway_core/audit/journal_check.h"
#include "gateway_core/identity/token.h"

#include <QPointer>

namespace gatehouse {

namespace {

const OwnerCaller kWindow;

std::string utf8(const QString &text)
{
    return text.toStdString();
}

/// An answer of one kind as the answer of another: the error stays, the value is converted.
template <typename To, typename From, typename Convert>
std::function<void(Result<From>)> as(std::function<void(Result<To>)> answer, Convert convert)
{
    return [answer = std::move(answer), convert = std::move(convert)](Result<From> result) {
        if (result)
            answer(convert(*result));
        else
            answer(tl::unexpected<Error>(result.error()));
    };
}

ConnectionSettings settingsOf(const TaskerSettings &typed)
{
    ConnectionSettings settings{.taskerUrl = utf8(typed.url),
                                .ownerUserId = utf8(typed.ownerUserId),
                                .ownerEmail = utf8(typed.ownerEmail),
                                .credential = std::nullopt,
                                .caFile = utf8(typed.caFile)};
    if (!typed.credential.isEmpty())
        settings.credential = Secret(utf8(typed.credential));
    return settings;
}

/// Puts the grants one after another: each is an act of its own on record.
void putInOrder(House &house, QList<GrantSummary> grants, std::function<void(Result<>)> done)
{
    if (grants.isEmpty())
        return done({});
    const GrantSummary grant = grants.takeFirst();
    const bool removes = grant.answer == u"none";
    const auto answer = removes ? Answer::Off : kAnswerWords.named(utf8(grant.answer));
    if (!answer)
        return done(failure(ErrorCode::ValidationFailed, "unknown answer", {{"field", "answer"}}));
    const GrantRequest request{.agent = AgentId(utf8(grant.agentId)),
                               .project = ProjectId(utf8(grant.projectId)),
                               .projectName = utf8(grant.projectName),
                               .projectIdentifier = utf8(grant.projectIdentifier),
                               .scope = utf8(grant.scope),
                               .answer = *answer,
                               .until = grant.until ? std::optional<std::int64_t>(grant.until->toMSecsSinceEpoch())
                                                    : std::nullopt,
                               .removes = removes};
    house.desk.putGrant(kWindow, request, [&house, grants, done = std::move(done)](Result<Grant> put) {
        if (!put)
            return done(tl::unexpected<Error>(put.error()));
        putInOrder(house, grants, done);
    });
}

} // namespace

WindowPort::WindowPort(Core &core, QObject *parent)
    : GatewayPort(parent)
    , m_core(core)
{
    connect(&core, &Core::statusChanged, this, [this](const GatewayStatus &status) {
        m_status = status;
        emit statusChanged();
    });
    // On the core thread: the house's own signals are joined where it lives.
    connect(&core, &Core::ready, &core, [this] { listenTo(*m_core.house()); });
}

void WindowPort::listenTo(House &house)
{
    const auto here = [this](auto act) { QMetaObject::invokeMethod(this, std::move(act), Qt::QueuedConnection); };
    connect(&house.registry, &Registry::changed, &house, [here, this] { here([this] { emit directoryChanged(); }); });
    connect(&house.feed, &Feed::changed, &house, [here, this](const std::vector<CallRow> &lines) {
        here([this, rows = summaries::of(lines)] { emit activityAdded(rows); });
    });
    connect(&house.feed, &Feed::lagged, &house, [here, this] { here([this] { emit activityFellBehind(); }); });
    connect(&house.pairing, &Pairing::confirmationAsked, &house, [here, this](const Confirmation &asked) {
        here([this, summary = summaries::of(asked)] { emit confirmationAsked(summary); });
    });
    connect(&house.pairing, &Pairing::confirmationClosed, &house, [here, this](const ConfirmationId &id) {
        here([this, id = QString::fromStdString(id.text())] { emit confirmationClosed(id); });
    });
    connect(&house.pairing, &Pairing::codeChanged, &house, [here, this, &house] {
        if (!house.pairing.openCode())
            here([this] { emit pairingClosed(); });
    });
    for (const auto asked : {&Approvals::asked, &Approvals::askedAgain}) {
        connect(&house.approvals, asked, &house, [here, this](const Approval &approval) {
            here([this, summary = summaries::of(approval)] { emit approvalAsked(summary); });
        });
    }
    connect(&house.approvals, &Approvals::closed, &house, [here, this](const ApprovalId &id) {
        here([this, id = QString::fromStdString(id.text())] { emit approvalClosed(id); });
    });
    connect(&house.approvals, &Approvals::heldChanged, &house, [here, this](const ApprovalId &id, bool held) {
        here([this, id = QString::fromStdString(id.text()), held] { emit approvalHeldChanged(id, held); });
    });
    connect(&house.approvals, &Approvals::standingChanged, &house, [here, this] { here([this] { emit standingChanged(); }); });
    passOnNotices(house);
}

void WindowPort::passOnNotices(House &house)
{
    const auto tell = [this](std::string_view code) {
        QMetaObject::invokeMethod(
            this, [this, code = summaries::wordOf(code)] { emit notice(code); }, Qt::QueuedConnection);
    };
    connect(&house.pairing, &Pairing::codeVoided, &house, [tell] { tell("pairing_voided"); });
    connect(&house.pairing, &Pairing::pausedForGuessing, &house, [tell] { tell("pairing_paused"); });
    connect(&house.logins, &Logins::endedForReuse, &house, [tell] { tell("login_revoked"); });
    connect(&house.retention, &Retention::failed, &house, [tell] { tell("retention_failed"); });
    connect(&house.tasker, &TaskerClient::healthChanged, &house, [tell, &house] {
        if (house.tasker.health().lastError == ErrorCode::UpstreamAuthFailed)
            tell(nameOf(ErrorCode::UpstreamAuthFailed));
    });
    if (house.hallway.questionsClosed() > 0)
        tell("restarted_questions_closed");
}

template <typename T>
QFuture<Result<T>> WindowPort::ask(std::function<void(House &, Answer<T>)> act, Where where)
{
    auto promise = std::make_shared<QPromise<Result<T>>>();
    promise->start();
    QFuture<Result<T>> future = promise->future();
    const Answer<T> answer = [promise](Result<T> result) {
        promise->addResult(std::move(result));
        promise->finish();
    };
    QMetaObject::invokeMethod(&m_core, [this, act = std::move(act), answer, where] {
        m_core.whenStarted([this, act, answer, where](House *house) {
            if (!house && where == Where::AtThreshold)
                house = m_core.houseAtThreshold();
            if (house)
                act(*house, answer);
            else
                answer(failure(m_core.status().problem.value_or(ErrorCode::GatewayLocked)));
        });
    });
    return future;
}

QFuture<Result<QList<AgentSummary>>> WindowPort::agents()
{
    return ask<QList<AgentSummary>>([](House &house, auto answer) {
        const auto directory = house.registry.current();
        QList<AgentSummary> agents;
        for (const auto &[id, agent] : directory->agents)
            agents.append(summaries::of(agent, *directory));
        std::sort(agents.begin(), agents.end(), [](const auto &a, const auto &b) {
            return std::pair(a.createdAt, a.id) < std::pair(b.createdAt, b.id);
        });
        answer(agents);
    });
}

QFuture<Result<AgentSummary>> WindowPort::createAgent(const QString &name)
{
    return ask<AgentSummary>([name](House &house, auto answer) {
        house.desk.createAgent(kWindow, utf8(name), as<AgentSummary, Agent>(answer, [&house](const Agent &agent) {
                                   return summaries::of(agent, *house.registry.current());
                               }));
    });
}

QFuture<Result<AgentSummary>> WindowPort::renameAgent(const QString &id, const QString &name)
{
    return ask<AgentSummary>([id, name](House &house, auto answer) {
        house.desk.renameAgent(kWindow, AgentId(utf8(id)), utf8(name),
                               as<AgentSummary, Agent>(answer, [&house](const Agent &agent) {
                                   return summaries::of(agent, *house.registry.current());
                               }));
    });
}

QFuture<Result<AgentSummary>> WindowPort::setAgentState(const QString &id, const QString &state)
{
    return ask<AgentSummary>([id, state](House &house, auto answer) {
        const auto wanted = kAgentStateWords.named(utf8(state));
        if (!wanted)
            return answer(failure(ErrorCode::ValidationFailed, "unknown state", {{"field", "state"}}));
        house.desk.setAgentState(kWindow, AgentId(utf8(id)), *wanted,
                                 as<AgentSummary, Agent>(answer, [&house](const Agent &agent) {
                                     return summaries::of(agent, *house.registry.current());
                                 }));
    });
}

QFuture<Result<QList<GrantSummary>>> WindowPort::grants(const QString &agent)
{
    return ask<QList<GrantSummary>>([agent](House &house, auto answer) {
        QList<GrantSummary> grants;
        const auto standing = house.approvals.standing();
        const auto directory = house.registry.current();
        if (const auto found = directory->grants.find(AgentId(utf8(agent))); found != directory->grants.end()) {
            for (const auto &[key, grant] : found->second)
                grants.append(summaries::of(grant, standing));
        }
        answer(grants);
    });
}

QFuture<Result<>> WindowPort::putGrants(const QList<GrantSummary> &grants)
{
    return ask<void>([grants](House &house, auto answer) { putInOrder(house, grants, answer); });
}

QFuture<Result<QList<ProjectSummary>>> WindowPort::findProjects(const QString &query)
{
    return ask<QList<ProjectSummary>>([query](House &house, auto answer) {
        house.desk.findProjects(kWindow, utf8(query), 50,
                                as<QList<ProjectSummary>, Json>(answer, &summaries::projectsOf));
    });
}

QFuture<Result<QList<ClientSummary>>> WindowPort::clients(const QString &agent)
{
    return ask<QList<ClientSummary>>([agent](House &house, auto answer) {
        QList<ClientSummary> clients;
        for (const auto &[id, client] : house.registry.current()->clients) {
            if (!agent.isEmpty() && client.agent.text() != utf8(agent))
                continue;
            clients.append(summaries::of(client));
            const std::int64_t crowded = house.registry.lastCrowded(id);
            if (crowded > 0 && house.registry.now() - crowded <= Millis(kCrowdedShown).count())
                clients.last().crowdedAt = QDateTime::fromMSecsSinceEpoch(crowded);
        }
        std::sort(clients.begin(), clients.end(), [](const auto &a, const auto &b) {
            return std::pair(a.createdAt, a.id) > std::pair(b.createdAt, b.id);
        });
        answer(clients);
    });
}

QFuture<Result<>> WindowPort::revokeClient(const QString &client)
{
    return ask<void>([client](House &house, auto answer) {
        house.desk.revokeClient(kWindow, ClientId(utf8(client)), answer);
    });
}

QFuture<Result<QString>> WindowPort::mintAgentToken(const QString &agent, const QString &name)
{
    return ask<QString>([agent, name](House &house, auto answer) {
        house.desk.mintAgentToken(kWindow, AgentId(utf8(agent)), utf8(name),
                                  as<QString, std::pair<Client, Secret>>(answer, [](const auto &minted) {
                                      const auto text = minted.second.text();
                                      return QString::fromLatin1(text.data(), static_cast<qsizetype>(text.size()));
                                  }));
    });
}

QFuture<Result<QString>> WindowPort::mintOwnerToken(const QString &name)
{
    return ask<QString>([name](House &house, auto answer) {
        house.desk.mintOwnerToken(kWindow, utf8(name), kOwnerTokenLifetime,
                                  as<QString, std::pair<OwnerToken, Secret>>(answer, [](const auto &minted) {
                                      const auto text = minted.second.text();
                                      return QString::fromLatin1(text.data(), static_cast<qsizetype>(text.size()));
                                  }));
    });
}

QFuture<Result<PairingSummary>> WindowPort::openPairing(const QString &agent)
{
    // Where the socket is not at its usual place, the other side has to be told.
    const auto &socket = m_core.options().socket;
    const QString command = codexSetup::pairCommand(
        socket == places::socketFile() ? QString() : QString::fromStdString(socket.string()));
    return ask<PairingSummary>([agent, command](House &house, auto answer) {
        house.desk.openPairing(kWindow, AgentId(utf8(agent)), kCodeLifetime,
                               as<PairingSummary, PairingCode>(answer, [command](const PairingCode &code) {
                                   return PairingSummary{.code = QString::fromStdString(code.text),
                                                         .agentId = QString::fromStdString(code.agent.text()),
                                                         .expiresAt = QDateTime::fromMSecsSinceEpoch(code.expiresAt),
                                                         .command = command};
                               }));
    });
}

QFuture<Result<>> WindowPort::closePairing()
{
    return ask<void>([](House &house, auto answer) { house.desk.closePairing(kWindow, answer); });
}

QFuture<Result<>> WindowPort::confirmPairing(const QString &id)
{
    return ask<void>([id](House &house, auto answer) {
        house.desk.confirmPairing(kWindow, ConfirmationId(utf8(id)), answer);
    });
}

QFuture<Result<>> WindowPort::confirmPairing(const QString &id, const QString &agent)
{
    return ask<void>([id, agent](House &house, auto answer) {
        house.desk.confirmLogin(kWindow, ConfirmationId(utf8(id)), AgentId(utf8(agent)), answer);
    });
}

QFuture<Result<>> WindowPort::denyPairing(const QString &id)
{
    return ask<void>([id](House &house, auto answer) {
        house.desk.denyPairing(kWindow, ConfirmationId(utf8(id)), answer);
    });
}

QString WindowPort::codexSetupCommand() const
{
    return codexSetup::commandLine(QString::fromStdString(m_core.options().socket.string()));
}

QFuture<Result<SetupResult>> WindowPort::setUpCodex(const QString &agent)
{
    const QString socket = QString::fromStdString(m_core.options().socket.string());
    return ask<SetupResult>([agent, socket, this](House &house, auto answer) {
        // The bridge is a program of its own: it opens the keychain, never our sealed file.
        if (m_core.secrets().kind() == "sealed-file")
            return answer(failure(ErrorCode::Conflict, "the bridge cannot read a sealed file", {{"reason", "sealed_file"}}));
        if (!codexSetup::isCodexThere())
            return answer(failure(ErrorCode::NotFound, "no codex on the PATH", {{"reason", "no_codex"}}));
        CodexClient::setUp({house.desk, house.registry, m_core.secrets()}, AgentId(utf8(agent)),
                           [socket, this](const CodexClient::Done &done) { codexSetup::run(socket, &m_core, done); }, answer);
    });
}

QFuture<Result<QList<ApprovalSummary>>> WindowPort::approvals()
{
    return ask<QList<ApprovalSummary>>([](House &house, auto answer) {
        QList<ApprovalSummary> approvals;
        for (const auto &approval : house.approvals.open())
            approvals.append(summaries::of(approval));
        answer(approvals);
    });
}

QFuture<Result<>> WindowPort::allowCall(const QString &id, const QString &reach, const QString &covers)
{
    return ask<void>([id, reach, covers](House &house, auto answer) {
        const auto wanted = reachNamed(utf8(reach));
        if (!wanted)
            return answer(failure(ErrorCode::ValidationFailed, "unknown reach", {{"field", "reach"}}));
        house.desk.allowCall(kWindow, ApprovalId(utf8(id)), Yes(*wanted, coversNamed(utf8(covers))), answer);
    });
}

QFuture<Result<QList<StandingYesSummary>>> WindowPort::standingYeses()
{
    return ask<QList<StandingYesSummary>>([](House &house, auto answer) {
        QList<StandingYesSummary> standing;
        for (const auto &yes : house.approvals.standing())
            standing.append(summaries::of(yes));
        answer(standing);
    });
}

QFuture<Result<>> WindowPort::endYes(const QString &id)
{
    return ask<void>([id](House &house, auto answer) {
        house.desk.endYes(kWindow, ApprovalId(utf8(id)), answer);
    });
}

QFuture<Result<>> WindowPort::denyCall(const QString &id, const QString &reason, bool pauseAgent)
{
    return ask<void>([id, reason, pauseAgent](House &house, auto answer) {
        house.desk.denyCall(kWindow, ApprovalId(utf8(id)), utf8(reason), pauseAgent, answer);
    });
}

void WindowPort::approvalSeen(const QString &id)
{
    QMetaObject::invokeMethod(&m_core, [this, id] {
        if (House *house = m_core.house())
            house->approvals.seen(ApprovalId(utf8(id)));
    });
}

QFuture<Result<PreviewSummary>> WindowPort::preview(const QString &id)
{
    return ask<PreviewSummary>([id](House &house, auto answer) {
        house.desk.preview(ApprovalId(utf8(id)), as<PreviewSummary, Preview>(answer, [](const Preview &preview) {
                               return summaries::of(preview);
                           }));
    });
}

QFuture<Result<>> WindowPort::setPin(const QString &old, const QString &fresh)
{
    return ask<void>(
        [old, fresh](House &house, auto answer) { house.stepUp.setPin(Secret(utf8(old)), Secret(utf8(fresh)), answer); },
        Where::AtThreshold);
}

QFuture<Result<>> WindowPort::enterPin(const QString &pin)
{
    return ask<void>(
        [pin](House &house, auto answer) {
            house.stepUp.enter(kWindow.name, Secret(utf8(pin)), [answer](Result<StepUpTicket> ticket) {
                answer(ticket ? Result<>{} : tl::unexpected<Error>(ticket.error()));
            });
        },
        Where::AtThreshold);
}

QFuture<Result<>> WindowPort::resetPin()
{
    return ask<void>([](House &house, auto answer) { house.stepUp.reset(answer); });
}

QFuture<Result<TestedConnection>> WindowPort::testConnection(const TaskerSettings &typed)
{
    return ask<TestedConnection>([typed](House &house, auto answer) {
        house.desk.testConnection(kWindow, settingsOf(typed), as<TestedConnection, Json>(answer, [](const Json &found) {
                                      return TestedConnection{summaries::wordOf(found.at("tasker_url").get<std::string>()),
                                                              summaries::projectsOf(found)};
                                  }));
    });
}

QFuture<Result<>> WindowPort::saveConnection(const TaskerSettings &typed)
{
    return ask<void>([typed](House &house, auto answer) {
        house.desk.saveConnection(kWindow, settingsOf(typed), [answer](Result<Profile> saved) {
            answer(saved ? Result<>{} : tl::unexpected<Error>(saved.error()));
        });
    });
}

QFuture<Result<>> WindowPort::setMode(const QString &mode, const QString &reason)
{
    return ask<void>([mode, reason](House &house, auto answer) {
        const auto wanted = kModeWords.named(utf8(mode));
        if (!wanted)
            return answer(failure(ErrorCode::ValidationFailed, "unknown mode", {{"field", "mode"}}));
        house.desk.setMode(kWindow, *wanted, utf8(reason), [answer](Result<Profile> changed) {
            answer(changed ? Result<>{} : tl::unexpected<Error>(changed.error()));
        });
    });
}

QFuture<Result<QuietSummary>> WindowPort::stopEverything(const QStringList &revoked)
{
    Revocation wanted;
    for (const QString &agent : revoked) {
        if (agent == kEveryAgent)
            wanted.everyone = true;
        else
            wanted.agents.insert(AgentId(utf8(agent)));
    }
    return ask<QuietSummary>([wanted](House &house, auto answer) {
        house.desk.stopEverything(kWindow, wanted,
                                  as<QuietSummary, Quiet>(answer, [](const Quiet &quiet) { return summaries::of(quiet); }));
    });
}

QFuture<Result<ActivityFound>> WindowPort::activity(const ActivityFilter &filter)
{
    return ask<ActivityFound>([filter](House &house, auto answer) {
        house.desk.activity({.agentId = utf8(filter.agentId),
                             .clientId = utf8(filter.clientId),
                             .tool = utf8(filter.tool),
                             .projectId = utf8(filter.projectId),
                             .decision = utf8(filter.decision),
                             .outcome = utf8(filter.outcome),
                             .text = utf8(filter.text),
                             .from = filter.from ? std::optional<std::int64_t>(filter.from->toMSecsSinceEpoch()) : std::nullopt,
                             .before = filter.before,
                             .after = filter.after,
                             .limit = filter.limit},
                            as<ActivityFound, CallPage>(answer, [](const CallPage &page) {
                                return summaries::of(page);
                            }));
    });
}

QFuture<Result<CountsSummary>> WindowPort::countsSince(const QDateTime &from)
{
    return ask<CountsSummary>([from](House &house, auto answer) {
        house.desk.countCalls(from.toMSecsSinceEpoch(), std::numeric_limits<std::int64_t>::max(),
                              as<CountsSummary, CallCounts>(answer, [](const CallCounts &counts) {
                                  return summaries::of(counts);
                              }));
    });
}

QFuture<Result<VerdictSummary>> WindowPort::verifyJournal()
{
    return ask<VerdictSummary>([](House &house, auto answer) {
        JournalCheck::run(house.storage(), house.secrets(), house.registry.current()->profile.id,
                          as<VerdictSummary, Verdict>(answer, [](const Verdict &verdict) {
                              return summaries::of(verdict);
                          }),
                          {}, &house);
    });
}

QFuture<Result<>> WindowPort::acceptRestore()
{
    return ask<void>([](House &house, auto answer) { house.desk.acceptRestore(kWindow, answer); }, Where::AtThreshold);
}

QFuture<Result<>> WindowPort::moveExports(const QString &folder)
{
    return ask<void>([folder](House &house, auto answer) {
        house.desk.moveExports(kWindow, std::filesystem::path(utf8(folder)), answer);
    });
}

QFuture<Result<>> WindowPort::settleClock(const QString &answer)
{
    return ask<void>([wasWrong = answer == u"was_wrong"](House &house, auto done) {
        house.desk.settleClock(kWindow, wasWrong ? ClockAnswer::WasWrong : ClockAnswer::IsRight, done);
    });
}

void WindowPort::retry(int port)
{
    QMetaObject::invokeMethod(&m_core, [this, port] { m_core.retry(port); });
}

} // namespace gatehouse
