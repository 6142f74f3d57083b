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

/// One field and its two values. Names stand for ids; texts are whole and exactly as they would be sent, or
/// stand in Tasker: whoever shows them spells out what cannot be seen (base/unseen_text.h).
struct PreviewField
{
    std::string name; ///< name, description, priority, state, labels, assignees, parent, start_date, ...
    std::string before;
    std::string after;
    std::vector<DiffLine> diff; ///< of a long text, besides
};

/// What a held call would change. The same for the window, REST and gatehousectl.
struct Preview
{
    std::string issue; ///< ENG-42; empty for a new one
    std::string title;
    bool changedMeanwhile = false; ///< the issue is newer than the question: a yes would be refused by Tasker
    /// What was changed since the owner was asked: by this question or, where the agent had to
    /// repeat the call, by the one before it. `before` as the owner was shown it, `after` as it is now.
    std::vector<PreviewField> changed;
    std::vector<PreviewField> fields; ///< all that would be sent; a read has none
};

} // namespace gatehouse
