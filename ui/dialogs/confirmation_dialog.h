// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/dialogs/question_dialog.h"
#include "ui/models/time_text.h"

#include "gateway_core/port/gateway_port.h"

#include <QTimer>

class QComboBox;

namespace gatehouse::ui {

/// Is the program that typed the code (or began a login) the one that the owner meant? The six digits here
/// must be those on its side. Deny is the default, and what closing means. Thread: ui.
class ConfirmationDialog final : public QuestionDialog
{
    Q_OBJECT

public:
    ConfirmationDialog(const ConfirmationSummary &asked, const Now &now, ConsentGuard::Ticks ticks = {},
                       QWidget *parent = nullptr);
    /// What the agent may do, one line per project.
    void setGrants(const QStringList &lines);
    /// For a login: those that it can act as. The owner chooses; nothing is allowed without a choice.
    void setAgents(const QList<AgentSummary> &agents);
    /// The chosen one's id; empty: none, or no login.
    [[nodiscard]] QString agent() const;

signals:
    void answered(const QString &confirmation, bool allowed);
    void agentChosen(const QString &confirmation, const QString &agent);

private:
    void answer(bool allowed);
    void countDown();
    void choose();

    ConfirmationSummary m_asked;
    Now m_now;
    GuardedButton *m_allow;
    QLabel *m_grants, *m_left;
    QComboBox *m_agents = nullptr; ///< of a login
    QTimer m_tick;
    bool m_answered = false;
};

} // namespace gatehouse::ui
