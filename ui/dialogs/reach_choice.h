// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/port/gateway_port.h"

#include <QWidget>

class QButtonGroup;

namespace gatehouse::ui {

/// How far a yes to an asked call reaches; *once* until the owner chooses otherwise. Thread: ui.
class ReachChoice final : public QWidget
{
    Q_OBJECT

public:
    explicit ReachChoice(QWidget *parent = nullptr);

    /// The choices for this question, with the narrowest chosen.
    void showQuestion(const ApprovalSummary &asked);
    [[nodiscard]] QString chosen() const; ///< as GatewayPort::allowCall takes it

private:
    QButtonGroup *m_choices;
};

} // namespace gatehouse::ui
