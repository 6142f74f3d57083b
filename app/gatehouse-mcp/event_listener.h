// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/client/socket_client.h"
#include "app/client/sse_reader.h"

#include <QObject>
#include <QPointer>
#include <QTimer>

#include <chrono>
#include <functional>

namespace gatehouse {

/// Keeps the session's GET stream open and passes on what the gateway says on its own. A stream that
/// ends is opened again from the last event heard; where it is refused, after longer and longer waits.
/// Thread: main.
class EventListener final : public QObject
{
    Q_OBJECT

public:
    /// `prepare` fills in the headers and the token of the present session.
    EventListener(SocketClient &client, std::function<WireRequest()> prepare, QObject *parent = nullptr);

    void listen();
    void stop();

signals:
    void heard(const std::string &data);
    void sessionUnknown(); ///< 404: the gateway has restarted; listening has stopped

private:
    void open();
    void openLater(std::chrono::milliseconds wait);

    SocketClient &m_client;
    std::function<WireRequest()> m_prepare;
    QPointer<Exchange> m_exchange;
    SseReader m_reader;
    QTimer m_again;
    std::chrono::milliseconds m_refusedWait{ 0 };
};

} // namespace gatehouse
