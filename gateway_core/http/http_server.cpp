// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/http/http_server.h"

#include "gateway_core/http/connection.h"
#include "gateway_core/http/http_log.h"
#include "gateway_core/http/peer_lookup.h"
#include "gateway_core/http/service.h"
#include "gateway_core/http/tcp_listener.h"
#include "gateway_core/http/unix_listener.h"

#include <QHostAddress>

#include <unistd.h>

#include <utility>

namespace gatehouse {

Q_LOGGING_CATEGORY(lcHttp, "gatehouse.http", QtInfoMsg)

namespace {

constexpr Millis kSweep{ 1000 };
constexpr int kTriesForAFreePort = 16;

Error busy(int port)
{
    const PortHolder holder = holderOfPort(port);
    Json details{ { "port", port } };
    if (holder.pid > 0) {
        details["pid"] = holder.pid;
        details["program"] = holder.program;
    }
    return { ErrorCode::PortBusy, "port " + std::to_string(port) + " is in use", std::move(details) };
}

/// A machine without IPv6 has no [::1] that a stranger could take.
bool meansNoIpv6(const QTcpServer &server)
{
    return server.serverError() == QAbstractSocket::UnsupportedSocketOperationError
        || server.serverError() == QAbstractSocket::SocketAddressNotAvailableError;
}

} // namespace

struct HttpServer::Inside
{
    Inside(HttpServer &server, HttpLimits limits, Clock &clock, Random &random)
        : service(limits, clock, random)
        , v4(
              clock, [this](int socket) { accept(socket, false); }, nullptr)
        , v6(
              clock, [this](int socket) { accept(socket, false); }, nullptr)
        , unixSocket(clock, [this](int socket) { accept(socket, true); })
    {
        service.refused = [&server](std::uint32_t uid, const Fault &fault) {
            emit server.refused(
                uid, fault.status,
                QString::fromLatin1(fault.reason.data(), static_cast<int>(fault.reason.size())));
        };
    }
    ~Inside()
    {
        lifetime.reset();
        while (!service.connections.empty())
            delete service.connections.back();
    }

    void accept(int socket, bool viaUnixSocket);
    [[nodiscard]] Result<int> listenOn(int port);
    void sweepLater();

    Service service;
    TcpListener v4;
    TcpListener v6;
    UnixListener unixSocket;
    std::unique_ptr<QObject> lifetime = std::make_unique<QObject>();
    bool sweeping = false;
    bool listening = false; ///< on loopback; the port stays our name for those who are inside
};

void HttpServer::Inside::accept(int socket, bool viaUnixSocket)
{
    const auto mark = viaUnixSocket ? markOfUnixPeer(socket) : markOfTcpPeer(socket);
    auto *connection = new Connection(service, socket, mark.value_or(PeerMark{}), lifetime.get());
    sweepLater();
    if (!mark)
        connection->turnAway(fault::kPeerUnknown);
    else if (mark->uid != ::geteuid() && !service.limits.otherUsers)
        connection->turnAway(fault::kOtherUser);
    else
        connection->enter();
}

/// One timer for all connections, running while there are any.
void HttpServer::Inside::sweepLater()
{
    if (std::exchange(sweeping, true))
        return;
    service.clock.after(kSweep, lifetime.get(), [this] {
        sweeping = false;
        const std::int64_t now = service.clock.sinceBoot();
        // A copy: what ends on the way is deleted later, not now.
        for (Connection *connection : std::vector(service.connections))
            connection->checkTime(now);
        if (!service.connections.empty())
            sweepLater();
    });
}

Result<int> HttpServer::Inside::listenOn(int port)
{
    if (!v4.listen(QHostAddress(QHostAddress::LocalHost), static_cast<quint16>(port)))
        return tl::unexpected(busy(port));
    const int taken = v4.serverPort();
    if (!v6.listen(QHostAddress(QHostAddress::LocalHostIPv6), static_cast<quint16>(taken))
        && !meansNoIpv6(v6)) {
        v4.close();
        return tl::unexpected(busy(taken));
    }
    return taken;
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
    if (port < 0 || port > 65535)
        return failure(ErrorCode::InvalidRequest, "no such port");
    m_inside->v4.close();
    m_inside->v6.close();
    Result<int> taken = m_inside->listenOn(port);
    // A free port of one family may be taken in the other; only asking for port 0 leaves a choice.
    for (int i = 1; port == 0 && !taken && i < kTriesForAFreePort; ++i)
        taken = m_inside->listenOn(port);
    m_inside->listening = taken.has_value();
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
    m_inside->v4.close();
    m_inside->v6.close();
    m_inside->unixSocket.stop();
    m_inside->listening = false;
}

void HttpServer::closeConnections(const std::string &name)
{
    if (name.empty()) {
        for (Connection *connection : std::vector(m_inside->service.connections))
            connection->closeSoon();
        return;
    }
    for (CrowdMember *member : m_inside->service.crowd.named(name))
        member->closeSoon();
}

int HttpServer::port() const
{
    return m_inside->listening ? m_inside->service.port : 0;
}

} // namespace gatehouse
