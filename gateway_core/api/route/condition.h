// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/result.h"

#include <optional>
#include <string>

namespace gatehouse {

/// How far the gateway has come, as its composition root sees it.
/// Starting -> Locked <-> Starting -> Ready; Broken at any time, with the problem.
struct Condition
{
    enum class State { Starting, Locked, Ready, Broken } state = State::Starting;
    std::optional<ErrorCode> problem; ///< storage_* or secrets_*, when Locked or Broken
    std::string origin = "http://127.0.0.1:4100"; ///< our own name on loopback, with the port that is open
    std::string version = GATEHOUSE_VERSION;
};

} // namespace gatehouse
