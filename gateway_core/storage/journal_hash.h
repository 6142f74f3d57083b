// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/storage/records.h"

namespace gatehouse {

/// The hash that `row` must carry: SHA-256 over the ASCII line "gatehouse.journal.1\n", the profile and
/// seq as 8 bytes each, big-endian, the 32 bytes of `row.prev` and the bytes of `row.body`.
/// docs/storage.md, "The journal". Pure. Thread: any.
[[nodiscard]] Digest journalHash(ProfileId profile, const JournalRow &row);

} // namespace gatehouse
