// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/http/http_server.h"

#include "gateway_core/http/connection.h"
#include "gateway_core/http/http_log.h"
#include "gateway_core/http/peer_lookup.h"
#include "gateway_core/http/server_state.h"
#include "gateway_core/http/tcp_listener.h"
#include "gateway_core/http/unix_listener.h"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace gatehouse {

Q_LOGGING_CATEGORY(lcHttp, "gatehouse.http", QtInfoMsg)

namespace {

constexpr Millis kSweep{ 1000 };

/// Closed again without a byte: nobody waits for an answer. Cheap, because a flood is mostly made of these.
bool isGone(int socket)
{
    char first = 0;
    const ssize_t seen = ::recv(socket, &first, 1, MSG_PEEK | MSG_DONTWAIT);
    return seen == 0 || (seen < 0 && errno != EAGAIN && errno != EWOULDBLOCK);
}

} // namespace

struct HttpServer::Inside
{
    Inside(HttpServer &server, HttpLimits limits, Clock &clock, Random &random)
        : service(limits, clock, random)
        , tcp(clock, [this](int socket) { accept(socket, false); })
        , unixSocket(clock, [this](int socket) { accept(socket, true); })
    {
        service.refused = [&server](std::uint32_t uid, const HttpRejection &fault) {
            emit server.refused(
                uid, fault.status,
                QString::fromLatin1(fault.reason.data(), static_cast<int>(fault.reason.size())));
        };
    }

    void accept(int socket, bool viaUnixSocket);
    void sweepLater();

    ServerState service;
    TcpListener tcp;
    UnixListener unixSocket;
    QObject lifetime; ///< parent of all connections: goes first, while what they refer to is there
    bool sweeping = false;
};

void HttpServer::Inside::accept(int socket, bool viaUnixSocket)
{
    if (isGone(socket)) {
        ::close(socket);
        return;
    }
    const auto mark = viaUnixSocket ? markOfUnixPeer(socket) : markOfTcpPeer(socket);
    auto *connection = new Connection(service, socket, mark.value_or(PeerCredentials{}), &lifetime);
    sweepLater();
    if (!mark)
        connection->reject(fault::kPeerUnknown);
    else if (mark->uid != ::geteuid() && !service.limits.otherUsers)
        connection->reject(fault::kOtherUser);
    else
        connection->enter();
}

/// One timer for all connections, running while there are any.
void HttpServer::Inside::sweepLater()
{
    if (std::exchange(sweeping, true))
        return;
    service.clock.after(kSweep, &lifetime, [this] {
        sweeping = false;
        const std::int64_t now = service.clock.sinceBoot();
        // A copy: what ends on the way is deleted later, not now.
        for (Connection *connection : std::vector(service.connections))
            connection->checkTime(now);
        if (!service.connections.empty())
            sweepLater();
    });
}

HttpServer::HttpServer(HttpLimits limits, Clock &clock, Random &random, QObject *parent)
    : QObject(parent)
    , m_inside(std::make_unique<Inside>(*this, limits, clock, random))
{
}

HttpServer::~HttpServer() = default;

void HttpServer::setHandler(Handler handler)
{
    m_inside->service.handler = std::move(handler);
}

void HttpServer::setBodyLimit(BodyLimit limit)
{
    m_inside->service.bodyLimit = std::move(limit);
}

void HttpServer::setBodyWanted(BodyWanted wanted)
{
    m_inside->service.bodyWanted = std::move(wanted);
}

void HttpServer::setRefusal(Refusal refusal)
{
    m_inside->service.refusal = std::move(refusal);
}

void HttpServer::setNavigablePaths(std::vector<std::string> paths)
{
    m_inside->service.navigable = std::move(paths);
}

Result<int> HttpServer::listenLoopback(int port)
{
    const Result<int> taken = m_inside->tcp.listen(port);
    // Kept when listening stops: it is our name for those who are inside.
    if (taken)
        m_inside->service.port = *taken;
    return taken;
}

Result<> HttpServer::listenUnix(const std::filesystem::path &socket)
{
    return m_inside->unixSocket.listen(socket);
}

void HttpServer::stopListening()
{
    m_inside->tcp.stop();
    m_inside->unixSocket.stop();
}

void HttpServer::closeConnections(const std::string &name)
{
    if (name.empty()) {
        for (Connection *connection : std::vector(m_inside->service.connections))
            connection->closeSoon();
        return;
    }
    for (LimitedConnection *member : m_inside->service.crowd.named(name))
        member->closeSoon();
}

int HttpServer::port() const
{
    return m_inside->tcp.port();
}

} // namespace gatehouse
