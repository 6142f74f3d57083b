// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/identity/loopback_redirect.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace gatehouse {

namespace {

constexpr std::array<std::string_view, 3> kHosts{ "127.0.0.1", "[::1]", "localhost" };

constexpr int kOwnPort = 80; // of the scheme

struct Redirect
{
    std::string_view host;
    int port = kOwnPort;
    std::string_view path, query; ///< no path is "/" (RFC 3986, section 6.2.3)

    bool operator==(const Redirect &) const = default;
};

/// Behind the host: nothing, or a colon and the digits of a port that exists.
std::optional<int> portIn(std::string_view text)
{
    if (text.empty())
        return kOwnPort;
    int port = 0;
    const char *const last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data() + 1, last, port);
    const bool isPort
        = text.front() == ':' && error == std::errc() && end == last && port > 0 && port <= 65535;
    return isPort ? std::optional(port) : std::nullopt;
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
        const auto port = portIn(authority.substr(host.size()));
        if (!port)
            continue;
        const std::string_view rest = uri.substr(end);
        const std::size_t question = std::min(rest.find('?'), rest.size());
        const std::string_view path = rest.substr(0, question);
        return Redirect{ host, *port, path.empty() ? "/" : path, rest.substr(question) };
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
    if (!left || !right)
        return false;
    Redirect onItsPort = *left;
    onItsPort.port = right->port;
    return onItsPort == *right;
}

bool sameAddress(std::string_view one, std::string_view other)
{
    const auto left = parse(one);
    return left && left == parse(other);
}

} // namespace gatehouse
