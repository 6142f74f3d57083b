// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/contract_tasker/http.h"

#include <QSslConfiguration>
#include <QTcpServer>

#include <functional>
#include <optional>

namespace contract {

/// A small HTTP/1.1 server on loopback: keep-alive, one request at a time per connection, over plain TCP
/// or TLS. Thread: main.
class Wire final : public QTcpServer
{
    Q_OBJECT

public:
    using Answer = std::function<void(const Response &)>;
    /// Called once per request; the answer may come later.
    using Handle = std::function<void(const Request &, Answer)>;

    Wire(Handle handle, std::optional<QSslConfiguration> tls, QObject *parent = nullptr);

    [[nodiscard]] int accepted() const { return m_accepted; }
    [[nodiscard]] int open() const;
    /// Closes every connection that waits for its next request.
    void closeIdle();

protected:
    void incomingConnection(qintptr descriptor) override;

private:
    Handle m_handle;
    std::optional<QSslConfiguration> m_tls;
    int m_accepted = 0;
};

} // namespace contract
