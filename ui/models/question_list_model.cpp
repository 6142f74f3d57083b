// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/question_list_model.h"

#include "ui/models/answer.h"
#include "ui/models/foreign_text.h"
#include "ui/models/sentences.h"
#include "ui/models/display_names.h"

#include <algorithm>

namespace gatehouse::ui {

namespace {

template <typename List> auto placeOf(List &list, const QString &id)
{
    return std::find_if(list.begin(), list.end(), [&](const auto &one) { return one.id == id; });
}

} // namespace

QuestionListModel::QuestionListModel(GatewayPort &gateway, PinFlow &pins, Now now, QObject *parent)
    : QAbstractListModel(parent)
    , m_gateway(gateway)
    , m_pins(pins)
    , m_now(std::move(now))
{
    connect(&gateway, &GatewayPort::confirmationAsked, this,
            [this](const ConfirmationSummary &one) { add(one); });
    connect(&gateway, &GatewayPort::approvalAsked, this, [this](const ApprovalSummary &one) { add(one); });
    connect(&gateway, &GatewayPort::confirmationClosed, this, &QuestionListModel::takeAway);
    connect(&gateway, &GatewayPort::approvalClosed, this, &QuestionListModel::takeAway);
    connect(&gateway, &GatewayPort::approvalHeldChanged, this, &QuestionListModel::setHeld);
}

int QuestionListModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_confirmations.size() + m_approvals.size());
}

QVariant QuestionListModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    if (index.row() < m_confirmations.size()) {
        const ConfirmationSummary &one = m_confirmations[index.row()];
        switch (role) {
        case Qt::DisplayRole:
            return tr("%1 wants to connect as %2")
                .arg(foreignText(one.clientName), foreignText(one.agentName));
        case TextRole: return tr("check number %1").arg(one.checkNumber);
        case IconRole: return QStringLiteral("plug");
        case IdRole: return one.id;
        case IsConfirmationRole: return true;
        default: return {};
        }
    }
    const ApprovalSummary &one = m_approvals[index.row() - m_confirmations.size()];
    switch (role) {
    case Qt::DisplayRole: return QStringLiteral("%1 %2").arg(foreignText(one.agentName), toolDeed(one.tool));
    case TextRole: {
        QStringList parts{ foreignText(one.projectName) };
        if (!one.issue.isEmpty())
            parts += foreignText(one.issue);
        parts += relativeTime(one.askedAt, m_now());
        if (!one.held)
            parts += tr("its program is not waiting just now");
        return parts.join(QStringLiteral(" · "));
    }
    case Qt::ToolTipRole: return exactTime(one.askedAt);
    case IconRole: return one.withPin ? QStringLiteral("lock") : QStringLiteral("question");
    case IdRole: return one.id;
    case IsConfirmationRole: return false;
    case PinRole: return one.withPin;
    case HeldRole: return one.held;
    default: return {};
    }
}

QString QuestionListModel::waitingText(const ApprovalSummary &approval)
{
    return approval.held ? QString()
                         : tr("Its program is not waiting just now. Your answer is kept for its next try.");
}

void QuestionListModel::setHeld(const QString &id, bool held)
{
    const auto approval = placeOf(m_approvals, id);
    if (approval == m_approvals.end() || approval->held == held)
        return;
    approval->held = held;
    const QModelIndex row
        = index(static_cast<int>(m_confirmations.size() + (approval - m_approvals.begin())));
    emit dataChanged(row, row);
    emit heldChanged(id);
}

std::optional<ApprovalSummary> QuestionListModel::approval(const QString &id) const
{
    const auto found = placeOf(m_approvals, id);
    return found == m_approvals.end() ? std::nullopt : std::optional(*found);
}

std::optional<ConfirmationSummary> QuestionListModel::confirmation(const QString &id) const
{
    const auto found = placeOf(m_confirmations, id);
    return found == m_confirmations.end() ? std::nullopt : std::optional(*found);
}

void QuestionListModel::reload()
{
    hear(m_gateway.approvals(), this, [this](const Result<QList<ApprovalSummary>> &approvals) {
        if (!approvals)
            return; // a gateway that is locked has no questions; the status says the rest
        for (const ApprovalSummary &one : *approvals)
            add(one);
    });
}

void QuestionListModel::add(const ConfirmationSummary &confirmation)
{
    if (placeOf(m_confirmations, confirmation.id) != m_confirmations.end())
        return;
    const int row = static_cast<int>(m_confirmations.size());
    beginInsertRows({}, row, row);
    m_confirmations.append(confirmation);
    endInsertRows();
    emit confirmationCame(confirmation.id);
}

