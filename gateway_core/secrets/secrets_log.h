// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLoggingCategory>

namespace gatehouse {

/// What this room logs (docs/adr/0155). QT_LOGGING_RULES: gatehouse.secrets.
inline const QLoggingCategory &lcSecrets()
{
    static const QLoggingCategory category("gatehouse.secrets", QtInfoMsg);
    return category;
}

} // namespace gatehouse
