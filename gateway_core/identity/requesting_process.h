// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/peer.h"

#include <array>
#include <string_view>

namespace gatehouse {

/// Our own programs that knock for somebody else: the owner wants to see who started them.
inline constexpr std::array<std::string_view, 2> kOurPrograms{ "gatehouse-mcp", "gatehousectl" };

/// The peer as the owner sees it: `process` is the first in the chain that is not ours, `parents` what
/// stands above it. Our programs are not dumpable, so on our socket their executable cannot be read:
/// a nameless front of the chain is taken for ours there. If nobody else is left, the peer as it came.
/// Evidence, never a credential: any program can call itself what it likes, and the record keeps the
/// whole chain. Thread: any.
[[nodiscard]] Peer requestingProcess(const Peer &peer);

} // namespace gatehouse
