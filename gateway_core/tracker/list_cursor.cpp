// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/tracker/list_cursor.h"

#include <charconv>
#include <string_view>

namespace gatehouse {

namespace {

constexpr std::string_view kPrefix = "within:";
constexpr int kPageMost = 100;

std::optional<int> takeNumber(std::string_view &text)
{
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end == text.data() + text.size() || *end != ':')
        return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()) + 1);
    return number;
}

} // namespace

std::string spelled(const ListCursor &cursor)
{
    if (cursor.skip == 0)
        return cursor.tasker;
    return std::string(kPrefix) + std::to_string(cursor.limit) + ':' + std::to_string(cursor.skip) + ':'
        + cursor.tasker;
}

ListCursor readCursor(const std::string &text, int limit)
{
    std::string_view rest = text;
    if (!rest.starts_with(kPrefix))
        return { text, limit, 0 };
    rest.remove_prefix(kPrefix.size());
    const auto page = takeNumber(rest);
    const auto skip = page ? takeNumber(rest) : std::nullopt;
    if (!skip || *page < 1 || *page > kPageMost || *skip < 1 || *skip >= *page)
        return { text, limit, 0 };
    return { std::string(rest), *page, *skip };
}

} // namespace gatehouse
