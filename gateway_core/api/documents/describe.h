// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/api/route/condition.h"
#include "gateway_core/api/route/route.h"
#include "gateway_core/calls/tool_catalogue.h"
#include "gateway_core/identity/directory.h"

#include <string>

// What the gateway says of itself, in Markdown, to whoever reads: a person, or a model that has just been
// given a token. The examples run as they are printed, with the token in a file that curl reads
// (`-H @file`): what stands in a command line, every process of the machine can read. Pure. Thread: any.
namespace gatehouse {

/// GET /describe: what this is, and where to go.
[[nodiscard]] std::string describeGateway(const Condition &condition);

/// GET /describe/agent: for this client, with its own projects in the examples.
[[nodiscard]] std::string describeForAgent(const RouteTable &table, const ToolCatalogue &catalogue,
                                           const Condition &condition, const Directory &directory,
                                           const Client &client, std::int64_t now);

/// GET /describe/owner.
[[nodiscard]] std::string describeForOwner(const RouteTable &table, const Condition &condition,
                                           const Directory &directory);

} // namespace gatehouse
