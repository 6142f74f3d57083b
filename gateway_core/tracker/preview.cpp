// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/tracker/preview.h"

#include "gateway_core/calls/foreign_text.h"

#include <algorithm>
#include <array>

namespace gatehouse {

namespace {

constexpr std::size_t kDiffLines = 400; // the table below is quadratic: 160,000 cells

struct Field
{
    const char *sent; ///< in the request
    const char *shown; ///< to the owner
    const char *list; ///< of the context, where ids become names
};
constexpr std::array kFields{
    Field{ "name", "name", nullptr },
    Field{ "description_markdown", "description", nullptr },
    Field{ "body_markdown", "comment", nullptr },
    Field{ "priority", "priority", nullptr },
    Field{ "state_id", "state", "states" },
    Field{ "label_ids", "labels", "labels" },
    Field{ "assignee_ids", "assignees", "members" },
    Field{ "parent_id", "parent", nullptr },
    Field{ "start_date", "start_date", nullptr },
    Field{ "target_date", "target_date", nullptr },
    Field{ "sort_order", "sort_order", nullptr },
};

bool isLong(const Field &field)
{
    return std::string_view(field.sent).ends_with("_markdown");
}

std::string nameFor(const std::string &id, const char *list, const Json &context)
{
    if (!list || !context.is_object())
        return id;
    const char *nameField = std::string_view(list) == "members" ? "display_name" : "name";
    for (const Json &entry : context.at(list)) {
        if (entry.at("id") == id)
            return cleanText(entry.value(nameField, id), true);
    }
    return id;
}

std::string shown(const Json &value, const Field &field, const Json &context)
{
    if (value.is_null())
        return {};
    if (value.is_string())
        return isLong(field) ? cleanText(value.get<std::string>(), false)
                             : cleanText(nameFor(value.get<std::string>(), field.list, context), true);
    if (!value.is_array())
        return value.dump();
    std::string text;
    for (const Json &id : value)
        text += (text.empty() ? "" : ", ") + nameFor(id.get<std::string>(), field.list, context);
    return text;
}

Json valueNow(const Json &issue, const Field &field)
{
    if (!issue.is_object())
        return nullptr;
    if (std::string_view(field.sent) == "state_id")
        return issue.at("state").at("id");
    return issue.value(field.sent, Json());
}

std::vector<std::string> linesOf(const std::string &text)
{
    std::vector<std::string> lines;
    std::size_t from = 0;
    while (from < text.size()) {
        const std::size_t end = std::min(text.find('\n', from), text.size());
        lines.push_back(text.substr(from, end - from));
        from = end + 1;
    }
    return lines;
}

} // namespace

std::vector<DiffLine> diffOf(const std::string &before, const std::string &after)
{
    const auto left = linesOf(before);
    const auto right = linesOf(after);
    std::vector<DiffLine> diff;
    if (left.size() > kDiffLines || right.size() > kDiffLines) {
        for (const auto &line : left)
            diff.push_back({ DiffLine::Kind::Removed, line });
        for (const auto &line : right)
            diff.push_back({ DiffLine::Kind::Added, line });
        return diff;
    }
    // common[i][j]: how much the rests from line i and line j have in common.
    std::vector<std::vector<int>> common(left.size() + 1, std::vector<int>(right.size() + 1, 0));
    for (std::size_t i = left.size(); i-- > 0;) {
        for (std::size_t j = right.size(); j-- > 0;)
            common[i][j] = left[i] == right[j] ? common[i + 1][j + 1] + 1
                                               : std::max(common[i + 1][j], common[i][j + 1]);
    }
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < left.size() || j < right.size()) {
        if (i < left.size() && j < right.size() && left[i] == right[j]) {
            diff.push_back({ DiffLine::Kind::Same, left[i] });
            ++i;
            ++j;
        } else if (i < left.size() && (j == right.size() || common[i + 1][j] >= common[i][j + 1])) {
            diff.push_back({ DiffLine::Kind::Removed, left[i++] });
        } else {
            diff.push_back({ DiffLine::Kind::Added, right[j++] });
        }
    }
    return diff;
}

Preview previewOf(const AskedCall &asked, const Json &issue, const Json &context)
{
    Preview preview;
    preview.title = cleanText(asked.title, true);
    if (issue.is_object()) {
        preview.issue = cleanText(issue.at("identifier").get<std::string>(), true);
        preview.title = cleanText(issue.at("name").get<std::string>(), true);
        preview.changedMeanwhile
            = !asked.issueUpdatedAt.empty() && issue.at("updated_at") != asked.issueUpdatedAt;
    }
    if (!asked.request.is_object())
        return preview;
    for (const Field &field : kFields) {
        const auto after = asked.request.find(field.sent);
        if (after == asked.request.end())
            continue;
        PreviewField row;
        row.name = field.shown;
        row.before = shown(valueNow(issue, field), field, context);
        row.after = shown(*after, field, context);
        if (isLong(field)) {
            row.diff = diffOf(row.before, row.after);
            row.before.clear();
            row.after.clear();
        }
        preview.fields.push_back(std::move(row));
    }
    return preview;
}

} // namespace gatehouse
