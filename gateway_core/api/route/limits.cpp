// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/route/limits.h"

#include "gateway_core/api/route/access.h"
#include "gateway_core/base/json.h"
#include "gateway_core/calls/approvals.h"

namespace gatehouse {

Json limitsJson()
{
    return { { "requests_per_minute", kRequestsPerMinute },
             { "refusals_per_minute", kRefusalsPerMinute },
             { "connections", kConnectionsPerClient },
             { "mcp_sessions", kMcpSessionsPerClient },
             { "body_bytes", 1_MiB },
             { "json_depth", kJsonDepthLimit },
             { "held_calls", kHeldPerClient },
             { "hold_seconds", kHoldTime.count() } };
}

} // namespace gatehouse
