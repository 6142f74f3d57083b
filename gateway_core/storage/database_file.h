// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/secret.h"
#include "gateway_core/storage/connection.h"

#include <filesystem>

namespace gatehouse {

constexpr std::size_t kDatabaseKeySize = 32;

/// What a start without the file is.
enum class OnAbsent {
    FirstStart, ///< a new file is made, unless something beside it says that there was one
    StartAnew, ///< the owner said so: a new file is made, and a log that lies beside is put aside
};

/// A key check or a log lies beside: there was a database here. Thread: any.
[[nodiscard]] bool hasTraces(const std::filesystem::path &file);

/// Opens or makes the encrypted file: folder 0700 where we make it, file 0600, raw key, page size 4096,
/// WAL, synchronous FULL, foreign keys, secure delete, and nobody else beside us. A file of SQLCipher 3
/// under SQLCipher 4 is copied into a new one first and kept as `<file>.sqlcipher3`.
/// The outcomes are those of SqlcipherStorage::open, StorageNewer aside. Thread: any; it blocks.
[[nodiscard]] Result<sql::Connection> openDatabaseFile(const std::filesystem::path &file, const Secret &key,
                                                       OnAbsent onAbsent = OnAbsent::FirstStart);

} // namespace gatehouse
