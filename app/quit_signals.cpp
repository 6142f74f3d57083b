// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/quit_signals.h"

#include <array>
#include <cerrno>
#include <csignal>

#include <fcntl.h>
#include <unistd.h>

namespace gatehouse {

namespace {

std::array<int, 2> g_pipe{ -1, -1 };
constexpr std::array kSignals{ SIGINT, SIGTERM, SIGHUP };

// Only write() here: it is one of the few calls allowed in a signal handler.
void onSignal(int)
{
    const int before = errno;
    const char byte = 1;
    [[maybe_unused]] const auto written = ::write(g_pipe[1], &byte, 1);
    errno = before;
}

} // namespace

QuitSignals::QuitSignals(QCoreApplication &application)
{
    if (::pipe2(g_pipe.data(), O_CLOEXEC | O_NONBLOCK) != 0)
        return;
    m_notifier = std::make_unique<QSocketNotifier>(g_pipe[0], QSocketNotifier::Read);
    QObject::connect(m_notifier.get(), &QSocketNotifier::activated, &application, &QCoreApplication::quit);
    struct sigaction action
    {
    };
    action.sa_handler = &onSignal;
    for (const int signal : kSignals)
        sigaction(signal, &action, nullptr);
}

QuitSignals::~QuitSignals()
{
    for (const int signal : kSignals)
        std::signal(signal, SIG_DFL);
    m_notifier.reset();
    for (int &end : g_pipe) {
        if (end >= 0)
            ::close(end);
        end = -1;
    }
}

} // namespace gatehouse
