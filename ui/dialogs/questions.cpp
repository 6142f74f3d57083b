// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/questions.h"

#include "ui/dialogs/approval_dialog.h"
#include "ui/dialogs/confirmation_dialog.h"
#include "ui/dialogs/pin_dialog.h"

#include <QApplication>

#include <algorithm>

namespace gatehouse::ui {

Questions::Questions(WindowModels &models, QWidget *window)
    : QObject(window)
    , m_models(models)
    , m_window(window)
{
    connect(&models.questions, &QuestionListModel::confirmationCame, this,
            [this](const QString &id) { showConfirmation(id, Asked::ByItself); });
    connect(&models.questions, &QuestionListModel::approvalCame, this, [this](const QString &id) {
        // Where another is on screen, only its place in the queue changes.
        showApproval(m_approval ? m_approval->question() : id, Asked::ByItself);
    });
    connect(&models.questions, &QuestionListModel::approvalChanged, this, [this](const QString &id) {
        if (m_approval && m_approval->question() == id)
            placeApproval(id);
    });
    connect(&models.questions, &QuestionListModel::questionGone, this, &Questions::takeAway);
    connect(&models.questions, &QuestionListModel::grantsKnown, this,
            [this](const QString &id, const QStringList &lines) {
                if (ConfirmationDialog *dialog = m_confirmations.value(id))
                    dialog->setGrants(lines);
            });
    connect(&models.questions, &QuestionListModel::agentsKnown, this,
            [this](const QString &id, const QList<AgentSummary> &agents) {
                if (ConfirmationDialog *dialog = m_confirmations.value(id))
                    dialog->setAgents(agents);
            });
    connect(&models.questions, &QuestionListModel::previewKnown, this,
            [this](const QString &id, const PreviewSummary &preview) {
                if (m_approval && m_approval->question() == id)
                    m_approval->showPreview(preview);
            });
    connect(&models.questions, &QuestionListModel::previewFailed, this,
            [this](const QString &id, const QString &sentence) {
                if (m_approval && m_approval->question() == id)
                    m_approval->showNoPreview(sentence);
            });
    connect(&models.pins, &PinFlow::pinWanted, this, &Questions::askPin);
}

void Questions::review(const QString &id)
{
    if (m_models.questions.confirmation(id))
        showConfirmation(id, Asked::ByTheOwner);
    else
        showApproval(id, Asked::ByTheOwner);
}

void Questions::reviewFirst()
{
    if (m_models.questions.rowCount() > 0)
        review(m_models.questions.index(0).data(QuestionListModel::IdRole).toString());
}

void Questions::showConfirmation(const QString &id, Asked how)
{
    const auto asked = m_models.questions.confirmation(id);
    if (!asked)
        return;
    QPointer<ConfirmationDialog> &dialog = m_confirmations[id];
    if (!dialog) {
        dialog = new ConfirmationDialog(*asked, m_models.now, {}, m_window);
        connect(dialog, &ConfirmationDialog::answered, &m_models.questions,
                [this, shown = dialog.data()](const QString &which, bool allowed) {
                    if (allowed)
                        m_models.questions.confirm(which, shown->agent());
                    else
                        m_models.questions.denyConfirmation(which);
                });
        connect(dialog, &QDialog::finished, this, [this, id] { m_confirmations.remove(id); });
        connect(dialog, &ConfirmationDialog::agentChosen, &m_models.questions,
                &QuestionListModel::readGrants);
        if (asked->login)
            m_models.questions.readAgents(id);
        else
            m_models.questions.readGrants(id, asked->agentId);
    }
    dialog->present(how);
    emit attentionWanted(dialog->windowTitle());
}

void Questions::showApproval(const QString &id, Asked how)
{
    if (!m_models.questions.approval(id))
        return;
    const bool fresh = m_approval.isNull();
    if (fresh) {
        m_approval = new ApprovalDialog(m_models.now, {}, m_window);
        connect(m_approval, &ApprovalDialog::allowed, &m_models.questions, &QuestionListModel::allow);
        connect(m_approval, &ApprovalDialog::denied, &m_models.questions, &QuestionListModel::deny);
        connect(&m_models.questions, &QuestionListModel::failed, m_approval, &ApprovalDialog::answerAgain);
        // Gone at once: a question that comes before it is deleted must get a dialog that stays.
        connect(m_approval, &QDialog::finished, this, [this] { m_approval.clear(); });
        connect(m_approval, &ApprovalDialog::lookedAt, this,
                [this] { m_models.questions.seen(m_approval->question()); });
        connect(m_approval, &ApprovalDialog::skipped, this, &Questions::showNextApproval);
    }
    if (m_approval->question() != id)
        m_models.questions.readPreview(id);
    placeApproval(id);
    if (m_approval->isActiveWindow())
        m_models.questions.seen(id);
    if (fresh || !m_approval->isVisible() || how == Asked::ByTheOwner)
        m_approval->present(how);
    emit attentionWanted(m_approval->windowTitle());
}

void Questions::placeApproval(const QString &id)
{
    const auto &all = m_models.questions.approvals();
    const auto place = std::find_if(all.begin(), all.end(), [&](const auto &one) { return one.id == id; });
    if (place != all.end())
        m_approval->showQuestion(*place, static_cast<int>(place - all.begin()) + 1,
                                 static_cast<int>(all.size()));
}

void Questions::showNextApproval(const QString &after)
{
    const auto &all = m_models.questions.approvals();
    if (all.isEmpty())
        return;
    const auto place = std::find_if(all.begin(), all.end(), [&](const auto &one) { return one.id == after; })
        - all.begin();
    showApproval(all[(place + 1) % all.size()].id, Asked::ByTheOwner);
}

void Questions::takeAway(const QString &id)
{
    if (ConfirmationDialog *dialog = m_confirmations.take(id)) {
        dialog->disconnect(&m_models.questions);
        dialog->end();
    }
    if (!m_approval)
        return;
    if (m_models.questions.approvals().isEmpty())
        m_approval->end();
    else if (m_approval->question() == id)
        showApproval(m_models.questions.approvals().first().id, Asked::ByItself);
    else
        placeApproval(m_approval->question());
}

void Questions::askPin(PinReason reason, qint64 lockedForMs)
{
    QWidget *over = QApplication::activeModalWidget();
    if (!over)
        over = QApplication::activeWindow();
    if (over && !over->isVisible())
        over
            = nullptr; // a dialog that has just closed still counts as active, and takes its children with it
    const PinDialog::Kind kind = reason == PinReason::Setup ? PinDialog::Kind::SetUp : PinDialog::Kind::Enter;
    m_pin = new PinDialog(kind, over ? over : m_window);
    connect(m_pin, &PinDialog::given, &m_models.pins, [this, kind](const QString &, const QString &pin) {
        if (kind == PinDialog::Kind::SetUp)
            m_models.pins.setUp(pin);
        else
            m_models.pins.enter(pin);
    });
    connect(&m_models.pins, &PinFlow::refused, m_pin, &PinDialog::refuse);
    connect(&m_models.pins, &PinFlow::finished, m_pin, [pin = m_pin] {
        if (pin->isVisible())
            pin->accept();
    });
    connect(m_pin, &QDialog::rejected, &m_models.pins, &PinFlow::cancel);
    // Whatever ends it, what waits for the PIN must not wait for ever. A widget is told gone while it still
    // counts as there for a QPointer, and is no dialog any more: it must hear nothing.
    connect(m_pin, &QObject::destroyed, this, [this, pins = QPointer(&m_models.pins), ended = m_pin.data()] {
        if (!pins)
            return;
        pins->disconnect(ended);
        if ((!m_pin || m_pin == ended) && pins->isAsking())
            pins->cancel();
    });
    if (reason == PinReason::Locked)
        m_pin->refuse({}, lockedForMs);
    m_pin->open();
    emit attentionWanted(m_pin->windowTitle());
}

} // namespace gatehouse::ui
