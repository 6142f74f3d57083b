// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/theme.h"

#include <QString>

namespace gatehouse::ui {

/// The look of what the palette cannot say. Widgets name their part by the dynamic property "role":
/// card, title, heading, muted, number, code, primary, danger, quiet, nav, strip, sidebar, bar.
[[nodiscard]] QString styleSheetFor(const Colors &colors);

} // namespace gatehouse::ui
