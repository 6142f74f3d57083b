// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gatehousectl/printing.h"

#include <QString>

#include <algorithm>

namespace gatehouse {

namespace {

constexpr std::size_t kCellMost = 60;

std::string cell(const Json &value);

/// "7 tasker_create_issue, 3 tasker_get_issue": a list's objects, each as the values of its members.
std::string joined(const Json &list)
{
    std::string text;
    for (const Json &object : list) {
        text += text.empty() ? "" : ",";
        for (const Json &member : object)
            text += (text.empty() ? "" : " ") + cell(member);
    }
    return text;
}

std::string cell(const Json &value)
{
    if (value.is_null())
        return "-";
    if (value.is_string())
        return value.get_ref<const std::string &>().empty() ? "-" : visible(value.get<std::string>());
    if (value.is_array() && value.empty())
        return "-";
    if (value.is_array() && value.front().is_object())
        return joined(value);
    return visible(value.dump());
}

std::size_t widthOf(const std::string &text)
{
    return static_cast<std::size_t>(QString::fromStdString(text).size());
}

std::string shortened(const std::string &text)
{
    const QString all = QString::fromStdString(text);
    if (static_cast<std::size_t>(all.size()) <= kCellMost)
        return text;
    return (all.left(kCellMost - 1) + QChar(0x2026)).toStdString();
}

std::string table(const Json &rows, std::span<const Column> columns)
{
    std::vector<std::vector<std::string>> lines(1);
    for (const Column &column : columns)
        lines[0].emplace_back(column.title);
    for (const Json &row : rows) {
        auto &line = lines.emplace_back();
        for (const Column &column : columns)
            line.push_back(
                shortened(cell(row.value(Json::json_pointer(std::string(column.pointer)), Json()))));
    }
    std::vector<std::size_t> widths(columns.size());
    for (const auto &line : lines) {
        for (std::size_t i = 0; i < line.size(); ++i)
            widths[i] = std::max(widths[i], widthOf(line[i]));
    }
    std::string text;
    for (const auto &line : lines) {
        for (std::size_t i = 0; i < line.size(); ++i) {
            text += line[i];
            if (i + 1 < line.size())
                text += std::string(widths[i] - widthOf(line[i]) + 2, ' ');
        }
        text += '\n';
    }
    return text;
}

/// A text of several lines, each behind a bar, so that none passes for a field of ours.
std::string lines(const std::string &whole)
{
    std::string text;
    std::size_t from = 0;
    for (std::size_t end = 0; end != std::string::npos; from = end + 1) {
        end = whole.find('\n', from);
        text += "\n  | "
            + visible(std::string_view(whole).substr(from, end == std::string::npos ? end : end - from));
    }
    return text;
}

void addFields(const Json &object, const std::string &before, std::string &text)
{
    for (const auto &[name, value] : object.items()) {
        const std::string path = before + visible(name);
        const bool isList = value.is_array() && !value.empty() && value.front().is_object();
        if (value.is_object() || isList)
            addFields(value, path + '.', text);
        else if (value.is_string() && value.get_ref<const std::string &>().find('\n') != std::string::npos)
            text += path + ':' + lines(value.get<std::string>()) + '\n';
        else
            text += path + ": " + cell(value) + '\n';
    }
}

} // namespace

std::string shownJson(const Json &answer)
{
    return visibleJson(answer.dump(2, ' ', false, Json::error_handler_t::replace)) + '\n';
}

std::string searchedWay(const Json &answer)
{
    return "searched back to " + cell(answer.value("searched_back_to", Json())) + ", "
        + std::to_string(answer.value("searched_percent", 0)) + " %";
}

std::string shown(const Json &answer, const Shape &shape)
{
    if (shape.list.empty()) {
        std::string text;
        if (answer.is_object())
            addFields(answer, {}, text);
        return text;
    }
    const Json rows
        = answer.is_object() ? answer.value(std::string(shape.list), Json::array()) : Json::array();
    std::string text;
    if (shape.fieldsToo && answer.is_object()) {
        Json others = answer;
        others.erase(std::string(shape.list));
        addFields(others, {}, text);
    }
    text += rows.empty() ? "none\n" : table(rows, shape.columns);
    const Json leftOut = answer.is_object() ? answer.value("unreadable", Json::array()) : Json::array();
    if (!leftOut.empty())
        text += std::to_string(leftOut.size())
            + " left out: Tasker's answer about them could not be read (see Gatehouse's log)\n";
    const Json next = answer.is_object() ? answer.value("next_cursor", Json()) : Json();
    if (next.is_string())
        text += "more: --cursor " + visible(next.get<std::string>())
            + (answer.contains("searched_back_to") ? " (" + searchedWay(answer) + ')' : std::string()) + '\n';
    return text;
}

} // namespace gatehouse
