// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/storage/connection.h"
#include "gateway_core/storage/stores.h"

namespace gatehouse {

/// AgentStore in SQL. Thread: storage. The connection must outlive it.
class SqlAgentStore final : public AgentStore
{
public:
    SqlAgentStore(sql::Connection &connection, ProfileId profile);

    [[nodiscard]] Result<std::vector<Agent>> agents() override;
    [[nodiscard]] Result<> save(const Agent &agent) override;
    [[nodiscard]] Result<std::vector<Client>> clients() override;
    [[nodiscard]] Result<> save(const Client &client) override;
    [[nodiscard]] Result<std::vector<OwnerToken>> ownerTokens() override;
    [[nodiscard]] Result<> save(const OwnerToken &token) override;

private:
    sql::Connection &m_connection;
    ProfileId m_profile;
};

} // namespace gatehouse
