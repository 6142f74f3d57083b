// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/result.h"

#include <QString>
#include <QStringList>

#include <filesystem>

namespace gatehouse {

enum class Secrets { Keychain, SealedFile };

/// What the command line asked for.
struct Options
{
    enum class Task { Run, SetPin, AcceptRestore, StartAnew, Help, Version } task = Task::Run;
    bool headless = false;
    Secrets secrets = Secrets::Keychain;
    int passphraseFd = -1; ///< the sealed file's passphrase; -1: asked on the terminal
    int port = 0; ///< 0: the profile's own
    std::filesystem::path folder; ///< of the profile: database, sealed file, lock
    [[nodiscard]] std::filesystem::path databaseFile() const { return folder / "gatehouse.db"; }
    [[nodiscard]] std::filesystem::path sealedFile() const { return folder / "secrets.sealed"; }
    std::filesystem::path socket; ///< the Unix door
    std::filesystem::path logFile; ///< beside standard error; empty: none
    QString language; ///< empty: the system's
};

/// InvalidRequest with a sentence in `detail` for the terminal.
[[nodiscard]] Result<Options> parseOptions(const QStringList &arguments);
[[nodiscard]] QString usage();

} // namespace gatehouse
