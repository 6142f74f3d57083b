// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/contract_tasker/contract.h"

namespace contract {

/// The test's own door, on the same port: /_control/..., with `Authorization: Bearer <control token>`.
///   POST fault {match, kind, times, ...}  POST reset  POST close_idle
///   POST retire_agent {agent_id}          POST touch {issue_id}
///   GET requests   GET counters   GET world
[[nodiscard]] Response control(const Request &request, const std::string &token, Contract &contract,
                               Wire &wire);

} // namespace contract
