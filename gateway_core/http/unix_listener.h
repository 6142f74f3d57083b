// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/result.h"
#include "gateway_core/http/acceptor.h"

#include <sys/types.h>

#include <filesystem>
#include <functional>

namespace gatehouse {

/// A socket file of mode 0600 in a folder of mode 0700 that is ours. Thread: core. Owns: the file while
/// it listens.
class UnixListener final
{
public:
    UnixListener(Clock &clock, std::function<void(int)> accepted);
    ~UnixListener();
    UnixListener(const UnixListener &) = delete;
    UnixListener &operator=(const UnixListener &) = delete;

    /// PortBusy {socket, pid, program}: somebody answers there. Internal: the folder is not ours alone,
    /// the path is too long, or something else than a socket lies there.
    [[nodiscard]] Result<> listen(const std::filesystem::path &socket);
    void stop();

private:
    Acceptor m_acceptor;
    std::filesystem::path m_path;
    dev_t m_device = 0; ///< of our file, so that another's under the same name stays
    ino_t m_inode = 0;
};

} // namespace gatehouse
