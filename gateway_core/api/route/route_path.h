// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gatehouse {

/// Does `path` have the form of `pattern`, whose segments may be "{name}"? A parameter is one segment,
/// never empty; what stood in the path is added to `parameters`. Pure. Thread: any.
[[nodiscard]] bool pathMatches(std::string_view pattern, std::string_view path,
                               std::vector<std::string> &parameters);

} // namespace gatehouse
