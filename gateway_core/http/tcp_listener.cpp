// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/http/tcp_listener.h"

#include "gateway_core/http/peer_lookup.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

namespace gatehouse {

namespace {

constexpr int kTcpBacklog = 4096; // a full queue costs an honest caller its SYN, and so a second
constexpr int kTriesForAFreePort = 16;

/// A bound and listening socket, or errno.
struct Bound
{
    int descriptor = -1;
    int error = 0;
    int port = 0;
};

Bound bindTo(int family, int port)
{
    sockaddr_storage address{};
    socklen_t size = sizeof(sockaddr_in);
    if (family == AF_INET) {
        sockaddr_in v4{};
        v4.sin_family = AF_INET;
        v4.sin_port = htons(static_cast<std::uint16_t>(port));
        v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        std::memcpy(&address, &v4, sizeof(v4));
    } else {
        sockaddr_in6 v6{};
        v6.sin6_family = AF_INET6;
        v6.sin6_port = htons(static_cast<std::uint16_t>(port));
        v6.sin6_addr = in6addr_loopback;
        std::memcpy(&address, &v6, sizeof(v6));
        size = sizeof(v6);
    }
    Bound bound;
    bound.descriptor = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    const int on = 1;
    // Old connections in TIME_WAIT must not keep a restarted gateway from its port. A listener still does.
    if (bound.descriptor < 0 || ::setsockopt(bound.descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0
        || ::bind(bound.descriptor, reinterpret_cast<const sockaddr *>(&address), size) != 0
        || ::listen(bound.descriptor, kTcpBacklog) != 0
        || ::getsockname(bound.descriptor, reinterpret_cast<sockaddr *>(&address), &size) != 0) {
        bound.error = errno;
        if (bound.descriptor >= 0)
            ::close(bound.descriptor);
        return bound;
    }
    sockaddr_in taken{}; // both families keep the port at the same place
    std::memcpy(&taken, &address, sizeof(taken));
    bound.port = ntohs(taken.sin_port);
    return bound;
}

Error failureOf(int error, int port)
{
    std::string text = "port " + std::to_string(port) + ": " + std::system_category().message(error);
    if (error != EADDRINUSE)
        return { ErrorCode::Internal, text, nullptr };
    const PortHolder holder = holderOfPort(port);
    Json details{ { "port", port } };
    if (holder.pid > 0) {
        details["pid"] = holder.pid;
        details["program"] = holder.program;
        text = "port " + std::to_string(port) + " is held by " + holder.program + " (pid "
            + std::to_string(holder.pid) + ")";
    }
    return { ErrorCode::PortBusy, text, std::move(details) };
}

/// A machine without IPv6 has no [::1] that a stranger could take.
bool meansNoIpv6(int error)
{
    return error == EAFNOSUPPORT || error == EADDRNOTAVAIL;
}

} // namespace

TcpListener::TcpListener(Clock &clock, const std::function<void(int)> &accepted)
    : m_v4(clock, accepted)
    , m_v6(clock, accepted)
{
}

Result<int> TcpListener::listen(int port)
{
    stop();
    if (port < 0 || port > 65535)
        return failure(ErrorCode::InvalidRequest, "no such port");
    // A port that is free in one family may be taken in the other; only asking for port 0 leaves a choice.
    for (int tries = port == 0 ? kTriesForAFreePort : 1;; --tries) {
        const Bound v4 = bindTo(AF_INET, port);
        if (v4.error != 0)
            return tl::unexpected(failureOf(v4.error, port));
        const Bound v6 = bindTo(AF_INET6, v4.port);
        if (v6.error != 0 && !meansNoIpv6(v6.error)) {
            ::close(v4.descriptor);
            if (tries > 1)
                continue;
            return tl::unexpected(failureOf(v6.error, v4.port));
        }
        m_v4.start(v4.descriptor);
        if (v6.error == 0)
            m_v6.start(v6.descriptor);
        m_port = v4.port;
        return m_port;
    }
}

void TcpListener::stop()
{
    m_v4.stop();
    m_v6.stop();
    m_port = 0;
}

} // namespace gatehouse
