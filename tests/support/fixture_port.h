// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/port/gateway_port.h"

#include <QHash>
#include <QPromise>

#include <algorithm>
#include <array>
#include <functional>
#include <memory>
#include <set>

namespace gatehouse::test {

/// A gateway with believable content and faults on command, for models, pages and the gallery. Every call is
/// noted in `calls` as it would be said ("renameAgent scribe Writer"). Answers come from the event loop.
class FixturePort final : public GatewayPort
{
public:
    explicit FixturePort(int activityRows = 400)
        : rows(activityRows)
    {
        now = QDateTime::currentDateTime();
        makeStatus();
        makeDirectory();
        makeQuestions();
    }

    // What a test sets.
    QDateTime now;
    GatewayStatus state;
    QList<AgentSummary> agentList;
    QList<GrantSummary> grantList;
    QList<ClientSummary> clientList;
    QList<ProjectSummary> projectList;
    QList<ApprovalSummary> approvalList;
    QList<StandingYesSummary> standingList;
    int rows; ///< lines of Activity; line n is made from n alone, so a million cost nothing
    qint64 rowsInRead = 1'000'000; ///< what one read of Activity searches at most
    QHash<QString, Error> faults; ///< by the call's name; answered for as long as it stands
    std::set<QString> needsPin; ///< calls that answer StepUpRequired until the PIN was entered
    QString pin = QStringLiteral("246810");
    QString replacedBySetup; ///< the client that *Set up Codex* takes the place of
    QStringList calls;
    QHash<qint64, ActivityRow> changedRows;
    QHash<QString, PreviewSummary> previews; ///< by the question's id
    VerdictSummary verdict{ QStringLiteral("sound"), 0, 812, 1, 812, 790, 0 };

    [[nodiscard]] int callsTo(const QString &name) const
    {
        return static_cast<int>(std::count_if(calls.begin(), calls.end(), [&](const QString &call) {
            return call == name || call.startsWith(name + u' ');
        }));
    }
    [[nodiscard]] bool called(const QString &call) const { return calls.contains(call); }

    [[nodiscard]] GatewayStatus status() const override { return state; }
    void setStatus(const GatewayStatus &status)
    {
        state = status;
        emit statusChanged();
    }

    QFuture<Result<QList<AgentSummary>>> agents() override
    {
        return answer(QStringLiteral("agents"), {}, agentList);
    }
    QFuture<Result<AgentSummary>> createAgent(const QString &name) override
    {
        AgentSummary agent;
        agent.id = QStringLiteral("agent-%1").arg(agentList.size() + 1);
        agent.name = name;
        agent.state = QStringLiteral("active");
        agent.createdAt = now;
        return act(QStringLiteral("createAgent"), { name }, agent,
                   [this, agent] { agentList.append(agent); });
    }
    QFuture<Result<AgentSummary>> renameAgent(const QString &agent, const QString &name) override
    {
        AgentSummary changed = agentNamed(agent);
        changed.name = name;
        return act(QStringLiteral("renameAgent"), { agent, name }, changed,
                   [this, changed] { put(changed); });
    }
    QFuture<Result<AgentSummary>> setAgentState(const QString &agent, const QString &newState) override
    {
        AgentSummary changed = agentNamed(agent);
        changed.state = newState;
        return act(QStringLiteral("setAgentState"), { agent, newState }, changed,
                   [this, changed] { put(changed); });
    }

    QFuture<Result<QList<GrantSummary>>> grants(const QString &agent) override
    {
        QList<GrantSummary> of;
        std::copy_if(grantList.begin(), grantList.end(), std::back_inserter(of),
                     [&](const GrantSummary &grant) { return grant.agentId == agent; });
        return answer(QStringLiteral("grants"), { agent }, of);
    }
    QFuture<Result<>> putGrants(const QList<GrantSummary> &grants) override
    {
        QStringList said;
        for (const GrantSummary &grant : grants)
            said += QStringLiteral("%1:%2=%3")
                        .arg(grant.projectIdentifier.isEmpty() ? grant.projectId : grant.projectIdentifier,
                             grant.scope, grant.answer);
        return act(QStringLiteral("putGrants"), said, [this, grants] {
            for (const GrantSummary &grant : grants) {
                grantList.removeIf([&](const GrantSummary &old) {
                    return old.agentId == grant.agentId && old.projectId == grant.projectId
                        && old.scope == grant.scope;
                });
                const bool isUnderWildcard = grant.projectId != u"*"
                    && std::any_of(grantList.cbegin(), grantList.cend(), [&](const GrantSummary &one) {
                                                 return one.agentId == grant.agentId && one.projectId == u"*"
                                                     && one.scope == grant.scope;
                                             });
                if (grant.answer != u"none" && (grant.answer != u"off" || isUnderWildcard))
                    grantList.append(grant);
            }
        });
    }
    QFuture<Result<QList<ProjectSummary>>> findProjects(const QString &query) override
    {
        QList<ProjectSummary> found;
        std::copy_if(projectList.begin(), projectList.end(), std::back_inserter(found),
                     [&](const ProjectSummary &project) {
                         return project.name.contains(query, Qt::CaseInsensitive)
                             || project.identifier.contains(query, Qt::CaseInsensitive);
                     });
        return answer(QStringLiteral("findProjects"), { query }, found);
    }

