// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/clock.h"

#include <cstddef>
#include <cstdint>

namespace gatehouse {

/// The bounds of the doors (docs/threats.md). Tests use smaller ones.
struct HttpLimits
{
    std::size_t head = 16 << 10; ///< request line and headers
    std::size_t body = 1 << 20; ///< the most any route takes; bodyLimitFor may say less
    int connections = 2048;
    int unauthenticated = 256; ///< at each door
    int unauthenticatedPerUid = 64; ///< at each door
    int keptFreeForAuthenticated = 32;
    Millis headTime{ 10'000 };
    Millis bodyTime{ 30'000 };
    Millis idleTime{ 75'000 };
    std::int64_t streamQueue = 1 << 20; ///< bytes waiting in an event stream before it is closed
    bool otherUsers = false; ///< processes of other system users are refused unless the owner allows it
};

} // namespace gatehouse
