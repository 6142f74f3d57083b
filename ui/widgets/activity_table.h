// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/activity_model.h"

#include <QTableView>

namespace gatehouse::ui {

/// The lines of Activity: rows of one height, whole-row selection, decision and outcome with icon and words.
/// Thread: ui.
class ActivityTable final : public QTableView
{
    Q_OBJECT

public:
    explicit ActivityTable(ActivityModel &model, QWidget *parent = nullptr);
    [[nodiscard]] bool isAtTop() const;
};

} // namespace gatehouse::ui