    QFuture<Result<QList<ClientSummary>>> clients(const QString &agent) override
    {
        QList<ClientSummary> of;
        std::copy_if(clientList.begin(), clientList.end(), std::back_inserter(of),
                     [&](const ClientSummary &client) { return client.agentId == agent; });
        return answer(QStringLiteral("clients"), { agent }, of);
    }
    QFuture<Result<>> revokeClient(const QString &client) override
    {
        return act(QStringLiteral("revokeClient"), { client }, [this, client] {
            for (ClientSummary &one : clientList) {
                if (one.id == client)
                    one.revokedAt = now;
            }
        });
    }
    QFuture<Result<QString>> mintAgentToken(const QString &agent, const QString &name) override
    {
        return act(QStringLiteral("mintAgentToken"), { agent, name },
                   QStringLiteral("gh_a_fixture-token-that-opens-nothing-at-all-0001"), [] {});
    }
    QFuture<Result<QString>> mintOwnerToken(const QString &name) override
    {
        return act(QStringLiteral("mintOwnerToken"), { name },
                   QStringLiteral("gh_o_fixture-token-that-opens-nothing-at-all-0002"), [] {});
    }

    QFuture<Result<PairingSummary>> openPairing(const QString &agent) override
    {
        const PairingSummary pairing{ QStringLiteral("KQTX-WZLP"), agent, now.addSecs(120),
                                      QStringLiteral("gatehouse-mcp pair") };
        return act(QStringLiteral("openPairing"), { agent }, pairing, [] {});
    }
    QFuture<Result<>> closePairing() override
    {
        return act(QStringLiteral("closePairing"), {}, [] {});
    }
    QFuture<Result<>> confirmPairing(const QString &id) override
    {
        return act(QStringLiteral("confirmPairing"), { id }, [this, id] { emit confirmationClosed(id); });
    }
    QFuture<Result<>> confirmPairing(const QString &id, const QString &agent) override
    {
        return act(QStringLiteral("confirmPairing"), { id, agent },
                   [this, id] { emit confirmationClosed(id); });
    }
    QFuture<Result<>> denyPairing(const QString &id) override
    {
        return act(QStringLiteral("denyPairing"), { id }, [this, id] { emit confirmationClosed(id); });
    }
    [[nodiscard]] QString codexSetupCommand() const override
    {
        return QStringLiteral("codex mcp add tasker -- gatehouse-mcp");
    }
    QFuture<Result<SetupResult>> setUpCodex(const QString &agent) override
    {
        const SetupResult said{ codexSetupCommand(), QStringLiteral("Added global MCP server 'tasker'."),
                                true, replacedBySetup };
        return act(QStringLiteral("setUpCodex"), { agent }, said, [] {});
    }

    QFuture<Result<QList<ApprovalSummary>>> approvals() override
    {
        return answer(QStringLiteral("approvals"), {}, approvalList);
    }
    QFuture<Result<>> allowCall(const QString &id, const QString &reach, const QString &covers) override
    {
        const QStringList said
            = reach == u"once" ? QStringList{ id, reach } : QStringList{ id, reach, covers };
        return act(QStringLiteral("allowCall"), said, [this, id] { closeApproval(id); });
    }
    QFuture<Result<QList<StandingYesSummary>>> standingYeses() override
    {
        return answer(QStringLiteral("standingYeses"), {}, standingList);
    }
    QFuture<Result<>> endYes(const QString &id) override
    {
        return act(QStringLiteral("endYes"), { id }, [this, id] {
            standingList.removeIf([&](const StandingYesSummary &yes) { return yes.id == id; });
            emit standingChanged();
        });
    }
    QFuture<Result<>> denyCall(const QString &id, const QString &reason, bool pauseAgent) override
    {
        return act(QStringLiteral("denyCall"),
                   { id, reason, pauseAgent ? QStringLiteral("pause") : QStringLiteral("keep") },
                   [this, id] { closeApproval(id); });
    }
    void approvalSeen(const QString &id) override { calls += QStringLiteral("approvalSeen ") + id; }

