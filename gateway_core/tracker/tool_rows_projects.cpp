// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/tracker/tool_rows.h"

namespace gatehouse {

namespace {

Json named(Json extra)
{
    Json properties{ { "id", { { "type", "string" } } }, { "name", { { "type", "string" } } } };
    properties.update(extra);
    return {
        { "type", "array" },
        { "items",
          { { "type", "object" }, { "properties", std::move(properties) }, { "required", { "id" } } } }
    };
}

} // namespace

std::vector<Tool> projectTools()
{
    std::vector<Tool> rows;
    rows.push_back({
        .name = "tasker_resolve_project",
        .title = "Find a project",
        .description
        = "Finds the Tasker projects that you may work in. Give an identifier (ENG), a name or a part of it, "
          "an id, "
          "a Tasker URL or a git remote; \"*\" lists them all. Returns matches, best first, each with the "
          "project's "
          "id, identifier and name. Projects that the owner has not granted to you never appear.",
        .scope = Scope::ProjectsRead,
        .writes = false,
        .inputSchema = schema::object(
            { { "query", schema::text("Identifier, name, id, URL or git remote; \"*\" for all.", 1, 512) },
              { "limit",
                { { "type", "integer" },
                  { "minimum", 1 },
                  { "maximum", 50 },
                  { "default", 10 },
                  { "description", "How many matches at most, 1 to 50; 10 if left out." } } } },
            { "query" }),
        .outputSchema = schema::answer(
            { { "matches",
                { { "type", "array" },
                  { "items",
                    { { "type", "object" },
                      { "properties",
                        { { "project", schema::projectOut() }, { "score", { { "type", "number" } } } } },
                      { "required", { "project", "score" } } } } } },
              { "total", { { "type", "integer" }, { "description", "Matches before the limit." } } },
              { "unreadable", schema::unreadableOut() } },
            { "matches", "total" }),
        .place = Place::Kind::Granted,
    });
    rows.push_back({
        .name = "tasker_get_project_context",
        .title = "Read a project's states, labels and members",
        .description = "Returns what you need to work in one project: the project, its workflow states (id, "
                       "name, group), its "
                       "labels and its members. Other tools take states, labels and assignees by the ids or "
                       "the names given here.",
        .scope = Scope::ProjectsRead,
        .writes = false,
        .inputSchema = schema::object({ { "project", schema::project(false) } }, { "project" }),
        .outputSchema
        = schema::answer({ { "project", schema::projectOut() },
                           { "states", named({ { "group", { { "type", "string" } } } }) },
                           { "labels", named(Json::object()) },
                           { "members",
                             named({ { "display_name", { { "type", "string" } } },
                                     { "kind", { { "type", "string" } } } }) },
                           { "left_out",
                             { { "type", "object" },
                               { "description", "Per list, how many entries did not fit into this answer." },
                               { "additionalProperties", { { "type", "integer" } } } } },
                           { "unreadable", schema::unreadableOut() } },
                         { "project", "states", "labels", "members" }),
    });
    return rows;
}

} // namespace gatehouse
