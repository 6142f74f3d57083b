// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/json.h"

#include <QLocalServer>
#include <QLocalSocket>
#include <QPointer>
#include <QTemporaryDir>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace gatehouse::test {

/// What reached the fake gateway.
struct SeenRequest
{
    std::string method, target, head, body;
    [[nodiscard]] std::string header(const std::string &lowerCaseName) const;
    [[nodiscard]] Json json() const { return Json::parse(body, nullptr, false); }
};

/// A listener on a Unix socket that answers each request with the bytes that a test wants; empty bytes
/// close the connection instead. It can be stopped and started on the same path: a restart.
class FakeGateway final : public QObject
{
    Q_OBJECT

public:
    using Answer = std::function<std::string(const SeenRequest &)>;

    FakeGateway();

    void start();
    void stop();
    [[nodiscard]] std::filesystem::path path() const;
    /// Writes to the connection of the last GET.
    void pushEvent(const std::string &data);

    Answer answer;
    std::vector<SeenRequest> seen;

signals:
    void connectionClosed(); ///< by the other end

private:
    void serve(QLocalSocket *socket);

    QTemporaryDir m_folder;
    std::unique_ptr<QLocalServer> m_server;
    QList<QPointer<QLocalSocket>> m_sockets;
    QPointer<QLocalSocket> m_stream;
};

[[nodiscard]] std::string httpAnswer(int status, const std::string &body, const std::string &headers = {});
/// An MCP answer to `request` with this result.
[[nodiscard]] std::string mcpAnswer(const SeenRequest &request, const Json &result,
                                    const std::string &headers = {});

} // namespace gatehouse::test
