// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/storage/connection.h"
#include "gateway_core/storage/stores.h"

namespace gatehouse {

/// ProfileStore in SQL. Thread: storage. The connection must outlive it.
class SqlProfileStore final : public ProfileStore
{
public:
    SqlProfileStore(sql::Connection &connection, ProfileId profile);

    /// Makes the profile's row if the file has none yet.
    [[nodiscard]] Result<> makeFirst(const std::string &installId, std::int64_t now);

    [[nodiscard]] Result<Profile> load() override;
    [[nodiscard]] Result<> save(const Profile &profile) override;
    [[nodiscard]] Result<std::optional<PinRecord>> pin() override;
    [[nodiscard]] Result<> savePin(const std::optional<PinRecord> &pin) override;
    [[nodiscard]] Result<std::optional<std::string>> note(const std::string &name) override;
    [[nodiscard]] Result<> saveNote(const std::string &name, const std::string &value) override;
    [[nodiscard]] Result<int> setTimeBack(std::int64_t from, std::int64_t to, std::int64_t idle) override;

private:
    sql::Connection &m_connection;
    ProfileId m_profile;
};

} // namespace gatehouse
