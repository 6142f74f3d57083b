// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/tasker/adapter.h"
#include "tests/support/contract_tasker_process.h"
#include "tests/support/fake_clock.h"

#include <QTest>

#include <memory>
#include <string>
#include <vector>

namespace gatehouse::test {

/// A client on a hand-wound clock in front of a contract Tasker.
struct TaskerBench
{
    FakeClock clock;
    TaskerClient client{ clock };
    ContractTaskerProcess tasker;
    int made = 0;

    [[nodiscard]] bool start(const QStringList &arguments = {}) { return tasker.start(arguments) && aim(); }

    [[nodiscard]] bool aim() { return client.setTarget(target()).has_value(); }

    [[nodiscard]] TaskerTarget target()
    {
        TaskerTarget target;
        target.baseUrl = tasker.baseUrl();
        target.ownerUserId = tasker.owner();
        target.credential = Secret(std::string_view(tasker.credential()));
        target.caFile = tasker.caFile();
        return target;
    }

    [[nodiscard]] RequestActor acting(const std::string &project = {})
    {
        RequestActor acting;
        acting.agentId = "agt-1";
        acting.agentName = "Builder";
        acting.requestId = "req-" + std::to_string(++made);
        acting.idempotencyKey = "key-" + std::to_string(made);
        acting.project = ProjectId(project);
        return acting;
    }

    [[nodiscard]] std::string projectId(const std::string &identifier)
    {
        return tasker.project(identifier)["id"];
    }

    /// A read of the projects.
    [[nodiscard]] TaskerRequest read()
    {
        auto request = adapter::resolveProjects("*", 10);
        request.acting = acting();
        return request;
    }
    /// Creates an issue in `project`.
    [[nodiscard]] TaskerRequest write(const std::string &project, const std::string &name = "A new issue")
    {
        auto request = adapter::createIssue({ { "project_id", project }, { "name", name } });
        request.acting = acting(project);
        return request;
    }

    using Reply = std::shared_ptr<std::optional<TaskerReply>>;
    Reply begin(const TaskerRequest &request)
    {
        auto reply = std::make_shared<std::optional<TaskerReply>>();
        client.send(request, [reply](const TaskerReply &answer) { reply->emplace(answer); });
        return reply;
    }
    /// The reply, waited for on the real event loop; a default one (which no test expects) after 10 s.
    TaskerReply ask(const TaskerRequest &request)
    {
        const auto reply = begin(request);
        if (!QTest::qWaitFor([&] { return reply->has_value(); }, 10'000))
            qWarning("no reply");
        return reply->value_or(TaskerReply());
    }
    TaskerReply ask(Result<TaskerRequest> request, const std::string &project = {})
    {
        if (!request) {
            qWarning("no request: %s", request.error().detail.c_str());
            return {};
        }
        request->acting = acting(project);
        return ask(*request);
    }

    /// Adapter requests that Tasker saw, of one method.
    [[nodiscard]] int seen(const std::string &method)
    {
        int count = 0;
        for (const auto &request : tasker.requests())
            count += request["method"] == method;
        return count;
    }
};

inline std::string codeOf(const TaskerReply &reply)
{
    return reply.body ? "none" : std::string(nameOf(reply.body.error().code));
}

} // namespace gatehouse::test
