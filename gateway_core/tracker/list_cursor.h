// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>

namespace gatehouse {

/// Where a list goes on. Where a page of Tasker's was too large for one answer, the next answer begins
/// inside the same page: `skip` issues in, read again with the same limit. Any text of the agent's is a
/// Tasker cursor, so nothing here can be malformed; Tasker refuses what it does not know.
struct ListCursor
{
    std::string tasker; ///< Tasker's own cursor of the page; empty for the first
    int limit = 25;
    int skip = 0;
};

[[nodiscard]] std::string spelled(const ListCursor &cursor);
[[nodiscard]] ListCursor readCursor(const std::string &text, int limit);

} // namespace gatehouse
