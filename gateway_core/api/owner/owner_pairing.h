// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/api/route/route.h"
#include "gateway_core/identity/pairing.h"
#include "gateway_core/owner/owner_service.h"

namespace gatehouse {

/// The owner's side of pairing: the code, and the yes or no that follows it (docs/rest-api.md, Pairing).
/// Thread: core. The references must outlive it.
class OwnerPairing final
{
public:
    /// Its part of the route table, for ApiDispatcher.
    [[nodiscard]] static std::span<const Route> routes();

    OwnerPairing(OwnerService &owner, Pairing &pairing);

    /// 201 {code, agent_id, expires_at, command}; any open code is closed.
    void open(RouteCall &call);
    void show(RouteCall &call); ///< 404: no code is open
    void close(RouteCall &call);

    void questions(RouteCall &call);
    void confirm(RouteCall &call);
    void deny(RouteCall &call);

private:
    OwnerService &m_owner;
    Pairing &m_pairing;
};

} // namespace gatehouse
