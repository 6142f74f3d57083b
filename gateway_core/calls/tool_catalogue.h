// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/calls/tool.h"

#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace gatehouse {

/// The tools of all families, in the order of docs/rest-api.md, with their compiled input schemas.
/// Data alone: which family does what a row says is the pipeline's to know. Thread: any; the rows must
/// outlive it.
class ToolCatalogue final
{
public:
    /// Two rows of one name, or a schema that is none, end the program: a mistake of ours.
    explicit ToolCatalogue(const std::vector<std::span<const Tool>> &families);
    ~ToolCatalogue();
    ToolCatalogue(const ToolCatalogue &) = delete;
    ToolCatalogue &operator=(const ToolCatalogue &) = delete;

    [[nodiscard]] const std::vector<const Tool *> &tools() const { return m_tools; }
    /// null: no such tool.
    [[nodiscard]] const Tool *find(std::string_view name) const;
    /// ValidationFailed {errors: [{field, problem}]} where the arguments do not fit the tool's input schema.
    [[nodiscard]] Result<> check(const Tool &tool, const Json &arguments) const;

private:
    struct Schemas;
    std::vector<const Tool *> m_tools;
    std::unique_ptr<Schemas> m_schemas;
};

} // namespace gatehouse
