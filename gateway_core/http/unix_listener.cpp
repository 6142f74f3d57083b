// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/http/unix_listener.h"

#include "gateway_core/http/http_log.h"
#include "gateway_core/http/peer_lookup.h"

#include <QFile>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

namespace gatehouse {

namespace fs = std::filesystem;
using FileStatus = struct stat;

namespace {

constexpr int kUnixBacklog = 128;

std::string reasonOf(int error)
{
    return std::system_category().message(error);
}

int newSocket()
{
    return ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

/// Makes the folder, or checks that nobody else can put anything into it.
Result<> ownFolder(const fs::path &folder)
{
    std::error_code error;
    if (!folder.parent_path().empty())
        fs::create_directories(folder.parent_path(), error);
    if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
        return failure(ErrorCode::Internal, folder.string() + ": " + reasonOf(errno));
    FileStatus found{};
    if (::lstat(folder.c_str(), &found) != 0 || !S_ISDIR(found.st_mode))
        return failure(ErrorCode::Internal, folder.string() + " is not a folder");
    if (found.st_uid != ::geteuid() || (found.st_mode & 077) != 0)
        return failure(ErrorCode::Internal,
                       folder.string() + " is open to others; it must be ours with mode 0700");
    return {};
}

/// Removes a socket file that nobody answers on.
Result<> clearStale(const fs::path &path, const sockaddr_un &address)
{
    FileStatus found{};
    if (::lstat(path.c_str(), &found) != 0)
        return {};
    if (!S_ISSOCK(found.st_mode))
        return failure(ErrorCode::Internal, path.string() + " is there and is not a socket");
    const int probe = newSocket();
    const int connected = ::connect(probe, reinterpret_cast<const sockaddr *>(&address), sizeof(address));
    const int error = errno;
    const auto holder = connected == 0 ? markOfUnixPeer(probe) : std::nullopt;
    if (probe >= 0)
        ::close(probe);
    // EAGAIN: its queue is full, so somebody listens.
    if (connected == 0 || error != ECONNREFUSED) {
        Json details{ { "socket", path.string() } };
        if (holder) {
            details["pid"] = holder->pid;
            details["program"] = programOf(holder->pid);
        }
        return failure(ErrorCode::PortBusy, path.string() + " is in use", std::move(details));
    }
    if (::unlink(path.c_str()) != 0 && errno != ENOENT)
        return failure(ErrorCode::Internal, path.string() + ": " + reasonOf(errno));
    return {};
}

} // namespace

UnixListener::UnixListener(Clock &clock, std::function<void(int)> accepted)
    : m_clock(clock)
    , m_acceptor(clock, std::move(accepted))
{
    connect(&m_watcher, &QFileSystemWatcher::directoryChanged, this, &UnixListener::look);
}

UnixListener::~UnixListener()
{
    stop();
}

Result<> UnixListener::listen(const fs::path &socket)
{
    stop();
    m_path = socket;
    const auto made = make();
    m_said = made ? std::string() : made.error().detail;
    watch();
    lookLater();
    return made;
}

Result<> UnixListener::make()
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string text = m_path.string();
    if (text.empty() || text.size() >= sizeof(address.sun_path))
        return failure(ErrorCode::Internal, "the socket's path is longer than the system takes");
    std::memcpy(address.sun_path, text.data(), text.size());
    if (const auto folder = ownFolder(m_path.parent_path()); !folder)
        return folder;
    if (const auto cleared = clearStale(m_path, address); !cleared)
        return cleared;

    const int descriptor = newSocket();
    // The mode goes with bind(), so there is no moment in which others could connect.
    FileStatus made{};
    if (descriptor < 0 || ::fchmod(descriptor, 0600) != 0
        || ::bind(descriptor, reinterpret_cast<const sockaddr *>(&address), sizeof(address)) != 0
        || ::chmod(text.c_str(), 0600) != 0 || ::lstat(text.c_str(), &made) != 0
        || ::listen(descriptor, kUnixBacklog) != 0) {
        const int error = errno;
        if (descriptor >= 0)
            ::close(descriptor);
        return failure(error == EADDRINUSE ? ErrorCode::PortBusy : ErrorCode::Internal,
                       text + ": " + reasonOf(error), Json{ { "socket", text } });
    }
    m_device = made.st_dev;
    m_inode = made.st_ino;
    m_acceptor.start(descriptor);
    return {};
}

void UnixListener::stop()
{
    m_acceptor.stop();
    if (isThere())
        ::unlink(m_path.c_str());
    m_path.clear();
    m_device = 0;
    m_inode = 0;
    if (const QStringList watched = m_watcher.directories(); !watched.isEmpty())
        m_watcher.removePaths(watched);
}

bool UnixListener::isThere() const
{
    FileStatus found{};
    return m_inode != 0 && ::lstat(m_path.c_str(), &found) == 0 && S_ISSOCK(found.st_mode)
        && found.st_dev == m_device && found.st_ino == m_inode;
}

void UnixListener::watch()
{
    const QString folder = QFile::decodeName(m_path.parent_path().c_str());
    if (!m_watcher.directories().contains(folder) && QFile::exists(folder))
        m_watcher.addPath(folder);
}

void UnixListener::look()
{
    if (m_path.empty())
        return;
    if (!isThere()) {
        const auto made = make();
        if (made)
            qCWarning(lcHttp, "the socket %s was gone; it is there again", m_path.c_str());
        else if (made.error().detail != m_said)
            qCWarning(lcHttp, "the socket is gone and cannot be made again: %s", made.error().detail.c_str());
        m_said = made ? std::string() : made.error().detail;
        // The folder of this name may be another one now, and the kernel watches the old one.
        if (const QStringList watched = m_watcher.directories(); !watched.isEmpty())
            m_watcher.removePaths(watched);
    }
    watch();
}

void UnixListener::lookLater()
{
    if (std::exchange(m_lookArmed, true))
        return;
    m_clock.after(kSocketLook, this, [this] {
        m_lookArmed = false;
        if (m_path.empty())
            return;
        look();
        lookLater();
    });
}

} // namespace gatehouse
