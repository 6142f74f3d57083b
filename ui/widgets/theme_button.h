// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPushButton>

namespace gatehouse::ui {

/// System, light or dark: chosen from a menu, kept, and shown at once. Thread: ui.
class ThemeButton final : public QPushButton
{
    Q_OBJECT

public:
    explicit ThemeButton(QWidget *parent = nullptr);
};

} // namespace gatehouse::ui
