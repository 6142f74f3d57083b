// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace gatehouse {

/// A program started with a stripped environment (as Codex starts the bridge) does not know its session
/// bus. Where DBUS_SESSION_BUS_ADDRESS is missing, this sets it to the usual socket, if that is there and
/// ours: $XDG_RUNTIME_DIR/bus, else /run/user/<uid>/bus. Returns the address now in use, or empty.
/// Call it in main, before the first thread and the first use of D-Bus: setting a variable is not
/// thread-safe, and D-Bus libraries read it once.
std::string useUsualSessionBus();

} // namespace gatehouse
