// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/storage/connection.h"
#include "gateway_core/storage/stores.h"

namespace gatehouse {

/// LoginStore in SQL. Thread: storage. The connection must outlive it.
class SqlLoginStore final : public LoginStore
{
public:
    SqlLoginStore(sql::Connection &connection, ProfileId profile);

    [[nodiscard]] Result<std::vector<LoginRegistration>> registrations() override;
    [[nodiscard]] Result<std::vector<LoginFamily>> families() override;
    [[nodiscard]] Result<std::vector<LoginToken>> tokens() override;
    [[nodiscard]] Result<> save(const LoginRegistration &registration) override;
    [[nodiscard]] Result<> save(const LoginFamily &family) override;
    [[nodiscard]] Result<> save(const LoginToken &token) override;
    [[nodiscard]] Result<> dropRegistration(const std::string &id) override;
    [[nodiscard]] Result<> dropFamily(const ClientId &client) override;
    [[nodiscard]] Result<> dropToken(const Digest &hash) override;
    [[nodiscard]] Result<> dropEnded(std::int64_t now) override;

private:
    sql::Connection &m_connection;
    ProfileId m_profile;
};

} // namespace gatehouse
