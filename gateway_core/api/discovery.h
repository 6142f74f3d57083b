// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/api/condition.h"
#include "gateway_core/api/route.h"
#include "gateway_core/calls/tool_catalogue.h"
#include "gateway_core/identity/registry.h"

namespace gatehouse {

/// Discovery for machines, by token: each reader is shown its own side (docs/rest-api.md, Discovery).
/// Thread: core. The references must outlive it.
class Discovery final
{
public:
    Discovery(const Registry &registry, const ToolCatalogue &catalogue, const Condition &condition);

    void forAgent(RouteCall &call);
    void forOwner(RouteCall &call);
    /// The agent token's routes, or the owner token's.
    void openApi(RouteCall &call);

private:
    const Registry &m_registry;
    const ToolCatalogue &m_catalogue;
    const Condition &m_condition;
};

} // namespace gatehouse
