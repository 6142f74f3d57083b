// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/api/mcp/jsonrpc.h"
#include "gateway_core/api/route/route.h"
#include "gateway_core/calls/call_pipeline.h"
#include "gateway_core/storage/records.h"

#include <string>
#include <vector>

// The tracker as MCP resources (docs/mcp.md, Resources):
//   tasker://projects             as tasker_resolve_project with "*"
//   tasker://projects/{id}        as tasker_get_project_context
//   tasker://issues/{identifier}  as tasker_get_issue
// A read is that tool's call: granted, asked, rated and on record like it. Pure. Thread: any.
namespace gatehouse::mcp {

[[nodiscard]] Json trackerResources(const RouteCaller &caller, std::int64_t now);
[[nodiscard]] Json trackerTemplates(const RouteCaller &caller, std::int64_t now);

/// The call that reading `uri` is, by this version of the protocol. kResourceNotFound {uri}: no URI of ours.
[[nodiscard]] rpc::Outcome<Call> callForResource(const std::string &uri, std::string_view version);
/// A ReadResourceResult of what that call answered.
[[nodiscard]] Json resourceContents(const std::string &uri, const CallAnswer &answer,
                                    const std::string &requestId);
/// Not found, and not the caller's to know, read the same.
[[nodiscard]] rpc::Fault resourceFault(const std::string &uri, const Error &error,
                                       const std::string &requestId);

/// May the caller hear of changes to it? By the grants alone: it does not say that the thing exists.
[[nodiscard]] bool mayWatchResource(const RouteCaller &caller, const std::string &uri, std::int64_t now);
/// The resources that a row of the journal changed: those of a write that reached Tasker.
[[nodiscard]] std::vector<std::string> resourcesChangedBy(const ToolCatalogue &catalogue,
                                                          const JournalRow &row);

} // namespace gatehouse::mcp
