// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/http/tcp_listener.h"

#include "gateway_core/http/http_log.h"

#include <utility>

namespace gatehouse {

namespace {

constexpr int kBacklog = 512;
constexpr Millis kPause{ 500 };

} // namespace

TcpListener::TcpListener(Clock &clock, std::function<void(int)> accepted, QObject *parent)
    : QTcpServer(parent)
    , m_accepted(std::move(accepted))
{
    setListenBacklogSize(kBacklog);
    // Out of descriptors: Qt stops accepting for good, so start again once some may be free.
    connect(this, &QTcpServer::acceptError, this, [this, &clock] {
        qCWarning(lcHttp, "could not accept a connection; waiting a little");
        clock.after(kPause, this, [this] { resumeAccepting(); });
    });
}

void TcpListener::incomingConnection(qintptr socket)
{
    m_accepted(static_cast<int>(socket));
}

} // namespace gatehouse
