// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/storage/profile_store.h"

#include "gateway_core/storage/words.h"

namespace gatehouse {

namespace {

Profile profileFrom(const sql::Statement &row)
{
    Profile profile;
    profile.id = ProfileId{ row.integer(0) };
    profile.name = row.text(1);
    profile.installId = row.text(2);
    profile.taskerUrl = row.text(3);
    profile.ownerUserId = row.text(4);
    profile.ownerEmail = row.text(5);
    profile.caFile = row.text(6);
    profile.port = static_cast<int>(row.integer(7));
    profile.mode = kModeWords.valueOf(row.text(8), Mode::Paused);
    profile.modeReason = row.text(9);
    profile.createdAt = row.integer(10);
    return profile;
}

PinRecord pinFrom(const sql::Statement &row)
{
    PinRecord pin;
    pin.salt = row.text(0);
    pin.hash = row.text(1);
    pin.wrongTries = static_cast<int>(row.integer(2));
    pin.lockouts = static_cast<int>(row.integer(3));
    pin.lockedUntilBoot = row.integer(4);
    pin.lockedBootId = row.text(5);
    pin.lockedForMs = row.integer(6);
    return pin;
}

} // namespace

SqlProfileStore::SqlProfileStore(sql::Connection &connection, ProfileId profile)
    : m_connection(connection)
    , m_profile(profile)
{
}

Result<> SqlProfileStore::makeFirst(const std::string &installId, std::int64_t now)
{
    return m_connection.run("INSERT OR IGNORE INTO profiles (id, name, install_id, created_at) "
                            "VALUES (?, 'default', ?, ?)",
                            m_profile, installId, now);
}

Result<Profile> SqlProfileStore::load()
{
    auto found
        = m_connection.one("SELECT id, name, install_id, tasker_url, owner_user_id, owner_email, ca_file, "
                           "port, mode, mode_reason, created_at FROM profiles WHERE id = ?",
                           profileFrom, m_profile);
    if (!found)
        return tl::unexpected(found.error());
    if (!*found)
        return failure(ErrorCode::StorageDamaged, "the file has no profile");
    return std::move(**found);
}

Result<> SqlProfileStore::save(const Profile &profile)
{
    return m_connection.run(
        "UPDATE profiles SET name = ?, tasker_url = ?, owner_user_id = ?, owner_email = ?, "
        "ca_file = ?, port = ?, mode = ?, mode_reason = ? WHERE id = ?",
        profile.name, profile.taskerUrl, profile.ownerUserId, profile.ownerEmail, profile.caFile,
        profile.port, nameOf(profile.mode), profile.modeReason, m_profile);
}

Result<std::optional<PinRecord>> SqlProfileStore::pin()
{
    return m_connection.one("SELECT salt, hash, wrong_tries, lockouts, locked_until_boot, locked_boot_id, "
                            "locked_for_ms FROM pins WHERE profile_id = ?",
                            pinFrom, m_profile);
}

Result<> SqlProfileStore::savePin(const std::optional<PinRecord> &pin)
{
    if (!pin)
        return m_connection.run("DELETE FROM pins WHERE profile_id = ?", m_profile);
    return m_connection.run(
        "INSERT OR REPLACE INTO pins (profile_id, salt, hash, wrong_tries, lockouts, "
        "locked_until_boot, locked_boot_id, locked_for_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        m_profile, sql::Blob{ pin->salt }, sql::Blob{ pin->hash }, pin->wrongTries, pin->lockouts,
        pin->lockedUntilBoot, pin->lockedBootId, pin->lockedForMs);
}

Result<std::optional<std::string>> SqlProfileStore::note(const std::string &name)
{
    return m_connection.one(
        "SELECT value FROM notes WHERE profile_id = ? AND name = ?",
        [](const sql::Statement &row) { return row.text(0); }, m_profile, name);
}

Result<> SqlProfileStore::saveNote(const std::string &name, const std::string &value)
{
    return m_connection.run("INSERT OR REPLACE INTO notes (profile_id, name, value) VALUES (?, ?, ?)",
                            m_profile, name, value);
}

} // namespace gatehouse
