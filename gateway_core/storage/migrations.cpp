// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/storage/migrations.h"

namespace gatehouse {

namespace {

Result<> runStep(sql::Connection &connection, const Migration &step)
{
    auto transaction = sql::Transaction::begin(connection);
    if (!transaction)
        return tl::unexpected(transaction.error());
    auto done = connection.execute(std::string(step.sql));
    // A pragma takes no bound value; the number is ours.
    if (done)
        done = connection.execute("PRAGMA user_version = " + std::to_string(step.number));
    if (!done)
        return failure(done.error().code, std::string(step.name) + ": " + done.error().detail);
    return transaction->commit();
}

} // namespace

Result<int> fileVersion(sql::Connection &connection)
{
    const auto version = connection.one(
        "PRAGMA user_version", [](const sql::Statement &row) { return static_cast<int>(row.integer(0)); });
    if (!version)
        return tl::unexpected(version.error());
    return version->value_or(0);
}

Result<> migrate(sql::Connection &connection, int upTo)
{
    const auto version = fileVersion(connection);
    if (!version)
        return tl::unexpected(version.error());
    const int last = static_cast<int>(migrations().size());
    if (*version > last)
        return failure(ErrorCode::StorageNewer,
                       "the file is at step " + std::to_string(*version) + ", this program knows "
                           + std::to_string(last));
    for (const Migration &step : migrations()) {
        if (step.number <= *version || (upTo > 0 && step.number > upTo))
            continue;
        if (auto done = runStep(connection, step); !done)
            return done;
    }
    return {};
}

} // namespace gatehouse
