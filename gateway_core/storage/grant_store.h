// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/storage/connection.h"
#include "gateway_core/storage/stores.h"

namespace gatehouse {

/// GrantStore in SQL. Thread: storage. The connection must outlive it.
class SqlGrantStore final : public GrantStore
{
public:
    SqlGrantStore(sql::Connection &connection, ProfileId profile);

    [[nodiscard]] Result<std::vector<Grant>> grants() override;
    [[nodiscard]] Result<std::int64_t> put(const Grant &grant) override;
    [[nodiscard]] Result<std::int64_t> remove(const Grant &grant) override;

private:
    [[nodiscard]] Result<std::int64_t> nextRevision();

    sql::Connection &m_connection;
    ProfileId m_profile;
};

} // namespace gatehouse
