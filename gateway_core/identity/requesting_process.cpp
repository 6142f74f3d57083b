// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/identity/requesting_process.h"

#include <algorithm>

namespace gatehouse {

namespace {

bool isOurs(const ProcessIdentity &process, bool viaUnixSocket)
{
    if (process.executable.empty())
        return viaUnixSocket;
    const std::string_view path = process.executable;
    const std::string_view name = path.substr(path.find_last_of('/') + 1); // npos + 1 is 0
    return std::ranges::find(kOurPrograms, name) != kOurPrograms.end();
}

} // namespace

Peer requestingProcess(const Peer &peer)
{
    if (!isOurs(peer.process, peer.viaUnixSocket))
        return peer;
    const auto asker = std::ranges::find_if_not(
        peer.parents, [&](const ProcessIdentity &parent) { return isOurs(parent, peer.viaUnixSocket); });
    if (asker == peer.parents.end())
        return peer;
    Peer seen;
    seen.uid = peer.uid;
    seen.viaUnixSocket = peer.viaUnixSocket;
    seen.process = *asker;
    seen.parents.assign(asker + 1, peer.parents.end());
    return seen;
}

} // namespace gatehouse
