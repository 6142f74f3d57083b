// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/api/route/route.h"
#include "gateway_core/calls/call_pipeline.h"
#include "gateway_core/identity/logins.h"

namespace gatehouse {

/// What would happen to a call, and why, before anybody makes it (docs/rest-api.md, Explain).
/// Thread: core. The references must outlive it.
class OwnerExplain final
{
public:
    /// Its part of the route table, for ApiDispatcher.
    [[nodiscard]] static std::span<const Route> routes();

    OwnerExplain(const CallPipeline &pipeline, const Logins &logins);

    /// ?agent_id&project_id&tool[&client_id][&fields=a,b] -> {verdict: allow|ask|ask_with_pin|refused,
    /// because, scopes, steps, …}. NotFound {missing}: no such agent, client or tool. ValidationFailed: a
    /// field that the tool does not take.
    void explain(RouteCall &call);

private:
    const CallPipeline &m_pipeline;
    const Logins &m_logins;
};

} // namespace gatehouse
