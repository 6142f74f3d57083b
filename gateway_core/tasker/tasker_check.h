// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/random.h"
#include "gateway_core/tasker/tasker_client.h"

#include <QObject>

#include <functional>
#include <string>
#include <vector>

namespace gatehouse {

/// One question to a Tasker, and how its answer differs from the contract.
struct CheckRow
{
    std::string route; ///< "POST /issues", with what was tried behind it
    bool ok = false;
    std::string difference; ///< empty when ok; names fields, statuses and codes, never a text of Tasker's
};

/// Runs the adapter contract against a real Tasker, in a scratch project: creates one issue, changes,
/// moves, comments, labels and assigns it, tries what must be refused, and leaves it in a cancelled state.
/// One question at a time, about twenty in all; what cannot be asked any more is a row that says so.
/// Thread: core. The constructor's references must outlive it.
class TaskerCheck final : public QObject
{
    Q_OBJECT

public:
    using Done = std::function<void(const std::vector<CheckRow> &)>;

    TaskerCheck(TaskerClient &tasker, Random &random, QObject *parent = nullptr);
    ~TaskerCheck() override;

    /// One run at a time. `agent` is what Tasker will show as the actor. `done` comes once.
    void run(const ProjectId &project, const std::string &agent, const std::string &agentName, Done done);

private:
    struct Inside;
    std::unique_ptr<Inside> m_inside;
};

} // namespace gatehouse
