// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/http/message.h"

#include <memory>
#include <unordered_map>

namespace gatehouse {

/// Who is at the other end of a connection, looked up once for each: a look costs milliseconds, and
/// every call wants it on record. Thread: core.
class PeerCache final
{
public:
    [[nodiscard]] Peer of(const std::shared_ptr<ConnectionPeer> &peer);

private:
    struct Seen
    {
        std::weak_ptr<ConnectionPeer> connection;
        Peer sight;
    };
    std::unordered_map<const ConnectionPeer *, Seen> m_seen;
};

} // namespace gatehouse