    QFuture<Result<PreviewSummary>> preview(const QString &id) override
    {
        return answer(QStringLiteral("preview"), { id }, previews.value(id));
    }

    QFuture<Result<>> setPin(const QString &old, const QString &fresh) override
    {
        calls += QStringLiteral("setPin");
        if (const auto fault = faults.constFind(QStringLiteral("setPin")); fault != faults.cend())
            return failed<void>(*fault);
        if (state.pinSet && old != pin)
            return failed<void>(stepUp("pin", 4));
        pin = fresh;
        state.pinSet = true;
        emit statusChanged();
        return ready();
    }
    QFuture<Result<>> enterPin(const QString &entered) override
    {
        calls += QStringLiteral("enterPin");
        if (const auto fault = faults.constFind(QStringLiteral("enterPin")); fault != faults.cend())
            return failed<void>(*fault);
        if (!state.pinSet)
            return failed<void>(stepUp("setup"));
        if (entered != pin)
            return failed<void>(stepUp("pin", 4));
        state.stepUpFresh = true;
        emit statusChanged();
        return ready();
    }
    QFuture<Result<>> resetPin() override
    {
        return act(QStringLiteral("resetPin"), {}, [this] {
            state.pinSet = state.stepUpFresh = false;
            emit statusChanged();
        });
    }

    QString
        foundUrl; ///< where testConnection() and saveConnection() find the adapter; empty: where it was typed
    QFuture<Result<TestedConnection>> testConnection(const TaskerSettings &settings) override
    {
        return answer(QStringLiteral("testConnection"), { settings.url },
                      TestedConnection{ foundUrl.isEmpty() ? settings.url : foundUrl, projectList });
    }
    QFuture<Result<SavedConnection>> saveConnection(const TaskerSettings &settings) override
    {
        const SavedConnection saved{ foundUrl.isEmpty() ? settings.url : foundUrl, state.heard,
                                     state.upstreamProblem, state.upstreamReason };
        return act(QStringLiteral("saveConnection"), { settings.url, settings.ownerEmail }, saved,
                   [this, settings] {
                       state.connected = true;
                       state.taskerUrl = foundUrl.isEmpty() ? settings.url : foundUrl;
                       state.ownerUserId = settings.ownerUserId;
                       state.ownerEmail = settings.ownerEmail;
                       state.caFile = settings.caFile;
                       emit statusChanged();
                   });
    }
    QFuture<Result<>> setMode(const QString &mode, const QString &reason) override
    {
        return act(QStringLiteral("setMode"), { mode }, [this, mode, reason] {
            state.mode = mode;
            state.modeReason = reason;
            emit statusChanged();
        });
    }
    QFuture<Result<QuietSummary>> stopEverything(const QStringList &revoked) override
    {
        const QuietSummary quiet{ int(approvalList.size()), 3, 1, int(revoked.size()), 240 };
        return act(QStringLiteral("stopEverything"), revoked, quiet, [this] {
            state.mode = QStringLiteral("paused");
            emit statusChanged();
        });
    }

