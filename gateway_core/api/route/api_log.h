// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLoggingCategory>

namespace gatehouse {

/// What this room logs (docs/adr/0155). QT_LOGGING_RULES: gatehouse.api.
inline const QLoggingCategory &lcApi()
{
    static const QLoggingCategory category("gatehouse.api", QtInfoMsg);
    return category;
}

} // namespace gatehouse
