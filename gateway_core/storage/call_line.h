// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/storage/records.h"

#include <string>

// One row of the journal as a line that people read: for the projection and for the live streams, which
// must not differ. Pure. Thread: any.
namespace gatehouse {

/// The kinds of docs/storage.md that are one call; everything else is a line of its own.
[[nodiscard]] bool isOfACall(const JournalRow &row);

/// The fields of a row's body that a line shows; docs/storage.md names them. `kind` is "call" for the rows
/// of a call; `text` stays empty.
[[nodiscard]] CallRow lineOf(const JournalRow &row);

/// What a person would remember. Words that stand in every line (a decision, an outcome) have filters of
/// their own and would only make the text index slow.
[[nodiscard]] std::string searchTextOf(const CallRow &line);

} // namespace gatehouse
