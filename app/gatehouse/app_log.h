// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLoggingCategory>

namespace gatehouse {

/// What the program itself logs (docs/adr/0155). QT_LOGGING_RULES: gatehouse.app.
inline const QLoggingCategory &lcApp()
{
    static const QLoggingCategory category("gatehouse.app", QtInfoMsg);
    return category;
}

} // namespace gatehouse
