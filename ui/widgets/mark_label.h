// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/display_names.h"

#include <QWidget>

namespace gatehouse::ui {

/// A state as a small pill: icon and words on their tone's ground. Thread: ui.
class MarkLabel final : public QWidget
{
    Q_OBJECT

public:
    explicit MarkLabel(const Mark &mark = {}, QWidget *parent = nullptr);

    void setMark(const Mark &mark);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    Mark m_mark;
};

} // namespace gatehouse::ui
