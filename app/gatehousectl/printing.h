// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/gatehousectl/command.h"

namespace gatehouse {

/// The answer as a person reads it.
[[nodiscard]] std::string shown(const Json &answer, const Shape &shape);
/// Text that others wrote, on one line and harmless to a terminal: control, bidirectional and zero-width
/// characters become visible escapes.
[[nodiscard]] std::string visible(std::string_view text);

} // namespace gatehouse
