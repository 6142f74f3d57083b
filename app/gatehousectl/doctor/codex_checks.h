// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/gatehousectl/doctor/finding.h"
#include "app/gatehousectl/doctor/environment.h"

#include <optional>

/// Codex's entries for Gatehouse, as `codex mcp list --json` gives them: Codex reads its own files, so
/// that what is judged is what it will do (ADR 0073). Pure, but for looking whether a program is there.
/// Thread: any.
namespace gatehouse::codex {

/// The version that the end-to-end cases run against (tests/e2e/codex/package.json).
inline constexpr std::string_view kTestedVersion = GATEHOUSE_CODEX_TESTED;

/// `said`: what `codex --version` printed; nullopt: none starts from the PATH.
[[nodiscard]] Finding version(const std::optional<std::string> &said);

/// An entry that leads to us, or is meant to.
struct Entry
{
    std::string name; ///< as Codex has it
    bool viaBridge = false;
    std::string client = "tasker"; ///< bridge: the name of its token
    bool plainFiles = false; ///< bridge: --secrets file
    std::filesystem::path tokenFolder; ///< empty: the usual
    Json json; ///< Codex's words
};

/// `list`: the JSON that Codex printed.
[[nodiscard]] std::vector<Entry> entriesFor(const Json &list, int port);
/// Everything about the entries but whether their clients are paired. `port`: the gateway's.
[[nodiscard]] std::vector<Finding> configuration(const std::vector<Entry> &entries, const Environment &here,
                                                 int port);
/// `outcome`: of reading the client's token.
[[nodiscard]] Finding pairing(const Entry &entry, const Result<> &outcome);
/// Codex was there and gave no list.
[[nodiscard]] Finding unreadable();
/// The entry for a support bundle: which keys it has, and of their values only those that are ours.
[[nodiscard]] Json outline(const Entry &entry);

} // namespace gatehouse::codex
