// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/client/lost_socket.h"

#include <cerrno>
#include <fstream>
#include <string>

#include <sys/stat.h>

namespace gatehouse {

namespace {

constexpr const char *kListening = " 00010000 "; // the flags column: __SO_ACCEPTCON

} // namespace

bool isSocketLost(const std::filesystem::path &socket)
{
    struct stat found
    {
    };
    if (::lstat(socket.c_str(), &found) == 0 || (errno != ENOENT && errno != ENOTDIR))
        return false;
    std::error_code ignored;
    const std::string bound = ' ' + std::filesystem::absolute(socket, ignored).string();
    std::ifstream table("/proc/net/unix");
    for (std::string row; std::getline(table, row);) {
        if (row.ends_with(bound) && row.find(kListening) != std::string::npos)
            return true;
    }
    return false;
}

} // namespace gatehouse
