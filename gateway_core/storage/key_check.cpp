// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/storage/key_check.h"

#include "gateway_core/base/digest.h"

#include <fcntl.h>
#include <fstream>
#include <string>
#include <unistd.h>

namespace gatehouse {

namespace {

std::string lineFor(const Secret &key)
{
    return "gatehouse-keycheck-1 " + hex(hmacSha256(key, "gatehouse.database.keycheck.1"));
}

} // namespace

std::filesystem::path keyCheckFile(const std::filesystem::path &database)
{
    auto file = database;
    file += ".keycheck";
    return file;
}

KeyCheck checkKey(const std::filesystem::path &database, const Secret &key)
{
    std::ifstream file(keyCheckFile(database));
    std::string line;
    if (!std::getline(file, line))
        return KeyCheck::Absent;
    return line == lineFor(key) ? KeyCheck::Matches : KeyCheck::Differs;
}

void writeKeyCheck(const std::filesystem::path &database, const Secret &key)
{
    const auto file = keyCheckFile(database);
    auto fresh = file;
    fresh += ".new";
    const std::string line = lineFor(key) + '\n';
    const int descriptor = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return;
    const bool written = ::write(descriptor, line.data(), line.size()) == static_cast<ssize_t>(line.size())
        && ::fsync(descriptor) == 0;
    ::close(descriptor);
    if (written)
        (void)::rename(fresh.c_str(), file.c_str());
}

} // namespace gatehouse
