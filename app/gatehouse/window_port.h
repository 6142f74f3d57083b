// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/gatehouse/gateway_lifecycle.h"
#include "gateway_core/port/gateway_port.h"

#include <QPromise>

namespace gatehouse {

/// GatewayPort over the real core: carries each question to the core thread and its answer back.
/// Thread: ui. `core` lives on its own thread and must outlive this object.
class WindowPort final : public GatewayPort
{
    Q_OBJECT

public:
    explicit WindowPort(GatewayLifecycle &core, QObject *parent = nullptr);

    [[nodiscard]] GatewayStatus status() const override { return m_status; }
    QFuture<Result<QList<AgentSummary>>> agents() override;
    QFuture<Result<AgentSummary>> createAgent(const QString &name) override;
    QFuture<Result<AgentSummary>> renameAgent(const QString &agent, const QString &name) override;
    QFuture<Result<AgentSummary>> setAgentState(const QString &agent, const QString &state) override;
    QFuture<Result<QList<GrantSummary>>> grants(const QString &agent) override;
    QFuture<Result<>> putGrants(const QList<GrantSummary> &grants) override;
    QFuture<Result<QList<ProjectSummary>>> findProjects(const QString &query) override;
    QFuture<Result<QList<ClientSummary>>> clients(const QString &agent) override;
    QFuture<Result<>> revokeClient(const QString &client) override;
    QFuture<Result<QString>> mintAgentToken(const QString &agent, const QString &name) override;
    QFuture<Result<QString>> mintOwnerToken(const QString &name) override;
    QFuture<Result<PairingSummary>> openPairing(const QString &agent) override;
    QFuture<Result<>> closePairing() override;
    QFuture<Result<>> confirmPairing(const QString &confirmation) override;
    QFuture<Result<>> confirmPairing(const QString &confirmation, const QString &agent) override;
    QFuture<Result<>> denyPairing(const QString &confirmation) override;
    [[nodiscard]] QString codexSetupCommand() const override;
    QFuture<Result<SetupResult>> setUpCodex(const QString &agent) override;
    QFuture<Result<QList<ApprovalSummary>>> approvals() override;
    QFuture<Result<>> allowCall(const QString &approval, const QString &reach,
                                const QString &covers) override;
    QFuture<Result<QList<StandingYesSummary>>> standingYeses() override;
    QFuture<Result<>> endYes(const QString &approval) override;
    QFuture<Result<>> denyCall(const QString &approval, const QString &reason, bool pauseAgent) override;
    void approvalSeen(const QString &approval) override;
    QFuture<Result<PreviewSummary>> preview(const QString &approval) override;
    QFuture<Result<>> setPin(const QString &old, const QString &fresh) override;
    QFuture<Result<>> enterPin(const QString &pin) override;
    QFuture<Result<>> resetPin() override;
    QFuture<Result<TestedConnection>> testConnection(const TaskerSettings &settings) override;
    QFuture<Result<SavedConnection>> saveConnection(const TaskerSettings &settings) override;
    QFuture<Result<>> setMode(const QString &mode, const QString &reason) override;
    QFuture<Result<QuietSummary>> stopEverything(const QStringList &revoked) override;
    QFuture<Result<ActivityFound>> activity(const ActivityFilter &filter) override;
    QFuture<Result<CountsSummary>> countsSince(const QDateTime &from) override;
    QFuture<Result<VerdictSummary>> verifyJournal() override;
    QFuture<Result<>> acceptRestore() override;
    QFuture<Result<>> moveExports(const QString &folder) override;
    QFuture<Result<>> settleClock(const QString &answer) override;
    void retry(int port) override;

private:
    template <typename T> using Answer = std::function<void(Result<T>)>;
    enum class Where { Inside, AtThreshold };
    /// Runs `act` with the open services on the core thread, or also with one that waits for the owner to
    /// accept its database; what is wrong, or GatewayLocked, while there is none.
    template <typename T>
    QFuture<Result<T>> ask(std::function<void(Services &, Answer<T>)> act, Where where = Where::Inside);
    void listenTo(Services &services);
    void passOnNotices(Services &services);

    GatewayLifecycle &m_lifecycle;
    GatewayStatus m_status;
};

} // namespace gatehouse
