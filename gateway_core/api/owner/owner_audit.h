// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/api/route/route.h"
#include "gateway_core/owner/owner_service.h"
#include "gateway_core/secrets/secret_store.h"
#include "gateway_core/storage/storage.h"

#include <QObject>

namespace gatehouse {

/// The journal, as the owner reads it by token (docs/rest-api.md, Audit).
/// Thread: core. The references must outlive it.
class OwnerAudit final : public QObject
{
    Q_OBJECT

public:
    /// Its part of the route table, for ApiDispatcher.
    [[nodiscard]] static std::span<const Route> routes();

    struct Dependencies
    {
        OwnerService &owner;
        Storage &storage;
        Journal &journal;
        SecretStore &secrets;
        Clock &clock;
    };

    explicit OwnerAudit(const Dependencies &dependencies);

    /// A page of lines, newest first; `next_cursor` goes into `cursor` for the older ones. One request
    /// searches a bounded part of the journal: a page may be short, or empty, and still have a next one.
    void events(RouteCall &call);
    /// Walks the chain and names the first bad row; says which rows nothing vouches for.
    void verify(RouteCall &call);
    /// 201 {folder, rows, first, last}: a bundle that can be checked elsewhere. `folder` must not exist.
    void exportTo(RouteCall &call);
    /// {kept_days, folder}: how long rows stay, and where they are exported to before they go.
    void retention(RouteCall &call);
    /// The same with another folder.
    void moveExports(RouteCall &call);
    /// The owner knows that the database or the keychain was put back: signing goes on.
    void acceptRestore(RouteCall &call);

private:
    Dependencies m_services;
};

} // namespace gatehouse
