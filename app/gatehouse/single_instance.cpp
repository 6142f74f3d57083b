// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gatehouse/single_instance.h"

#include <QLocalSocket>

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace gatehouse {

SingleInstance::SingleInstance(const std::filesystem::path &folder, QObject *parent)
    : QObject(parent)
    , m_folder(folder)
    , m_name(QString::fromStdString((folder / "front.sock").string()))
{
    m_server.setSocketOptions(QLocalServer::UserAccessOption);
    connect(&m_server, &QLocalServer::newConnection, this, [this] {
        while (QLocalSocket *caller = m_server.nextPendingConnection())
            caller->deleteLater();
        emit called();
    });
}

SingleInstance::~SingleInstance()
{
    if (m_lock >= 0)
        ::close(m_lock);
}

Result<bool> SingleInstance::claim()
{
    std::error_code error;
    std::filesystem::create_directories(m_folder, error);
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
    QLocalServer::removeServer(m_name);
    m_server.listen(m_name); // without it a second start still ends, it only brings nothing forward
    return true;
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
