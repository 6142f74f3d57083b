// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/tracker/tool_request.h"
#include "gateway_core/calls/foreign_text.h"
#include "gateway_core/tracker/list_cursor.h"

#include <QString>

#include <algorithm>
#include <set>

namespace gatehouse {

namespace {

constexpr std::size_t kShortText = 512; // a name, an id, a date: longer is nothing that Tasker makes
constexpr std::size_t kListedText = 400; // of a description in a list
constexpr std::size_t kIdsTold = 100;
constexpr std::size_t kRowsTold = 20; // of those that could not be read
constexpr std::size_t kRoomForFrame = 400; // cursor, total and braces around the rows of a list

std::string shortText(const Json &value)
{
    return cutText(cleanText(value.get_ref<const std::string &>(), true), kShortText);
}

/// `value` made fit to be read: texts cleaned, long ones kept for the fields that are meant to be long.
Json readable(const Json &value, const std::string &field = {})
{
    if (value.is_string()) {
        const bool isLong = field == "description_markdown" || field == "body_markdown";
        return isLong ? Json(cleanText(value.get_ref<const std::string &>(), false)) : Json(shortText(value));
    }
    if (value.is_array()) {
        Json list = Json::array();
        for (const Json &item : value) {
            if (list.size() == kIdsTold && item.is_string())
                break;
            list.push_back(readable(item));
        }
        return list;
    }
    if (value.is_object()) {
        Json object = Json::object();
        for (const auto &[name, inner] : value.items())
            object[name] = readable(inner, name);
        return object;
    }
    return value;
}

Json withNote(Json result)
{
    result["untrusted_text"] = true;
    return result;
}

tl::unexpected<Error> elsewhere()
{
    return failure(ErrorCode::UpstreamInvalidResponse, "the answer is about another project");
}

Result<Json> issueOfProject(const Json &answer, const ProjectId &project)
{
    auto issue = adapter::checkIssue(answer);
    if (issue && issue->at("project_id") != project.text())
        return elsewhere();
    return issue;
}

/// What an agent without issues:read gets of the issue that it changed: its names, and what it wrote.
Json receiptOf(const Json &issue, const Json &sent)
{
    std::set<std::string> fields{ "id", "identifier", "project_id", "url", "created_at", "updated_at" };
    for (const auto &[field, value] : sent.items())
        fields.insert(field == "state_id" ? "state" : field);
    Json receipt = Json::object();
    for (const auto &[field, value] : issue.items()) {
        if (fields.contains(field))
            receipt[field] = value;
    }
    return receipt;
}

bool sameIds(const Json &asked, const Json &is)
{
    const auto left = asked.get<std::set<std::string>>();
    const auto right = is.get<std::set<std::string>>();
    return left == right;
}

/// A text as far as Tasker may not change it: of one line without the white space around and between, of
/// Markdown, which it may write anew, the letters and digits.
QString essence(const Json &value, bool markdown)
{
    QString text = QString::fromStdString(value.is_string() ? value.get<std::string>() : std::string())
                       .normalized(QString::NormalizationForm_C);
    if (!markdown)
        return text.simplified();
    text.removeIf([](QChar c) { return !c.isLetterOrNumber() && !c.isSurrogate(); });
    return text;
}

bool isText(const std::string &field)
{
    return field == "name" || field == "description_markdown" || field == "body_markdown";
}

/// Field by field what was asked and what Tasker made of it, where the two differ.
Json shortfall(const Json &sent, const Json &issue)
{
    Json differences = Json::object();
    for (const auto &[field, asked] : sent.items()) {
        Json is;
        if (isText(field)) {
            is = issue.value(field, Json());
            const bool markdown = field != "name";
            if (essence(asked, markdown) != essence(is, markdown))
                differences[field] = { { "asked", asked }, { "is", is } };
            continue;
        }
        if (field == "state_id")
            is = issue.at("state").at("id");
        else if (field == "label_ids" || field == "assignee_ids" || field == "priority")
            is = issue.at(field);
        else if (field == "parent_id" || field == "start_date" || field == "target_date")
            is = issue.value(field, Json());
        else
            continue;
        const bool same = asked.is_array() ? sameIds(asked, is) : asked == is;
        if (!same)
            differences[field] = { { "asked", asked }, { "is", is } };
    }
    return differences;
}

Result<ToolResult> changedIssue(const ProjectId &project, const Json &sent, const Json &answer, bool mayRead)
{
    const auto issue = issueOfProject(answer, project);
    if (!issue)
        return tl::unexpected<Error>(issue.error());
    ToolResult result;
    Json told = mayRead ? *issue : receiptOf(*issue, sent);
    if (Json missed = shortfall(sent, *issue); !missed.empty()) {
        for (auto &[field, difference] : missed.items()) {
            if (mayRead || !isText(field))
                continue;
            // A text that stayed as it was is somebody else's, and not the agent's to read.
            told.erase(field);
            difference.erase("is");
        }
        result.partial = true;
        result.result["partial"] = readable(missed);
    }
    result.result["issue"] = readable(told);
    result.result = withNote(std::move(result.result));
    if (auto &shown = result.result["issue"]; shown.contains("description_markdown"))
        fitText(result.result, shown["description_markdown"], kResultLimit);
    return result;
}

/// The rows that the check of a list left out, as an agent is told of them: Tasker's place and id for each.
Json unreadableRows(const Json &checked)
{
    Json told = Json::array();
    for (const Json &row : checked.value(adapter::kUnreadable, Json::array())) {
        if (told.size() == kRowsTold)
            break;
        told.push_back(row);
        told.back().erase("project_id");
    }
    return told;
}

Result<ToolResult> newComment(const Json &sent, const Json &answer)
{
    const auto comment = adapter::checkComment(answer);
    if (!comment)
        return tl::unexpected<Error>(comment.error());
    ToolResult result{ withNote({ { "comment", readable(*comment) } }) };
    if (const Json missed = shortfall(sent, *comment); !missed.empty()) {
        result.partial = true;
        result.result["partial"] = readable(missed);
    }
    fitText(result.result, result.result["comment"]["body_markdown"], kResultLimit);
    return result;
}

Result<ToolResult> oneIssue(const ProjectId &project, const Json &answer)
{
    const auto issue = issueIn(answer, project);
    if (!issue)
        return tl::unexpected<Error>(issue.error());
    ToolResult result{ withNote({ { "issue", readable(*issue) } }) };
    if (auto &shown = result.result["issue"]; shown.contains("description_markdown"))
        fitText(result.result, shown["description_markdown"], kResultLimit);
    return result;
}

Result<ToolResult> issueList(const Json &arguments, const ProjectId &project, const Json &answer)
{
    const auto page = adapter::checkIssuePage(answer);
    if (!page)
        return tl::unexpected<Error>(page.error());
    const Json &items = page->at("items");
    for (const Json &row : page->value(adapter::kUnreadable, Json::array())) {
        if (row.value("project_id", project.text()) != project.text())
            return elsewhere();
    }
    Json unreadable = unreadableRows(*page);
    ListCursor cursor = readCursor(arguments.value("cursor", std::string()), arguments.value("limit", 25));
    Json rows = Json::array();
    std::size_t size = kRoomForFrame + unreadable.dump().size();
    std::size_t next = static_cast<std::size_t>(cursor.skip);
    for (; next < items.size(); ++next) {
        if (items[next].at("project_id") != project.text())
            return elsewhere();
        Json row = readable(items[next]);
        if (row.contains("description_markdown"))
            row["description_markdown"]
                = cutText(row["description_markdown"].get<std::string>(), kListedText);
        size += row.dump().size() + 1;
        if (size > kResultLimit && !rows.empty())
            break;
        rows.push_back(std::move(row));
    }
    Json result{ { "issues", std::move(rows) }, { "next_cursor", page->at("next_cursor") } };
    if (next < items.size()) {
        cursor.skip = static_cast<int>(next);
        result["next_cursor"] = spelled(cursor);
    }
    if (!unreadable.empty())
        result[adapter::kUnreadable] = std::move(unreadable);
    if (page->contains("total"))
        result["total"] = page->at("total");
    return ToolResult{ withNote(std::move(result)) };
}

Result<ToolResult> projectContext(const ProjectId &project, const Json &answer)
{
    const auto context = adapter::checkContext(answer);
    if (!context)
        return tl::unexpected<Error>(context.error());
    if (context->at("project").at("id") != project.text())
        return elsewhere();
    Json result = withNote(readable(*context));
    if (result.contains(adapter::kUnreadable))
        result[adapter::kUnreadable] = unreadableRows(*context);
    // Members first: there can be hundreds, and states are what an agent needs most.
    for (const char *list : { "members", "labels", "states" }) {
        while (result.dump().size() > kResultLimit && !result[list].empty()) {
            const std::size_t keep = result[list].size() * 3 / 4;
            result["left_out"][list] = context->at(list).size() - keep;
            result[list].erase(result[list].begin() + static_cast<std::ptrdiff_t>(keep), result[list].end());
        }
    }
    return ToolResult{ std::move(result) };
}

} // namespace

Result<Json> issueIn(const Json &page, const ProjectId &project)
{
    const auto checked = adapter::checkIssuePage(page);
    if (!checked)
        return checked;
    const Json &items = checked->at("items");
    if (!items.empty())
        return issueOfProject(items.front(), project);
    const Json unreadable = checked->value(adapter::kUnreadable, Json::array());
    if (unreadable.empty())
        return failure(ErrorCode::NotFound, "no such issue in the project");
    return adapter::unreadableField(unreadable[0]["field"], unreadable[0]["problem"].get<std::string>());
}

Result<ToolResult> resultOf(const Tool &tool, const Json &arguments, const ProjectId &project,
                            const Json &sent, const Json &answer, bool mayRead)
{
    if (tool.name == "tasker_get_project_context")
        return projectContext(project, answer);
    if (tool.name == "tasker_list_issues")
        return issueList(arguments, project, answer);
    if (tool.name == "tasker_get_issue")
        return oneIssue(project, answer);
    if (tool.name == "tasker_add_comment")
        return newComment(sent, answer);
    return changedIssue(project, sent, answer, mayRead);
}

} // namespace gatehouse
