// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/result.h"
#include "gateway_core/grants/place.h"
#include "gateway_core/grants/scope.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse {

/// One row of the catalogue: everything that MCP, REST, the capabilities document, the grant editor and
/// the docs say about a tool is made from it.
struct Tool
{
    std::string_view name; ///< [a-z_], the same in MCP and REST
    std::string_view title;
    std::string_view description;
    Scope scope; ///< the one it always needs; arguments may add more
    bool writes;
    Json inputSchema; ///< JSON Schema 2020-12, additionalProperties false
    Json outputSchema; ///< of what the hallway answers; errors have the shape of product errors
    Place::Kind place = Place::Kind::Project; ///< where it acts; Project: its arguments name one
};

/// All tools, in the order of docs/rest-api.md. Built once. Thread: any.
[[nodiscard]] const std::vector<Tool> &toolCatalogue();
/// null: no such tool.
[[nodiscard]] const Tool *toolNamed(std::string_view name);
/// The MCP annotations of a tool, made from its row. Writes change one tracker and never destroy:
/// Codex runs them without a question of its own, because the owner's grants have already answered.
[[nodiscard]] Json annotationsOf(const Tool &tool);
/// ValidationFailed {errors: [{field, problem}]} where the arguments do not fit the tool's input schema.
[[nodiscard]] Result<> checkArguments(const Tool &tool, const Json &arguments);
/// Where a call of this tool acts. A project that is not known yet stands for every project, and a write is never
/// let through by a grant that stands somewhere only.
[[nodiscard]] Place placeOf(const Tool &tool, const ProjectId &project);
/// The union of what these arguments do on the call's own project (create with state_id also needs
/// issues:move, and so on). A parent's project is checked by the hallway when it is known.
[[nodiscard]] std::vector<Scope> scopesOf(const Tool &tool, const Json &arguments);

} // namespace gatehouse
