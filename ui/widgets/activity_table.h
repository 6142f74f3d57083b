// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/activity_model.h"

#include <QTableView>

namespace gatehouse::ui {

/// The lines of Activity: rows of one height, whole-row selection, decision and outcome with icon and words.
/// While the model follows, the newest line is in sight.
/// Thread: ui.
class ActivityTable final : public QTableView
{
    Q_OBJECT

public:
    explicit ActivityTable(ActivityModel &model, QWidget *parent = nullptr);
    [[nodiscard]] bool isAtTop() const;

protected:
    void showEvent(QShowEvent *event) override;

private:
    void follow();

    ActivityModel &m_lines;
};

} // namespace gatehouse::ui
