// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/calls/tool_rows.h"

#include <algorithm>

namespace gatehouse {

namespace {

enum class Nullable { OneType, AnyType };

Json shown(Json schema, Nullable nullable)
{
    if (schema.is_array()) {
        for (Json &entry : schema)
            entry = shown(std::move(entry), nullable);
    }
    if (!schema.is_object())
        return schema;
    if (const auto type = schema.find("type"); type != schema.end() && type->is_array()) {
        if (nullable == Nullable::OneType)
            *type = Json(type->front());
        else
            schema.erase(type);
    }
    if (schema.contains("format") && schema["format"].is_string()) // else it is a property of that name
        schema.erase("format");
    for (auto &[name, value] : schema.items())
        value = shown(std::move(value), nullable);
    return schema;
}

} // namespace

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

Json shownInput(const Tool &tool)
{
    return shown(tool.inputSchema, Nullable::OneType);
}

Json shownOutput(const Tool &tool)
{
    return shown(tool.outputSchema, Nullable::AnyType);
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
