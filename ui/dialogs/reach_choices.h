// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/time_text.h"

#include "gateway_core/port/gateway_port.h"

#include <QWidget>

class QButtonGroup;
class QComboBox;
class QVBoxLayout;

namespace gatehouse::ui {

/// How far a yes reaches, written out: once, or each thing that the question lets it cover, narrowest first,
/// until a time of the clock. Once is chosen at first. Thread: ui.
class ReachChoices final : public QWidget
{
    Q_OBJECT

public:
    explicit ReachChoices(const Now &now, QWidget *parent = nullptr);

    void setQuestion(const ApprovalSummary &asked);
    /// The clock has moved on: the sentences name another time.
    void refreshTimes();
    [[nodiscard]] QString reach() const; ///< once | 15m | 1h | 8h
    [[nodiscard]] QString covers() const; ///< issue | turn | project; empty for once

private:
    Now m_now;
    ApprovalSummary m_asked;
    QVBoxLayout *m_choices;
    QButtonGroup *m_group;
    QComboBox *m_time;
};

} // namespace gatehouse::ui
