// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/port/gateway_port.h"

#include <QObject>
#include <QString>
#include <QStringList>

#include <functional>

/// Puts the bridge into Codex's own configuration, by Codex's own command.
namespace gatehouse::codexSetup {

/// The name under which Codex and the keychain know the bridge.
inline constexpr auto kName = "tasker";

/// `codex mcp add tasker -- /usr/bin/gatehouse-mcp --name tasker`, as it will be run.
[[nodiscard]] QStringList command(const QString &socket);
[[nodiscard]] QString commandLine(const QString &socket);
/// What a person types on the other side; `socket` empty: it is at its usual place.
[[nodiscard]] QString pairCommand(const QString &socket);
/// Is there a `codex` on the PATH?
[[nodiscard]] bool isCodexThere();
/// Runs it; `done` once, within 20 s, on `context`'s thread. NotFound: there is no `codex` on the PATH.
void run(const QString &socket, QObject *context, std::function<void(Result<SetupResult>)> done);

} // namespace gatehouse::codexSetup
