// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLoggingCategory>

namespace gatehouse {

/// What the window logs (docs/adr/0155). QT_LOGGING_RULES: gatehouse.ui.
inline const QLoggingCategory &lcUi()
{
    static const QLoggingCategory category("gatehouse.ui", QtInfoMsg);
    return category;
}

} // namespace gatehouse
