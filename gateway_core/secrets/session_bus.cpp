// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/secrets/session_bus.h"

#include <cstdlib>
#include <string_view>

#include <sys/stat.h>
#include <unistd.h>

namespace gatehouse {

namespace {

constexpr auto kVariable = "DBUS_SESSION_BUS_ADDRESS";

std::string variable(const char *name)
{
    const char *value = std::getenv(name);
    return value ? value : "";
}

/// A socket that another user put there would hand our secrets to that user.
bool isOurSocket(const std::string &path)
{
    struct stat seen
    {
    };
    return ::lstat(path.c_str(), &seen) == 0 && S_ISSOCK(seen.st_mode) && seen.st_uid == ::getuid();
}

/// A value in a D-Bus address: all but these characters as %XX (D-Bus specification, "Server Addresses").
std::string escaped(const std::string &path)
{
    constexpr std::string_view kPlain = "-_/.\\*";
    constexpr char kHex[] = "0123456789abcdef";
    std::string text;
    for (const char c : path) {
        const bool isAlphanumeric
            = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (isAlphanumeric || kPlain.find(c) != std::string_view::npos) {
            text += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        text += { '%', kHex[byte >> 4], kHex[byte & 15] };
    }
    return text;
}

} // namespace

std::string useUsualSessionBus()
{
    if (std::string address = variable(kVariable); !address.empty())
        return address;
    const std::string runtime = variable("XDG_RUNTIME_DIR");
    const std::string usual = "/run/user/" + std::to_string(::getuid());
    for (const std::string &folder : { runtime, usual }) {
        const std::string socket = folder + "/bus";
        if (folder.empty() || !isOurSocket(socket))
            continue;
        const std::string address = "unix:path=" + escaped(socket);
        return ::setenv(kVariable, address.c_str(), 1) == 0 ? address : "";
    }
    return {};
}

} // namespace gatehouse
