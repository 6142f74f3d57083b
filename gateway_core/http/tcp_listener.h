// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/result.h"
#include "gateway_core/http/acceptor.h"

#include <functional>

namespace gatehouse {

/// 127.0.0.1 and [::1] on one port. Thread: core.
class TcpListener final
{
public:
    TcpListener(Clock &clock, const std::function<void(int)> &accepted);

    /// 0 takes a free port. PortBusy {port, pid, program}: somebody has it on one of the two addresses (or
    /// on all); the last two where /proc tells them. A machine without IPv6 gets 127.0.0.1 alone.
    [[nodiscard]] Result<int> listen(int port);
    void stop();
    /// 0 while not listening.
    [[nodiscard]] int port() const { return m_port; }

private:
    Acceptor m_v4;
    Acceptor m_v6;
    int m_port = 0;
};

} // namespace gatehouse
