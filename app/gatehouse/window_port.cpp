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
    ConnectionSettings settings{ .taskerUrl = utf8(typed.url),
                                 .ownerUserId = utf8(typed.ownerUserId),
                                 .ownerEmail = utf8(typed.ownerEmail),
                                 .credential = std::nullopt,
                                 .caFile = utf8(typed.caFile) };
    if (!typed.credential.isEmpty())
        settings.credential = Secret(utf8(typed.credential));
    return settings;
}

/// Puts the grants one after another: each is an act of its own on record.
void putInOrder(Services &services, QList<GrantSummary> grants, std::function<void(Result<>)> done)
{
    if (grants.isEmpty())
        return done({});
    const GrantSummary grant = grants.takeFirst();
    const bool removes = grant.answer == u"none";
    const auto answer = removes ? GrantPolicy::Off : kAnswerWords.named(utf8(grant.answer));
    if (!answer)
        return done(failure(ErrorCode::ValidationFailed, "unknown answer", { { "field", "answer" } }));
    const GrantRequest request{ .agent = AgentId(utf8(grant.agentId)),
                                .project = ProjectId(utf8(grant.projectId)),
                                .projectName = utf8(grant.projectName),
                                .projectIdentifier = utf8(grant.projectIdentifier),
                                .scope = utf8(grant.scope),
                                .answer = *answer,
                                .until = grant.until
                                    ? std::optional<std::int64_t>(grant.until->toMSecsSinceEpoch())
                                    : std::nullopt,
                                .removes = removes };
    services.owner.putGrant(kWindow, request, [&services, grants, done = std::move(done)](Result<Grant> put) {
        if (!put)
            return done(tl::unexpected<Error>(put.error()));
        putInOrder(services, grants, done);
    });
}

} // namespace

WindowPort::WindowPort(GatewayLifecycle &core, QObject *parent)
    : GatewayPort(parent)
    , m_lifecycle(core)
{
    connect(&core, &GatewayLifecycle::statusChanged, this, [this](const GatewayStatus &status) {
        m_status = status;
        emit statusChanged();
    });
    // On the core thread: the services's own signals are joined where it lives.
    connect(&core, &GatewayLifecycle::ready, &core, [this] { listenTo(*m_lifecycle.services()); });
}

void WindowPort::listenTo(Services &services)
{
    const auto here
        = [this](auto act) { QMetaObject::invokeMethod(this, std::move(act), Qt::QueuedConnection); };
    connect(&services.registry, &Registry::changed, &services,
            [here, this] { here([this] { emit directoryChanged(); }); });
    connect(&services.feed, &Feed::changed, &services, [here, this](const std::vector<CallRow> &lines) {
        here([this, rows = summaries::of(lines)] { emit activityAdded(rows); });
    });
    connect(&services.feed, &Feed::lagged, &services,
            [here, this] { here([this] { emit activityFellBehind(); }); });
    connect(&services.pairing, &Pairing::confirmationAsked, &services,
            [here, this](const Confirmation &asked) {
                here([this, summary = summaries::of(asked)] { emit confirmationAsked(summary); });
            });
    connect(&services.pairing, &Pairing::confirmationClosed, &services,
            [here, this](const ConfirmationId &id) {
                here([this, id = QString::fromStdString(id.text())] { emit confirmationClosed(id); });
            });
    connect(&services.pairing, &Pairing::codeChanged, &services, [here, this, &services] {
        if (!services.pairing.openCode())
            here([this] { emit pairingClosed(); });
    });
    for (const auto asked : { &Approvals::asked, &Approvals::askedAgain }) {
        connect(&services.approvals, asked, &services, [here, this](const Approval &approval) {
            here([this, summary = summaries::of(approval)] { emit approvalAsked(summary); });
        });
    }
    connect(&services.approvals, &Approvals::closed, &services, [here, this](const ApprovalId &id) {
        here([this, id = QString::fromStdString(id.text())] { emit approvalClosed(id); });
    });
    connect(&services.approvals, &Approvals::heldChanged, &services,
            [here, this](const ApprovalId &id, bool held) {
                here([this, id = QString::fromStdString(id.text()), held] {
                    emit approvalHeldChanged(id, held);
                });
            });
    connect(&services.approvals, &Approvals::standingChanged, &services,
            [here, this] { here([this] { emit standingChanged(); }); });
    passOnNotices(services);
}

