// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/time_text.h"
#include "ui/models/pin_flow.h"

#include <QAbstractListModel>
#include <QSet>

namespace gatehouse::ui {

/// All that waits for the owner's answer: confirmations first, then approvals, each oldest first.
/// Answers go through here, so that a PIN can be asked for on the way. Thread: ui. Owns: the questions.
class QuestionListModel final : public QAbstractListModel
{
    Q_OBJECT

public:
    enum Role { IdRole = Qt::UserRole + 1, IsConfirmationRole, TextRole, IconRole, PinRole, HeldRole };

    QuestionListModel(GatewayPort &gateway, PinFlow &pins, Now now = systemNow(), QObject *parent = nullptr);

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;

    [[nodiscard]] const QList<ConfirmationSummary> &confirmations() const { return m_confirmations; }
    [[nodiscard]] const QList<ApprovalSummary> &approvals() const { return m_approvals; }
    [[nodiscard]] std::optional<ApprovalSummary> approval(const QString &id) const;
    [[nodiscard]] std::optional<ConfirmationSummary> confirmation(const QString &id) const;
    /// One line for a question whose program is not waiting just now; empty where it is.
    [[nodiscard]] static QString waitingText(const ApprovalSummary &approval);
    [[nodiscard]] qint64 millisecondsLeft(const QDateTime &end) const { return m_now().msecsTo(end); }

    void reload();
    /// `agent`: the chosen one, for a login; empty for a pairing.
    void confirm(const QString &confirmation, const QString &agent = {});
    void denyConfirmation(const QString &confirmation);
    void allow(const QString &approval, const QString &reach, const QString &covers);
    void deny(const QString &approval, const QString &reason, bool pauseAgent);
    /// What this agent may do, for the confirmation's question; answered by grantsKnown().
    void readGrants(const QString &confirmation, const QString &agent);
    /// Whom a login can act as; answered by agentsKnown().
    void readAgents(const QString &confirmation);
    /// What the call would change; answered by previewKnown() or previewFailed().
    void readPreview(const QString &approval);
    /// The question is on screen and has the focus; said once each.
    void seen(const QString &approval);
    void refreshTimes();

signals:
    void confirmationCame(const QString &confirmation);
    void approvalCame(const QString &approval);
    void approvalChanged(const QString &approval); ///< a repeat of the call waits for it
    void questionGone(const QString &id);
    void heldChanged(const QString &approval); ///< waitingText() is another now
    void grantsKnown(const QString &confirmation, const QStringList &lines);
    void agentsKnown(const QString &confirmation, const QList<gatehouse::AgentSummary> &agents);
    void previewKnown(const QString &approval, const gatehouse::PreviewSummary &preview);
    void previewFailed(const QString &approval, const QString &sentence);
    void failed(const QString &sentence);

private:
    void answer(const QString &id, std::function<QFuture<Result<>>()> act);
    void takeAway(const QString &id);
    void setHeld(const QString &id, bool held);
    void add(const ConfirmationSummary &confirmation);
    void add(const ApprovalSummary &approval);

    GatewayPort &m_gateway;
    PinFlow &m_pins;
    Now m_now;
    QList<ConfirmationSummary> m_confirmations;
    QList<ApprovalSummary> m_approvals;
    QSet<QString> m_seen;
};

} // namespace gatehouse::ui
