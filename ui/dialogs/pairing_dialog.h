// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/dialogs/dialog.h"
#include "ui/models/pairing_model.h"

#include <QTimer>

class QProgressBar;
class QStackedWidget;

namespace gatehouse::ui {

class CommandRow;

/// *Pair a Codex*: the code, large, with its countdown and the command to type; or *Set up Codex for me*,
/// which shows the exact command before it runs. Shows what the model says. Thread: ui.
class PairingDialog final : public Dialog
{
    Q_OBJECT

public:
    PairingDialog(PairingModel &model, const QString &agent, const QString &agentName,
                  QWidget *parent = nullptr);

private:
    [[nodiscard]] QWidget *makeCode();
    [[nodiscard]] QWidget *makeSetup();
    [[nodiscard]] QWidget *makeResult();
    void refresh();
    void countDown();

    PairingModel &m_model;
    QStackedWidget *m_faces;
    QLabel *m_code, *m_left, *m_state, *m_result;
    QProgressBar *m_bar;
    CommandRow *m_command, *m_setupCommand;
    QPushButton *m_again, *m_setUp, *m_run, *m_back;
    QTimer m_tick;
};

} // namespace gatehouse::ui
