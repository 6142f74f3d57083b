// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/storage/connection.h"
#include "gateway_core/storage/records.h"

namespace gatehouse {

/// `call_blocks` keeps the times of this many rows of the chain as one (0002_calls.sql).
inline constexpr std::int64_t kRowsInBlock = 1024;

/// The columns of `calls` in the order that callFrom() reads, after `SELECT `.
extern const std::string kCallColumns;
[[nodiscard]] CallRow callFrom(const sql::Statement &row);

/// By one walk over the rows of that time, of those behind the row `after`. Thread: storage.
[[nodiscard]] Result<CallCounts> readCounts(sql::Connection &connection, ProfileId profile, std::int64_t from,
                                            std::int64_t to, std::int64_t after);

/// One page of the projection, newest first, never by OFFSET: the filters' trails (call_trail.h) walked side
/// by side until the page is full, the range is done or kLooksInRead is spent. Thread: storage.
[[nodiscard]] Result<CallPage> readPage(sql::Connection &connection, ProfileId profile,
                                        const CallFilter &filter);

} // namespace gatehouse
