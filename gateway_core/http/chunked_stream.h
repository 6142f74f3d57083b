// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/http/connection.h"

#include <QPointer>

#include <functional>
#include <utility>

namespace gatehouse {

/// An event stream over a connection's chunked answer. Ends with this object. Thread: core.
class ChunkedStream final : public EventStream
{
public:
    /// Null: closed from the start.
    explicit ChunkedStream(Connection *connection)
        : m_connection(connection)
    {
    }
    ~ChunkedStream() override { close(); }
    ChunkedStream(const ChunkedStream &) = delete;
    ChunkedStream &operator=(const ChunkedStream &) = delete;

    bool send(std::string_view data, std::string_view id, std::string_view name) override
    {
        return write(eventText(data, id, name));
    }
    bool comment(std::string_view text) override { return write(commentText(text)); }
    void mayGiveWay() override
    {
        if (m_connection)
            m_connection->mayGiveWay();
    }
    [[nodiscard]] std::int64_t waiting() const override
    {
        return m_connection ? m_connection->waitingInStream() : 0;
    }
    /// As Responder::onGone, for as long as the stream is open.
    void onGone(std::function<void()> gone)
    {
        if (m_connection)
            m_connection->setGone(std::move(gone));
    }
    void close() override
    {
        if (m_connection)
            m_connection->endStream();
        m_connection = nullptr;
    }

private:
    bool write(std::string_view text)
    {
        if (m_connection && !m_connection->writeToStream(text))
            m_connection = nullptr;
        return m_connection != nullptr;
    }

    QPointer<Connection> m_connection;
};

} // namespace gatehouse
