// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/result.h"
#include "gateway_core/base/secret.h"

#include <optional>
#include <string>

/// What a person types, or a script hands over on a descriptor. Blocks for the typing. Thread: main.
namespace gatehouse::prompt {

/// Asks on the controlling terminal with the echo off. nullopt: there is no terminal, or nothing typed.
[[nodiscard]] std::optional<Secret> askHidden(const std::string &question);
/// The first line of an open descriptor, 4 KiB at most. nullopt: nothing there.
[[nodiscard]] std::optional<Secret> readLine(int descriptor);

} // namespace gatehouse::prompt
