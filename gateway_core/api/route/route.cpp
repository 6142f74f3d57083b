// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/route/route.h"

#include <algorithm>

namespace gatehouse {

RouteTable::RouteTable(const std::vector<std::span<const Route>> &areas)
{
    for (const auto area : areas) {
        for (const Route &route : area) {
            const bool known = std::ranges::any_of(m_routes, [&route](const Route *other) {
                return other->method == route.method && other->path == route.path;
            });
            if (known)
                qFatal("two routes at %s", std::string(route.path).c_str());
            m_routes.push_back(&route);
        }
    }
}

} // namespace gatehouse
