// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/api/route/route.h"
#include "gateway_core/identity/registry.h"
#include "gateway_core/owner/owner_service.h"

#include <QObject>

namespace gatehouse {

/// The owner's agents, their grants and their tokens (docs/rest-api.md, Agents).
/// Thread: core. The references must outlive it.
class OwnerAgents final : public QObject
{
    Q_OBJECT

public:
    /// Its part of the route table, for ApiDispatcher.
    [[nodiscard]] static std::span<const Route> routes();

    OwnerAgents(OwnerService &owner, Registry &registry, const Approvals &approvals);

    void list(RouteCall &call);
    /// 201 · 403 owner_mismatch where the body names another owner · 422.
    void create(RouteCall &call);
    void show(RouteCall &call);
    void change(RouteCall &call);

    void grants(RouteCall &call);
    /// Puts one answer for every scope named, in their order, and stops at the first that fails.
    void putGrants(RouteCall &call);
    void removeGrant(RouteCall &call);

    void tokens(RouteCall &call);
    /// 201 with the token, shown this once.
    void mintToken(RouteCall &call);
    void rotateToken(RouteCall &call);
    void revokeToken(RouteCall &call);

private:
    struct GrantRun;

    /// The agent of the path; null: 404 was answered.
    [[nodiscard]] const Agent *agentOf(const RouteCall &call) const;
    [[nodiscard]] const Client *tokenOf(const RouteCall &call) const;
    void nameProject(std::shared_ptr<GrantRun> run);
    void putNext(std::shared_ptr<GrantRun> run);

    OwnerService &m_owner;
    Registry &m_registry;
    const Approvals &m_approvals;
};

} // namespace gatehouse
