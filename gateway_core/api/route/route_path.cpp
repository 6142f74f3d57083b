// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/route/route_path.h"

#include <algorithm>

namespace gatehouse {

namespace {

std::string_view takeSegment(std::string_view &rest)
{
    const auto end = std::min(rest.find('/'), rest.size());
    const std::string_view segment = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return segment;
}

} // namespace

bool pathMatches(std::string_view pattern, std::string_view path, std::vector<std::string> &parameters)
{
    parameters.clear();
    if (std::ranges::count(pattern, '/') != std::ranges::count(path, '/'))
        return false;
    pattern.remove_prefix(1);
    path.remove_prefix(1);
    while (!pattern.empty()) {
        const std::string_view wanted = takeSegment(pattern);
        const std::string_view given = takeSegment(path);
        if (wanted.starts_with('{')) {
            if (given.empty())
                return false;
            parameters.emplace_back(given);
        } else if (wanted != given) {
            return false;
        }
    }
    return path.empty();
}

} // namespace gatehouse
