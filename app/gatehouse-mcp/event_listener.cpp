// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gatehouse-mcp/event_listener.h"

namespace gatehouse {

namespace {

constexpr std::chrono::seconds kReopenAfter{ 1 };
constexpr std::chrono::seconds kSilenceMost{ 60 }; // four heartbeats

} // namespace

EventListener::EventListener(SocketClient &client, std::function<WireRequest()> prepare, QObject *parent)
    : QObject(parent)
    , m_client(client)
    , m_prepare(std::move(prepare))
{
    m_again.setSingleShot(true);
    m_again.setInterval(kReopenAfter);
    connect(&m_again, &QTimer::timeout, this, &EventListener::open);
}

void EventListener::listen()
{
    stop();
    m_reader = {};
    open();
}

void EventListener::stop()
{
    m_again.stop();
    if (m_exchange)
        m_exchange->deleteLater();
    m_exchange = nullptr;
}

void EventListener::open()
{
    WireRequest request = m_prepare();
    request.patience = kSilenceMost;
    request.headers.emplace_back("Accept", "text/event-stream");
    if (!m_reader.lastId().empty())
        request.headers.emplace_back("Last-Event-ID", m_reader.lastId());
    Exchange *exchange = m_client.begin(std::move(request));
    m_exchange = exchange;

    connect(exchange, &Exchange::bodyArrived, this, [this, exchange](const std::string &bytes) {
        if (exchange != m_exchange || exchange->status() != 200)
            return;
        for (const SseEvent &event : m_reader.feed(bytes))
            emit heard(event.data);
    });
    connect(exchange, &Exchange::finished, this, [this, exchange] {
        exchange->deleteLater();
        if (exchange != m_exchange)
            return;
        m_exchange = nullptr;
        if (exchange->status() == 404)
            emit sessionUnknown();
        else if (exchange->status() != 405) // no stream on offer
            openLater();
    });
    connect(exchange, &Exchange::failed, this, [this, exchange] {
        exchange->deleteLater();
        if (exchange != m_exchange)
            return;
        m_exchange = nullptr;
        openLater();
    });
}

void EventListener::openLater()
{
    m_again.start();
}

} // namespace gatehouse
