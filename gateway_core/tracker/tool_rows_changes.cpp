// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/tracker/tool_rows.h"

namespace gatehouse {

namespace {

constexpr int kNameLimit = 255;
constexpr int kMarkdownLimit = 65536;

Tool change(std::string_view name, std::string_view title, std::string_view description, Scope scope,
            Json properties, std::vector<std::string> required)
{
    properties["issue"] = schema::issue();
    properties["project"] = schema::project(true);
    required.insert(required.begin(), "issue");
    return { name,
             title,
             description,
             scope,
             true,
             schema::object(std::move(properties), std::move(required)),
             schema::changedIssueOut() };
}

Tool createIssue()
{
    return {
        .name = "tasker_create_issue",
        .title = "Create an issue",
        .description = "Creates an issue in a project and returns it with its identifier (as in ENG-42). "
                       "Only project and name are "
                       "needed. A state also needs the scope issues:move, labels need labels:write, "
                       "assignees assignees:write. "
                       "Where Tasker did less than asked, `partial` says what.",
        .scope = Scope::IssuesCreate,
        .writes = true,
        .inputSchema = schema::object(
            { { "project", schema::project(false) },
              { "name", schema::text("The issue's name, one line.", 1, kNameLimit) },
              { "description_markdown", schema::text("Description in Markdown.", 0, kMarkdownLimit) },
              { "priority", schema::priority() },
              { "state", schema::state() },
              { "labels", schema::references("Labels, each by id or name.") },
              { "assignees", schema::references("Members, each by id or display name.") },
              { "parent", schema::parent(false) },
              { "start_date", schema::date("A date, as in 2026-09-30.", false) },
              { "target_date", schema::date("Due date, as in 2026-10-31.", false) } },
            { "project", "name" }),
        .outputSchema = schema::changedIssueOut(),
    };
}

Tool addComment()
{
    Tool tool = change(
        "tasker_add_comment", "Comment on an issue",
        "Adds a comment in Markdown to an issue, under your agent's name, and returns the comment's id.",
        Scope::CommentsCreate,
        { { "body_markdown", schema::text("The comment, in Markdown.", 1, kMarkdownLimit) } },
        { "body_markdown" });
    const Json text{ { "type", "string" } };
    tool.outputSchema = schema::answer({ { "comment",
                                           { { "type", "object" },
                                             { "properties",
                                               { { "id", text },
                                                 { "issue_id", text },
                                                 { "body_markdown", text },
                                                 { "created_by", text },
                                                 { "created_at", text } } },
                                             { "required", { "id", "issue_id" } } } },
                                         { "partial", schema::partialOut() } },
                                       { "comment" });
    return tool;
}

} // namespace

std::vector<Tool> issueChangeTools()
{
    std::vector<Tool> rows;
    rows.push_back(createIssue());
    rows.push_back(change(
        "tasker_update_issue", "Change an issue's fields",
        "Changes an issue's name, description, priority, parent or dates, and returns the issue. Give only "
        "what is to "
        "change; null takes a parent or a date away. States, labels and assignees have tools of their own.",
        Scope::IssuesUpdate,
        { { "name", schema::text("The new name, one line.", 1, kNameLimit) },
          { "description_markdown",
            schema::text("The whole new description in Markdown.", 0, kMarkdownLimit) },
          { "priority", schema::priority() },
          { "parent", schema::parent(true) },
          { "start_date", schema::date("A date, as in 2026-09-30; null takes it away.", true) },
          { "target_date", schema::date("Due date, as in 2026-10-31; null takes it away.", true) } },
        {}));
    rows.push_back(
        change("tasker_move_issue", "Move an issue to another state",
               "Moves an issue to another workflow state of its project and returns it. A group means the "
               "first state of that group (its default where it has one).",
               Scope::IssuesMove,
               { { "state", schema::state() },
                 { "sort_order", { { "type", "number" }, { "description", "Place within the state." } } } },
               { "state" }));
    rows.push_back(addComment());
    rows.push_back(
        change("tasker_set_labels", "Set an issue's labels",
               "Changes an issue's labels and returns it: `labels` replaces the whole list, `add` and "
               "`remove` change it. Give either `labels`, or `add` and/or `remove`.",
               Scope::LabelsWrite,
               { { "labels", schema::references("The whole new list, each by id or name; [] for none.") },
                 { "add", schema::references("Labels to add, each by id or name.") },
                 { "remove", schema::references("Labels to take away, each by id or name.") } },
               {}));
    rows.push_back(change(
        "tasker_set_assignees", "Set an issue's assignees",
        "Changes who an issue is assigned to and returns it: `assignees` replaces the whole list, `add` and "
        "`remove` change it. Give either `assignees`, or `add` and/or `remove`.",
        Scope::AssigneesWrite,
        { { "assignees", schema::references("The whole new list, each by id or display name; [] for none.") },
          { "add", schema::references("Members to add, each by id or display name.") },
          { "remove", schema::references("Members to take away, each by id or display name.") } },
        {}));
    return rows;
}

} // namespace gatehouse
