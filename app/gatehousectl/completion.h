// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace gatehouse {

/// A bash completion script, made from the table of commands.
[[nodiscard]] std::string bashCompletion();

} // namespace gatehouse
