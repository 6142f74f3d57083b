// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/route/peer_cache.h"

namespace gatehouse {

namespace {

constexpr std::size_t kSweepAt = 512;

} // namespace

Peer PeerCache::of(const std::shared_ptr<ConnectionPeer> &peer)
{
    if (m_seen.size() >= kSweepAt)
        std::erase_if(m_seen, [](const auto &entry) { return entry.second.connection.expired(); });
    Seen &seen = m_seen[peer.get()];
    // A new connection may lie where an old one was.
    if (seen.connection.lock() != peer)
        seen = { peer, peer->sight() };
    return seen.sight;
}

} // namespace gatehouse
