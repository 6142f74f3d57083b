// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/result.h"

#include <filesystem>
#include <string_view>

namespace gatehouse::log {

/// A file that is put aside as FILE.1 before it grows past `most` bytes, with the older ones moving up and
/// the last of `files` removed. What is written is on its way to the disk when append() returns, so that a
/// killed program loses no line. Thread: one at a time.
class RotatingFile final
{
public:
    RotatingFile(std::filesystem::path file, std::size_t most, int files);
    ~RotatingFile();
    RotatingFile(const RotatingFile &) = delete;
    RotatingFile &operator=(const RotatingFile &) = delete;

    /// StorageReadOnly: it cannot be opened, or is a link.
    [[nodiscard]] Result<> open();
    /// False: it was not written whole.
    bool append(std::string_view line);

private:
    void rotate();
    [[nodiscard]] std::filesystem::path older(int number) const;

    std::filesystem::path m_file;
    std::size_t m_most;
    int m_files;
    int m_descriptor = -1;
    std::size_t m_size = 0;
};

} // namespace gatehouse::log
