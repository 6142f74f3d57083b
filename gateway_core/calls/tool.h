// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/result.h"
#include "gateway_core/grants/place.h"
#include "gateway_core/grants/scope.h"

#include <string_view>

namespace gatehouse {

/// One row of the catalogue: everything that MCP, REST, the capabilities document, the grant editor and
/// the docs say about a tool is made from it. What it does is its family's (calls/tool_family.h).
struct Tool
{
    std::string_view name; ///< [a-z_], the same in MCP and REST
    std::string_view title;
    std::string_view description;
    Scope scope; ///< the one it always needs; arguments may add more
    bool writes;
    Json inputSchema; ///< JSON Schema 2020-12, additionalProperties false
    Json outputSchema; ///< of what the pipeline answers; errors have the shape of product errors
    std::string_view example = {}; ///< arguments to try it with, {project} standing for one
    Place::Kind place = Place::Kind::Project; ///< where it acts; Project: its arguments name one
};

/// A schema as clients are shown it: without `format`, and with one type where null is taken too, because
/// function calling at several vendors refuses both. The descriptions say them, and ToolCatalogue::check()
/// holds to the whole schema. In an output, whose values clients check, what may be null has no type.
[[nodiscard]] Json shownInput(const Tool &tool);
[[nodiscard]] Json shownOutput(const Tool &tool);
/// The MCP annotations of a tool, made from its row. Writes change one tracker and never destroy:
/// Codex runs them without a question of its own, because the owner's grants have already answered.
[[nodiscard]] Json annotationsOf(const Tool &tool);

} // namespace gatehouse