void WindowPort::passOnNotices(Services &services)
{
    const auto tell = [this](std::string_view code) {
        QMetaObject::invokeMethod(
            this, [this, code = summaries::wordOf(code)] { emit notice(code); }, Qt::QueuedConnection);
    };
    connect(&services.pairing, &Pairing::codeVoided, &services, [tell] { tell("pairing_voided"); });
    connect(&services.pairing, &Pairing::pausedForGuessing, &services, [tell] { tell("pairing_paused"); });
    connect(&services.logins, &Logins::endedForReuse, &services, [tell] { tell("login_revoked"); });
    connect(&services.retention, &Retention::failed, &services, [tell] { tell("retention_failed"); });
    connect(&services.tasker, &TaskerClient::healthChanged, &services, [tell, &services] {
        if (services.tasker.health().lastError == ErrorCode::UpstreamAuthFailed)
            tell(nameOf(ErrorCode::UpstreamAuthFailed));
    });
    if (services.pipeline.questionsClosed() > 0)
        tell("restarted_questions_closed");
}

template <typename T>
QFuture<Result<T>> WindowPort::ask(std::function<void(Services &, Answer<T>)> act, Where where)
{
    auto promise = std::make_shared<QPromise<Result<T>>>();
    promise->start();
    QFuture<Result<T>> future = promise->future();
    const Answer<T> answer = [promise](Result<T> result) {
        promise->addResult(std::move(result));
        promise->finish();
    };
    QMetaObject::invokeMethod(&m_lifecycle, [this, act = std::move(act), answer, where] {
        m_lifecycle.whenStarted([this, act, answer, where](Services *services) {
            if (!services && where == Where::AtThreshold)
                services = m_lifecycle.servicesAtThreshold();
            if (services)
                act(*services, answer);
            else
                answer(failure(m_lifecycle.status().problem.value_or(ErrorCode::GatewayLocked)));
        });
    });
    return future;
}

