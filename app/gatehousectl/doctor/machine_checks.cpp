// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gatehousectl/doctor/machine_checks.h"

#include "app/gatehousectl/remedies.h"
#include "gateway_core/http/peer_lookup.h"
#include "gateway_core/http/socket_diag.h"

#include <QSettings>

#include <algorithm>
#include <array>
#include <chrono>

#include <sys/stat.h>
#include <sys/un.h>

namespace gatehouse::machine {

namespace fs = std::filesystem;
using FileStatus = struct stat;

namespace {

constexpr int kUsualPort = 4100; // product numbers
constexpr std::uintmax_t kRoomLeast = 100ULL << 20; // bytes; below it the journal may soon refuse writes
constexpr std::int64_t kClockJump = 86'400'000; // ms: identity/registry.h
constexpr std::int64_t kClockSlack = 60'000; // ms: the latest time is stored at most once a minute

/// Empty, or what is wrong with a file or folder that must be the owner's alone.
std::string openToOthers(const fs::path &path, const Environment &here)
{
    FileStatus found{};
    if (::lstat(path.c_str(), &found) != 0)
        return {};
    if (found.st_uid != here.uid)
        return path.string() + " belongs to another user";
    if ((found.st_mode & 077) != 0)
        return path.string() + " is open to other users";
    return {};
}

bool isThere(const fs::path &path)
{
    FileStatus found{};
    return ::lstat(path.c_str(), &found) == 0;
}

std::string fixForMode(const fs::path &path)
{
    return "Make it yours alone: chmod go= " + path.string();
}

bool namesLoopback(const std::string &list)
{
    std::size_t from = 0;
    while (from <= list.size()) {
        const auto comma = std::min(list.find(',', from), list.size());
        std::string item = list.substr(from, comma - from);
        std::erase(item, ' ');
        if (item == "*" || item == "127.0.0.1" || item == "127.0.0.0/8")
            return true;
        from = comma + 1;
    }
    return false;
}

std::string agoText(std::int64_t milliseconds)
{
    const auto minutes = milliseconds / 60'000;
    if (minutes < 120)
        return std::to_string(minutes) + " minutes";
    return minutes < 72 * 60 ? std::to_string(minutes / 60) + " hours"
                             : std::to_string(minutes / 1440) + " days";
}

std::int64_t changedAt(const fs::path &file)
{
    FileStatus found{};
    return ::stat(file.c_str(), &found) == 0 ? static_cast<std::int64_t>(found.st_mtime) * 1000 : 0;
}

} // namespace

Finding proxies(const Environment &here)
{
    if (namesLoopback(here.variable("NO_PROXY")) || namesLoopback(here.variable("no_proxy")))
        return fine("proxy", "127.0.0.1 is left out of every proxy");
    std::string set;
    for (const char *name : { "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY" }) {
        if (!here.variable(name).empty())
            set += (set.empty() ? "" : ", ") + std::string(name);
    }
    if (set.empty())
        return fine("proxy", "no proxy variable catches 127.0.0.1");
    return warning(
        "proxy", "HTTP clients started from here send calls for 127.0.0.1 to a proxy (" + set + ")",
        "Add 127.0.0.1 to NO_PROXY, as in NO_PROXY=127.0.0.1,localhost, or use gatehouse-mcp, which no "
        "proxy reaches.");
}

Finding socket(const Environment &here)
{
    const fs::path folder = here.socket.parent_path();
    if (here.socket.string().size() >= sizeof(sockaddr_un::sun_path))
        return problem("socket", "the path of the socket is longer than the system takes",
                       "Give a shorter one to all three programs, with --socket or GATEHOUSE_SOCKET.");
    if (!isThere(folder))
        return fine("socket", "there is no folder " + folder.string() + " yet; Gatehouse makes it");
    if (auto wrong = openToOthers(folder, here); !wrong.empty())
        return problem("socket", std::move(wrong), fixForMode(folder));
    FileStatus found{};
    if (::lstat(here.socket.c_str(), &found) != 0)
        return fine("socket", folder.string() + " is yours alone; there is no socket in it now");
    if (!S_ISSOCK(found.st_mode))
        return problem("socket", here.socket.string() + " is no socket",
                       "Move that file away and start Gatehouse again.");
    if (auto wrong = openToOthers(here.socket, here); !wrong.empty())
        return problem("socket", std::move(wrong), fixForMode(here.socket));
    return fine("socket", here.socket.string() + " is yours alone");
}

Finding profile(const Environment &here)
{
    if (!isThere(here.profileFolder))
        return warning("profile", "there is no profile in " + here.profileFolder.string(),
                       "Start Gatehouse once, or name its folder with --profile-dir.");
    for (const fs::path &path : { here.profileFolder, here.database(), here.sealedFile() }) {
        if (auto wrong = openToOthers(path, here); !wrong.empty())
            return problem("profile", std::move(wrong), fixForMode(path));
    }
    if (!isThere(here.database()) && isThere(here.keyCheck()))
        return problem("profile",
                       "storage_missing: there was a database in " + here.profileFolder.string()
                           + " and it is gone",
                       std::string(cureFor("storage_missing")));
    std::error_code error;
    const auto space = fs::space(here.profileFolder, error);
    if (!error && space.available < kRoomLeast)
        return warning("profile", "less than 100 MiB are free for the journal",
                       "Make room on that disk: calls that cannot be recorded are refused.");
    return fine("profile", here.profileFolder.string() + " is yours alone");
}

std::optional<Finding> lastStart(const Environment &here)
{
    const auto file = QString::fromStdString((here.profileFolder / "gatehouse.ini").string());
    const std::string code = QSettings(file, QSettings::IniFormat)
                                 .value(QStringLiteral("gateway/problem"))
                                 .toString()
                                 .toStdString();
    if (code.empty())
        return std::nullopt;
    const std::string_view cure = cureFor(code);
    return problem("start", "Gatehouse went no further when it was last started: " + code,
                   cure.empty() ? "Start it and look at its output: gatehouse --headless."
                                : std::string(cure));
}

Finding keychain(const Environment &here, KeychainState state, const std::string &provider)
{
    if (isThere(here.sealedFile()))
        return fine("keychain", "this profile keeps its secrets in a sealed file");
    const std::string orFile = " Or keep secrets in a sealed file: gatehouse --secrets file.";
    const std::string name = provider.empty() ? "the keychain" : "the keychain (" + provider + ')';
    const bool isKeePass = provider == "KeePassXC";
    switch (state) {
    case KeychainState::Open:
        return fine(
            "keychain",
            name + " is there and open"
                + (isKeePass ? "; it asks you for each program until you turn off Settings > Secret Service "
                               "Integration > Confirm when passwords are retrieved"
                             : ""));
    case KeychainState::Locked:
        return problem("keychain", name + " is locked",
                       (isKeePass ? std::string("Unlock the database in KeePassXC")
                                  : "Unlock it, as by logging in to the desktop")
                           + "; Gatehouse goes on by itself.");
    case KeychainState::NoKeyring:
        return problem(
            "keychain", name + " has no default keyring yet",
            (isKeePass ? "Open a database in KeePassXC, and choose a group in Database > Database Settings "
                         "> Secret Service Integration."
                 : provider == "KWallet" ? "Make a wallet, for example in KWalletManager."
                                         : "Make one, for example in Passwords and Keys (seahorse).")
                + orFile);
    case KeychainState::NoService:
        return problem("keychain", "nobody offers a keychain on the session bus",
                       "Install and start gnome-keyring, KWallet or KeePassXC." + orFile);
    case KeychainState::NoBus:
        return problem("keychain", "there is no session bus, and so no keychain",
                       "Start from a desktop session, or set DBUS_SESSION_BUS_ADDRESS to its bus." + orFile);
    case KeychainState::Mute:
        return problem("keychain", "the keychain does not answer",
                       "Look for a dialog of the keychain, or start its service again." + orFile);
    }
    return fine("keychain", "");
}

Finding clock(const Environment &here, std::int64_t now, std::int64_t latest)
{
    const std::int64_t seen = latest > 0 ? latest : changedAt(here.database());
    if (seen == 0)
        return fine("clock", "there is no stored time to compare it with");
    if (seen - now > kClockSlack)
        return problem("clock",
                       "the clock is " + agoText(seen - now) + " behind a time that Gatehouse has stored",
                       "If the clock is wrong, set it right (timedatectl). If it is right now and once stood "
                       "in the future: "
                       "gatehousectl clock was-wrong. Until then everything ends by the later time, and "
                       "dates before it are "
                       "refused.");
    if (latest > 0 && now - seen > kClockJump)
        return problem(
            "clock", "the clock is " + agoText(now - seen) + " ahead of the time that Gatehouse knows",
            "If the clock is right: gatehousectl clock is-right. If it is wrong, set it right "
            "(timedatectl), and this goes away. Until then nothing ends and nothing is removed by it.");
    return fine("clock", "the clock is where it is expected");
}

int notedPort(const Environment &here)
{
    const auto file = QString::fromStdString((here.profileFolder / "gatehouse.ini").string());
    return QSettings(file, QSettings::IniFormat).value(QStringLiteral("gateway/port"), kUsualPort).toInt();
}

Holder holderOf(int port, const Environment &here)
{
    const auto rows = tcpListeners(static_cast<std::uint16_t>(port));
    if (rows.empty())
        return {};
    const PortHolder holder = holderOfPort(port);
    const bool isMine = std::ranges::all_of(rows, [&](const SocketRow &row) { return row.uid == here.uid; });
    return { true, isMine, holder.pid, holder.program };
}

Finding port(int port, const Holder &holder, std::optional<int> said)
{
    const std::string number = std::to_string(port);
    const bool mayBeGatehouse = holder.isMine && (holder.pid == 0 || holder.program == "gatehouse");
    if (!holder.listens && !said)
        return fine("port", number + " is free");
    if (!holder.listens)
        return problem("port", "Gatehouse runs, and nobody listens on " + number,
                       "Choose a port in Gatehouse (Connection), or start it with --port.");
    if (said == port && mayBeGatehouse)
        return fine("port", number + " is held by Gatehouse");
    if (!said && mayBeGatehouse)
        return warning(
            "port",
            number + " is held by a program that does not show itself, which may be another Gatehouse",
            "If so, name its profile's folder with --profile-dir, or its socket with --socket.");
    const std::string who = holder.pid == 0
        ? "a program of another user"
        : holder.program + " (process " + std::to_string(holder.pid) + ')';
    return problem("port", number + " is held by " + who,
                   "End that program, or choose another port in Gatehouse (Connection) and give the new "
                   "address to HTTP clients. Clients of gatehouse-mcp need no port.");
}

} // namespace gatehouse::machine
