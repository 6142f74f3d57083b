// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

// How Tasker's short names are told apart from ids, in any script. Pure. Thread: any.
namespace gatehouse {

/// A project's identifier (ENG, ЗАД, ÖRN) in the one form in which two of them are the same: NFC, folded as
/// Unicode does and then upper case. 1 to 12 letters, digits, marks and _. nullopt: it is none; so are names
/// with what looks like something else by itself (full-width forms, ligatures) or like nothing (fillers,
/// joiners). Letters of other scripts that look alike stay other letters.
[[nodiscard]] std::optional<std::string> projectIdentifier(std::string_view text);

/// An issue's, ENG-42: a project's identifier, a dash and 1 to 9 ASCII digits.
struct IssueIdentifier
{
    std::string project;
    std::string whole;
};
[[nodiscard]] std::optional<IssueIdentifier> asIdentifier(std::string_view issue);

} // namespace gatehouse
