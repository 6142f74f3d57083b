// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/calls/tool_family.h"
#include "gateway_core/tasker/adapter.h"
#include "gateway_core/tracker/references.h"

#include <optional>
#include <string>

// From a tool's arguments to the one request that Tasker gets, and from its answer to the tool's
// output. Pure. Thread: any.
namespace gatehouse {

/// What has to be looked up before the request can be made.
struct Lookups
{
    bool context = false; ///< names have to become ids
    bool issue = false; ///< an identifier has to become an id, or a list is to be changed
    bool parent = false;
};
[[nodiscard]] Lookups lookupsOf(const Tool &tool, const Json &arguments);

/// Everything known about a call when its request is made.
struct RequestInputs
{
    const Tool &tool;
    const Json &arguments;
    ProjectId project;
    Json context; ///< of the project, where looked up
    Json issue; ///< as it is now, where looked up
    std::string parentId; ///< where a parent was given
};

/// The request of the call. ValidationFailed: a name that means nothing there, or a cursor of another list.
[[nodiscard]] Result<TaskerRequest> requestOf(const RequestInputs &inputs);

/// The one issue of a page that was asked for one. NotFound: none. UpstreamInvalidResponse: of another
/// project, or {field} that cannot be read.
[[nodiscard]] Result<Json> issueIn(const Json &page, const ProjectId &project);

/// Checks shape and project of Tasker's answer and makes the tool's output of it. `sent` is the body
/// that was sent; `mayRead`: the agent holds issues:read, else it gets only what it wrote itself.
/// UpstreamInvalidResponse: another shape, or another project than the one granted. NotFound: no such issue.
[[nodiscard]] Result<ToolResult> resultOf(const Tool &tool, const Json &arguments, const ProjectId &project,
                                          const Json &sent, const Json &answer, bool mayRead);

/// tasker_resolve_project: Tasker's matches (or null) and the grants' own, of granted projects only,
/// best first, then counted and limited.
[[nodiscard]] Result<ToolResult> matchesOf(const Directory &directory, const AgentId &agent, std::int64_t now,
                                           const Json &arguments, const Json &answer);

} // namespace gatehouse