    QFuture<Result<ActivityFound>> activity(const ActivityFilter &filter) override
    {
        ActivityFound found;
        const auto fits
            = [](const QString &wanted, const QString &is) { return wanted.isEmpty() || wanted == is; };
        qint64 seq = filter.before > 0 ? filter.before - 1 : rows;
        const qint64 last = std::max(filter.after, seq - rowsInRead);
        for (; seq > last && found.lines.size() < filter.limit; --seq) {
            const ActivityRow line = lineAt(seq);
            const QString all = line.issue + u' ' + line.title + u' ' + line.tool + u' ' + line.agentName;
            if (fits(filter.agentId, line.agentId) && fits(filter.clientId, line.clientId)
                && (!filter.from || line.at >= *filter.from) && fits(filter.tool, line.tool)
                && fits(filter.decision, line.decision) && fits(filter.outcome, line.outcome)
                && (filter.projectId.isEmpty() || projectIdOf(line) == filter.projectId)
                && (filter.text.isEmpty() || all.contains(filter.text, Qt::CaseInsensitive)))
                found.lines.append(line);
        }
        if (seq > filter.after) {
            found.nextBefore = seq + 1;
            found.searchedPercent = static_cast<int>(100 * (rows - seq) / rows);
        }
        if (rows > 0)
            found.searchedBackTo = lineAt(std::max<qint64>(seq, 1)).at;
        return answer(QStringLiteral("activity"), { QString::number(filter.before) }, found);
    }
    QFuture<Result<CountsSummary>> countsSince(const QDateTime &from) override
    {
        CountsSummary counts;
        counts.upTo = rows;
        for (qint64 seq = rows; seq > 0; --seq) {
            const ActivityRow line = lineAt(seq);
            if (line.at < from)
                break;
            if (line.kind != u"call" && line.kind != u"call_refused")
                continue;
            ++counts.calls;
            counts.refused += line.decision == u"denied";
            counts.asked += line.decision == u"asked";
        }
        return answer(QStringLiteral("countsSince"), {}, counts);
    }
    QFuture<Result<VerdictSummary>> verifyJournal() override
    {
        return answer(QStringLiteral("verifyJournal"), {}, verdict);
    }
    QFuture<Result<>> acceptRestore() override
    {
        return act(QStringLiteral("acceptRestore"), {}, [this] {
            state.signingHeld = QStringLiteral("none");
            emit statusChanged();
        });
    }
    QFuture<Result<>> moveExports(const QString &folder) override
    {
        return act(QStringLiteral("moveExports"), { folder }, [this, folder] {
            state.exportsFolder = folder;
            emit statusChanged();
        });
    }
    QFuture<Result<>> settleClock(const QString &said) override
    {
        return act(QStringLiteral("settleClock"), { said }, [this] {
            state.clockQuestion = QStringLiteral("none");
            emit statusChanged();
        });
    }
    void retry(int port) override { calls += QStringLiteral("retry %1").arg(port); }

