// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/client/exchange.h"

#include <QObject>

#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

namespace gatehouse {

/// A whole answer, for the callers that do not read streams.
struct WireAnswer
{
    int status = 0;
    std::string body;
    std::string retryAfter;
};

/// HTTP/1.1 to the gateway's Unix socket, over a few kept-alive connections.
/// Thread: the one that made it. Owns: the idle connections.
class SocketClient final : public QObject
{
    Q_OBJECT

public:
    using Answered = std::function<void(WireAnswer)>;
    using Failed = std::function<void(WireFailure)>;

    explicit SocketClient(std::filesystem::path socket, QObject *parent = nullptr);
    ~SocketClient() override;

    /// Begins a request. The caller connects to the exchange before returning to the event loop, and
    /// deletes it (deleteLater) when it is done with it.
    [[nodiscard]] Exchange *begin(WireRequest request);
    /// A request whose answer is wanted whole, 8 MiB at most. Exactly one of the two is called.
    void send(WireRequest request, Answered answered, Failed failed);
    /// Opens a connection ahead of the first request.
    void warmUp();

    [[nodiscard]] const std::filesystem::path &socket() const { return m_path; }

private:
    std::filesystem::path m_path;
    std::shared_ptr<std::vector<std::unique_ptr<QLocalSocket>>> m_idle;
};

} // namespace gatehouse
