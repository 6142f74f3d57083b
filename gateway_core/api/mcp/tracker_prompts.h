// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/api/mcp/jsonrpc.h"
#include "gateway_core/api/route/route.h"

// The prompts that Gatehouse offers (docs/mcp.md, Prompts), and the completion of their arguments and of the
// resources' names. Both are made from the grants alone: nothing is asked of Tasker, and nothing is said of
// a project that the caller has not been granted. Pure. Thread: any.
namespace gatehouse::mcp {

/// Those whose work the caller may do at least somewhere.
[[nodiscard]] Json trackerPrompts(const RouteCaller &caller, std::int64_t now);
/// A GetPromptResult. kInvalidParams: no such prompt here, an argument missing, or a project or issue that
/// is not the caller's.
[[nodiscard]] rpc::Outcome<Json> trackerPrompt(const RouteCaller &caller, const Json &params,
                                               std::int64_t now);
/// A CompleteResult, 100 values at most. kInvalidParams: nothing of ours is to be completed.
[[nodiscard]] rpc::Outcome<Json> completionFor(const RouteCaller &caller, const Json &params,
                                               std::int64_t now);

} // namespace gatehouse::mcp
