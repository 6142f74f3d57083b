// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/storage/connection.h"

#include <span>
#include <string_view>

namespace gatehouse {

/// One step of the file's shape: resources/migrations/NNNN_name.sql. A released step never changes.
struct Migration
{
    int number;
    std::string_view name;
    std::string_view sql;
};

/// All steps, in order, from 1 without a gap.
[[nodiscard]] std::span<const Migration> migrations();

/// The step that the file stands at (`PRAGMA user_version`); 0 for an empty file.
[[nodiscard]] Result<int> fileVersion(sql::Connection &connection);

/// Runs the steps that are missing, each whole in one transaction, up to and with `upTo` (0: all).
/// StorageNewer: the file stands beyond our last step; nothing is touched then. Thread: storage.
[[nodiscard]] Result<> migrate(sql::Connection &connection, int upTo = 0);

} // namespace gatehouse
