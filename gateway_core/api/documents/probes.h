// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/api/route/condition.h"
#include "gateway_core/api/route/route.h"
#include "gateway_core/audit/journal.h"
#include "gateway_core/identity/registry.h"
#include "gateway_core/calls/tool_catalogue.h"
#include "gateway_core/tasker/tasker_client.h"

namespace gatehouse {

/// What anybody may ask, also while the gateway is locked. Never calls Tasker: it tells what became of
/// the last call. Thread: core. The references must outlive it.
class Probes final
{
public:
    /// Its part of the route table, for ApiDispatcher.
    [[nodiscard]] static std::span<const Route> routes();

    Probes(const RouteTable &table, const ToolCatalogue &catalogue, const Condition &condition);
    /// The rooms are there: from now on their state counts too.
    void open(const Registry &registry, const Journal &journal, const TaskerClient &tasker);

    /// 200 as long as the process answers.
    void health(RouteCall &call);
    /// 200 ready | 200 degraded (upstream down or unset, named) | 503 unavailable (locked, storage, secrets).
    void ready(RouteCall &call);
    /// What this is, and where to go, as text.
    void describe(RouteCall &call);
    /// Protocols, scopes, tools and limits, made from the catalogue and the tables.
    void capabilities(RouteCall &call);

private:
    [[nodiscard]] std::string gatewayProblem() const;
    [[nodiscard]] std::string upstreamProblem() const;

    const RouteTable &m_table;
    const ToolCatalogue &m_catalogue;
    const Condition &m_condition;
    const Registry *m_registry = nullptr;
    const Journal *m_journal = nullptr;
    const TaskerClient *m_tasker = nullptr;
};

} // namespace gatehouse
