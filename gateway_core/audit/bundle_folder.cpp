// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/audit/bundle_folder.h"

#include "gateway_core/base/json.h"
#include "gateway_core/storage/sqlite_error.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <utility>
#include <vector>

namespace gatehouse {

namespace fs = std::filesystem;
using FileStatus = struct stat;

namespace {

constexpr const char *kOutOfSight = ".gatehouse-export-";

Error wrongFolder(ErrorCode code, std::string_view problem)
{
    const Json told{ { "field", "/folder" }, { "problem", problem } };
    return { code, std::string(problem), { { "errors", Json::array({ told }) } } };
}

tl::unexpected<Error> badPath(std::string_view problem)
{
    return tl::unexpected<Error>(wrongFolder(ErrorCode::ValidationFailed, problem));
}

tl::unexpected<Error> taken()
{
    return tl::unexpected<Error>(
        wrongFolder(ErrorCode::Conflict,
                    "there is something of this name already: name a folder that does not exist yet"));
}

/// What is wrong with the path is said of the path; all else is the disk's trouble.
tl::unexpected<Error> troubleWith(int number, std::string_view doing)
{
    switch (number) {
    case ENOENT: return badPath("its parent folder does not exist: make it first");
    case ENOTDIR: return badPath("its parent is no folder, or is a symbolic link: name the folder itself");
    case ELOOP: return badPath("its parent is a symbolic link: name the folder itself");
    case EACCES:
    case EPERM: return badPath("Gatehouse may not write to its parent folder: choose another");
    case ENAMETOOLONG: return badPath("the path is too long");
    case EEXIST:
    case ENOTEMPTY: return taken();
    default: return tl::unexpected<Error>(sql::errorFromErrno(number, doing));
    }
}

/// A name that no other export of this process has, and none of another by its number.
std::string nameOutOfSight()
{
    static std::atomic<unsigned> count{ 0 };
    return std::string(kOutOfSight) + std::to_string(::getpid()) + '-' + std::to_string(++count);
}

Result<> checkOursAlone(int parent)
{
    FileStatus found{};
    if (::fstat(parent, &found) != 0)
        return troubleWith(errno, "look at the export's parent folder");
    if (found.st_uid != ::geteuid())
        return badPath("its parent folder belongs to another user: choose one of yours");
    if ((found.st_mode & (S_IWGRP | S_IWOTH)) != 0)
        return badPath(
            "others may write to its parent folder: choose another, or take that from them (chmod go-w)");
    return {};
}

} // namespace

Result<fs::path> newFolderPath(std::string_view typed)
{
    if (typed.find('\0') != std::string_view::npos)
        return badPath("holds a character that no path may hold");
    while (typed.size() > 1 && typed.ends_with('/'))
        typed.remove_suffix(1);
    const fs::path path(typed);
    if (!path.is_absolute())
        return badPath("not an absolute path");
    const fs::path name = path.filename();
    if (name.empty() || name == "." || name == "..")
        return badPath("names no new folder");
    return path;
}

Result<BundleFolder> BundleFolder::begin(const fs::path &path, Parent rule)
{
    const auto checked = newFolderPath(path.native());
    if (!checked)
        return tl::unexpected<Error>(checked.error());
    std::error_code ignored;
    if (rule == Parent::Made)
        fs::create_directories(checked->parent_path(), ignored);
    const int follow = rule == Parent::Made ? 0 : O_NOFOLLOW;
    const int parent = ::open(checked->parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | follow);
    if (parent < 0)
        return troubleWith(errno, "open the export's parent folder");
    BundleFolder folder(parent, -1, {}, checked->filename().string());
    if (auto ours = rule == Parent::Made ? Result<>() : checkOursAlone(parent); !ours)
        return tl::unexpected<Error>(ours.error());
    FileStatus there{};
    if (::fstatat(parent, folder.m_wanted.c_str(), &there, AT_SYMLINK_NOFOLLOW) == 0)
        return taken();
    const std::string name = nameOutOfSight();
    if (::mkdirat(parent, name.c_str(), 0700) != 0)
        return troubleWith(errno, "make the export's folder");
    folder.m_name = name;
    folder.m_folder = ::openat(parent, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder.m_folder < 0)
        return troubleWith(errno, "open the export's folder");
    ::flock(folder.m_folder, LOCK_EX | LOCK_NB); // ends with the process: removeAbandoned()
    return folder;
}

void BundleFolder::removeAbandoned(const fs::path &parent)
{
    std::vector<std::string> names;
    std::error_code ignored;
    for (const auto &entry : fs::directory_iterator(parent, ignored))
        if (entry.path().filename().native().starts_with(kOutOfSight))
            names.push_back(entry.path().filename());
    for (const auto &name : names) {
        BundleFolder left(::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC), -1, name, {});
        left.m_folder
            = ::openat(left.m_parent, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (left.m_folder < 0 || ::flock(left.m_folder, LOCK_EX | LOCK_NB) != 0)
            left.m_name.clear(); // not ours to remove
    }
}

BundleFolder::BundleFolder(int parent, int folder, std::string name, std::string wanted)
    : m_parent(parent)
    , m_folder(folder)
    , m_name(std::move(name))
    , m_wanted(std::move(wanted))
{
}

BundleFolder::BundleFolder(BundleFolder &&other) noexcept
    : m_parent(std::exchange(other.m_parent, -1))
    , m_folder(std::exchange(other.m_folder, -1))
    , m_name(std::exchange(other.m_name, {}))
    , m_wanted(std::move(other.m_wanted))
    , m_published(other.m_published)
{
}

BundleFolder::~BundleFolder()
{
    if (!m_published)
        discard();
    for (const int descriptor : { m_folder, m_parent }) {
        if (descriptor >= 0)
            ::close(descriptor);
    }
}

Result<> BundleFolder::publish()
{
    if (::fsync(m_folder) != 0)
        return troubleWith(errno, "sync the export's folder");
    int moved = ::renameat2(m_parent, m_name.c_str(), m_parent, m_wanted.c_str(), RENAME_NOREPLACE);
    // Some file systems do not know that flag; a plain rename still replaces nothing but an empty folder.
    if (moved != 0 && errno == EINVAL)
        moved = ::renameat(m_parent, m_name.c_str(), m_parent, m_wanted.c_str());
    if (moved != 0)
        return errno == ENOTDIR ? Result<>(taken())
                                : Result<>(troubleWith(errno, "name the export's folder"));
    m_name = m_wanted;
    m_published = true;
    if (::fsync(m_parent) != 0)
        return troubleWith(errno, "sync the export's parent folder");
    return {};
}

void BundleFolder::discard()
{
    if (m_name.empty())
        return;
    std::vector<std::string> files;
    const int again = m_folder < 0 ? -1 : ::dup(m_folder);
    if (DIR *entries = again < 0 ? nullptr : ::fdopendir(again)) {
        while (const dirent *entry = ::readdir(entries))
            files.emplace_back(entry->d_name);
        ::closedir(entries);
    }
    for (const std::string &file : files) {
        if (file != "." && file != "..")
            ::unlinkat(m_folder, file.c_str(), 0);
    }
    ::unlinkat(m_parent, m_name.c_str(), AT_REMOVEDIR);
    m_name.clear();
}

} // namespace gatehouse
