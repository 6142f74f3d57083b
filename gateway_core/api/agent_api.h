// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/api/condition.h"
#include "gateway_core/api/peer_sights.h"
#include "gateway_core/api/route.h"
#include "gateway_core/calls/hallway.h"
#include "gateway_core/identity/registry.h"

namespace gatehouse {

/// What a paired client reaches by REST. Thread: core. The references must outlive it.
class AgentApi final
{
public:
    /// Its part of the route table, for ApiDispatcher.
    [[nodiscard]] static std::span<const Route> routes();

    AgentApi(Registry &registry, Hallway &hallway, PeerSights &sights, const Condition &condition);

    /// Who am I, and what may I do in which project.
    void session(RouteCall &call);
    /// One tool; the body is its arguments. 200 the tool's output · 202 approval_pending · as the
    /// hallway says. A client that goes away has cancelled nothing: Hallway::lose().
    void useTool(RouteCall &call);

private:
    Registry &m_registry;
    Hallway &m_hallway;
    PeerSights &m_sights;
    const Condition &m_condition;
};

/// The agent's standing grants, by project, sorted by name: [{id, name, identifier, grants: [...]}].
/// Expired and *off* ones are left out.
[[nodiscard]] Json grantsByProject(const Directory &directory, const AgentId &agent, std::int64_t now);

} // namespace gatehouse
