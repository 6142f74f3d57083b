// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/log_file.h"

#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gatehouse::log {

RotatingFile::RotatingFile(std::filesystem::path file, std::size_t most, int files)
    : m_file(std::move(file))
    , m_most(most)
    , m_files(files)
{
}

RotatingFile::~RotatingFile()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

std::filesystem::path RotatingFile::older(int number) const
{
    return m_file.string() + '.' + std::to_string(number);
}

Result<> RotatingFile::open()
{
    std::error_code error;
    const std::filesystem::path folder = m_file.parent_path();
    if (!folder.empty() && std::filesystem::create_directories(folder, error))
        ::chmod(folder.c_str(), 0700);
    m_descriptor = ::open(m_file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    struct stat found
    {
    };
    if (m_descriptor < 0 || ::fstat(m_descriptor, &found) != 0)
        return failure(ErrorCode::StorageReadOnly,
                       m_file.string() + ": " + std::system_category().message(errno));
    m_size = static_cast<std::size_t>(found.st_size);
    return {};
}

bool RotatingFile::append(std::string_view line)
{
    if (m_size > 0 && m_size + line.size() > m_most)
        rotate();
    while (m_descriptor >= 0 && !line.empty()) {
        const auto wrote = ::write(m_descriptor, line.data(), line.size());
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0)
            return false;
        m_size += static_cast<std::size_t>(wrote);
        line.remove_prefix(static_cast<std::size_t>(wrote));
    }
    return m_descriptor >= 0;
}

void RotatingFile::rotate()
{
    ::close(std::exchange(m_descriptor, -1));
    // A name that is not there yet has nothing to move.
    for (int number = m_files - 1; number > 0; --number)
        (void)::rename((number == 1 ? m_file : older(number - 1)).c_str(), older(number).c_str());
    m_size = 0;
    (void)open(); // without it append() says so
}

} // namespace gatehouse::log
