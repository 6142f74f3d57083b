// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>
#include <QStringList>

#include <functional>

/// The entry by which Codex starts the bridge, written by Codex's own command.
namespace gatehouse::codexEntry {

struct Bridge
{
    QString program; ///< absolute
    QString name; ///< of the server in Codex and of the token in the secret store
    QStringList options; ///< what differs from the usual: --socket, --secrets, --token-folder
    QString sessionBus; ///< empty where the bus is at its usual place: Codex passes no such variable on
};

/// codex mcp add NAME [--env ...] -- PROGRAM --name NAME ...
[[nodiscard]] QStringList command(const Bridge &bridge);
/// Where the session's bus is, if that is not its usual place; else empty.
[[nodiscard]] QString unusualSessionBus();
/// As a person would type it.
[[nodiscard]] QString commandLine(const QStringList &words);
/// Runs it with our own terminal; `done` with its exit code, or -1 if it did not start.
void run(const QStringList &words, QObject *context, std::function<void(int)> done);

} // namespace gatehouse::codexEntry