    /// The same line for the same number, whoever asks.
    [[nodiscard]] ActivityRow lineAt(qint64 seq) const
    {
        if (const auto changed = changedRows.constFind(seq); changed != changedRows.cend())
            return *changed;
        static const std::array kTools{ "tasker_list_issues", "tasker_get_issue",  "tasker_update_issue",
                                        "tasker_add_comment", "tasker_move_issue", "tasker_create_issue",
                                        "tasker_get_issue",   "tasker_set_labels" };
        static const std::array kTitles{
            "Export stops at 10,000 rows",       "Scroll position is lost after a rename",
            "Dark theme: links are unreadable",  "Retry uploads after a dropped connection",
            "Write the migration notes for 4.2", "Search ignores diacritics"
        };
        const auto n = static_cast<std::size_t>(seq);
        ActivityRow line;
        line.seq = seq;
        line.at = now.addSecs(-(rows - seq) * 97 - 4);
        line.callId = QStringLiteral("01JD4Q8ZK%1").arg(seq, 6, 10, QLatin1Char('0'));
        if (n % 23 == 5) {
            line.kind = QStringLiteral("grant_changed");
            line.via = QStringLiteral("window");
            line.agentId = QStringLiteral("scribe");
            line.agentName = QStringLiteral("Scribe");
            return line;
        }
        line.kind = QStringLiteral("call");
        static const std::array kAgents{ std::pair{ "scribe", "Scribe" },
                                         std::pair{ "nightly", "Nightly triage" } };
        const auto &[agentId, agentName] = kAgents[n % 3 == 0 ? 1 : 0];
        const ProjectSummary &project = projectList[static_cast<int>(n / 3 % 3)];
        line.agentId = QString::fromLatin1(agentId);
        line.agentName = QString::fromLatin1(agentName);
        line.clientId = n % 3 == 0 ? QStringLiteral("c3") : QStringLiteral("c1");
        line.clientName = n % 3 == 0 ? QStringLiteral("Codex in CI") : QStringLiteral("Codex on atlas");
        line.via = n % 5 == 0 ? QStringLiteral("rest") : QStringLiteral("mcp");
        line.tool = QString::fromLatin1(kTools[n % kTools.size()]);
        line.projectName = project.name;
        line.issue
            = n % 8 == 0 ? QString() : QStringLiteral("%1-%2").arg(project.identifier).arg(40 + n % 60);
        line.title = n % 8 == 0 ? QString() : QString::fromUtf8(kTitles[n % kTitles.size()]);
        line.decision = n % 11 == 3 ? QStringLiteral("denied")
            : n % 7 == 2            ? QStringLiteral("asked")
                                    : QStringLiteral("allowed");
        line.outcome = n % 11 == 3 ? QStringLiteral("scope_denied")
            : n % 31 == 7          ? QStringLiteral("upstream_timeout")
            : n % 29 == 4          ? QStringLiteral("partial")
                                   : QStringLiteral("ok");
        line.transport = line.via == u"rest" && n % 11 == 3 ? QStringLiteral("403") : QStringLiteral("200");
        line.protocol = line.via == u"rest" ? QString()
            : n % 11 == 3                   ? QStringLiteral("tool error")
                                            : QStringLiteral("result");
        line.upstream = n % 11 == 3 ? QStringLiteral("nothing sent")
            : n % 31 == 7           ? QStringLiteral("no answer")
                                    : QStringLiteral("200");
        line.durationMs = static_cast<qint64>(38 + n * 37 % 340);
        return line;
    }
    /// A new line, as the journal's feed would bring it.
    void addLine(const std::function<void(ActivityRow &)> &change = {})
    {
        ++rows;
        ActivityRow line = lineAt(rows);
        line.at = now;
        if (change)
            change(line);
        changedRows.insert(line.seq, line);
        emit activityAdded({ line });
    }
    void askApproval(const ApprovalSummary &approval)
    {
        approvalList.append(approval);
        emit approvalAsked(approval);
    }
    [[nodiscard]] ConfirmationSummary confirmation() const
    {
        return { QStringLiteral("conf-1"),
                 QStringLiteral("482 913"),
                 QStringLiteral("scribe"),
                 QStringLiteral("Scribe"),
                 QStringLiteral("Codex on atlas"),
                 { QStringLiteral("/usr/bin/codex"),
                   QStringLiteral("/home/mira/src/engine"),
                   48213,
                   1000,
                   { QStringLiteral("/usr/bin/zsh"), QStringLiteral("/usr/bin/konsole"),
                     QStringLiteral("/usr/lib/systemd/systemd") } },
                 now.addSecs(60),
                 false };
    }
    [[nodiscard]] static Error stepUp(const char *reason, int triesLeft = -1)
    {
        Json details{ { "reason", reason } };
        if (triesLeft >= 0)
            details["tries_left"] = triesLeft;
        return Error{ ErrorCode::StepUpRequired, {}, details };
    }
    [[nodiscard]] static Error error(ErrorCode code) { return Error{ code, {}, nullptr }; }

private:
    template <typename T> QFuture<Result<T>> failed(const Error &error) const
    {
        return later(Result<T>(tl::unexpected<Error>(error)));
    }
    [[nodiscard]] QFuture<Result<>> ready() const { return later(Result<>()); }
    template <typename T> [[nodiscard]] QFuture<Result<T>> later(const Result<T> &result) const
    {
        auto promise = std::make_shared<QPromise<Result<T>>>();
        promise->start();
        QMetaObject::invokeMethod(
            const_cast<FixturePort *>(this),
            [promise, result] {
                promise->addResult(result);
                promise->finish();
            },
            Qt::QueuedConnection);
        return promise->future();
    }
    template <typename T> Result<T> judge(const QString &name, const QStringList &arguments, const T &value)
    {
        calls += (QStringList{ name } + arguments).join(u' ');
        if (const auto fault = faults.constFind(name); fault != faults.cend())
            return tl::unexpected<Error>(*fault);
        if (needsPin.count(name) > 0 && !state.stepUpFresh)
            return tl::unexpected<Error>(stepUp(state.pinSet ? "pin" : "setup"));
        return value;
    }
    template <typename T>
    QFuture<Result<T>> answer(const QString &name, const QStringList &arguments, const T &value)
    {
        return later(judge(name, arguments, value));
    }
    template <typename T>
    QFuture<Result<T>> act(const QString &name, const QStringList &arguments, const T &value,
                           const std::function<void()> &happens)
    {
        const Result<T> result = judge(name, arguments, value);
        if (result) {
            happens();
            emit directoryChanged();
        }
        return later(result);
    }
    QFuture<Result<>> act(const QString &name, const QStringList &arguments,
                          const std::function<void()> &happens)
    {
        const Result<bool> result = judge(name, arguments, true);
        if (!result)
            return failed<void>(result.error());
        happens();
        emit directoryChanged();
        return ready();
    }

