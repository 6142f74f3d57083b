// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/display_names.h"

#include <QIcon>

class QPainter;
class QRect;

namespace gatehouse::ui {

/// An icon of resources/icons in the tone's colour, drawn anew when the theme changes. `onColor`: for a
/// button whose ground is the accent or red. An unknown or empty name gives an icon that paints nothing.
[[nodiscard]] QIcon icon(const QString &name, Tone tone = Tone::Plain, bool onColor = false);
void paintIcon(QPainter &painter, const QRect &where, const QString &name, const QColor &color);

} // namespace gatehouse::ui
