// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/gatehousectl/command.h"

#include <string>
#include <vector>

namespace gatehouse {

/// From good to bad: the worst one decides how `doctor` ends.
enum class Severity { Fine, Warning, Problem };

/// One thing that `doctor` looked at. `what` and `fix` are sentences for a terminal; neither ever holds a
/// value of the environment or of a configuration, only names, paths and numbers.
struct Finding
{
    std::string check; ///< "port"
    Severity weight = Severity::Fine;
    std::string what;
    std::string fix; ///< empty where nothing is to be done
};

[[nodiscard]] Finding fine(std::string check, std::string what);
[[nodiscard]] Finding warning(std::string check, std::string what, std::string fix);
[[nodiscard]] Finding problem(std::string check, std::string what, std::string fix);

[[nodiscard]] std::string_view nameOf(Severity weight);
/// Done, Warned or ProblemsFound, by the worst of them.
[[nodiscard]] Exit exitOf(const std::vector<Finding> &findings);
[[nodiscard]] Json toJson(const Finding &finding);
/// A line, and a second one with the fix.
[[nodiscard]] std::string shown(const Finding &finding);

} // namespace gatehouse
