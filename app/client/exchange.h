// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/client/wire.h"

#include <QObject>
#include <QTimer>

#include <functional>
#include <memory>
#include <string>
#include <string_view>

class QLocalSocket;

namespace gatehouse {

/// One request and its answer over the gateway's Unix socket, piece by piece, so that an event stream
/// can be read while it is open. Nothing is written before the listener is known to be of our own user.
/// Connecting -> Sent -> Reading -> finished | failed. Deleting it earlier closes the connection, which
/// the gateway takes as a withdrawal.
/// Thread: the one that made it. Owns: the socket, until it is given back for the next request.
class Exchange final : public QObject
{
    Q_OBJECT

public:
    using GiveBack = std::function<void(std::unique_ptr<QLocalSocket>)>;

    /// `socket` is connected already, or will be connected to `path`.
    Exchange(std::unique_ptr<QLocalSocket> socket, QString path, WireRequest request, GiveBack giveBack);
    ~Exchange() override;

    [[nodiscard]] int status() const { return m_status; } ///< 0 until headArrived
    [[nodiscard]] std::string header(std::string_view name) const; ///< empty if there is none

signals:
    void headArrived();
    void bodyArrived(const std::string &bytes);
    void finished();
    void failed(gatehouse::WireFailure failure);

private:
    struct Parsing;

    void start();
    void writeRequest();
    void readAnswer();
    void end();
    void fail(WireFailure failure);
    [[nodiscard]] bool listenerIsOurs() const;

    std::unique_ptr<QLocalSocket> m_socket;
    QString m_path;
    WireRequest m_request;
    GiveBack m_giveBack;
    std::unique_ptr<Parsing> m_parsing;
    QTimer m_silence;
    int m_status = 0;
    bool m_sent = false;
    bool m_over = false;
};

} // namespace gatehouse
