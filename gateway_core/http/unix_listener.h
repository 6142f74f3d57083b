// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/clock.h"
#include "gateway_core/base/result.h"

#include <QObject>
#include <QSocketNotifier>

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <memory>

namespace gatehouse {

/// A socket file of mode 0600 in a folder of mode 0700 that is ours. Thread: core. Owns: the file while
/// it listens.
class UnixListener final : public QObject
{
    Q_OBJECT

public:
    /// `accepted` gets an open non-blocking descriptor and owns it from then on.
    UnixListener(Clock &clock, std::function<void(int)> accepted, QObject *parent = nullptr);
    ~UnixListener() override;

    /// PortBusy {socket, pid, program}: somebody answers there. Internal: the folder is not ours alone,
    /// the path is too long, or something else than a socket lies there.
    [[nodiscard]] Result<> listen(const std::filesystem::path &socket);
    void stop();

private:
    void acceptAll();

    Clock &m_clock;
    const std::function<void(int)> m_accepted;
    std::filesystem::path m_path;
    std::unique_ptr<QSocketNotifier> m_notifier;
    int m_descriptor = -1;
    dev_t m_device = 0; ///< of our file, so that another's under the same name stays
    ino_t m_inode = 0;
};

} // namespace gatehouse
