// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/gatehousectl/doctor/finding.h"
#include "app/gatehousectl/doctor/environment.h"

/// What `doctor --bundle` writes: one JSON file that a person can read before sending it. It is made from
/// lists of what may go in; nothing is copied whole and then cleaned (ADR 0074). Thread: any.
namespace gatehouse::supportBundle {

/// All that doctor heard; most of it stays out.
struct Heard
{
    std::vector<Finding> findings;
    Json ready, status, events; ///< the gateway's answers; null: none
    std::vector<Json> codexEntries; ///< codex::outline
};

[[nodiscard]] Json made(const Heard &heard, const Environment &here, std::int64_t now);
/// Text without what names a person or opens a door: tokens, e-mail addresses, user parts of addresses,
/// long runs of key-like characters, the home folder. The second net, below the lists.
[[nodiscard]] std::string redacted(std::string text, const Environment &here);
/// Writes it with mode 0600 to a file that is not there yet. Conflict: it is; Internal: why not, in `detail`.
[[nodiscard]] Result<> write(const std::filesystem::path &file, const Json &bundle);

} // namespace gatehouse::supportBundle
