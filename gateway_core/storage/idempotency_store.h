// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/storage/connection.h"
#include "gateway_core/storage/stores.h"

namespace gatehouse {

/// IdempotencyStore in SQL. Thread: storage. The connection must outlive it.
class SqlIdempotencyStore final : public IdempotencyStore
{
public:
    SqlIdempotencyStore(sql::Connection &connection, ProfileId profile);

    [[nodiscard]] Result<std::optional<IdempotencyRecord>>
    find(const ClientId &client, const std::string &tool, const std::string &key) override;
    [[nodiscard]] Result<> save(const IdempotencyRecord &record) override;
    [[nodiscard]] Result<> release(const ClientId &client, const std::string &tool,
                                   const std::string &key) override;
    [[nodiscard]] Result<int> markRunningUnknown() override;
    [[nodiscard]] Result<int> dropOlderThan(std::int64_t createdBefore) override;

private:
    [[nodiscard]] Result<int> counted(Result<> done) const;

    sql::Connection &m_connection;
    ProfileId m_profile;
};

} // namespace gatehouse
