// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/calls/tool_rows.h"

#include <algorithm>

namespace gatehouse {

const std::vector<Tool> &toolCatalogue()
{
    static const std::vector<Tool> catalogue = [] {
        std::vector<Tool> rows;
        for (auto group : { &projectTools, &issueTools, &issueChangeTools })
            std::ranges::move(group(), std::back_inserter(rows));
        return rows;
    }();
    return catalogue;
}

const Tool *toolNamed(std::string_view name)
{
    const auto &catalogue = toolCatalogue();
    const auto found = std::ranges::find(catalogue, name, &Tool::name);
    return found == catalogue.end() ? nullptr : &*found;
}

Json annotationsOf(const Tool &tool)
{
    // destructiveHint and openWorldHint stay false for writes: with either, Codex refuses to run the
    // tool at all. idempotentHint: a repeat under the same key is the same call.
    return { { "title", tool.title },
             { "readOnlyHint", !tool.writes },
             { "destructiveHint", false },
             { "idempotentHint", true },
             { "openWorldHint", false } };
}

Place placeOf(const Tool &tool, const ProjectId &project)
{
    const bool isNamed = tool.place == Place::Kind::Project && !project.isEmpty();
    if (isNamed)
        return { Place::Kind::Project, project };
    return { tool.place == Place::Kind::Granted && !tool.writes ? Place::Kind::Granted : Place::Kind::Profile, {} };
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

} // namespace gatehouse
