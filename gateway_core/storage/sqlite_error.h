// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/result.h"

struct sqlite3;

namespace gatehouse::sql {

/// What an SQLite result code means to us. `doing` names the act for the log.
///   StorageFull      no room: SQLITE_FULL, or an I/O error whose errno says so
///   StorageReadOnly  the file, folder or disk takes no writes
///   StorageDamaged   SQLITE_CORRUPT, or a page that does not pass its HMAC
///   StorageFailed    everything else; busy means another program holds the file
[[nodiscard]] Error errorFrom(sqlite3 *database, int code, std::string_view doing);
/// The same for a call of the system.
[[nodiscard]] Error errorFromErrno(int number, std::string_view doing);

} // namespace gatehouse::sql
