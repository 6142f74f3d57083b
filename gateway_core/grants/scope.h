// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace gatehouse {

/// One verb on one kind of thing (product.md, *scope*). The numbers are on disk, as bits of a login's limit
/// (login_families.scope_limit): none is ever changed or given to another scope (docs/adr/0138).
enum class Scope {
    ProjectsRead = 0,
    IssuesRead = 1,
    IssuesCreate = 2,
    IssuesUpdate = 3,
    IssuesMove = 4,
    CommentsCreate = 5,
    LabelsWrite = 6,
    AssigneesWrite = 7,
};

/// The kind of thing that a scope is about. What is given or looked at "for all" is so within one area: a
/// scope of a new area is in no preset, and lets nobody see the tracker's projects.
enum class Area { Tracker };

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

[[nodiscard]] constexpr Area areaOf(Scope scope)
{
    switch (scope) {
    case Scope::ProjectsRead:
    case Scope::IssuesRead:
    case Scope::IssuesCreate:
    case Scope::IssuesUpdate:
    case Scope::IssuesMove:
    case Scope::CommentsCreate:
    case Scope::LabelsWrite:
    case Scope::AssigneesWrite: return Area::Tracker;
    }
    return {};
}

[[nodiscard]] constexpr bool isOfTracker(std::string_view scope)
{
    const auto known = scopeNamed(scope);
    return known && areaOf(*known) == Area::Tracker;
}

/// The scope's bit in a login's limit.
[[nodiscard]] constexpr std::int64_t bitOf(Scope scope)
{
    return std::int64_t{ 1 } << static_cast<int>(scope);
}

/// True if the limit lets the scope through; none lets everything through.
[[nodiscard]] constexpr bool isWithin(Scope scope, const std::optional<std::int64_t> &limit)
{
    return !limit || (*limit & bitOf(scope)) != 0;
}

static_assert(bitOf(Scope::ProjectsRead) == 0b0000'0001 && bitOf(Scope::IssuesRead) == 0b0000'0010
                  && bitOf(Scope::IssuesCreate) == 0b0000'0100 && bitOf(Scope::IssuesUpdate) == 0b0000'1000
                  && bitOf(Scope::IssuesMove) == 0b0001'0000 && bitOf(Scope::CommentsCreate) == 0b0010'0000
                  && bitOf(Scope::LabelsWrite) == 0b0100'0000 && bitOf(Scope::AssigneesWrite) == 0b1000'0000,
              "limits that are on disk keep their meaning");

} // namespace gatehouse
