// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/dialogs/question_dialog.h"
#include "ui/models/window_models.h"

#include <QHash>
#include <QPointer>

class QWidget;

namespace gatehouse::ui {

class ApprovalDialog;
class ConfirmationDialog;
class PinDialog;

/// Puts questions on screen when they come, and carries the answers back to the models: confirmations each in
/// a window of its own, approvals one after the other in one, the PIN over whatever is there. What comes by
/// itself takes the focus from no other program. Thread: ui. Owns: the dialogs, through their parent.
class Questions final : public QObject
{
    Q_OBJECT

public:
    Questions(WindowModels &models, QWidget *window);

    /// From Overview: shows this question (again).
    void review(const QString &id);
    /// From the tray: the one that has waited longest.
    void reviewFirst();

signals:
    /// Something wants the owner's eyes: the tray says so, where no window of ours is looked at.
    void attentionWanted(const QString &what);

private:
    using Asked = QuestionDialog::Asked;

    void showConfirmation(const QString &id, Asked how);
    void showApproval(const QString &id, Asked how);
    void placeApproval(const QString &id);
    void showNextApproval(const QString &after);
    void takeAway(const QString &id);
    void askPin(PinReason reason, qint64 lockedForMs);

    WindowModels &m_models;
    QWidget *m_window;
    QHash<QString, QPointer<ConfirmationDialog>> m_confirmations;
    QPointer<ApprovalDialog> m_approval;
    QPointer<PinDialog> m_pin;
};

} // namespace gatehouse::ui
