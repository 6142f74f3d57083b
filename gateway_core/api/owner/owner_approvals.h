// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/api/route/route.h"
#include "gateway_core/calls/approvals.h"
#include "gateway_core/owner/owner_service.h"

namespace gatehouse {

/// The calls that wait for the owner (docs/rest-api.md, Approvals). One of them by itself comes with all that
/// the window shows of it. Thread: core. The references must outlive it.
class OwnerApprovals final
{
public:
    /// Its part of the route table, for ApiDispatcher.
    [[nodiscard]] static std::span<const Route> routes();

    OwnerApprovals(OwnerService &owner, Approvals &approvals);

    void list(RouteCall &call);
    void show(RouteCall &call);
    void allow(RouteCall &call);
    void deny(RouteCall &call);
    /// The yeses for a time, oldest first, and ending one: at once, and without the PIN.
    void standing(RouteCall &call);
    void end(RouteCall &call);

private:
    OwnerService &m_owner;
    Approvals &m_approvals;
};

} // namespace gatehouse
