// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/route/media_type.h"

#include <algorithm>

namespace gatehouse {

namespace {

std::string_view trimmed(std::string_view text)
{
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

bool isSame(std::string_view left, std::string_view right)
{
    return std::ranges::equal(left, right, {}, lower, lower);
}

/// `parameters` as they stand behind the type: each charset among them is UTF-8, or a part of it. A quoted
/// text is not read beyond its first semicolon: that can only refuse more.
bool isInUtf8(std::string_view parameters)
{
    while (!parameters.empty()) {
        const auto end = std::min(parameters.find(';'), parameters.size());
        const std::string_view one = parameters.substr(0, end);
        const auto equals = std::min(one.find('='), one.size());
        if (isSame(trimmed(one.substr(0, equals)), "charset")) {
            std::string_view value = trimmed(one.substr(std::min(equals + 1, one.size())));
            if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
                value = value.substr(1, value.size() - 2);
            if (!isSame(value, "utf-8") && !isSame(value, "utf8") && !isSame(value, "us-ascii"))
                return false;
        }
        parameters.remove_prefix(std::min(end + 1, parameters.size()));
    }
    return true;
}

} // namespace

bool mediaTypeIs(std::string_view contentType, std::string_view type)
{
    const auto end = std::min(contentType.find(';'), contentType.size());
    return isSame(trimmed(contentType.substr(0, end)), type)
        && isInUtf8(contentType.substr(std::min(end + 1, contentType.size())));
}

bool accepts(std::string_view accept, std::string_view type)
{
    if (trimmed(accept).empty())
        return true;
    const std::string_view family = type.substr(0, type.find('/'));
    while (!accept.empty()) {
        const auto end = std::min(accept.find(','), accept.size());
        const std::string_view one = accept.substr(0, end);
        const std::string_view range = trimmed(one.substr(0, one.find(';')));
        const bool wholeFamily = range.size() == family.size() + 2 && range.ends_with("/*")
            && mediaTypeIs(range.substr(0, family.size()), family);
        if (range == "*/*" || wholeFamily || mediaTypeIs(range, type))
            return true;
        accept.remove_prefix(std::min(end + 1, accept.size()));
    }
    return false;
}

} // namespace gatehouse
