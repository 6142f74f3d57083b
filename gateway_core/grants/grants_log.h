// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLoggingCategory>

namespace gatehouse {

/// What this room logs (docs/adr/0155). QT_LOGGING_RULES: gatehouse.grants.
inline const QLoggingCategory &lcGrants()
{
    static const QLoggingCategory category("gatehouse.grants", QtInfoMsg);
    return category;
}

} // namespace gatehouse
