// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/gatehousectl/command.h"

namespace gatehouse {

/// One page out of several answers: a request searches a bounded part of the journal and may find less than a
/// page (docs/rest-api.md, Audit). Thread: main.
class PageCollector final
{
public:
    explicit PageCollector(Pages pages);

    /// What the next request adds to its target.
    [[nodiscard]] std::string query() const;
    /// True: the page is full, or there is nothing older.
    [[nodiscard]] bool take(const Json &answer);
    /// The last answer with the rows of all; null before the first.
    [[nodiscard]] const Json &answer() const { return m_answer; }

private:
    Pages m_pages; ///< the cursor is that of the next request
    Json m_answer;
    std::size_t m_found = 0;
};

} // namespace gatehouse
