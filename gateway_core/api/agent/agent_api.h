// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/api/route/condition.h"
#include "gateway_core/api/route/peer_cache.h"
#include "gateway_core/api/route/route.h"
#include "gateway_core/calls/call_pipeline.h"
#include "gateway_core/identity/registry.h"

namespace gatehouse {

/// What a paired client reaches by REST. Thread: core. The references must outlive it.
class AgentApi final
{
public:
    /// Its part of the route table, for ApiDispatcher.
    [[nodiscard]] static std::span<const Route> routes();

    AgentApi(Registry &registry, CallPipeline &pipeline, PeerCache &sights, const Condition &condition);

    /// Who am I, and what may I do in which project.
    void session(RouteCall &call);
    /// One tool; the body is its arguments. 200 the tool's output · 202 approval_pending · as the
    /// pipeline says. A client that goes away has cancelled nothing: CallPipeline::lose().
    void useTool(RouteCall &call);

private:
    Registry &m_registry;
    CallPipeline &m_pipeline;
    PeerCache &m_sights;
    const Condition &m_condition;
};

/// The agent's standing grants, by project, sorted by name: [{id, name, identifier, grants: [...]}].
/// Expired and *off* ones are left out.
[[nodiscard]] Json grantsByProject(const Directory &directory, const AgentId &agent, std::int64_t now);

} // namespace gatehouse
