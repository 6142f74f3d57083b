// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/gatehousectl/command.h"

#include <QStringList>

#include <filesystem>
#include <optional>

namespace gatehouse {

/// The command line, read. Options that every command takes stand beside the command's own.
struct Invocation
{
    const Command *command = nullptr; ///< null: help or version was asked for
    std::vector<std::string> helpWords; ///< what help was asked about
    Arguments arguments;
    bool json = false;
    bool version = false;
    bool plainFiles = false;
    std::optional<std::filesystem::path> socket, tokenFolder;
    int pinDescriptor = -1; ///< -1: ask on the terminal
    int secretDescriptor = 0; ///< standard input
};

/// InvalidRequest with a sentence for the terminal in `detail`.
[[nodiscard]] Result<Invocation> readInvocation(const QStringList &words);
/// What --help prints: for all, or for the commands that begin with `words`.
[[nodiscard]] std::string usage(const std::vector<std::string> &words = {});

} // namespace gatehouse
