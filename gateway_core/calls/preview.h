// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

namespace gatehouse {

/// One line of the difference between two texts.
struct DiffLine
{
    enum class Kind { Same, Removed, Added } kind = Kind::Same;
    std::string text;
};

/// One field that the call would change. Texts are clean (foreign_text.h); names stand for ids.
struct PreviewField
{
    std::string name; ///< name, description, priority, state, labels, assignees, parent, start_date, ...
    std::string before;
    std::string after;
    std::vector<DiffLine> diff; ///< for long texts, in place of before and after
};

/// What a held call would change: shown in the window, nowhere else.
struct Preview
{
    std::string issue; ///< ENG-42; empty for a new one
    std::string title;
    bool changedMeanwhile = false; ///< the issue is newer than the question: a yes would be refused by Tasker
    std::vector<PreviewField> fields; ///< a read has none
};

} // namespace gatehouse