QFuture<Result<QList<AgentSummary>>> WindowPort::agents()
{
    return ask<QList<AgentSummary>>([](Services &services, auto answer) {
        const auto directory = services.registry.current();
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
    return ask<AgentSummary>([name](Services &services, auto answer) {
        services.owner.createAgent(kWindow, utf8(name),
                                   as<AgentSummary, Agent>(answer, [&services](const Agent &agent) {
                                       return summaries::of(agent, *services.registry.current());
                                   }));
    });
}

QFuture<Result<AgentSummary>> WindowPort::renameAgent(const QString &id, const QString &name)
{
    return ask<AgentSummary>([id, name](Services &services, auto answer) {
        services.owner.renameAgent(kWindow, AgentId(utf8(id)), utf8(name),
                                   as<AgentSummary, Agent>(answer, [&services](const Agent &agent) {
                                       return summaries::of(agent, *services.registry.current());
                                   }));
    });
}

QFuture<Result<AgentSummary>> WindowPort::setAgentState(const QString &id, const QString &state)
{
    return ask<AgentSummary>([id, state](Services &services, auto answer) {
        const auto wanted = kAgentStateWords.named(utf8(state));
        if (!wanted)
            return answer(failure(ErrorCode::ValidationFailed, "unknown state", { { "field", "state" } }));
        services.owner.setAgentState(kWindow, AgentId(utf8(id)), *wanted,
                                     as<AgentSummary, Agent>(answer, [&services](const Agent &agent) {
                                         return summaries::of(agent, *services.registry.current());
                                     }));
    });
}

QFuture<Result<QList<GrantSummary>>> WindowPort::grants(const QString &agent)
{
    return ask<QList<GrantSummary>>([agent](Services &services, auto answer) {
        QList<GrantSummary> grants;
        const auto standing = services.approvals.standing();
        const auto directory = services.registry.current();
        if (const auto found = directory->grants.find(AgentId(utf8(agent)));
            found != directory->grants.end()) {
            for (const auto &[key, grant] : found->second)
                grants.append(summaries::of(grant, standing));
        }
        answer(grants);
    });
}

QFuture<Result<>> WindowPort::putGrants(const QList<GrantSummary> &grants)
{
    return ask<void>([grants](Services &services, auto answer) { putInOrder(services, grants, answer); });
}

QFuture<Result<QList<ProjectSummary>>> WindowPort::findProjects(const QString &query)
{
    return ask<QList<ProjectSummary>>([query](Services &services, auto answer) {
        services.owner.findProjects(kWindow, utf8(query), 50,
                                    as<QList<ProjectSummary>, Json>(answer, &summaries::projectsOf));
    });
}

QFuture<Result<QList<ClientSummary>>> WindowPort::clients(const QString &agent)
{
    return ask<QList<ClientSummary>>([agent](Services &services, auto answer) {
        QList<ClientSummary> clients;
        for (const auto &[id, client] : services.registry.current()->clients) {
            if (!agent.isEmpty() && client.agent.text() != utf8(agent))
                continue;
            clients.append(summaries::of(client));
            const std::int64_t crowded = services.registry.lastCrowded(id);
            if (crowded > 0 && services.registry.now() - crowded <= Millis(kCrowdedShown).count())
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
    return ask<void>([client](Services &services, auto answer) {
        services.owner.revokeClient(kWindow, ClientId(utf8(client)), answer);
    });
}

QFuture<Result<QString>> WindowPort::mintAgentToken(const QString &agent, const QString &name)
{
    return ask<QString>([agent, name](Services &services, auto answer) {
        services.owner.mintAgentToken(kWindow, AgentId(utf8(agent)), utf8(name),
                                      as<QString, std::pair<Client, Secret>>(answer, [](const auto &minted) {
                                          const auto text = minted.second.text();
                                          return QString::fromLatin1(text.data(),
                                                                     static_cast<qsizetype>(text.size()));
                                      }));
    });
}

QFuture<Result<QString>> WindowPort::mintOwnerToken(const QString &name)
{
    return ask<QString>([name](Services &services, auto answer) {
        services.owner.mintOwnerToken(
            kWindow, utf8(name), kOwnerTokenLifetime,
            as<QString, std::pair<OwnerToken, Secret>>(answer, [](const auto &minted) {
                const auto text = minted.second.text();
                return QString::fromLatin1(text.data(), static_cast<qsizetype>(text.size()));
            }));
    });
}

QFuture<Result<PairingSummary>> WindowPort::openPairing(const QString &agent)
{
    // Where the socket is not at its usual place, the other side has to be told.
    const auto &socket = m_lifecycle.options().socket;
    const QString command = codexSetup::pairCommand(
        socket == places::socketFile() ? QString() : QString::fromStdString(socket.string()));
    return ask<PairingSummary>([agent, command](Services &services, auto answer) {
        services.owner.openPairing(
            kWindow, AgentId(utf8(agent)), kCodeLifetime,
            as<PairingSummary, PairingCode>(answer, [command](const PairingCode &code) {
                return PairingSummary{ .code = QString::fromStdString(code.text),
                                       .agentId = QString::fromStdString(code.agent.text()),
                                       .expiresAt = QDateTime::fromMSecsSinceEpoch(code.expiresAt),
                                       .command = command };
            }));
    });
}

QFuture<Result<>> WindowPort::closePairing()
{
    return ask<void>([](Services &services, auto answer) { services.owner.closePairing(kWindow, answer); });
}

QFuture<Result<>> WindowPort::confirmPairing(const QString &id)
{
    return ask<void>([id](Services &services, auto answer) {
        services.owner.confirmPairing(kWindow, ConfirmationId(utf8(id)), answer);
    });
}

QFuture<Result<>> WindowPort::confirmPairing(const QString &id, const QString &agent)
{
    return ask<void>([id, agent](Services &services, auto answer) {
        services.owner.confirmLogin(kWindow, ConfirmationId(utf8(id)), AgentId(utf8(agent)), answer);
    });
}

QFuture<Result<>> WindowPort::denyPairing(const QString &id)
{
    return ask<void>([id](Services &services, auto answer) {
        services.owner.denyPairing(kWindow, ConfirmationId(utf8(id)), answer);
    });
}

QString WindowPort::codexSetupCommand() const
{
    return codexSetup::commandLine(QString::fromStdString(m_lifecycle.options().socket.string()));
}

QFuture<Result<SetupResult>> WindowPort::setUpCodex(const QString &agent)
{
    const QString socket = QString::fromStdString(m_lifecycle.options().socket.string());
    return ask<SetupResult>([agent, socket, this](Services &services, auto answer) {
        // The bridge is a program of its own: it opens the keychain, never our sealed file.
        if (m_lifecycle.secrets().kind() == "sealed-file")
            return answer(failure(ErrorCode::Conflict, "the bridge cannot read a sealed file",
                                  { { "reason", "sealed_file" } }));
        if (!codexSetup::isCodexThere())
            return answer(failure(ErrorCode::NotFound, "no codex on the PATH", { { "reason", "no_codex" } }));
        CodexClient::setUp(
            { services.owner, services.registry, m_lifecycle.secrets() }, AgentId(utf8(agent)),
            [socket, this](const CodexClient::Done &done) { codexSetup::run(socket, &m_lifecycle, done); },
            answer);
    });
}

QFuture<Result<QList<ApprovalSummary>>> WindowPort::approvals()
{
    return ask<QList<ApprovalSummary>>([](Services &services, auto answer) {
        QList<ApprovalSummary> approvals;
        for (const auto &approval : services.approvals.open())
            approvals.append(summaries::of(approval));
        answer(approvals);
    });
}

QFuture<Result<>> WindowPort::allowCall(const QString &id, const QString &reach, const QString &covers)
{
    return ask<void>([id, reach, covers](Services &services, auto answer) {
        const auto wanted = reachNamed(utf8(reach));
        if (!wanted)
            return answer(failure(ErrorCode::ValidationFailed, "unknown reach", { { "field", "reach" } }));
        services.owner.allowCall(kWindow, ApprovalId(utf8(id)), Yes(*wanted, coversNamed(utf8(covers))),
                                 answer);
    });
}

QFuture<Result<QList<StandingYesSummary>>> WindowPort::standingYeses()
{
    return ask<QList<StandingYesSummary>>([](Services &services, auto answer) {
        QList<StandingYesSummary> standing;
        for (const auto &yes : services.approvals.standing())
            standing.append(summaries::of(yes));
        answer(standing);
    });
}

QFuture<Result<>> WindowPort::endYes(const QString &id)
{
    return ask<void>([id](Services &services, auto answer) {
        services.owner.endYes(kWindow, ApprovalId(utf8(id)), answer);
    });
}

QFuture<Result<>> WindowPort::denyCall(const QString &id, const QString &reason, bool pauseAgent)
{
    return ask<void>([id, reason, pauseAgent](Services &services, auto answer) {
        services.owner.denyCall(kWindow, ApprovalId(utf8(id)), utf8(reason), pauseAgent, answer);
    });
}

void WindowPort::approvalSeen(const QString &id)
{
    QMetaObject::invokeMethod(&m_lifecycle, [this, id] {
        if (Services *services = m_lifecycle.services())
            services->approvals.seen(ApprovalId(utf8(id)));
    });
}

QFuture<Result<PreviewSummary>> WindowPort::preview(const QString &id)
{
    return ask<PreviewSummary>([id](Services &services, auto answer) {
        services.owner.preview(ApprovalId(utf8(id)),
                               as<PreviewSummary, Preview>(
                                   answer, [](const Preview &preview) { return summaries::of(preview); }));
    });
}

QFuture<Result<>> WindowPort::setPin(const QString &old, const QString &fresh)
{
    return ask<void>(
        [old, fresh](Services &services, auto answer) {
            services.stepUp.setPin(Secret(utf8(old)), Secret(utf8(fresh)), answer);
        },
        Where::AtThreshold);
}

QFuture<Result<>> WindowPort::enterPin(const QString &pin)
{
    return ask<void>(
        [pin](Services &services, auto answer) {
            services.stepUp.enter(kWindow.name, Secret(utf8(pin)), [answer](Result<StepUpTicket> ticket) {
                answer(ticket ? Result<>{} : tl::unexpected<Error>(ticket.error()));
            });
        },
        Where::AtThreshold);
}

QFuture<Result<>> WindowPort::resetPin()
{
    return ask<void>([](Services &services, auto answer) { services.stepUp.reset(answer); });
}

QFuture<Result<TestedConnection>> WindowPort::testConnection(const TaskerSettings &typed)
{
    return ask<TestedConnection>([typed](Services &services, auto answer) {
        services.owner.testConnection(
            kWindow, settingsOf(typed), as<TestedConnection, Json>(answer, [](const Json &found) {
                return TestedConnection{ summaries::wordOf(found.at("tasker_url").get<std::string>()),
                                         summaries::projectsOf(found) };
            }));
    });
}

QFuture<Result<SavedConnection>> WindowPort::saveConnection(const TaskerSettings &typed)
{
    return ask<SavedConnection>([typed](Services &services, auto answer) {
        services.owner.saveConnection(kWindow, settingsOf(typed), [answer, &services](Result<Profile> saved) {
            if (!saved)
                return answer(tl::unexpected<Error>(saved.error()));
            const auto health = services.tasker.health();
            answer(SavedConnection{ QString::fromStdString(saved->taskerUrl), health.heard, health.lastError,
                                    QString::fromStdString(health.reason) });
        });
    });
}

QFuture<Result<>> WindowPort::setMode(const QString &mode, const QString &reason)
{
    return ask<void>([mode, reason](Services &services, auto answer) {
        const auto wanted = kModeWords.named(utf8(mode));
        if (!wanted)
            return answer(failure(ErrorCode::ValidationFailed, "unknown mode", { { "field", "mode" } }));
        services.owner.setMode(kWindow, *wanted, utf8(reason), [answer](Result<Profile> changed) {
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
    return ask<QuietSummary>([wanted](Services &services, auto answer) {
        services.owner.stopEverything(
            kWindow, wanted,
            as<QuietSummary, Quiet>(answer, [](const Quiet &quiet) { return summaries::of(quiet); }));
    });
}

QFuture<Result<ActivityFound>> WindowPort::activity(const ActivityFilter &filter)
{
    return ask<ActivityFound>([filter](Services &services, auto answer) {
        services.owner.activity(
            { .agentId = utf8(filter.agentId),
              .clientId = utf8(filter.clientId),
              .tool = utf8(filter.tool),
              .projectId = utf8(filter.projectId),
              .decision = utf8(filter.decision),
              .outcome = utf8(filter.outcome),
              .text = utf8(filter.text),
              .from
              = filter.from ? std::optional<std::int64_t>(filter.from->toMSecsSinceEpoch()) : std::nullopt,
              .before = filter.before,
              .after = filter.after,
              .limit = filter.limit },
            as<ActivityFound, CallPage>(answer, [](const CallPage &page) { return summaries::of(page); }));
    });
}

QFuture<Result<CountsSummary>> WindowPort::countsSince(const QDateTime &from)
{
    return ask<CountsSummary>([from](Services &services, auto answer) {
        services.owner.countCalls(from.toMSecsSinceEpoch(), std::numeric_limits<std::int64_t>::max(),
                                  as<CountsSummary, CallCounts>(answer, [](const CallCounts &counts) {
                                      return summaries::of(counts);
                                  }));
    });
}

QFuture<Result<VerdictSummary>> WindowPort::verifyJournal()
{
    return ask<VerdictSummary>([](Services &services, auto answer) {
        JournalCheck::run(
            services.storage(), services.secrets(), services.registry.current()->profile.id,
            as<VerdictSummary, VerificationReport>(
                answer, [](const VerificationReport &verdict) { return summaries::of(verdict); }),
            {}, &services);
    });
}

QFuture<Result<>> WindowPort::acceptRestore()
{
    return ask<void>([](Services &services, auto answer) { services.owner.acceptRestore(kWindow, answer); },
                     Where::AtThreshold);
}

QFuture<Result<>> WindowPort::moveExports(const QString &folder)
{
    return ask<void>([folder](Services &services, auto answer) {
        services.owner.moveExports(kWindow, std::filesystem::path(utf8(folder)), answer);
    });
}

QFuture<Result<>> WindowPort::settleClock(const QString &answer)
{
    return ask<void>([wasWrong = answer == u"was_wrong"](Services &services, auto done) {
        services.owner.settleClock(kWindow, wasWrong ? ClockAnswer::WasWrong : ClockAnswer::IsRight, done);
    });
}

void WindowPort::retry(int port)
{
    QMetaObject::invokeMethod(&m_lifecycle, [this, port] { m_lifecycle.retry(port); });
}

} // namespace gatehouse
