// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLoggingCategory>

namespace gatehouse {

/// What this room logs (docs/adr/0155). QT_LOGGING_RULES: gatehouse.calls.
inline const QLoggingCategory &lcCalls()
{
    static const QLoggingCategory category("gatehouse.calls", QtInfoMsg);
    return category;
}

} // namespace gatehouse
