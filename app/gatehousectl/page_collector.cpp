// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gatehousectl/page_collector.h"

#include <QUrl>

#include <charconv>

namespace gatehouse {

namespace {

std::string inQuery(const std::string &text)
{
    return QUrl::toPercentEncoding(QString::fromStdString(text)).toStdString();
}

/// Nullopt: no number; the gateway then says what is wrong with it.
std::optional<std::size_t> numberIn(const std::string &text)
{
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

} // namespace

PageCollector::PageCollector(Pages pages)
    : m_pages(std::move(pages))
{
}

std::string PageCollector::query() const
{
    const auto limit = numberIn(m_pages.limit);
    const std::string rest = limit ? std::to_string(*limit - std::min(m_found, *limit)) : m_pages.limit;
    return "limit=" + inQuery(rest) + (m_pages.cursor.empty() ? "" : "&cursor=" + inQuery(m_pages.cursor));
}

bool PageCollector::take(const Json &answer)
{
    const std::string list(m_pages.list);
    Json rows = m_answer.is_null() ? Json::array() : m_answer.at(list);
    for (const Json &row : answer.value(list, Json::array()))
        rows.push_back(row);
    m_found = rows.size();
    m_answer = answer;
    m_answer[list] = std::move(rows);
    m_pages.cursor = textAt(answer, "next_cursor");
    return m_pages.cursor.empty() || m_found >= numberIn(m_pages.limit).value_or(0);
}

} // namespace gatehouse
