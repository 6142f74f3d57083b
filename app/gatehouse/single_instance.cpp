// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gatehouse/single_instance.h"

#include <QLocalSocket>

#include <cerrno>
#include <cstring>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace gatehouse {

SingleInstance::SingleInstance(const std::filesystem::path &folder, QObject *parent)
    : QObject(parent)
    , m_name(QString::fromStdString((folder / "front.sock").string()))
    , m_lock(QString::fromStdString((folder / "gatehouse.lock").string()))
{
    m_lock.setStaleLockTime(0); // only a dead process makes it stale, never its age
    m_server.setSocketOptions(QLocalServer::UserAccessOption);
    connect(&m_server, &QLocalServer::newConnection, this, [this] {
        while (QLocalSocket *caller = m_server.nextPendingConnection())
            caller->deleteLater();
        emit called();
    });
}

Result<bool> SingleInstance::claim()
{
    const auto folder = std::filesystem::path(m_name.toStdString()).parent_path();
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error || ::chmod(folder.c_str(), 0700) != 0)
        return failure(ErrorCode::StorageReadOnly, folder.string() + ": " + std::strerror(errno));
    if (m_lock.tryLock(0)) {
        QLocalServer::removeServer(m_name);
        m_server.listen(m_name); // without it a second start still ends, it only brings nothing forward
        return true;
    }
    if (m_lock.error() == QLockFile::LockFailedError)
        return false;
    return failure(ErrorCode::StorageReadOnly, "cannot lock " + folder.string());
}

bool SingleInstance::callTheFirst() const
{
    const std::string path = m_name.toStdString();
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path)
        return false;
    std::memcpy(address.sun_path, path.c_str(), path.size());
    const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const bool heard = descriptor >= 0
        && ::connect(descriptor, reinterpret_cast<const sockaddr *>(&address), sizeof address) == 0;
    if (descriptor >= 0)
        ::close(descriptor);
    return heard;
}

} // namespace gatehouse
