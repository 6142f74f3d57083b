// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/api/route/condition.h"
#include "gateway_core/api/route/route.h"
#include "gateway_core/calls/tool_catalogue.h"
#include "gateway_core/identity/registry.h"

namespace gatehouse {

/// Discovery for machines, by token: each reader is shown its own side (docs/rest-api.md, Discovery).
/// Thread: core. The references must outlive it.
class Discovery final
{
public:
    /// Its part of the route table, for ApiDispatcher.
    [[nodiscard]] static std::span<const Route> routes();

    Discovery(const Registry &registry, const RouteTable &table, const ToolCatalogue &catalogue,
              const Condition &condition);

    void forAgent(RouteCall &call);
    void forOwner(RouteCall &call);
    /// The agent token's routes, or the owner token's.
    void openApi(RouteCall &call);

private:
    const Registry &m_registry;
    const RouteTable &m_table;
    const ToolCatalogue &m_catalogue;
    const Condition &m_condition;
};

} // namespace gatehouse
