// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/secret.h"

#include <filesystem>

namespace gatehouse {

/// A small clear file beside the database, `<database>.keycheck`: one line with an HMAC of a constant
/// under the database key. A wrong key and a damaged first page look the same to SQLCipher; this tells
/// them apart and says nothing about the key. ADR 0003. Thread: any.
enum class KeyCheck {
    Matches,
    Differs,
    Absent, ///< also one that cannot be read
};

[[nodiscard]] std::filesystem::path keyCheckFile(const std::filesystem::path &database);
[[nodiscard]] KeyCheck checkKey(const std::filesystem::path &database, const Secret &key);
/// Best effort: the database opens without it too.
void writeKeyCheck(const std::filesystem::path &database, const Secret &key);

} // namespace gatehouse
