// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace gatehouse {

/// One process as /proc tells it; fields that cannot be read stay empty.
struct ProcessIdentity
{
    std::int64_t pid = 0;
    std::string executable;
    std::string folder;
};

/// The process at the other end of a connection: evidence for the owner, never a credential.
/// `uid` is certain (SO_PEERCRED or SOCK_DIAG); a connection whose uid is unknown is never accepted.
struct Peer
{
    std::uint32_t uid = 0;
    bool viaUnixSocket = false;
    ProcessIdentity process;
    std::vector<ProcessIdentity> parents; ///< nearest first, four at most
};

} // namespace gatehouse
