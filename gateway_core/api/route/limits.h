// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/result.h"

namespace gatehouse {

inline constexpr int kMcpSessionsPerClient = 64; ///< the longest unused goes first

/// What bounds a client (docs/numbers.md), as an agent is told of it. Pure.
[[nodiscard]] Json limitsJson();

} // namespace gatehouse
