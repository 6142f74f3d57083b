// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gatehouse-mcp/event_listener.h"

#include <algorithm>

namespace gatehouse {

namespace {

constexpr std::chrono::seconds kReopenAfter{ 1 };
constexpr std::chrono::seconds kLongestWait{ 60 }; // many of us may share one token, and its rates
constexpr std::chrono::seconds kSilenceMost{ 60 }; // four heartbeats

} // namespace

EventListener::EventListener(SocketClient &client, std::function<WireRequest()> prepare, QObject *parent)
    : QObject(parent)
    , m_client(client)
    , m_prepare(std::move(prepare))
{
    m_again.setSingleShot(true);
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
        for (const SseEvent &event : m_reader.feed(bytes)) {
            if (!event.data.empty()) // else it only brought an id to come back with
                emit heard(event.data);
        }
    });
    connect(exchange, &Exchange::finished, this, [this, exchange] {
        exchange->deleteLater();
        if (exchange != m_exchange)
            return;
        m_exchange = nullptr;
        if (exchange->status() == 404)
            emit sessionUnknown();
        else if (exchange->status() == 200)
            openLater(kReopenAfter);
        else if (exchange->status() != 405) // no stream on offer
            openLater(std::clamp<std::chrono::milliseconds>(m_refusedWait * 2, kReopenAfter, kLongestWait));
    });
    connect(exchange, &Exchange::failed, this, [this, exchange] {
        exchange->deleteLater();
        if (exchange != m_exchange)
            return;
        m_exchange = nullptr;
        openLater(kReopenAfter);
    });
}

void EventListener::openLater(std::chrono::milliseconds wait)
{
    m_refusedWait = wait;
    m_again.start(wait);
}

} // namespace gatehouse
