// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/http/target.h"

#include "gateway_core/http/message.h"

#include <algorithm>

namespace gatehouse {

namespace {

/// Well-formed UTF-8 (Unicode 15, table 3-7).
bool isUtf8(std::string_view text)
{
    const auto byteAt
        = [&](std::size_t i) { return static_cast<unsigned char>(i < text.size() ? text[i] : 0); };
    for (std::size_t i = 0; i < text.size();) {
        const unsigned char lead = byteAt(i);
        if (lead < 0x80) {
            ++i;
            continue;
        }
        const std::size_t more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
        if (lead < 0xc2 || lead > 0xf4)
            return false;
        const unsigned char lowest = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
        const unsigned char highest = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
        if (byteAt(i + 1) < lowest || byteAt(i + 1) > highest)
            return false;
        for (std::size_t k = 2; k <= more; ++k) {
            if ((byteAt(i + k) & 0xc0) != 0x80)
                return false;
        }
        i += more + 1;
    }
    return true;
}

bool isControl(char c)
{
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

/// One segment, decoded into `path` behind its slash.
bool appendSegment(std::string &path, std::string_view raw)
{
    path += '/';
    const std::size_t start = path.size();
    if (raw.find('%') == std::string_view::npos) {
        path += raw;
    } else {
        const Decoded decoded = percentDecoded(raw);
        if (!decoded.ok || decoded.text.find('/') != std::string::npos || !isUtf8(decoded.text))
            return false;
        path += decoded.text;
    }
    const std::string_view segment = std::string_view(path).substr(start);
    return !segment.empty() && segment != "." && segment != ".."
        && segment.find('\\') == std::string_view::npos && std::ranges::none_of(segment, isControl);
}

bool isCleanQuery(std::string_view raw)
{
    if (raw.find_first_of("%\\") == std::string_view::npos)
        return true;
    const Decoded query = percentDecoded(raw);
    return query.ok && query.text.find('\0') == std::string::npos && isUtf8(query.text);
}

} // namespace

std::optional<Target> parseTarget(std::string_view raw)
{
    const bool isVisible = std::ranges::all_of(raw, [](char c) { return c > 0x20 && c < 0x7f; });
    if (raw.empty() || raw.front() != '/' || !isVisible || raw.find('#') != std::string_view::npos)
        return std::nullopt;

    Target target;
    target.path.reserve(raw.size() + 1);
    const std::size_t question = std::min(raw.find('?'), raw.size());
    if (question < raw.size())
        target.query = raw.substr(question + 1);
    if (!isCleanQuery(target.query))
        return std::nullopt;
    std::string_view rest = raw.substr(1, question - 1);
    if (rest.empty()) {
        target.path.push_back('/');
        return target;
    }
    for (;;) {
        const std::size_t end = std::min(rest.find('/'), rest.size());
        if (!appendSegment(target.path, rest.substr(0, end)))
            return std::nullopt;
        if (end == rest.size())
            return target;
        rest.remove_prefix(end + 1);
    }
}

} // namespace gatehouse