    [[nodiscard]] AgentSummary agentNamed(const QString &id) const
    {
        const auto found
            = std::find_if(agentList.begin(), agentList.end(), [&](const auto &one) { return one.id == id; });
        return found == agentList.end() ? AgentSummary() : *found;
    }
    void put(const AgentSummary &agent)
    {
        for (AgentSummary &one : agentList) {
            if (one.id == agent.id)
                one = agent;
        }
    }
    void closeApproval(const QString &id)
    {
        approvalList.removeIf([&](const ApprovalSummary &one) { return one.id == id; });
        emit approvalClosed(id);
    }
    [[nodiscard]] QString projectIdOf(const ActivityRow &line) const
    {
        const auto found = std::find_if(projectList.begin(), projectList.end(),
                                        [&](const auto &one) { return one.name == line.projectName; });
        return found == projectList.end() ? QString() : found->id;
    }

    void makeStatus()
    {
        state.state = GatewayState::Ready;
        state.address = QStringLiteral("http://127.0.0.1:4100");
        state.port = 4100;
        state.pinSet = true;
        state.connected = true;
        state.taskerUrl = QStringLiteral("https://tasker.example.org/adapter");
        state.ownerUserId = QStringLiteral("7b1e4b0e-52c7-4b6d-9d57-0f6c9c8f2a11");
        state.ownerEmail = QStringLiteral("mira@example.org");
        state.secretsKind = QStringLiteral("keychain");
        state.version = QStringLiteral("0.1.0");
        state.exportsFolder = QStringLiteral("/home/mira/.local/share/gatehouse/journal");
        state.keptDays = 90;
    }
    void makeDirectory()
    {
        projectList = { { QStringLiteral("p-eng"), QStringLiteral("ENG"), QStringLiteral("Engine"),
                          QStringLiteral("Core") },
                        { QStringLiteral("p-mob"), QStringLiteral("MOB"), QStringLiteral("Mobile app"),
                          QStringLiteral("Core") },
                        { QStringLiteral("p-web"), QStringLiteral("WEB"), QStringLiteral("Website"),
                          QStringLiteral("Growth") },
                        { QStringLiteral("p-dsn"), QStringLiteral("DSN"), QStringLiteral("Design system"),
                          QStringLiteral("Growth") },
                        { QStringLiteral("p-ops"), QStringLiteral("OPS"), QStringLiteral("Operations"),
                          QStringLiteral("Core") } };
        agentList = { agent("scribe", "Scribe", "active", 2, 8, 40),
                      agent("nightly", "Nightly triage", "active", 1, 3, 4100),
                      agent("reviewer", "Reviewer", "paused", 1, 2, 90'000),
                      agent("old", "First experiment", "retired", 0, 0, -1) };
        const auto give
            = [this](const char *agentId, int project, const char *scope, const char *how, int days = 0) {
                  GrantSummary grant;
                  grant.agentId = QString::fromLatin1(agentId);
                  grant.projectId = projectList[project].id;
                  grant.projectName = projectList[project].name;
                  grant.projectIdentifier = projectList[project].identifier;
                  grant.scope = QString::fromLatin1(scope);
                  grant.answer = QString::fromLatin1(how);
                  if (days > 0)
                      grant.until = now.addDays(days);
                  grantList.append(grant);
              };
        for (const char *scope : { "projects:read", "issues:read", "comments:create" })
            give("scribe", 0, scope, "allow");
        for (const char *scope : { "issues:create", "issues:update", "labels:write" })
            give("scribe", 0, scope, "ask");
        give("scribe", 0, "issues:move", "ask_with_pin");
        for (const char *scope : { "projects:read", "issues:read" })
            give("scribe", 1, scope, "allow", 30);
        give("scribe", 2, "projects:read", "allow");
        give("scribe", 2, "issues:read", "ask");
        give("nightly", 0, "projects:read", "allow");
        give("nightly", 0, "issues:read", "allow");
        give("nightly", 0, "labels:write", "allow");
        clientList = { client("c1", "scribe", "Codex on atlas", "Q7fk", "/usr/bin/codex", 40),
                       client("c2", "scribe", "Release notes script", "m2Xa", "", 260'000),
                       client("c3", "nightly", "Codex in CI", "8dTz", "/usr/local/bin/codex", 4100),
                       client("c4", "reviewer", "Codex on the laptop", "Lr0w", "/usr/bin/codex", 90'000) };
        clientList[1].revokedAt = now.addDays(-1);
    }
    void makeQuestions()
    {
        ApprovalSummary move;
        move.id = QStringLiteral("ask-1");
        move.agentName = QStringLiteral("Scribe");
        move.clientName = QStringLiteral("Codex on atlas");
        move.tool = QStringLiteral("tasker_move_issue");
        move.projectName = QStringLiteral("Engine");
        move.issue = QStringLiteral("ENG-42");
        move.title = QStringLiteral("Export stops at 10,000 rows");
        move.arguments = { { QStringLiteral("state"), QStringLiteral("Done") } };
        move.peer = confirmation().peer;
        move.askedAt = now.addSecs(-12);
        move.expiresAt = now.addSecs(30 * 60 - 12);
        move.withPin = true;
        move.held = true;
        move.heldUntil = now.addSecs(33);
        move.covers = { QStringLiteral("issue"), QStringLiteral("turn"), QStringLiteral("project") };
        ApprovalSummary comment = move;
        comment.id = QStringLiteral("ask-2");
        comment.tool = QStringLiteral("tasker_update_issue");
        comment.issue = QStringLiteral("ENG-77");
        comment.title = QStringLiteral("Dark theme: links are unreadable");
        comment.arguments
            = { { QStringLiteral("name"), QStringLiteral("Dark theme: links and code are unreadable") },
                { QStringLiteral("description_markdown"),
                  QStringLiteral("Seen in the sidebar and in comments.\nContrast is 2.1 to 1; it should be "
                                 "4.5 to 1.\u202e") },
                { QStringLiteral("priority"), QStringLiteral("high") } };
        comment.withPin = false;
        comment.askedAt = now.addSecs(-130);
        comment.covers = { QStringLiteral("issue"), QStringLiteral("project") };
        approvalList = { move, comment };
        using Line = PreviewSummary::Line;
        previews[move.id]
            = { move.issue,
                move.title,
                false,
                {},
                { { QStringLiteral("state"), QStringLiteral("In review"), QStringLiteral("Done"), {} } } };
        previews[comment.id]
            = { comment.issue,
                comment.title,
                false,
                {},
                { { QStringLiteral("name"), comment.title, comment.arguments[QStringLiteral("name")], {} },
                  { QStringLiteral("description"),
                    QStringLiteral("Seen in the sidebar and in comments.\nNobody can read it."),
                    comment.arguments[QStringLiteral("description_markdown")],
                    { { Line::Kind::Same, QStringLiteral("Seen in the sidebar and in comments.") },
                      { Line::Kind::Removed, QStringLiteral("Nobody can read it.") },
                      { Line::Kind::Added,
                        QStringLiteral("Contrast is 2.1 to 1; it should be 4.5 to 1.\u202e") } } },
                  { QStringLiteral("priority"), QStringLiteral("low"), QStringLiteral("high"), {} },
                  { QStringLiteral("labels"), QStringLiteral("bug"), QStringLiteral("bug, theme"), {} } } };
    }
    [[nodiscard]] AgentSummary agent(const char *id, const char *name, const char *how, int clients,
                                     int grants, int secondsAgo) const
    {
        AgentSummary made;
        made.id = QString::fromLatin1(id);
        made.name = QString::fromUtf8(name);
        made.state = QString::fromLatin1(how);
        made.createdAt = now.addDays(-40);
        made.clients = clients;
        made.grants = grants;
        if (secondsAgo >= 0)
            made.lastCallAt = now.addSecs(-secondsAgo);
        return made;
    }
    [[nodiscard]] ClientSummary client(const char *id, const char *agentId, const char *name,
                                       const char *tail, const char *by, int secondsAgo) const
    {
        ClientSummary made;
        made.id = QString::fromLatin1(id);
        made.agentId = QString::fromLatin1(agentId);
        made.name = QString::fromUtf8(name);
        made.tokenTail = QString::fromLatin1(tail);
        made.pairedBy = QString::fromUtf8(by);
        made.createdAt = now.addDays(-9);
        made.expiresAt = now.addDays(21).addSecs(60);
        made.lastUsedAt = now.addSecs(-secondsAgo);
        return made;
    }
};

} // namespace gatehouse::test
