// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/calls/approvals.h"
#include "gateway_core/calls/preview.h"

#include <string>
#include <vector>

namespace gatehouse {

/// `issue`: as Tasker has it now, or null for a new one; `context`: of its project, or null (ids stay ids
/// then). Pure. Thread: any.
[[nodiscard]] Preview previewOf(const AskedCall &asked, const Json &issue, const Json &context);

/// Line by line, in the fewest steps; what differs in more than 1,000 lines a side is all removed and all
/// added. The lines of `after`, joined by line ends, are `after`.
[[nodiscard]] std::vector<DiffLine> diffOf(const std::string &before, const std::string &after);

} // namespace gatehouse
