// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/clock.h"

#include <QTcpServer>

#include <functional>

namespace gatehouse {

/// Listens on one loopback address and hands over bare descriptors. Thread: core.
class TcpListener final : public QTcpServer
{
    Q_OBJECT

public:
    /// `accepted` gets an open non-blocking descriptor and owns it from then on.
    TcpListener(Clock &clock, std::function<void(int)> accepted, QObject *parent);

protected:
    void incomingConnection(qintptr socket) override;

private:
    const std::function<void(int)> m_accepted;
};

} // namespace gatehouse
