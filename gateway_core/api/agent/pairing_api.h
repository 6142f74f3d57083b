// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/api/route/condition.h"
#include "gateway_core/api/route/route.h"
#include "gateway_core/identity/pairing.h"

namespace gatehouse {

/// The two routes of a program that holds nothing yet (docs/rest-api.md, Pairing).
/// Thread: core. The references must outlive it.
class PairingApi final
{
public:
    /// Its part of the route table, for ApiDispatcher.
    [[nodiscard]] static std::span<const Route> routes();

    PairingApi(Pairing &pairing, const Condition &condition);

    /// 202 {confirmation_id, check_number, expires_at}: the code is spent. 404 wrong or no code.
    void redeem(RouteCall &call);
    /// Waits up to kLongPoll. 202 ask again · 200 {token, agent, gateway}, once · 403 approval_denied ·
    /// 404 · 410 pairing_expired.
    void await(RouteCall &call);

private:
    Pairing &m_pairing;
    const Condition &m_condition;
};

} // namespace gatehouse
