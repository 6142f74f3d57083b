// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

/// The directions of ARCHITECTURE.md as a check over source text: compilers do not hold them, because
/// every header of this repository and of Qt can be reached from everywhere.
namespace gatehouse::layering {

struct Violation
{
    std::string file;
    int line = 0;
    std::string message; ///< which direction is broken, and what is allowed instead
};

/// `file` is relative to the repository, with slashes.
[[nodiscard]] std::vector<Violation> violationsIn(const std::string &file, std::string_view text);

/// A line of the link graph: "target: everything it links".
[[nodiscard]] std::vector<std::string> linkViolations(std::string_view graph);

} // namespace gatehouse::layering
