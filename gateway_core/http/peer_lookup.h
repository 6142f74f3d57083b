// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/peer.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace gatehouse {

inline constexpr std::uint32_t kUnknownUid = UINT32_MAX; // (uid_t)-1, nobody's

/// What the kernel says for certain about the other end of an accepted socket.
struct PeerCredentials
{
    std::uint32_t uid = kUnknownUid;
    bool viaUnixSocket = false;
    std::int64_t pid = 0; ///< Unix socket: the process that connected
    std::uint64_t inode = 0; ///< TCP: of the client's socket; leads to its process
};

/// SO_PEERCRED. Empty if the kernel does not tell.
[[nodiscard]] std::optional<PeerCredentials> markOfUnixPeer(int socket);
/// The client's end of an accepted loopback connection, by NETLINK_SOCK_DIAG (0.2 ms, never waits).
/// Empty if the kernel does not know it or it is closed already (inode 0): unknown is refused.
[[nodiscard]] std::optional<PeerCredentials> markOfTcpPeer(int socket);

/// The process behind a mark and up to four parents, from /proc. Takes milliseconds for TCP, where every
/// process of that uid is looked through. Fields that cannot be read stay empty.
[[nodiscard]] Peer sightOf(const PeerCredentials &mark);

/// Who listens on a port.
struct PortHolder
{
    std::int64_t pid = 0; ///< 0: not ours to see
    std::string program;
};
[[nodiscard]] PortHolder holderOfPort(int port);
/// The name of a running program; empty if it cannot be read.
[[nodiscard]] std::string programOf(std::int64_t pid);

} // namespace gatehouse
