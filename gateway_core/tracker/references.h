// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/identifier.h"
#include "gateway_core/base/result.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// How an agent names an issue's things, and what those names mean: states, labels and members by the
// project's context (projects: grants/project_reference.h). Pure. Thread: any.
namespace gatehouse {

/// How an agent may name a project or an issue: by an id, or by an identifier of any script
/// (base/identifier.h).
[[nodiscard]] bool isProjectReference(std::string_view text);
[[nodiscard]] bool isIssueReference(std::string_view text);

/// An id as Tasker makes them (a UUID): needs no look into the context.
[[nodiscard]] bool isUuid(std::string_view text);
[[nodiscard]] bool isStateGroup(std::string_view text);

/// Id of the state by id, name or group. ValidationFailed {errors: [{field, problem}]}: none, or two.
[[nodiscard]] Result<std::string> stateId(const Json &context, const std::string &reference);
/// Ids of labels ("labels", "name") or members ("members", "display_name"), in order, each once.
[[nodiscard]] Result<std::vector<std::string>> idsOf(const Json &context, const char *list,
                                                     const Json &references, const std::string &field);

} // namespace gatehouse
