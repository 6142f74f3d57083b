// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/contract_tasker/http.h"
#include "tests/support/contract_tasker/times.h"

#include <functional>
#include <string>

namespace contract {

/// The stored side of the contract: projects, issues, comments, and what an actor may do to them.
/// One JSON value, so that it can be shown, kept in a file and put back as it was. Bodies have passed
/// misfitOf(). Thread: main.
class World final
{
public:
    /// Faults that a write can be asked to have, silently, as some versions of Plane do.
    struct Lapses
    {
        bool dropsLists = false; ///< label_ids and assignee_ids are accepted and forgotten
        bool ignoresState = false;
        bool ignoresText = false; ///< name and description stay as they are
    };

    explicit World(std::string owner);

    void reset();
    [[nodiscard]] const Json &data() const { return m_data; }
    [[nodiscard]] Json &data() { return m_data; }

    [[nodiscard]] Response resolve(const Json &body) const;
    [[nodiscard]] Response context(const std::string &project) const;
    [[nodiscard]] Response list(const std::map<std::string, std::string> &query) const;

    /// `project` is the header's: another one than the issue's answers 404 issue_not_in_project.
    Response create(const Json &body, const std::string &project, const std::string &actor, Lapses lapses);
    Response update(const std::string &issue, const Json &body, const std::string &project, Lapses lapses);
    Response move(const std::string &issue, const Json &body, const std::string &project, Lapses lapses);
    Response comment(const std::string &issue, const Json &body, const std::string &project,
                     const std::string &actor);
    Response replace(const std::string &issue, const char *list, const Json &body, const std::string &project,
                     Lapses lapses);
    /// Somebody else changed the issue.
    Response touch(const std::string &issue);

private:
    [[nodiscard]] const Json *projectById(const std::string &id) const;
    [[nodiscard]] Json *issueById(const std::string &id);
    [[nodiscard]] std::optional<Response> projectRefusal(const std::string &id) const;
    /// Runs `change` on the issue if it exists, lies in `project` and is not newer than expected.
    Response withIssue(const std::string &issue, const Json &body, const std::string &project,
                       const std::function<Response(Json &)> &change);
    [[nodiscard]] std::optional<std::string> strayField(const Json &body, const Json &project,
                                                        const std::string &self) const;
    [[nodiscard]] std::string tick();

    const std::string m_owner;
    Json m_data;
    Micros m_last = 0;
};

/// What every contract Tasker starts with: projects ENG, OPS and SECRET of the owner's, and FIN, of which
/// the owner is no member.
[[nodiscard]] Json seed(const std::string &owner);
/// The id of a seeded thing, from its kind and name: the same in every run.
[[nodiscard]] std::string seedId(const std::string &name);

} // namespace contract
