// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLoggingCategory>

namespace gatehouse {

/// What this room logs (docs/adr/0155). QT_LOGGING_RULES: gatehouse.identity.
inline const QLoggingCategory &lcIdentity()
{
    static const QLoggingCategory category("gatehouse.identity", QtInfoMsg);
    return category;
}

} // namespace gatehouse
