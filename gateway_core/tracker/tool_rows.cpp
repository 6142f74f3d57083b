// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/tracker/tool_rows.h"

#include "gateway_core/tracker/references.h"

#include <algorithm>
#include <array>
#include <utility>

namespace gatehouse {

namespace {

using Example = std::pair<std::string_view, std::string_view>;
constexpr std::array kExamples{
    Example{ "tasker_resolve_project", R"({"query":"{project}"})" },
    Example{ "tasker_get_project_context", R"({"project":"{project}"})" },
    Example{ "tasker_list_issues", R"({"project":"{project}","limit":5})" },
    Example{ "tasker_get_issue", R"({"issue":"{project}-1"})" },
    Example{ "tasker_create_issue", R"({"project":"{project}","name":"Tried from the command line"})" },
    Example{ "tasker_update_issue", R"({"issue":"{project}-1","priority":"high"})" },
    Example{ "tasker_move_issue", R"({"issue":"{project}-1","state":"started"})" },
    Example{ "tasker_add_comment", R"({"issue":"{project}-1","body_markdown":"Seen."})" },
    Example{ "tasker_set_labels", R"({"issue":"{project}-1","labels":[]})" },
    Example{ "tasker_set_assignees", R"({"issue":"{project}-1","assignees":[]})" },
};

} // namespace

std::span<const Tool> trackerTools()
{
    static const std::vector<Tool> rows = [] {
        std::vector<Tool> all;
        for (auto group : { &projectTools, &issueTools, &issueChangeTools })
            std::ranges::move(group(), std::back_inserter(all));
        for (Tool &tool : all)
            tool.example = std::ranges::find(kExamples, tool.name, &Example::first)->second;
        return all;
    }();
    return rows;
}

std::vector<Scope> scopesOf(const Tool &tool, const Json &arguments)
{
    std::vector<Scope> scopes{ tool.scope };
    if (tool.scope != Scope::IssuesCreate)
        return scopes;
    // An empty list is still a list: whoever may not write labels does not say anything about them.
    if (arguments.contains("state"))
        scopes.push_back(Scope::IssuesMove);
    if (arguments.contains("labels"))
        scopes.push_back(Scope::LabelsWrite);
    if (arguments.contains("assignees"))
        scopes.push_back(Scope::AssigneesWrite);
    return scopes;
}

Result<> checkBeyondSchema(const Tool &tool, const Json &arguments)
{
    Json problems = Json::array();
    const auto tell = [&problems](const char *field, const char *problem) {
        problems.push_back({ { "field", field }, { "problem", problem } });
    };
    const Json &properties = tool.inputSchema.at("properties");
    const auto has = [&arguments](const char *field) { return arguments.contains(field); };
    for (const char *whole : { "labels", "assignees" }) {
        if (!properties.contains("add") || !properties.contains(whole))
            continue;
        if (has(whole) && (has("add") || has("remove")))
            tell(whole, "goes alone: it replaces the whole list");
        else if (!has(whole) && !has("add") && !has("remove"))
            tell(whole, "or add or remove is needed");
    }
    for (const auto &[field, value] : arguments.items()) {
        if (!value.is_string())
            continue;
        const auto &text = value.get_ref<const std::string &>();
        const bool isGood = field == "project"      ? isProjectReference(text)
            : field == "issue" || field == "parent" ? isIssueReference(text)
                                                    : true;
        if (!isGood)
            tell(field.c_str(), "is neither an id nor an identifier such as ENG or ENG-42");
    }
    if (tool.scope == Scope::IssuesUpdate) {
        bool changes = false;
        for (const auto &[field, value] : arguments.items())
            changes = changes || (field != "issue" && field != "project");
        if (!changes)
            tell("name", "or another field to change is needed");
    }
    if (problems.empty())
        return {};
    return failure(ErrorCode::ValidationFailed, "arguments of " + std::string(tool.name),
                   { { "errors", problems } });
}

} // namespace gatehouse
