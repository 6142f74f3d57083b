// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/places.h"

#include <cstdlib>
#include <string>

#include <pwd.h>
#include <unistd.h>

namespace gatehouse::places {

namespace {

constexpr auto kDataBelowHome = ".local/share/gatehouse";

std::filesystem::path fromEnvironment(const char *name)
{
    const char *value = std::getenv(name);
    const std::filesystem::path path = value ? value : "";
    return path.is_absolute() ? path : std::filesystem::path();
}

std::filesystem::path home()
{
    if (auto path = fromEnvironment("HOME"); !path.empty())
        return path;
    const passwd *entry = getpwuid(getuid());
    return entry ? entry->pw_dir : "/";
}

std::filesystem::path socketIn(std::filesystem::path runtime, const std::filesystem::path &data)
{
    if (runtime.empty())
        runtime = "/run/user/" + std::to_string(getuid());
    std::error_code ignored;
    if (std::filesystem::is_directory(runtime, ignored))
        return runtime / "gatehouse" / "gatehouse.sock";
    return data / "run" / "gatehouse.sock";
}

} // namespace

std::filesystem::path dataFolder()
{
    const auto base = fromEnvironment("XDG_DATA_HOME");
    return base.empty() ? home() / kDataBelowHome : base / "gatehouse";
}

std::filesystem::path stateFolder()
{
    const auto base = fromEnvironment("XDG_STATE_HOME");
    return base.empty() ? home() / ".local/state/gatehouse" : base / "gatehouse";
}

std::filesystem::path socketFile()
{
    if (auto path = fromEnvironment("GATEHOUSE_SOCKET"); !path.empty())
        return path;
    return socketIn(fromEnvironment("XDG_RUNTIME_DIR"), dataFolder());
}

std::filesystem::path usualSocketFile()
{
    return socketIn({}, home() / kDataBelowHome);
}

} // namespace gatehouse::places