void QuestionListModel::add(const ApprovalSummary &approval)
{
    if (const auto known = placeOf(m_approvals, approval.id); known != m_approvals.end()) {
        *known = approval;
        const QModelIndex changed
            = index(static_cast<int>(m_confirmations.size() + (known - m_approvals.begin())));
        emit dataChanged(changed, changed);
        emit approvalChanged(approval.id);
        return;
    }
    const int row = rowCount();
    beginInsertRows({}, row, row);
    m_approvals.append(approval);
    endInsertRows();
    emit approvalCame(approval.id);
}

void QuestionListModel::takeAway(const QString &id)
{
    const auto confirmation = placeOf(m_confirmations, id);
    const auto approval = placeOf(m_approvals, id);
    if (confirmation == m_confirmations.end() && approval == m_approvals.end())
        return;
    const bool isApproval = approval != m_approvals.end();
    const int row = isApproval ? static_cast<int>(m_confirmations.size() + (approval - m_approvals.begin()))
                               : static_cast<int>(confirmation - m_confirmations.begin());
    beginRemoveRows({}, row, row);
    if (isApproval)
        m_approvals.erase(approval);
    else
        m_confirmations.erase(confirmation);
    endRemoveRows();
    m_seen.remove(id);
    emit questionGone(id);
}

void QuestionListModel::answer(const QString &id, std::function<QFuture<Result<>>()> act)
{
    m_pins.run<void>(this, std::move(act), [this, id](const Result<> &result) {
        if (result || result.error().code == ErrorCode::NotFound)
            takeAway(id);
        if (!result)
            emit failed(result.error().code == ErrorCode::NotFound
                            ? tr("The question was closed before your answer came.")
                            : sentenceFor(result.error()));
    });
}

void QuestionListModel::confirm(const QString &confirmation, const QString &agent)
{
    answer(confirmation, [this, confirmation, agent] {
        return agent.isEmpty() ? m_gateway.confirmPairing(confirmation)
                               : m_gateway.confirmPairing(confirmation, agent);
    });
}

void QuestionListModel::denyConfirmation(const QString &confirmation)
{
    answer(confirmation, [this, confirmation] { return m_gateway.denyPairing(confirmation); });
}

void QuestionListModel::allow(const QString &approval, const QString &reach, const QString &covers)
{
    answer(approval,
           [this, approval, reach, covers] { return m_gateway.allowCall(approval, reach, covers); });
}

void QuestionListModel::deny(const QString &approval, const QString &reason, bool pauseAgent)
{
    answer(approval,
           [this, approval, reason, pauseAgent] { return m_gateway.denyCall(approval, reason, pauseAgent); });
}

void QuestionListModel::readAgents(const QString &confirmation)
{
    hear(m_gateway.agents(), this, [this, confirmation](const Result<QList<AgentSummary>> &agents) {
        emit agentsKnown(confirmation, agents.value_or(QList<AgentSummary>()));
    });
}

void QuestionListModel::readGrants(const QString &confirmation, const QString &agent)
{
    hear(m_gateway.grants(agent), this, [this, confirmation](const Result<QList<GrantSummary>> &grants) {
        QMap<QString, QStringList> ofProject;
        for (const GrantSummary &grant : grants.value_or(QList<GrantSummary>())) {
            const QString project
                = grant.projectId == u"*" ? tr("All projects") : foreignText(grant.projectName);
            ofProject[project] += grant.answer == u"allow"
                ? scopeShort(grant.scope)
                : QStringLiteral("%1 (%2)").arg(scopeShort(grant.scope), answerMark(grant.answer).text);
        }
        QStringList lines;
        for (auto project = ofProject.cbegin(); project != ofProject.cend(); ++project)
            lines += QStringLiteral("%1: %2").arg(project.key(), project->join(QStringLiteral(", ")));
        emit grantsKnown(confirmation, lines);
    });
}

void QuestionListModel::readPreview(const QString &approval)
{
    hear(m_gateway.preview(approval), this, [this, approval](const Result<PreviewSummary> &preview) {
        if (preview)
            emit previewKnown(approval, *preview);
        else
            emit previewFailed(approval, sentenceFor(preview.error()));
    });
}

void QuestionListModel::seen(const QString &approval)
{
    if (m_seen.contains(approval))
        return;
    m_seen.insert(approval);
    m_gateway.approvalSeen(approval);
}

void QuestionListModel::refreshTimes()
{
    if (rowCount() > 0)
        emit dataChanged(index(0), index(rowCount() - 1));
}

} // namespace gatehouse::ui
