// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <vector>

namespace gatehouse {

/// A TCP socket of this machine, as the kernel lists it.
struct SocketRow
{
    std::uint32_t uid = 0;
    std::uint64_t inode = 0; ///< 0: no process holds it any more
};

/// The one socket that goes from `local` to `remote` (both AF_INET or both AF_INET6); none if the kernel
/// knows none. sock_diag(7); the kernel answers within the call, so nothing ever waits. Linux only.
[[nodiscard]] std::vector<SocketRow> tcpSocket(const sockaddr_storage &local, const sockaddr_storage &remote);
/// All sockets that listen on `port`, of both families.
[[nodiscard]] std::vector<SocketRow> tcpListeners(std::uint16_t port);

} // namespace gatehouse
