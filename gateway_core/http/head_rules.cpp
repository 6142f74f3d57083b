// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/http/head_rules.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace gatehouse {

namespace {

using namespace std::string_view_literals;

/// The only headers that may come more than once: those that RFC 9110 and W3C define as lists, none of
/// which decides anything here.
constexpr std::array kLists{
    "accept"sv,          "accept-charset"sv,
    "accept-encoding"sv, "accept-language"sv,
    "baggage"sv,         "cache-control"sv,
    "connection"sv,      "forwarded"sv,
    "pragma"sv,          "te"sv,
    "trailer"sv,         "tracestate"sv,
    "upgrade"sv,         "via"sv,
    "x-forwarded-for"sv,
};
/// What is read, besides everything that begins with one of kReadFamilies.
constexpr std::array kRead{
    "accept"sv,          "authorization"sv,     "connection"sv, "content-encoding"sv,
    "content-length"sv,  "content-type"sv,      "expect"sv,     "host"sv,
    "idempotency-key"sv, "last-event-id"sv,     "origin"sv,     "proxy-connection"sv,
    "traceparent"sv,     "transfer-encoding"sv, "upgrade"sv,    "x-step-up-token"sv,
};
constexpr std::array kReadFamilies{ "mcp-"sv, "sec-"sv };
constexpr std::array kMethods{ "GET"sv, "POST"sv, "PATCH"sv, "PUT"sv, "DELETE"sv };
constexpr std::array kKnownMethods{ "HEAD"sv, "OPTIONS"sv, "TRACE"sv, "CONNECT"sv };
constexpr std::array kLoopbackNames{ "127.0.0.1"sv, "localhost"sv, "[::1]"sv };
constexpr std::array kUnixNames{ "gatehouse"sv, "localhost"sv };

bool equalsIgnoringCase(std::string_view text, std::string_view lowerCase)
{
    const auto lowered = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return std::ranges::equal(text, lowerCase, {}, lowered);
}

const std::string *find(const HttpRequest &request, std::string_view name)
{
    const auto found = std::ranges::find(request.headers, name, &Headers::value_type::first);
    return found == request.headers.end() ? nullptr : &found->second;
}

bool isPlainLength(std::string_view text)
{
    constexpr std::size_t kMostDigits = 15;
    return !text.empty() && text.size() <= kMostDigits
        && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// `authority` is one of `names` with exactly our port.
bool isOwnLoopbackName(std::string_view authority, int port)
{
    const std::size_t colon = authority.rfind(':');
    if (port <= 0 || colon == std::string_view::npos)
        return false;
    std::array<char, 8> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), port).ptr;
    if (authority.substr(colon + 1) != std::string_view(digits.data(), end))
        return false;
    return std::ranges::any_of(kLoopbackNames, [&](std::string_view name) {
        return equalsIgnoringCase(authority.substr(0, colon), name);
    });
}

bool isOwnOrigin(std::string_view origin, int port)
{
    constexpr std::string_view kScheme = "http://";
    return origin.starts_with(kScheme) && isOwnLoopbackName(origin.substr(kScheme.size()), port);
}

} // namespace

bool isToken(std::string_view text)
{
    constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
    return !text.empty() && std::ranges::all_of(text, [=](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
            || kMarks.find(c) != std::string_view::npos;
    });
}

bool isAsciiValue(std::string_view value)
{
    return std::ranges::all_of(value, [](char c) { return (c >= 0x20 && c < 0x7f) || c == '\t'; });
}

bool isRead(std::string_view name)
{
    return std::ranges::find(kRead, name) != kRead.end()
        || std::ranges::any_of(kReadFamilies,
                               [&](std::string_view family) { return name.starts_with(family); });
}

std::string_view glimpsedPath(std::string_view head)
{
    const std::string_view line = head.substr(0, head.find('\r'));
    const std::size_t space = std::min(line.find(' '), line.size());
    const std::string_view rest = line.substr(std::min(space + 1, line.size()));
    const std::string_view path = rest.substr(0, rest.find_first_of(" ?"));
    return isToken(line.substr(0, space)) && path.starts_with('/') ? path : std::string_view();
}

std::optional<HttpRejection> checkFraming(const HttpRequest &request)
{
    const Headers &headers = request.headers;
    for (auto header = headers.begin(); header != headers.end(); ++header) {
        const bool again = std::any_of(headers.begin(), header,
                                       [&](const auto &earlier) { return earlier.first == header->first; });
        if (!again || std::ranges::find(kLists, header->first) != kLists.end())
            continue;
        if (header->first == "host")
            return fault::kHostMissing;
        return header->first == "content-length" ? fault::kContentLength : fault::kHeaderTwice;
    }
    const std::string *length = find(request, "content-length");
    const std::string *coding = find(request, "transfer-encoding");
    if (length && coding)
        return fault::kTwoFramings;
    if (length && !isPlainLength(*length))
        return fault::kContentLength;
    if (coding && !equalsIgnoringCase(*coding, "chunked"))
        return fault::kTransferEncoding;
    const std::string *host = find(request, "host");
    if (!host || host->empty())
        return fault::kHostMissing;
    const std::string *expectation = find(request, "expect");
    if (expectation && !equalsIgnoringCase(*expectation, "100-continue"))
        return fault::kExpectation;
    const std::string *encoding = find(request, "content-encoding");
    if (encoding && !equalsIgnoringCase(*encoding, "identity"))
        return fault::kContentEncoding;
    return std::nullopt;
}

std::optional<HttpRejection> checkMethod(std::string_view method)
{
    if (std::ranges::find(kMethods, method) != kMethods.end())
        return std::nullopt;
    return std::ranges::find(kKnownMethods, method) != kKnownMethods.end() ? fault::kMethodNotAllowed
                                                                           : fault::kMethodUnknown;
}

std::optional<HttpRejection> checkNames(const HttpRequest &request, const DoorNames &door)
{
    const std::string_view host = request.header("host");
    const bool ownHost = door.unixSocket
        ? std::ranges::any_of(kUnixNames,
                              [&](std::string_view name) { return equalsIgnoringCase(host, name); })
        : isOwnLoopbackName(host, door.port);
    if (!ownHost)
        return fault::kHostForeign;
    const std::string *origin = find(request, "origin");
    if (origin && !isOwnOrigin(*origin, door.port))
        return fault::kOriginForeign;
    const std::string *site = find(request, "sec-fetch-site");
    if (site && *site != "same-origin" && *site != "none"
        && std::ranges::find(door.navigable, request.path) == door.navigable.end())
        return fault::kCrossSite;
    return std::nullopt;
}

} // namespace gatehouse
