// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/result.h"

#include <filesystem>

#include <sys/types.h>

namespace gatehouse {

/// Whether the database's name still leads to the file that was opened. SQLite writes through descriptors:
/// into a file that was removed or replaced it would go on writing, and all of it would be gone with the
/// program. Made once the connection has opened the file, and destroyed after the connection is closed:
/// closing this descriptor earlier would drop SQLite's locks. Thread: storage.
class FileGuard final
{
public:
    explicit FileGuard(const std::filesystem::path &database);
    ~FileGuard();
    FileGuard(const FileGuard &) = delete;
    FileGuard &operator=(const FileGuard &) = delete;

    /// StorageMissing: the file or its log is gone, or another stands in its place.
    [[nodiscard]] Result<> isThere() const;
    /// Also StorageDamaged: one of them is shorter than when its size was noted.
    [[nodiscard]] Result<> isWhole() const;
    /// What changed since the last time was our own doing: after each piece of work that may write, cut the
    /// log or give space back.
    void noteSizes();
    /// At the end, with the log written into it: a database without a name is copied back to its own or,
    /// where that is taken, to `<file>.rescued`. Says so on standard error.
    void putBack() const;

private:
    [[nodiscard]] Result<> check(bool sizesToo) const;
    struct Watched
    {
        std::filesystem::path path;
        dev_t device = 0;
        ino_t inode = 0; ///< 0: there was no such file yet
        off_t size = 0;

        void note();
        [[nodiscard]] Result<> check(const char *what, bool sizeToo) const;
    };

    Watched m_database, m_log;
    int m_descriptor;
};

} // namespace gatehouse
