// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLoggingCategory>

namespace gatehouse {

/// What this room logs (docs/adr/0155). QT_LOGGING_RULES: gatehouse.audit.
inline const QLoggingCategory &lcAudit()
{
    static const QLoggingCategory category("gatehouse.audit", QtInfoMsg);
    return category;
}

} // namespace gatehouse
