// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/api/route/condition.h"
#include "gateway_core/api/route/route.h"
#include "gateway_core/owner/owner_service.h"

namespace gatehouse {

/// The gateway itself, in its owner's hands: status, step-up, mode, the owner's tokens, the connection
/// to Tasker (docs/rest-api.md, Gateway). Thread: core. The references must outlive it.
class OwnerGateway final
{
public:
    /// Its part of the route table, for ApiDispatcher.
    [[nodiscard]] static std::span<const Route> routes();

    struct Dependencies
    {
        OwnerService &owner;
        Registry &registry;
        StepUp &stepUp;
        Journal &journal;
        CallPipeline &pipeline;
        TaskerClient &tasker;
        Pairing &pairing;
        Approvals &approvals;
        const Condition &condition;
    };

    explicit OwnerGateway(const Dependencies &dependencies);

    void status(RouteCall &call);
    /// {pin, name} -> 201 an owner token, for the owner on a terminal: over the Unix socket alone, whose
    /// other end is known to be the owner's. 403 step_up_required as below.
    void signIn(RouteCall &call);
    /// {pin} -> {step_up_token, expires_at}, for this owner token alone.
    void stepUp(RouteCall &call);
    void forgetStepUp(RouteCall &call);
    /// Answers the whole new state.
    void setMode(RouteCall &call);
    /// The same. 409: the two times of `clock` do not ask that.
    void settleClock(RouteCall &call);
    void stopEverything(RouteCall &call);

    void ownerTokens(RouteCall &call);
    void mintOwnerToken(RouteCall &call);
    void revokeOwnerToken(RouteCall &call);

    void connection(RouteCall &call);
    void saveConnection(RouteCall &call);
    void testConnection(RouteCall &call);
    void projects(RouteCall &call);

private:
    [[nodiscard]] Json stateFor(const Profile &profile, const OwnerCaller &owner) const;

    Dependencies m_services;
};

} // namespace gatehouse
