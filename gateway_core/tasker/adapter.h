// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/tasker/tasker_client.h"

#include <string_view>

// The nine routes of contracts/tasker-adapter.openapi.yaml, and nothing else. Each function makes the
// request; check…() tells whether an answer has the contract's shape (required fields and types;
// unknown values pass, unknown fields are dropped). Pure. Thread: any.
namespace gatehouse::adapter {

/// 1 to 64 characters of [A-Za-z0-9_-], so that nothing can leave its path segment. ValidationFailed.
[[nodiscard]] Result<> checkId(std::string_view id, std::string_view field);
/// As in ENG-42, spelled as asIdentifier() spells it; any script. ValidationFailed.
[[nodiscard]] Result<> checkIdentifier(std::string_view identifier, std::string_view field);

[[nodiscard]] TaskerRequest resolveProjects(const std::string &query, int limit);
[[nodiscard]] Result<TaskerRequest> projectContext(const ProjectId &project);
/// `query` holds the contract's query parameters besides project_id: strings and integers.
[[nodiscard]] Result<TaskerRequest> listIssues(const ProjectId &project, const Json &query);
[[nodiscard]] TaskerRequest createIssue(const Json &body);
[[nodiscard]] Result<TaskerRequest> updateIssue(const std::string &issue, const Json &body);
[[nodiscard]] Result<TaskerRequest> moveIssue(const std::string &issue, const Json &body);
[[nodiscard]] Result<TaskerRequest> addComment(const std::string &issue, const Json &body);
[[nodiscard]] Result<TaskerRequest> setLabels(const std::string &issue, const Json &body);
[[nodiscard]] Result<TaskerRequest> setAssignees(const std::string &issue, const Json &body);

/// The member under which a list's check names the rows that it had to leave out, if there are any:
/// [{list, row (its place, from 1), field, problem, id and project_id where they are ids}], 100 at most.
inline constexpr const char *kUnreadable = "unreadable";
/// UpstreamInvalidResponse {field}.
[[nodiscard]] tl::unexpected<Error> unreadableField(const std::string &field, std::string_view problem);

/// UpstreamInvalidResponse {field: the first that is missing or of the wrong type}; else the value with
/// unknown fields dropped. A row of a list that is not sound is left out and named in kUnreadable.
/// Checking again changes nothing.
[[nodiscard]] Result<Json> checkMatches(const Json &answer);
[[nodiscard]] Result<Json> checkContext(const Json &answer);
[[nodiscard]] Result<Json> checkIssuePage(const Json &answer);
[[nodiscard]] Result<Json> checkIssue(const Json &answer);
[[nodiscard]] Result<Json> checkComment(const Json &answer);

} // namespace gatehouse::adapter
