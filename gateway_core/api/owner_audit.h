// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/api/route.h"
#include "gateway_core/owner/desk.h"
#include "gateway_core/storage/storage.h"

#include <QObject>

namespace gatehouse {

/// The journal, as the owner reads it by token (docs/rest-api.md, Audit).
/// Thread: core. The references must outlive it.
class OwnerAudit final : public QObject
{
    Q_OBJECT

public:
    OwnerAudit(Desk &desk, Storage &storage);

    /// A page of lines, newest first; `next_cursor` goes into `cursor` for the older ones.
    void events(RouteCall &call);

private:
    Desk &m_desk;
    Storage &m_storage;
};

} // namespace gatehouse
