// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/client/socket_client.h"

#include <QFile>
#include <QLocalSocket>

namespace gatehouse {

namespace {

constexpr std::size_t kIdleMost = 4;
constexpr std::size_t kAnswerMost = 8 << 20;

} // namespace

SocketClient::SocketClient(std::filesystem::path socket, QObject *parent)
    : QObject(parent)
    , m_path(std::move(socket))
    , m_idle(std::make_shared<std::vector<std::unique_ptr<QLocalSocket>>>())
{
}

SocketClient::~SocketClient() = default;

Exchange *SocketClient::begin(WireRequest request)
{
    std::unique_ptr<QLocalSocket> socket;
    while (!m_idle->empty() && !socket) {
        socket = std::move(m_idle->back());
        m_idle->pop_back();
        if (socket->state() != QLocalSocket::ConnectedState
            && socket->state() != QLocalSocket::ConnectingState)
            socket.reset();
    }
    if (!socket)
        socket = std::make_unique<QLocalSocket>();
    auto giveBack = [idle = std::weak_ptr(m_idle)](std::unique_ptr<QLocalSocket> used) {
        const auto list = idle.lock();
        if (list && list->size() < kIdleMost)
            list->push_back(std::move(used));
        else
            used.release()->deleteLater(); // it may be the sender of the signal that is being handled
    };
    const QString path = QFile::decodeName(m_path.c_str());
    auto *exchange = new Exchange(std::move(socket), path, std::move(request), std::move(giveBack));
    exchange->setParent(this);
    return exchange;
}

void SocketClient::send(WireRequest request, Answered answered, Failed failed)
{
    Exchange *exchange = begin(std::move(request));
    const auto body = std::make_shared<std::string>();
    connect(exchange, &Exchange::bodyArrived, exchange, [exchange, body, failed](const std::string &bytes) {
        if (body->size() + bytes.size() > kAnswerMost) {
            exchange->disconnect();
            exchange->deleteLater();
            return failed(WireFailure::Malformed);
        }
        body->append(bytes);
    });
    connect(exchange, &Exchange::finished, exchange, [exchange, body, answered] {
        exchange->deleteLater();
        answered({ exchange->status(), std::move(*body), exchange->header("retry-after") });
    });
    connect(exchange, &Exchange::failed, exchange, [exchange, failed](WireFailure failure) {
        exchange->deleteLater();
        failed(failure);
    });
}

void SocketClient::warmUp()
{
    auto socket = std::make_unique<QLocalSocket>();
    socket->connectToServer(QFile::decodeName(m_path.c_str()));
    m_idle->push_back(std::move(socket));
}

} // namespace gatehouse
