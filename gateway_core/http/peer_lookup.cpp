// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/http/peer_lookup.h"

#include "gateway_core/http/socket_diag.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>

namespace gatehouse {

namespace fs = std::filesystem;
using FileStatus = struct stat;

namespace {

constexpr int kMostParents = 4;

fs::path folderOf(std::int64_t pid)
{
    return fs::path("/proc") / std::to_string(pid);
}

std::string linkText(const fs::path &link)
{
    std::error_code error;
    return fs::read_symlink(link, error).string();
}

ProcessIdentity look(std::int64_t pid)
{
    return { pid, linkText(folderOf(pid) / "exe"), linkText(folderOf(pid) / "cwd") };
}

std::int64_t parentOf(std::int64_t pid)
{
    std::ifstream status(folderOf(pid) / "status");
    std::string word;
    while (status >> word) {
        if (word == "PPid:") {
            std::int64_t parent = 0;
            status >> parent;
            return parent;
        }
    }
    return 0;
}

bool holdsSocket(const fs::path &process, const std::string &socket)
{
    std::error_code error;
    for (fs::directory_iterator entry(process / "fd", error), end; !error && entry != end;
         entry.increment(error)) {
        if (linkText(entry->path()) == socket)
            return true;
    }
    return false;
}

/// The process that has the socket open; 0 if none can be seen. Only processes of `uid` are looked at.
std::int64_t processWithSocket(std::uint64_t inode, std::uint32_t uid)
{
    const std::string socket = "socket:[" + std::to_string(inode) + ']';
    std::error_code error;
    for (fs::directory_iterator entry("/proc", error), end; !error && entry != end; entry.increment(error)) {
        const std::string name = entry->path().filename().string();
        std::int64_t pid = 0;
        const auto parsed = std::from_chars(name.data(), name.data() + name.size(), pid);
        if (parsed.ec != std::errc() || parsed.ptr != name.data() + name.size())
            continue;
        FileStatus owner{};
        if (::stat(entry->path().c_str(), &owner) != 0 || owner.st_uid != uid)
            continue;
        if (holdsSocket(entry->path(), socket))
            return pid;
    }
    return 0;
}

} // namespace

std::optional<PeerCredentials> markOfUnixPeer(int socket)
{
    ucred credentials{};
    socklen_t size = sizeof(credentials);
    if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0)
        return std::nullopt;
    if (credentials.uid == kUnknownUid || credentials.pid <= 0)
        return std::nullopt;
    return PeerCredentials{ credentials.uid, true, credentials.pid, 0 };
}

std::optional<PeerCredentials> markOfTcpPeer(int socket)
{
    sockaddr_storage ours{};
    sockaddr_storage theirs{};
    socklen_t oursSize = sizeof(ours);
    socklen_t theirsSize = sizeof(theirs);
    if (::getsockname(socket, reinterpret_cast<sockaddr *>(&ours), &oursSize) != 0
        || ::getpeername(socket, reinterpret_cast<sockaddr *>(&theirs), &theirsSize) != 0)
        return std::nullopt;
    const auto rows = tcpSocket(theirs, ours);
    if (rows.size() != 1 || rows.front().inode == 0)
        return std::nullopt;
    return PeerCredentials{ rows.front().uid, false, 0, rows.front().inode };
}

Peer sightOf(const PeerCredentials &mark)
{
    Peer peer{ mark.uid, mark.viaUnixSocket, {}, {} };
    const std::int64_t pid = mark.viaUnixSocket ? mark.pid : processWithSocket(mark.inode, mark.uid);
    if (pid <= 0)
        return peer;
    peer.process = look(pid);
    std::int64_t parent = parentOf(pid);
    for (int i = 0; i < kMostParents && parent > 0; ++i, parent = parentOf(parent))
        peer.parents.push_back(look(parent));
    return peer;
}

PortHolder holderOfPort(int port)
{
    for (const SocketRow &row : tcpListeners(static_cast<std::uint16_t>(port))) {
        if (const std::int64_t pid = processWithSocket(row.inode, row.uid); pid > 0)
            return { pid, programOf(pid) };
    }
    return {};
}

std::string programOf(std::int64_t pid)
{
    const std::string executable = linkText(folderOf(pid) / "exe");
    if (!executable.empty())
        return fs::path(executable).filename().string();
    std::ifstream comm(folderOf(pid) / "comm");
    std::string name;
    std::getline(comm, name);
    return name;
}

} // namespace gatehouse
