// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gatehousectl/contract_check.h"

#include "gateway_core/base/json.h"
#include "gateway_core/tasker/adapter.h"

#include <array>

namespace gatehouse {

namespace {

using Known = ContractCheck::Known;

constexpr auto kAgentId = "gatehouse-contract-check";
constexpr auto kUnknownId = "00000000-0000-4000-8000-000000000000";

/// One request and what must come back. `judge` gives the difference, empty if there is none, and may keep
/// what later probes need.
struct Probe
{
    std::string_view route;
    std::string_view what;
    Result<TaskerRequest> (*make)(const Known &known);
    std::string (*judge)(Known &known, const TaskerReply &reply);
};

std::string issueId(const Known &known)
{
    return textAt(known.issue, "id");
}

/// A write for the scratch project under a key of this run.
TaskerRequest keyed(TaskerRequest request, const Known &known, const std::string &key)
{
    request.acting.project = ProjectId(textAt(known.project, "id"));
    request.acting.idempotencyKey = "check-" + known.run + '-' + key;
    return request;
}

Result<TaskerRequest> keyed(Result<TaskerRequest> request, const Known &known, const std::string &key)
{
    return request ? Result<TaskerRequest>(keyed(std::move(*request), known, key)) : request;
}

std::string statusIs(const TaskerReply &reply, int wanted)
{
    if (reply.sent != Sent::Answered)
        return "no whole answer (" + std::string(reply.body ? "" : nameOf(reply.body.error().code)) + ')';
    if (reply.status != wanted)
        return "status " + std::to_string(reply.status) + " instead of " + std::to_string(wanted);
    return {};
}

/// The status and, where it is a success, the contract's shape.
std::string succeeds(const TaskerReply &reply, int wanted)
{
    if (auto difference = statusIs(reply, wanted); !difference.empty())
        return difference;
    return reply.body ? std::string() : "the answer's shape: " + reply.body.error().detail;
}

std::string differs(bool as, const char *sentence)
{
    return as ? "" : sentence;
}

Json newIssue(const Known &known, const std::string &name)
{
    return {{"project_id", textAt(known.project, "id")}, {"name", name}, {"priority", "low"},
            {"description_markdown", "Made by gatehousectl tasker check."}};
}

std::string nameOfRun(const Known &known)
{
    return "Gatehouse contract check " + known.run;
}

std::string otherState(const Known &known)
{
    const std::string now = textAt(known.issue.value("state", Json::object()), "id");
    for (const Json &state : known.context.value("states", Json::array())) {
        if (textAt(state, "id") != now)
            return textAt(state, "id");
    }
    return {};
}

Json firstId(const Known &known, const char *list)
{
    const Json items = known.context.value(list, Json::array());
    return items.empty() ? Json::array() : Json::array({textAt(items[0], "id")});
}

std::string keepIssue(Known &known, const TaskerReply &reply, int status)
{
    auto difference = succeeds(reply, status);
    if (difference.empty())
        known.issue = *reply.body;
    return difference;
}

std::string onlyThisIssue(Known &known, const TaskerReply &reply)
{
    auto difference = succeeds(reply, 200);
    if (!difference.empty())
        return difference;
    const Json items = reply.body->value("items", Json::array());
    return differs(items.size() == 1 && textAt(items[0], "id") == issueId(known), "not exactly the one issue");
}

// clang-format off
const std::array kProbes{
    Probe{"POST /projects/resolve", "finds the scratch project",
          [](const Known &k) { return Result<TaskerRequest>(adapter::resolveProjects(k.wanted, 10)); },
          [](Known &k, const TaskerReply &reply) {
              auto difference = succeeds(reply, 200);
              for (const Json &match : difference.empty() ? (*reply.body)["matches"] : Json::array()) {
                  if (textAt(match["project"], "id") == k.wanted || textAt(match["project"], "identifier") == k.wanted)
                      k.project = match["project"];
              }
              return !difference.empty() ? difference : differs(k.project.is_object(), "no match has that id or identifier");
          }},
    Probe{"POST /projects/resolve", "* lists the owner's projects",
          [](const Known &) { return Result<TaskerRequest>(adapter::resolveProjects("*", 50)); },
          [](Known &, const TaskerReply &reply) {
              auto difference = succeeds(reply, 200);
              return !difference.empty() ? difference : differs(!(*reply.body)["matches"].empty(), "none are listed");
          }},
    Probe{"GET /projects/{id}/context", "has states, labels and members",
          [](const Known &k) { return adapter::projectContext(ProjectId(textAt(k.project, "id"))); },
          [](Known &k, const TaskerReply &reply) {
              auto difference = succeeds(reply, 200);
              if (difference.empty())
                  k.context = *reply.body;
              return !difference.empty() ? difference : differs(!k.context["states"].empty(), "the project has no state");
          }},
    Probe{"POST /issues", "creates an issue, as the agent",
          [](const Known &k) { return Result<TaskerRequest>(keyed(adapter::createIssue(newIssue(k, nameOfRun(k))), k, "create")); },
          [](Known &k, const TaskerReply &reply) {
              auto difference = keepIssue(k, reply, 201);
              if (!difference.empty())
                  return difference;
              difference = differs(textAt(k.issue, "created_by") == std::string("agent:") + kAgentId, "created_by is not the agent");
              return !difference.empty() ? difference : differs(textAt(k.issue, "name") == nameOfRun(k), "another name was stored");
          }},
    Probe{"POST /issues", "the same key again gives the first answer, marked as replayed",
          [](const Known &k) { return Result<TaskerRequest>(keyed(adapter::createIssue(newIssue(k, nameOfRun(k))), k, "create")); },
          [](Known &k, const TaskerReply &reply) {
              auto difference = succeeds(reply, 201);
              if (difference.empty())
                  difference = differs(textAt(*reply.body, "id") == issueId(k), "a second issue was created");
              return !difference.empty() ? difference : differs(reply.replayed, "Idempotent-Replayed is missing");
          }},
    Probe{"POST /issues", "the same key with another body is refused",
          [](const Known &k) { return Result<TaskerRequest>(keyed(adapter::createIssue(newIssue(k, "Another body")), k, "create")); },
          [](Known &, const TaskerReply &reply) { return statusIs(reply, 422); }},
    Probe{"GET /issues", "finds it by issue_id",
          [](const Known &k) { return adapter::listIssues(ProjectId(textAt(k.project, "id")), {{"issue_id", issueId(k)}}); }, &onlyThisIssue},
    Probe{"GET /issues", "finds it by identifier",
          [](const Known &k) { return adapter::listIssues(ProjectId(textAt(k.project, "id")), {{"identifier", textAt(k.issue, "identifier")}}); }, &onlyThisIssue},
    Probe{"GET /issues", "finds it by its words",
          [](const Known &k) { return adapter::listIssues(ProjectId(textAt(k.project, "id")), {{"q", k.run}}); }, &onlyThisIssue},
    Probe{"GET /issues", "a page holds no more than asked for",
          [](const Known &k) { return adapter::listIssues(ProjectId(textAt(k.project, "id")), {{"limit", 1}}); },
          [](Known &, const TaskerReply &reply) {
              auto difference = succeeds(reply, 200);
              return !difference.empty() ? difference : differs((*reply.body)["items"].size() <= 1, "more than one issue");
          }},
    Probe{"PATCH /issues/{id}", "changes a field where expected_updated_at is right",
          [](const Known &k) { return keyed(adapter::updateIssue(issueId(k), {{"priority", "high"}, {"expected_updated_at", textAt(k.issue, "updated_at")}}), k, "update"); },
          [](Known &k, const TaskerReply &reply) {
              auto difference = succeeds(reply, 200);
              if (difference.empty())
                  difference = differs(textAt(*reply.body, "priority") == "high", "the priority did not change");
              if (difference.empty())
                  difference = differs(textAt(*reply.body, "updated_at") != textAt(k.issue, "updated_at"), "updated_at did not change");
              return difference; // the issue as it was is kept, for the next probe
          }},
    Probe{"PATCH /issues/{id}", "an old expected_updated_at is refused",
          [](const Known &k) { return keyed(adapter::updateIssue(issueId(k), {{"priority", "low"}, {"expected_updated_at", textAt(k.issue, "updated_at")}}), k, "stale"); },
          [](Known &, const TaskerReply &reply) { return statusIs(reply, 409); }},
    Probe{"PATCH /issues/{id}", "another X-NodeDC-Project-Id is refused",
          [](const Known &k) {
              auto request = keyed(adapter::updateIssue(issueId(k), {{"priority", "low"}}), k, "elsewhere");
              if (request)
                  request->acting.project = ProjectId(kUnknownId);
              return request;
          },
          [](Known &, const TaskerReply &reply) { return statusIs(reply, 404); }},
    Probe{"PATCH /issues/{id}", "an unknown issue is not found",
          [](const Known &k) { return keyed(adapter::updateIssue(kUnknownId, {{"priority", "low"}}), k, "unknown"); },
          [](Known &, const TaskerReply &reply) { return statusIs(reply, 404); }},
    Probe{"POST /issues/{id}/move", "moves it to another state",
          [](const Known &k) { return keyed(adapter::moveIssue(issueId(k), {{"state_id", otherState(k)}}), k, "move"); },
          [](Known &k, const TaskerReply &reply) {
              const std::string wanted = otherState(k);
              auto difference = keepIssue(k, reply, 200);
              return !difference.empty() ? difference : differs(textAt(k.issue["state"], "id") == wanted, "the state did not change");
          }},
    Probe{"POST /issues/{id}/comments", "adds a comment",
          [](const Known &k) { return keyed(adapter::addComment(issueId(k), {{"body_markdown", "A comment."}}), k, "comment"); },
          [](Known &k, const TaskerReply &reply) {
              auto difference = succeeds(reply, 201);
              return !difference.empty() ? difference : differs(textAt(*reply.body, "issue_id") == issueId(k), "it belongs to another issue");
          }},
    Probe{"PUT /issues/{id}/labels", "replaces the labels",
          [](const Known &k) { return keyed(adapter::setLabels(issueId(k), {{"label_ids", firstId(k, "labels")}}), k, "labels"); },
          [](Known &k, const TaskerReply &reply) {
              auto difference = keepIssue(k, reply, 200);
              return !difference.empty() ? difference : differs(k.issue["label_ids"] == firstId(k, "labels"), "other labels were stored");
          }},
    Probe{"PUT /issues/{id}/assignees", "replaces the assignees",
          [](const Known &k) { return keyed(adapter::setAssignees(issueId(k), {{"assignee_ids", firstId(k, "members")}}), k, "assignees"); },
          [](Known &k, const TaskerReply &reply) {
              auto difference = keepIssue(k, reply, 200);
              return !difference.empty() ? difference : differs(k.issue["assignee_ids"] == firstId(k, "members"), "other assignees were stored");
          }},
};
// clang-format on

} // namespace

ContractCheck::ContractCheck(TaskerClient &tasker, Random &random, std::string project, QObject *parent)
    : QObject(parent)
    , m_tasker(tasker)
    , m_random(random)
{
    m_known.wanted = std::move(project);
    m_known.run = random.uuid().substr(0, 8);
}

void ContractCheck::run()
{
    next();
}

void ContractCheck::next()
{
    // Without a project or an issue, what follows would only say the same again.
    const bool stuck = (m_at > 0 && !m_known.project.is_object()) || (m_at > 3 && !m_known.issue.is_object());
    if (m_at == kProbes.size() || stuck) {
        emit ended();
        return;
    }
    const Probe &probe = kProbes[m_at++];
    auto request = probe.make(m_known);
    const auto conclude = [this, &probe](std::string difference) {
        m_findings.push_back({std::string(probe.route), std::string(probe.what), std::move(difference)});
        emit found(m_findings.back());
        next();
    };
    if (!request)
        return conclude("an id of Tasker's cannot stand in a path: " + request.error().detail);
    request->acting.agentId = kAgentId;
    request->acting.agentName = "Gatehouse contract check";
    request->acting.requestId = m_random.uuid();
    m_tasker.send(*request, [this, &probe, conclude](const TaskerReply &reply) { conclude(probe.judge(m_known, reply)); });
}

} // namespace gatehouse
