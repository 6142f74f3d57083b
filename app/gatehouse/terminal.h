// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/result.h"
#include "gateway_core/base/secret.h"

#include <string>

/// The controlling terminal, for the few things that a person types. Blocks: used before the event loops
/// run. Thread: main.
namespace gatehouse::terminal {

/// Asks with the echo off; from standard input where that is no terminal (one line, without its end).
/// Cancelled: end of input.
[[nodiscard]] Result<Secret> askSecret(const std::string &question);
/// All that an open descriptor holds, up to 1 KiB, without a last line end. InvalidRequest: nothing there.
[[nodiscard]] Result<Secret> readSecret(int descriptor);
void say(const std::string &sentence);
void warn(const std::string &sentence);

} // namespace gatehouse::terminal
