// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/storage/login_store.h"

#include "gateway_core/storage/enum_names.h"

namespace gatehouse {

namespace {

constexpr Words<LoginToken::Kind, 2> kKinds{ { { LoginToken::Kind::Access, "access" },
                                               { LoginToken::Kind::Refresh, "refresh" } } };

LoginRegistration registrationFrom(const sql::Statement &row)
{
    LoginRegistration registration;
    registration.id = row.text(0);
    registration.name = row.text(1);
    const Json redirects = Json::parse(row.text(2), nullptr, false);
    if (redirects.is_array()) {
        for (const Json &redirect : redirects) {
            if (redirect.is_string())
                registration.redirects.push_back(redirect.get<std::string>());
        }
    }
    registration.uid = static_cast<std::uint32_t>(row.integer(3));
    registration.executable = row.text(4);
    registration.createdAt = row.integer(5);
    return registration;
}

LoginFamily familyFrom(const sql::Statement &row)
{
    LoginFamily family;
    family.client = ClientId(row.text(0));
    family.registration = row.text(1);
    family.scopeLimit = row.maybeInteger(2);
    family.resource = row.text(3);
    family.uid = static_cast<std::uint32_t>(row.integer(4));
    family.createdAt = row.integer(5);
    family.expiresAt = row.integer(6);
    return family;
}

LoginToken loginTokenFrom(const sql::Statement &row)
{
    LoginToken token;
    token.hash = row.digest(0);
    token.client = ClientId(row.text(1));
    token.kind = kKinds.valueOf(row.text(2), LoginToken::Kind::Refresh);
    token.scopeLimit = row.maybeInteger(3);
    token.createdAt = row.integer(4);
    token.expiresAt = row.integer(5);
    token.spentAt = row.maybeInteger(6);
    token.siblingGiven = row.integer(7) != 0;
    return token;
}

} // namespace

SqlLoginStore::SqlLoginStore(sql::Connection &connection, ProfileId profile)
    : m_connection(connection)
    , m_profile(profile)
{
}

Result<std::vector<LoginRegistration>> SqlLoginStore::registrations()
{
    return m_connection.all(
        "SELECT id, name, redirects, uid, executable, created_at FROM login_registrations "
        "WHERE profile_id = ? ORDER BY created_at, id",
        registrationFrom, m_profile);
}

Result<std::vector<LoginFamily>> SqlLoginStore::families()
{
    return m_connection.all("SELECT client_id, registration_id, scope_limit, resource, uid, created_at, "
                            "expires_at FROM login_families WHERE profile_id = ?",
                            familyFrom, m_profile);
}

Result<std::vector<LoginToken>> SqlLoginStore::tokens()
{
    return m_connection.all("SELECT hash, client_id, kind, scope_limit, created_at, expires_at, spent_at, "
                            "sibling_given FROM login_tokens WHERE profile_id = ?",
                            loginTokenFrom, m_profile);
}

Result<> SqlLoginStore::save(const LoginRegistration &registration)
{
    return m_connection.run("INSERT OR REPLACE INTO login_registrations (id, profile_id, name, redirects, "
                            "uid, executable, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
                            registration.id, m_profile, registration.name,
                            Json(registration.redirects).dump(), registration.uid, registration.executable,
                            registration.createdAt);
}

Result<> SqlLoginStore::save(const LoginFamily &family)
{
    return m_connection.run("INSERT OR REPLACE INTO login_families (client_id, profile_id, registration_id, "
                            "scope_limit, resource, uid, created_at, expires_at) "
                            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                            family.client.text(), m_profile, family.registration, family.scopeLimit,
                            family.resource, family.uid, family.createdAt, family.expiresAt);
}

Result<> SqlLoginStore::save(const LoginToken &token)
{
    return m_connection.run("INSERT OR REPLACE INTO login_tokens (hash, profile_id, client_id, kind, "
                            "scope_limit, created_at, expires_at, spent_at, sibling_given) "
                            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                            token.hash, m_profile, token.client.text(), kKinds.nameOf(token.kind),
                            token.scopeLimit, token.createdAt, token.expiresAt, token.spentAt,
                            token.siblingGiven);
}

Result<> SqlLoginStore::dropRegistration(const std::string &id)
{
    return m_connection.run("DELETE FROM login_registrations WHERE profile_id = ? AND id = ?", m_profile, id);
}

Result<> SqlLoginStore::dropFamily(const ClientId &client)
{
    auto dropped = m_connection.run("DELETE FROM login_tokens WHERE profile_id = ? AND client_id = ?",
                                    m_profile, client.text());
    if (!dropped)
        return dropped;
    return m_connection.run("DELETE FROM login_families WHERE profile_id = ? AND client_id = ?", m_profile,
                            client.text());
}

Result<> SqlLoginStore::dropToken(const Digest &hash)
{
    return m_connection.run("DELETE FROM login_tokens WHERE profile_id = ? AND hash = ?", m_profile, hash);
}

Result<> SqlLoginStore::dropEnded(std::int64_t now)
{
    auto dropped = m_connection.run(
        "DELETE FROM login_families WHERE profile_id = ? AND (expires_at <= ? OR client_id IN "
        "(SELECT id FROM clients WHERE revoked_at IS NOT NULL))",
        m_profile, now);
    if (!dropped)
        return dropped;
    return m_connection.run("DELETE FROM login_tokens WHERE profile_id = ? AND (expires_at <= ? OR "
                            "client_id NOT IN (SELECT client_id FROM login_families))",
                            m_profile, now);
}

} // namespace gatehouse
