// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/display_names.h"

#include <QColor>

class QApplication;

namespace gatehouse::ui {

enum class ThemeChoice { System, Light, Dark };

/// Every colour of the window, named by its use. Text on its ground has a contrast of 4.5 to 1 or more.
struct Colors
{
    QColor window, surface, sunken, border, text, muted;
    QColor accent, onAccent, accentSoft;
    QColor good, goodSoft, waiting, waitingSoft, bad, badSoft, onBad;
    bool dark = false;
};

/// The colours in force. Thread: ui.
[[nodiscard]] const Colors &colors();
[[nodiscard]] QColor toneColor(Tone tone); ///< for text and icons
[[nodiscard]] QColor toneSoft(Tone tone); ///< for the ground under them

/// Fusion with our palette. System follows the desktop's choice, also while running. May be called again
/// at any time; everything on screen changes with it.
void applyTheme(QApplication &app, ThemeChoice choice);
/// What the owner chose, kept in QSettings under "theme".
[[nodiscard]] ThemeChoice storedThemeChoice();
void storeThemeChoice(ThemeChoice choice);

} // namespace gatehouse::ui
