// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/gatehousectl/doctor/finding.h"
#include "app/gatehousectl/doctor/environment.h"
#include "gateway_core/secrets/secret_service.h"

#include <optional>

/// What can be seen without the gateway. Pure, but for looking at files. Thread: any.
namespace gatehouse::machine {

/// Proxy variables that catch 127.0.0.1 too: Codex and curl obey them for loopback.
[[nodiscard]] Finding proxies(const Environment &here);
/// The folder and the socket in it: ours alone, and short enough for the system.
[[nodiscard]] Finding socket(const Environment &here);
/// The profile's folder, database and sealed file: there, and ours alone; room on the disk.
[[nodiscard]] Finding profile(const Environment &here);
/// Why the last start went no further, where the gateway noted a reason; nullopt: it noted none.
[[nodiscard]] std::optional<Finding> lastStart(const Environment &here);
[[nodiscard]] Finding keychain(const Environment &here, KeychainState state,
                               const std::string &provider = {});
/// `latest`: the latest wall time that the gateway has stored; 0: unknown, then the database file's own
/// time is taken. Milliseconds since 1970.
[[nodiscard]] Finding clock(const Environment &here, std::int64_t now, std::int64_t latest);

/// The port that the profile noted last, or the usual one.
[[nodiscard]] int notedPort(const Environment &here);

struct Holder
{
    bool listens = false;
    bool isMine = false; ///< a process of the same user
    std::int64_t pid = 0; ///< 0: it does not show itself. Gatehouse never does (PR_SET_DUMPABLE)
    std::string program;
};
[[nodiscard]] Holder holderOf(int port, const Environment &here);
/// `said`: where the gateway says that it listens, 0 nowhere; nullopt: it did not answer.
[[nodiscard]] Finding port(int port, const Holder &holder, std::optional<int> said);

} // namespace gatehouse::machine
