// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

/// Where the three programs find each other without being told. Thread: any.
namespace gatehouse::places {

/// $XDG_DATA_HOME/gatehouse or ~/.local/share/gatehouse (XDG Base Directory Specification 0.8).
[[nodiscard]] std::filesystem::path dataFolder();
/// $XDG_STATE_HOME/gatehouse or ~/.local/state/gatehouse: the log.
[[nodiscard]] std::filesystem::path stateFolder();
/// $GATEHOUSE_SOCKET; else gatehouse/gatehouse.sock in the user's runtime folder: $XDG_RUNTIME_DIR, or
/// /run/user/<uid> where a stripped environment lacks it; where there is none, in dataFolder()/run.
[[nodiscard]] std::filesystem::path socketFile();
/// The same for a program whose environment holds little more than HOME, as Codex starts the bridge.
[[nodiscard]] std::filesystem::path usualSocketFile();

} // namespace gatehouse::places
