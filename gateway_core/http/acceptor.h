// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/clock.h"

#include <QObject>
#include <QSocketNotifier>

#include <functional>
#include <memory>

namespace gatehouse {

/// Takes connections off a listening descriptor. When the process is out of descriptors it waits half a
/// second and goes on (QTcpServer reports every later accept as that same error).
/// Thread: core. Owns: the descriptor.
class Acceptor final : public QObject
{
    Q_OBJECT

public:
    /// `accepted` gets an open non-blocking descriptor and owns it from then on.
    Acceptor(Clock &clock, std::function<void(int)> accepted);
    ~Acceptor() override;

    /// `descriptor` listens already and does not block.
    void start(int descriptor);
    void stop();
    [[nodiscard]] bool isRunning() const { return m_descriptor >= 0; }

private:
    void acceptAll();

    Clock &m_clock;
    const std::function<void(int)> m_accepted;
    std::unique_ptr<QSocketNotifier> m_notifier;
    int m_descriptor = -1;
};

} // namespace gatehouse
