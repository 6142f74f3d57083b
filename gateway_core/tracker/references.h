// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/result.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// How an agent names an issue's things, and what those names mean: states, labels and members by the project's
// context (projects: grants/project_reference.h). Pure. Thread: any.
namespace gatehouse {

/// ENG-42 as {"ENG", "ENG-42"}, upper case; nullopt: it is an id.
struct IssueIdentifier
{
    std::string project;
    std::string whole;
};
[[nodiscard]] std::optional<IssueIdentifier> asIdentifier(std::string_view issue);

/// An id as Tasker makes them (a UUID): needs no look into the context.
[[nodiscard]] bool isUuid(std::string_view text);
[[nodiscard]] bool isStateGroup(std::string_view text);

/// Id of the state by id, name or group. ValidationFailed {errors: [{field, problem}]}: none, or two.
[[nodiscard]] Result<std::string> stateId(const Json &context, const std::string &reference);
/// Ids of labels ("labels", "name") or members ("members", "display_name"), in order, each once.
[[nodiscard]] Result<std::vector<std::string>> idsOf(const Json &context, const char *list,
                                                     const Json &references, const std::string &field);

} // namespace gatehouse
