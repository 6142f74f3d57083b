// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/api/route/condition.h"
#include "gateway_core/api/route/route.h"
#include "gateway_core/calls/tool_catalogue.h"

#include <vector>

namespace gatehouse {

enum class Audience { Agent, Owner };

/// The routes that this reader is told of, in the order of the tables: an agent of none of the owner's, the
/// owner of none of the agents' but for the probes.
[[nodiscard]] std::vector<const Route *> routesFor(const RouteTable &table, Audience audience);

/// OpenAPI 3.1 of those routes, made from the route tables, the bodies' schemas, answers.h and the tool
/// catalogue. Pure. Thread: any.
[[nodiscard]] Json openApi(Audience audience, const RouteTable &table, const ToolCatalogue &catalogue,
                           const Condition &condition);

} // namespace gatehouse
