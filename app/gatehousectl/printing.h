// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/client/visible.h"
#include "app/gatehousectl/command.h"

namespace gatehouse {

/// The answer as a person reads it; what others wrote in it is made visible.
[[nodiscard]] std::string shown(const Json &answer, const Shape &shape);
/// The answer as a program reads it, and harmless to a terminal all the same.
[[nodiscard]] std::string shownJson(const Json &answer);
/// How far the lists of this answer were searched.
[[nodiscard]] std::string searchedWay(const Json &answer);
} // namespace gatehouse
