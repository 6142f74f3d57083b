// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace gatehouse {

/// One verb on one kind of thing (product.md, *scope*).
enum class Scope {
    ProjectsRead,
    IssuesRead,
    IssuesCreate,
    IssuesUpdate,
    IssuesMove,
    CommentsCreate,
    LabelsWrite,
    AssigneesWrite,
};

inline constexpr std::array kScopes{ Scope::ProjectsRead, Scope::IssuesRead,    Scope::IssuesCreate,
                                     Scope::IssuesUpdate, Scope::IssuesMove,    Scope::CommentsCreate,
                                     Scope::LabelsWrite,  Scope::AssigneesWrite };

[[nodiscard]] constexpr std::string_view nameOf(Scope scope)
{
    switch (scope) {
    case Scope::ProjectsRead: return "projects:read";
    case Scope::IssuesRead: return "issues:read";
    case Scope::IssuesCreate: return "issues:create";
    case Scope::IssuesUpdate: return "issues:update";
    case Scope::IssuesMove: return "issues:move";
    case Scope::CommentsCreate: return "comments:create";
    case Scope::LabelsWrite: return "labels:write";
    case Scope::AssigneesWrite: return "assignees:write";
    }
    return {};
}

[[nodiscard]] constexpr std::optional<Scope> scopeNamed(std::string_view name)
{
    for (const Scope scope : kScopes) {
        if (nameOf(scope) == name)
            return scope;
    }
    return std::nullopt;
}

} // namespace gatehouse
