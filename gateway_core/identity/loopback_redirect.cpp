// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/identity/loopback_redirect.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace gatehouse {

namespace {

constexpr std::array<std::string_view, 3> kHosts{ "127.0.0.1", "[::1]", "localhost" };

struct Redirect
{
    std::string_view host;
    std::string_view rest; ///< path and query, as they are
};

/// Digits of a port that exists; an empty text is none.
bool isPort(std::string_view text)
{
    int port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    return error == std::errc() && end == text.data() + text.size() && port > 0 && port <= 65535;
}

std::optional<Redirect> parse(std::string_view uri)
{
    constexpr std::string_view kScheme = "http://";
    const bool plain = std::ranges::all_of(uri, [](char c) {
        return c > ' ' && c < '\x7f' && c != '#' && c != '\\' && c != '"' && c != '<' && c != '>';
    });
    if (uri.size() > kRedirectMost || !plain || !uri.starts_with(kScheme))
        return std::nullopt;
    uri.remove_prefix(kScheme.size());
    const std::size_t end = std::min(uri.find_first_of("/?"), uri.size());
    const std::string_view authority = uri.substr(0, end);
    for (const std::string_view host : kHosts) {
        if (!authority.starts_with(host))
            continue;
        const std::string_view port = authority.substr(host.size());
        if (port.empty() || (port.front() == ':' && isPort(port.substr(1))))
            return Redirect{ host, uri.substr(end) };
    }
    return std::nullopt;
}

} // namespace

bool isLoopbackRedirect(std::string_view uri)
{
    return parse(uri).has_value();
}

bool sameRedirect(std::string_view registered, std::string_view asked)
{
    const auto left = parse(registered);
    const auto right = parse(asked);
    return left && right && left->host == right->host && left->rest == right->rest;
}

} // namespace gatehouse
