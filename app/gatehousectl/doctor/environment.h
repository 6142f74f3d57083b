// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

namespace gatehouse {

/// The machine as a program of the owner's sees it, gathered once, so that tests can make one up.
struct Environment
{
    std::map<std::string, std::string> environment;
    std::filesystem::path home;
    std::filesystem::path profileFolder; ///< database, sealed file, noted port
    std::filesystem::path socket; ///< where we look for the gateway
    std::filesystem::path usualSocket; ///< where a bridge looks that was told nothing
    std::filesystem::path programFolder; ///< where our own programs are
    std::uint32_t uid = 0;

    /// Empty: not set, or set to nothing.
    [[nodiscard]] std::string variable(const std::string &name) const
    {
        const auto found = environment.find(name);
        return found == environment.end() ? std::string() : found->second;
    }
    [[nodiscard]] std::filesystem::path sealedFile() const { return profileFolder / "secrets.sealed"; }
    [[nodiscard]] std::filesystem::path keyCheck() const { return profileFolder / "gatehouse.db.keycheck"; }
    [[nodiscard]] std::filesystem::path database() const { return profileFolder / "gatehouse.db"; }
};

/// This process's own, with what the command line chose; `profileFolder` and `socket` may be empty: the
/// usual.
[[nodiscard]] Environment surroundingsHere(std::filesystem::path profileFolder, std::filesystem::path socket,
                                           std::filesystem::path programFolder);

} // namespace gatehouse
