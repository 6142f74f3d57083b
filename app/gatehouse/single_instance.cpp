// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gatehouse/single_instance.h"

#include <QFile>
#include <QLocalSocket>

#include <array>
#include <fstream>
#include <sstream>
#include <cerrno>
#include <cstring>
#include <string_view>

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace gatehouse {

namespace {

// The first speaks one line, "window ADDRESS" or "headless ADDRESS"; the second may ask for the window.
constexpr std::string_view kSaysWindow = "window ";
constexpr std::string_view kSaysHeadless = "headless ";
constexpr std::string_view kShow = "show\n";
constexpr int kPatience = 3000; // ms: a first that is busy is no reason to wait longer
constexpr std::size_t kLineMost = 256;

/// A line from the first, without its end; empty: it said none in time.
std::string lineFrom(int descriptor)
{
    std::string line;
    pollfd waiting{ descriptor, POLLIN, 0 };
    while (line.size() < kLineMost && ::poll(&waiting, 1, kPatience) > 0) {
        std::array<char, kLineMost> bytes{};
        const auto got = ::read(descriptor, bytes.data(), bytes.size());
        if (got <= 0)
            return {};
        line.append(bytes.data(), static_cast<std::size_t>(got));
        if (const auto end = line.find('\n'); end != std::string::npos)
            return line.substr(0, end);
    }
    return {};
}

} // namespace

SingleInstance::SingleInstance(std::filesystem::path folder, QObject *parent)
    : QObject(parent)
    , m_folder(std::move(folder))
{
    m_server.setSocketOptions(QLocalServer::UserAccessOption);
    connect(&m_server, &QLocalServer::newConnection, this, &SingleInstance::answer);
}

QString SingleInstance::socketName() const
{
    return QFile::decodeName((m_folder / "front.sock").c_str());
}

SingleInstance::~SingleInstance()
{
    if (m_lock >= 0)
        ::close(m_lock);
}

Result<bool> SingleInstance::claim()
{
    std::error_code error;
    m_madeFolder = std::filesystem::create_directories(m_folder, error);
    if (error)
        return failure(error.value() == ENOSPC ? ErrorCode::StorageFull : ErrorCode::StorageReadOnly,
                       m_folder.string() + ": " + error.message());
    if (::chmod(m_folder.c_str(), 0700) != 0)
        return failure(ErrorCode::StorageReadOnly, m_folder.string() + ": " + std::strerror(errno));
    if (m_lock < 0)
        m_lock = ::open(m_folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (m_lock < 0)
        return failure(ErrorCode::StorageFailed, m_folder.string() + ": " + std::strerror(errno));
    if (::flock(m_lock, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
        return false;
    return true;
}

void SingleInstance::release()
{
    m_server.close();
    if (m_lock >= 0)
        ::close(std::exchange(m_lock, -1));
    if (m_madeFolder)
        ::rmdir(m_folder.c_str());
}

void SingleInstance::listen()
{
    m_server.close();
    QLocalServer::removeServer(socketName());
    m_server.listen(socketName()); // without it a second start still ends, it only brings nothing forward
    if (m_watcher)
        return;
    m_watcher = std::make_unique<QFileSystemWatcher>(QStringList{ QFile::decodeName(m_folder.c_str()) });
    connect(m_watcher.get(), &QFileSystemWatcher::directoryChanged, this, [this] {
        if (m_server.isListening() && !QFile::exists(socketName()))
            listen();
    });
}

void SingleInstance::answer()
{
    while (QLocalSocket *caller = m_server.nextPendingConnection()) {
        connect(caller, &QLocalSocket::disconnected, caller, &QObject::deleteLater);
        connect(caller, &QLocalSocket::readyRead, this, [this, caller] {
            if (caller->readAll().startsWith(kShow.data()))
                emit called();
        });
        const std::string line
            = std::string(m_running.hasWindow ? kSaysWindow : kSaysHeadless) + m_running.address + '\n';
        caller->write(line.data(), static_cast<qint64>(line.size()));
    }
}

std::optional<SingleInstance::Running> SingleInstance::callTheFirst(bool show) const
{
    const std::string path = (m_folder / "front.sock").string();
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path)
        return std::nullopt;
    std::memcpy(address.sun_path, path.c_str(), path.size());
    const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0)
        return std::nullopt;
    std::string line;
    if (::connect(descriptor, reinterpret_cast<const sockaddr *>(&address), sizeof address) == 0
        && (!show || ::send(descriptor, kShow.data(), kShow.size(), MSG_NOSIGNAL) > 0))
        line = lineFrom(descriptor);
    ::close(descriptor);
    if (line.starts_with(kSaysWindow))
        return Running{ true, line.substr(kSaysWindow.size()) };
    if (line.starts_with(kSaysHeadless))
        return Running{ false, line.substr(kSaysHeadless.size()) };
    return std::nullopt;
}

qint64 SingleInstance::processOfTheFirst() const
{
    struct stat folder
    {
    };
    if (::stat(m_folder.c_str(), &folder) != 0)
        return 0;
    // "1: FLOCK  ADVISORY  WRITE 1234 08:01:131 0 EOF" (proc(5), /proc/locks)
    std::ifstream locks("/proc/locks");
    std::string number, kind, mode, access, place;
    qint64 process = 0;
    for (std::string line; std::getline(locks, line);) {
        std::istringstream fields(line);
        if (!(fields >> number >> kind >> mode >> access >> process >> place) || kind != "FLOCK")
            continue;
        if (place.substr(place.rfind(':') + 1) == std::to_string(folder.st_ino))
            return process;
    }
    return 0;
}

} // namespace gatehouse
