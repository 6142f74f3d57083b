// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/http/chunked_stream.h"
#include "gateway_core/http/connection.h"

#include <QPointer>

namespace gatehouse {

/// A request and the way back for it. Keeps the request for as long as anybody may answer it.
/// Thread: core.
class HttpExchange final : public Responder
{
public:
    HttpExchange(Connection &connection, HttpRequest request);
    /// Dropped unused: 500, so that no client waits for ever.
    ~HttpExchange() override;

    [[nodiscard]] const HttpRequest &request() const { return m_request; }
    void send(HttpResponse response) override;
    [[nodiscard]] std::shared_ptr<EventStream> stream(Headers headers) override;
    void onGone(std::function<void()> gone) override;

private:
    const HttpRequest m_request;
    QPointer<Connection> m_connection; ///< null once used, or once the client left
    std::weak_ptr<ChunkedStream> m_stream;
};

} // namespace gatehouse
