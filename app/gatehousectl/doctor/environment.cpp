// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gatehousectl/doctor/environment.h"

#include "app/places.h"

#include <string_view>

#include <unistd.h>

namespace gatehouse {

Environment surroundingsHere(std::filesystem::path profileFolder, std::filesystem::path socket,
                             std::filesystem::path programFolder)
{
    Environment here;
    for (char **entry = environ; entry && *entry; ++entry) {
        const std::string_view text(*entry);
        const auto equals = text.find('=');
        if (equals != std::string_view::npos)
            here.environment.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
    here.home = here.variable("HOME");
    here.uid = getuid();
    here.usualSocket = places::usualSocketFile();
    if (socket.empty())
        socket = profileFolder.empty() ? places::socketFile() : profileFolder / "run" / "gatehouse.sock";
    here.socket = std::move(socket);
    here.profileFolder = profileFolder.empty() ? places::dataFolder() : std::move(profileFolder);
    here.programFolder = std::move(programFolder);
    return here;
}

} // namespace gatehouse
