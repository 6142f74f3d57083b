// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/storage/connection.h"
#include "gateway_core/storage/records.h"

namespace gatehouse {

inline constexpr int kSweepRows
    = 96; ///< rows of one step: a few milliseconds, and less than a megabyte of log
inline constexpr int kFreePagesKept = 256; ///< a megabyte that is soon written on again

/// Takes what stands before the journal's cut out of the file, step by step: lines and their words, journal
/// rows, checkpoints, and then the free pages. Within a transaction of its own, which is not synced: what
/// power takes away is done again. False: nothing was left to do. Thread: storage.
[[nodiscard]] Result<bool> sweepCut(sql::Connection &connection, ProfileId profile);

} // namespace gatehouse
