// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/result.h"
#include "gateway_core/http/acceptor.h"

#include <QFileSystemWatcher>
#include <QObject>

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <string>

namespace gatehouse {

/// A socket file of mode 0600 in a folder of mode 0700 that is ours. Where file or folder go while it
/// listens (cleaners do that), they are made again as soon as the kernel tells, and within kSocketLook in any
/// case; whoever is connected stays. What could not be had at first is tried for as often.
/// Thread: core. Owns: the file while it listens.
class UnixListener final : public QObject
{
    Q_OBJECT

public:
    static constexpr Millis kSocketLook{ 30'000 };

    UnixListener(Clock &clock, std::function<void(int)> accepted);
    ~UnixListener() override;

    /// PortBusy {socket, pid, program}: somebody answers there. Internal: the folder is not ours alone,
    /// the path is too long, or something else than a socket lies there.
    [[nodiscard]] Result<> listen(const std::filesystem::path &socket);
    void stop();

private:
    [[nodiscard]] Result<> make();
    [[nodiscard]] bool isThere() const;
    void watch();
    void look();
    void lookLater();

    Clock &m_clock;
    Acceptor m_acceptor; ///< the lost file's, until there is another: our tools tell by it that we run
    QFileSystemWatcher m_watcher;
    std::filesystem::path m_path; ///< empty: it does not listen
    dev_t m_device = 0; ///< of our file, so that another's under the same name stays
    ino_t m_inode = 0;
    std::string m_said; ///< the last trouble that was logged
    bool m_lookArmed = false;
};

} // namespace gatehouse
