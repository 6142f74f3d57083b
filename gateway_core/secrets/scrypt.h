// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/result.h"
#include "gateway_core/base/secret.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace gatehouse {

inline constexpr int kScryptCost = 17; ///< log2 of N; with r = 8, p = 1: 128 MiB and about 0.4 s
inline constexpr int kScryptCostMost = 20; ///< 1 GiB

/// `size` bytes out of something that a person typed (RFC 7914, r = 8, p = 1).
/// Internal: no memory, or a cost outside 1 … kScryptCostMost. Slow on purpose: never on the core thread.
/// Thread: any.
[[nodiscard]] Result<Secret> scrypt(const Secret &typed, std::span<const std::uint8_t> salt, std::size_t size,
                                    int cost = kScryptCost);

} // namespace gatehouse
