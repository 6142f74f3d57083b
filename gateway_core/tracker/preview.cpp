// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/tracker/preview.h"

#include <dtl/dtl.hpp>

#include <algorithm>
#include <array>
#include <set>
#include <span>
#include <unordered_map>

namespace gatehouse {

namespace {

constexpr std::size_t kDiffLines = 1'000; // the search is quadratic in what differs: 50 ms at most

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
            return entry.value(nameField, id);
    }
    return id;
}

std::string shown(const Json &value, const Field &field, const Json &context)
{
    if (value.is_null())
        return {};
    if (value.is_string())
        return nameFor(value.get<std::string>(), field.list, context);
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

/// No text has no line; every line end begins another.
std::vector<std::string> linesOf(const std::string &text)
{
    std::vector<std::string> lines;
    if (text.empty())
        return lines;
    std::size_t from = 0;
    for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', from)) {
        lines.push_back(text.substr(from, end - from));
        from = end + 1;
    }
    lines.push_back(text.substr(from));
    return lines;
}

using Lines = std::span<const std::string>;

void add(std::vector<DiffLine> &diff, DiffLine::Kind kind, Lines lines)
{
    for (const std::string &line : lines)
        diff.push_back({ kind, line });
}

/// Lines as numbers, the same for the same line: the search compares them often.
class LineNumbers final
{
public:
    [[nodiscard]] std::vector<std::size_t> of(Lines lines)
    {
        std::vector<std::size_t> numbers;
        for (const std::string &line : lines) {
            const auto [place, isNew] = m_numbers.try_emplace(line, m_lines.size());
            if (isNew)
                m_lines.push_back(line);
            numbers.push_back(place->second);
        }
        return numbers;
    }
    [[nodiscard]] const std::string &line(std::size_t number) const { return m_lines[number]; }

private:
    std::unordered_map<std::string, std::size_t> m_numbers;
    std::vector<std::string> m_lines;
};

void addDifference(std::vector<DiffLine> &diff, Lines left, Lines right)
{
    if (left.empty() || right.empty() || left.size() > kDiffLines || right.size() > kDiffLines) {
        add(diff, DiffLine::Kind::Removed, left);
        add(diff, DiffLine::Kind::Added, right);
        return;
    }
    LineNumbers numbers;
    dtl::Diff<std::size_t, std::vector<std::size_t>> search(numbers.of(left), numbers.of(right), true);
    search.compose();
    for (const auto &[number, step] : search.getSes().getSequence()) {
        const auto kind = step.type == dtl::SES_ADD ? DiffLine::Kind::Added
            : step.type == dtl::SES_DELETE          ? DiffLine::Kind::Removed
                                                    : DiffLine::Kind::Same;
        diff.push_back({ kind, numbers.line(number) });
    }
}

PreviewField rowOf(const Field &field, const Json &before, const Json &after, const Json &context)
{
    PreviewField row{ field.shown, shown(before, field, context), shown(after, field, context), {} };
    if (isLong(field))
        row.diff = diffOf(row.before, row.after);
    return row;
}

/// What became of the issue between two looks at it.
std::vector<PreviewField> changesBetween(const Json &then, const Json &now, const Json &context)
{
    std::vector<PreviewField> changes;
    if (!then.is_object() || !now.is_object())
        return changes;
    for (const Field &field : kFields) {
        const Json before = valueNow(then, field);
        const Json after = valueNow(now, field);
        if (before != after)
            changes.push_back(rowOf(field, before, after, context));
    }
    return changes;
}

} // namespace

std::vector<DiffLine> diffOf(const std::string &before, const std::string &after)
{
    const auto old = linesOf(before);
    const auto fresh = linesOf(after);
    Lines left(old);
    Lines right(fresh);
    const auto [leftEnd, rightEnd] = std::ranges::mismatch(left, right);
    const auto head = static_cast<std::size_t>(leftEnd - left.begin());
    left = left.subspan(head);
    right = right.subspan(head);
    std::size_t tail = 0;
    while (tail < left.size() && tail < right.size()
           && left[left.size() - 1 - tail] == right[right.size() - 1 - tail])
        ++tail;
    std::vector<DiffLine> diff;
    add(diff, DiffLine::Kind::Same, Lines(old).first(head));
    addDifference(diff, left.first(left.size() - tail), right.first(right.size() - tail));
    add(diff, DiffLine::Kind::Same, left.last(tail));
    return diff;
}

Preview previewOf(const AskedCall &asked, const Json &issue, const Json &context)
{
    Preview preview;
    preview.title = asked.title;
    if (issue.is_object()) {
        preview.issue = issue.at("identifier").get<std::string>();
        preview.title = issue.at("name").get<std::string>();
        preview.changedMeanwhile
            = !asked.issueUpdatedAt.empty() && issue.at("updated_at") != asked.issueUpdatedAt;
        preview.changed = changesBetween(asked.issueSeen, issue, context);
    }
    if (!asked.request.is_object())
        return preview;
    std::set<std::string> told{ "project_id", "expected_updated_at" };
    for (const Field &field : kFields) {
        const auto after = asked.request.find(field.sent);
        if (after == asked.request.end())
            continue;
        told.insert(field.sent);
        preview.fields.push_back(rowOf(field, valueNow(issue, field), *after, context));
    }
    // Whatever else would be sent is shown as it is.
    for (const auto &[name, value] : asked.request.items()) {
        if (!told.contains(name))
            preview.fields.push_back(
                { name, {}, value.is_string() ? value.get<std::string>() : value.dump(), {} });
    }
    return preview;
}

} // namespace gatehouse
