// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/http/acceptor.h"

#include "gateway_core/http/http_log.h"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace gatehouse {

namespace {

constexpr int kMostAtOnce = 64; ///< in one turn of the loop
constexpr Millis kPause{ 500 };

} // namespace

Acceptor::Acceptor(Clock &clock, std::function<void(int)> accepted)
    : m_clock(clock)
    , m_accepted(std::move(accepted))
{
}

Acceptor::~Acceptor()
{
    stop();
}

void Acceptor::start(int descriptor)
{
    stop();
    m_descriptor = descriptor;
    m_notifier = std::make_unique<QSocketNotifier>(descriptor, QSocketNotifier::Read);
    connect(m_notifier.get(), &QSocketNotifier::activated, this, &Acceptor::acceptAll);
}

void Acceptor::stop()
{
    m_notifier.reset();
    if (m_descriptor >= 0)
        ::close(std::exchange(m_descriptor, -1));
}

void Acceptor::acceptAll()
{
    for (int i = 0; i < kMostAtOnce && m_descriptor >= 0; ++i) {
        const int socket = ::accept4(m_descriptor, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (socket >= 0) {
            m_accepted(socket);
            continue;
        }
        if (errno == EINTR || errno == ECONNABORTED)
            continue;
        if (errno != EAGAIN && errno != EWOULDBLOCK) {
            qCWarning(lcHttp, "could not accept a connection; waiting a little");
            m_notifier->setEnabled(false);
            m_clock.after(kPause, this, [this] {
                if (m_notifier)
                    m_notifier->setEnabled(true);
            });
        }
        return;
    }
}

} // namespace gatehouse
