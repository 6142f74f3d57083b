// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/storage/versions.h"

#include "gateway_core/storage/connection.h"
#include "gateway_core/storage/migrations.h"

namespace gatehouse {

std::string sqlcipherVersion()
{
    static const std::string kVersion = [] {
        auto connection = sql::Connection::open(":memory:");
        if (!connection)
            return std::string();
        const auto row = connection->one("PRAGMA cipher_version",
                                         [](const sql::Statement &found) { return found.text(0); });
        return row && *row ? **row : std::string();
    }();
    return kVersion;
}

int schemaVersion()
{
    return migrations().back().number;
}

} // namespace gatehouse
