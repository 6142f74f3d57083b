// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/storage/file_guard.h"

#include "gateway_core/storage/sqlite_error.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gatehouse {

namespace {

using FileStatus = struct stat;
constexpr int kNewFile = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW;

bool copyAll(int from, int to)
{
    std::array<char, 65536> bytes{};
    for (off_t at = 0;;) {
        const ssize_t got = ::pread(from, bytes.data(), bytes.size(), at);
        if (got == 0)
            return ::fsync(to) == 0;
        if (got < 0 || ::write(to, bytes.data(), static_cast<std::size_t>(got)) != got)
            return false;
        at += got;
    }
}

} // namespace

void FileGuard::Watched::note()
{
    FileStatus found{};
    if (::stat(path.c_str(), &found) != 0)
        return;
    if (inode == 0) {
        device = found.st_dev;
        inode = found.st_ino;
    }
    if (found.st_dev == device && found.st_ino == inode)
        size = found.st_size;
}

Result<> FileGuard::Watched::check(const char *what, bool sizeToo) const
{
    if (inode == 0)
        return {};
    FileStatus found{};
    if (::stat(path.c_str(), &found) != 0) {
        if (errno == ENOENT || errno == ENOTDIR)
            return failure(ErrorCode::StorageMissing, std::string(what) + " is gone: " + path.string());
        return tl::unexpected(sql::errorFromErrno(errno, "look at " + path.string()));
    }
    if (found.st_dev != device || found.st_ino != inode)
        return failure(ErrorCode::StorageMissing,
                       "another file stands in the place of " + std::string(what) + ": " + path.string());
    if (sizeToo && found.st_size < size)
        return failure(ErrorCode::StorageDamaged, std::string(what) + " has been cut: " + path.string());
    return {};
}

FileGuard::FileGuard(const std::filesystem::path &database)
    : m_database{ .path = database }
    , m_log{ .path = database.string() + "-wal" }
    , m_descriptor(::open(database.c_str(), O_RDONLY | O_CLOEXEC))
{
    noteSizes();
}

FileGuard::~FileGuard()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

Result<> FileGuard::check(bool sizesToo) const
{
    if (auto there = m_database.check("the database", sizesToo); !there)
        return there;
    return m_log.check("the database's log", sizesToo);
}

Result<> FileGuard::isThere() const
{
    return check(false);
}

Result<> FileGuard::isWhole() const
{
    return check(true);
}

void FileGuard::noteSizes()
{
    m_database.note();
    m_log.note();
}

void FileGuard::putBack() const
{
    FileStatus found{};
    if (m_descriptor < 0 || ::fstat(m_descriptor, &found) != 0 || found.st_nlink > 0)
        return;
    // Under a name of its own first: half a database under the usual one would be taken for a damaged one.
    const std::string usual = m_database.path.string();
    std::string name = usual + ".rescued";
    int fresh = ::open(name.c_str(), kNewFile, 0600);
    for (int n = 2; fresh < 0 && errno == EEXIST && n < 100; ++n) {
        name = usual + ".rescued-" + std::to_string(n);
        fresh = ::open(name.c_str(), kNewFile, 0600);
    }
    const bool copied = fresh >= 0 && copyAll(m_descriptor, fresh);
    const int error = errno;
    if (fresh >= 0)
        ::close(fresh);
    if (!copied) {
        if (fresh >= 0)
            (void)::unlink(name.c_str());
        std::fprintf(stderr, "the database has been removed and could not be put back: %s\n",
                     std::strerror(error));
        return;
    }
    if (::link(name.c_str(), usual.c_str()) == 0) { // never over another file
        (void)::unlink(name.c_str());
        name = usual;
    }
    std::fprintf(stderr, "the database had been removed: it is put back as %s\n", name.c_str());
}

} // namespace gatehouse
