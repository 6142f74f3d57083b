// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/media_type.h"

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

} // namespace

bool mediaTypeIs(std::string_view contentType, std::string_view type)
{
    return std::ranges::equal(trimmed(contentType.substr(0, contentType.find(';'))), type, {}, lower, lower);
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
