// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/api/api_dispatcher.h"
#include "gateway_core/tracker/tool_rows.h"

#include <vector>

// The rows of the dispatcher's table, apart by who comes in.
namespace gatehouse::test {

[[nodiscard]] inline std::vector<Route> routesWhere(bool ofTheOwner)
{
    const ToolCatalogue catalogue{ { trackerTools() } };
    const ApiDispatcher surface(catalogue);
    std::vector<Route> routes;
    for (const Route *route : surface.table().routes()) {
        if (isOfTheOwner(route->access) == ofTheOwner)
            routes.push_back(*route);
    }
    return routes;
}
[[nodiscard]] inline const std::vector<Route> &agentRoutes()
{
    static const std::vector<Route> routes = routesWhere(false);
    return routes;
}
[[nodiscard]] inline const std::vector<Route> &ownerRoutes()
{
    static const std::vector<Route> routes = routesWhere(true);
    return routes;
}

} // namespace gatehouse::test
