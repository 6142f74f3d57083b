// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/storage/grant_store.h"

#include "gateway_core/storage/enum_names.h"

namespace gatehouse {

namespace {

Grant grantFrom(const sql::Statement &row)
{
    Grant grant;
    grant.id = GrantId(row.text(0));
    grant.agent = AgentId(row.text(1));
    grant.project = ProjectId(row.text(2));
    grant.projectName = row.text(3);
    grant.projectIdentifier = row.text(4);
    grant.scope = row.text(5);
    grant.answer = kAnswerWords.valueOf(row.text(6), GrantPolicy::Off);
    grant.until = row.maybeInteger(7);
    grant.revision = row.integer(8);
    grant.byApproval = row.integer(9) != 0;
    return grant;
}

} // namespace

SqlGrantStore::SqlGrantStore(sql::Connection &connection, ProfileId profile)
    : m_connection(connection)
    , m_profile(profile)
{
}

Result<std::vector<Grant>> SqlGrantStore::grants()
{
    return m_connection.all(
        "SELECT id, agent_id, project_id, project_name, project_identifier, scope, answer, until, "
        "revision, by_approval FROM grants WHERE profile_id = ? "
        "ORDER BY agent_id, project_id, scope",
        grantFrom, m_profile);
}

Result<std::int64_t> SqlGrantStore::put(const Grant &grant)
{
    const auto revision = nextRevision();
    if (!revision)
        return revision;
    const auto done = m_connection.run(
        "INSERT OR REPLACE INTO grants (id, profile_id, agent_id, project_id, project_name, "
        "project_identifier, scope, answer, until, revision, by_approval) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        grant.id.text(), m_profile, grant.agent.text(), grant.project.text(), grant.projectName,
        grant.projectIdentifier, grant.scope, nameOf(grant.answer), grant.until, *revision, grant.byApproval);
    if (!done)
        return tl::unexpected(done.error());
    return revision;
}

Result<std::int64_t> SqlGrantStore::remove(const Grant &grant)
{
    const auto revision = nextRevision();
    if (!revision)
        return revision;
    const auto done = m_connection.run(
        "DELETE FROM grants WHERE profile_id = ? AND agent_id = ? AND project_id = ? AND scope = ?",
        m_profile, grant.agent.text(), grant.project.text(), grant.scope);
    if (!done)
        return tl::unexpected(done.error());
    return revision;
}

// Counted in the profile and not in the grants: a removed grant must not give its number back.
Result<std::int64_t> SqlGrantStore::nextRevision()
{
    if (auto raised
        = m_connection.run("UPDATE profiles SET grant_revision = grant_revision + 1 WHERE id = ?", m_profile);
        !raised)
        return tl::unexpected(raised.error());
    const auto revision = m_connection.one(
        "SELECT grant_revision FROM profiles WHERE id = ?",
        [](const sql::Statement &row) { return row.integer(0); }, m_profile);
    if (!revision)
        return tl::unexpected(revision.error());
    return revision->value_or(0);
}

} // namespace gatehouse
