// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/http/http_exchange.h"

#include <utility>

namespace gatehouse {

HttpExchange::HttpExchange(Connection &connection, HttpRequest request)
    : m_request(std::move(request))
    , m_connection(&connection)
{
}

HttpExchange::~HttpExchange()
{
    if (m_connection)
        m_connection->answerNothing(m_request);
}

void HttpExchange::send(HttpResponse response)
{
    if (const QPointer<Connection> connection = std::exchange(m_connection, nullptr))
        connection->answer(std::move(response));
}

std::shared_ptr<EventStream> HttpExchange::stream(Headers headers)
{
    const QPointer<Connection> connection = std::exchange(m_connection, nullptr);
    const bool open = connection && connection->startStream(headers);
    auto stream = std::make_shared<ChunkedStream>(open ? connection.data() : nullptr);
    m_stream = stream;
    return stream;
}

void HttpExchange::onGone(std::function<void()> gone)
{
    if (m_connection)
        m_connection->setGone(std::move(gone));
    else if (const auto stream = m_stream.lock())
        stream->onGone(std::move(gone));
}

} // namespace gatehouse
