// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QSocketNotifier>

#include <memory>

namespace gatehouse {

/// Ends the application's loop on SIGINT, SIGTERM and SIGHUP, so that what is begun is brought to its end.
/// Thread: main. One at a time: signals belong to the process.
class QuitSignals final
{
public:
    explicit QuitSignals(QCoreApplication &application);
    ~QuitSignals();
    QuitSignals(const QuitSignals &) = delete;
    QuitSignals &operator=(const QuitSignals &) = delete;

private:
    std::unique_ptr<QSocketNotifier> m_notifier;
};

} // namespace gatehouse
