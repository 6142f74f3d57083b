// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/route/own_names.h"

#include <algorithm>
#include <array>

namespace gatehouse {

namespace {

constexpr std::string_view kHttp = "http://";
constexpr std::array<std::string_view, 3> kOwnNames{ "127.0.0.1", "localhost", "[::1]" };

std::string lowered(std::string_view text)
{
    std::string lower(text);
    std::ranges::transform(lower, lower.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
    return lower;
}

/// ":4100", as it stands behind each of the names; empty for the scheme's own port.
std::string_view portOf(const Condition &condition)
{
    const std::string_view origin = condition.origin;
    const std::size_t colon = origin.rfind(':');
    return colon > kHttp.size() && colon < origin.size() ? origin.substr(colon) : std::string_view();
}

/// One of our names with our port, at the front of `text`; empty if there is none. `rest` is what follows.
std::string_view nameAtFront(std::string_view text, const Condition &condition, std::string_view &rest)
{
    const std::string_view port = portOf(condition);
    for (const std::string_view name : kOwnNames) {
        if (!text.starts_with(name) || !text.substr(name.size()).starts_with(port))
            continue;
        rest = text.substr(name.size() + port.size());
        return name;
    }
    return {};
}

} // namespace

std::string originAskedFor(const HttpRequest &request, const Condition &condition)
{
    const std::string host = lowered(request.header("host"));
    std::string_view rest;
    const std::string_view name = nameAtFront(host, condition, rest);
    if (name.empty() || !rest.empty())
        return condition.origin;
    return std::string(kHttp).append(name).append(portOf(condition));
}

std::string ownAudience(const Condition &condition)
{
    return condition.origin + "/mcp";
}

std::string audienceOf(std::string_view resource, const Condition &condition)
{
    constexpr std::array<std::string_view, 4> kPaths{ "/mcp", "/mcp/", "", "/" };
    const std::size_t slash = resource.find('/', std::min(kHttp.size(), resource.size()));
    const std::string authority = lowered(resource.substr(0, slash));
    const std::string_view path
        = slash == std::string_view::npos ? std::string_view() : resource.substr(slash);
    std::string_view rest;
    const bool isOurs = authority.starts_with(kHttp)
        && !nameAtFront(std::string_view(authority).substr(kHttp.size()), condition, rest).empty()
        && rest.empty() && std::ranges::find(kPaths, path) != kPaths.end();
    return isOurs ? ownAudience(condition) : std::string(resource);
}

} // namespace gatehouse
