// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/clock.h"
#include "gateway_core/base/random.h"
#include "gateway_core/base/secret.h"
#include "gateway_core/calls/approvals.h"
#include "gateway_core/calls/call_pipeline.h"

#include <string>

namespace gatehouse {

/// The `requestState` of a call that waits for the owner (MCP 2026-07-28, basic/patterns/mrtr): the id of
/// the open question, sealed for this client, tool and arguments, good for as long as a question may stay
/// open. It is a receipt and grants nothing: the owner's answer is looked up where it was given.
/// The key lives and dies with this object, so no state outlives a restart. Thread: core.
class RequestStates final
{
public:
    RequestStates(Clock &clock, Random &random);

    [[nodiscard]] std::string seal(const ApprovalId &approval, const Call &call) const;
    /// False for whatever was not sealed here for this very call, or is over its time.
    [[nodiscard]] bool fits(const std::string &state, const Call &call) const;

private:
    [[nodiscard]] std::string sealed(const std::string &approval, const std::string &until,
                                     const Call &call) const;

    Clock &m_clock;
    Secret m_key;
};

} // namespace gatehouse
