// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/storage/profile_store.h"

#include "gateway_core/storage/enum_names.h"

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

Result<int> SqlProfileStore::setTimeBack(std::int64_t from, std::int64_t to, std::int64_t idle)
{
    // ?1 the profile, ?2 from, ?3 to, ?4 how long a client lives unused.
    constexpr std::string_view kStaysEnded
        = "SELECT (SELECT count(*) FROM clients WHERE profile_id = ?1 AND revoked_at IS NULL AND expires_at "
          "> ?3 "
          "AND (expires_at <= ?2 OR max(last_used_at, created_at) + ?4 <= ?2)) "
          "+ (SELECT count(*) FROM owner_tokens WHERE profile_id = ?1 AND revoked_at IS NULL AND expires_at "
          "> ?3 "
          "AND expires_at <= ?2) "
          "+ (SELECT count(*) FROM grants WHERE profile_id = ?1 AND until > ?3 AND until <= ?2)";
    const auto ended = m_connection.one(
        kStaysEnded, [](const sql::Statement &row) { return static_cast<int>(row.integer(0)); }, m_profile,
        from, to, idle);
    if (!ended)
        return tl::unexpected(ended.error());
    const auto end = [](const std::string &column) {
        return column + " = CASE WHEN " + column + " > ?2 THEN " + column + " - (?2 - ?3) ELSE min(" + column
            + ", ?3) END";
    };
    if (auto done
        = m_connection.run("UPDATE clients SET expires_at = min(expires_at, ?3) WHERE profile_id = ?1 "
                           "AND max(last_used_at, created_at) + ?4 <= ?2",
                           m_profile, from, to, idle);
        !done)
        return tl::unexpected(done.error());
    const std::string changes[] = {
        "UPDATE clients SET " + end("expires_at")
            + ", last_used_at = min(last_used_at, ?3), created_at = min(created_at, ?3) WHERE profile_id = "
              "?1",
        "UPDATE owner_tokens SET " + end("expires_at")
            + ", created_at = min(created_at, ?3) WHERE profile_id = ?1",
        "UPDATE grants SET " + end("until") + " WHERE profile_id = ?1 AND until IS NOT NULL",
        "UPDATE login_families SET " + end("expires_at")
            + ", created_at = min(created_at, ?3) WHERE profile_id = ?1",
        // Of these the age counts.
        "UPDATE login_tokens SET " + end("expires_at")
            + ", created_at = created_at - (?2 - ?3), spent_at = spent_at - (?2 - ?3) WHERE profile_id = ?1",
        "UPDATE login_registrations SET created_at = created_at - (?2 - ?3) WHERE profile_id = ?1",
        "UPDATE idempotency_keys SET created_at = created_at - (?2 - ?3) WHERE profile_id = ?1",
    };
    for (const auto &change : changes)
        if (auto done = m_connection.run(change, m_profile, from, to); !done)
            return tl::unexpected(done.error());
    return ended->value_or(0);
}

} // namespace gatehouse
