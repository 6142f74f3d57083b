// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/tasker/tasker_check.h"

#include "gateway_core/tasker/adapter.h"

#include <algorithm>

namespace gatehouse {

namespace {

constexpr const char *kElsewhere = "00000000-0000-4000-8000-000000000000";
constexpr const char *kLongAgo = "2000-01-01T00:00:00Z";

std::string seen(const TaskerReply &reply)
{
    if (reply.body)
        return std::to_string(reply.status);
    const auto &error = reply.body.error();
    std::string text = reply.status ? std::to_string(reply.status) + ' ' : std::string();
    text += nameOf(error.code);
    return error.code == ErrorCode::UpstreamInvalidResponse ? text + " (" + error.detail + ')' : text;
}

std::string expectStatus(const TaskerReply &reply, int status)
{
    return reply.body && reply.status == status
        ? std::string()
        : "expected " + std::to_string(status) + ", got " + seen(reply);
}

std::string expectRefusal(const TaskerReply &reply, int status, ErrorCode code)
{
    if (!reply.body && reply.status == status && reply.body.error().code == code)
        return {};
    return "expected " + std::to_string(status) + ' ' + std::string(nameOf(code)) + ", got " + seen(reply);
}

std::string expectField(const Json &answer, const std::string &field, const Json &value)
{
    return answer.value(field, Json()) == value ? std::string() : field + " did not become what was asked";
}

/// The first difference that there is.
std::string firstOf(std::initializer_list<std::string> differences)
{
    const auto found = std::find_if(differences.begin(), differences.end(),
                                    [](const auto &each) { return !each.empty(); });
    return found == differences.end() ? std::string() : *found;
}

} // namespace

struct TaskerCheck::Inside
{
    using Ask = std::function<Result<TaskerRequest>()>;
    using Judge = std::function<std::string(const TaskerReply &)>;
    struct Step
    {
        std::string route;
        Ask ask;
        Judge judge;
        std::string key = {}; ///< of a write that repeats another's
        std::string project = {}; ///< in the header, if not the scratch project
    };

    Inside(TaskerClient &client, Random &source, QObject &owner)
        : tasker(client)
        , random(source)
        , self(owner)
    {
    }

    [[nodiscard]] std::vector<Step> steps();
    [[nodiscard]] std::vector<Step> readSteps();
    [[nodiscard]] std::vector<Step> createSteps();
    [[nodiscard]] std::vector<Step> refusalSteps();
    [[nodiscard]] std::vector<Step> changeSteps();
    void next();
    [[nodiscard]] std::string anotherState(bool cancelled) const;
    /// Empty until there is one: adapter.h refuses it, and the step is not tried.
    [[nodiscard]] std::string issueId() const { return issue.value("id", ""); }
    [[nodiscard]] Json firstId(const char *list) const;

    TaskerClient &tasker;
    Random &random;
    QObject &self;
    ProjectId project;
    std::string agent, agentName;
    Done done;
    std::vector<Step> open;
    std::vector<CheckRow> rows;
    Json body; ///< of the created issue
    std::string createKey;
    Json context = Json::object();
    Json issue = Json::object();
};

std::string TaskerCheck::Inside::anotherState(bool cancelled) const
{
    const auto held = issue.value("state", Json::object()).value("id", "");
    for (const auto &state : context.value("states", Json::array())) {
        if (cancelled ? state["group"] == "cancelled" : state["id"] != held)
            return state["id"];
    }
    return {};
}

Json TaskerCheck::Inside::firstId(const char *list) const
{
    const auto all = context.value(list, Json::array());
    return all.empty() ? Json::array() : Json::array({ all[0]["id"] });
}

std::vector<TaskerCheck::Inside::Step> TaskerCheck::Inside::readSteps()
{
    return {
        { "POST /projects/resolve", [] { return adapter::resolveProjects("*", 50); },
          [this](const TaskerReply &reply) {
              if (auto difference = expectStatus(reply, 200); !difference.empty())
                  return difference;
              const auto &matches = reply.body->at("matches");
              const bool found = std::any_of(matches.begin(), matches.end(), [this](const Json &match) {
                  return match["project"]["id"] == project.text();
              });
              return std::string(found ? "" : "`*` does not list the scratch project");
          } },
        { "GET /projects/{projectId}/context", [this] { return adapter::projectContext(project); },
          [this](const TaskerReply &reply) {
              if (reply.body)
                  context = *reply.body;
              return firstOf({ expectStatus(reply, 200),
                               context.value("states", Json::array()).empty() ? "states: empty" : "" });
          } },
        { "GET /projects/{projectId}/context, no such project",
          [] { return adapter::projectContext(ProjectId(kElsewhere)); },
          [](const TaskerReply &reply) { return expectRefusal(reply, 404, ErrorCode::NotFound); } },
        { "GET /issues",
          [this] {
              return adapter::listIssues(project, { { "limit", 1 } });
          },
          [](const TaskerReply &reply) {
              return firstOf({ expectStatus(reply, 200),
                               reply.body && reply.body->at("items").size() > 1 ? "limit: ignored" : "" });
          } },
    };
}

std::vector<TaskerCheck::Inside::Step> TaskerCheck::Inside::createSteps()
{
    const auto create = [this] { return adapter::createIssue(body); };
    const auto onlyTheNew = [this](const TaskerReply &reply) {
        const auto items = reply.body.value_or(Json::object()).value("items", Json::array());
        const bool found = items.size() == 1 && items[0]["id"] == issueId();
        return firstOf({ expectStatus(reply, 200), found ? "" : "items: not just the new issue" });
    };
    return {
        { "POST /issues", create,
          [this](const TaskerReply &reply) {
              if (reply.body)
                  issue = *reply.body;
              return firstOf({ expectStatus(reply, 201), expectField(issue, "project_id", project.text()),
                               expectField(issue, "name", body["name"]),
                               expectField(issue, "created_by", "agent:" + agent) });
          },
          createKey },
        { "POST /issues, same key and body", create,
          [this](const TaskerReply &reply) {
              return firstOf({ expectStatus(reply, 201), reply.replayed ? "" : "no Idempotent-Replayed: true",
                               expectField(reply.body.value_or(Json::object()), "id", issueId()) });
          },
          createKey },
        { "POST /issues, same key and another body",
          [this] {
              auto other = body;
              other["name"] = body["name"].get<std::string>() + ", again";
              return adapter::createIssue(other);
          },
          [](const TaskerReply &reply) { return expectRefusal(reply, 422, ErrorCode::Internal); },
          createKey },
        { "POST /issues, a field that is not in the contract",
          [this] {
              auto other = body;
              other["gatehouse_unknown_field"] = true;
              return adapter::createIssue(other);
          },
          [](const TaskerReply &reply) {
              return !reply.body && reply.body.error().code == ErrorCode::ValidationFailed
                  ? std::string()
                  : "expected 400 or 422 validation_failed, got " + seen(reply);
          } },
        { "GET /issues, by issue_id",
          [this] {
              return adapter::listIssues(project, { { "issue_id", issueId() } });
          },
          onlyTheNew },
        { "GET /issues, by identifier",
          [this] {
              return adapter::listIssues(project, { { "identifier", issue.value("identifier", "") } });
          },
          onlyTheNew },
        { "GET /issues, by words of its name",
          [this] {
              return adapter::listIssues(project, { { "q", createKey } });
          },
          onlyTheNew },
    };
}

std::vector<TaskerCheck::Inside::Step> TaskerCheck::Inside::refusalSteps()
{
    const auto rename = [this] { return adapter::updateIssue(issueId(), { { "priority", "urgent" } }); };
    const auto late
        = [](const TaskerReply &reply) { return expectRefusal(reply, 409, ErrorCode::IssueChanged); };
    const auto stale = [this](Json fields) {
        fields["expected_updated_at"] = kLongAgo;
        return fields;
    };
    return {
        { "PATCH /issues/{issueId}, no such issue",
          [] {
              return adapter::updateIssue(kElsewhere, { { "priority", "urgent" } });
          },
          [](const TaskerReply &reply) { return expectRefusal(reply, 404, ErrorCode::NotFound); } },
        { "PATCH /issues/{issueId}, another project in the header",
          rename,
          [](const TaskerReply &reply) { return expectRefusal(reply, 404, ErrorCode::NotFound); },
          {},
          kElsewhere },
        { "PATCH /issues/{issueId}, stale expected_updated_at",
          [this, stale] {
              return adapter::updateIssue(issueId(), stale({ { "priority", "urgent" } }));
          },
          late },
        { "POST /issues/{issueId}/move, stale expected_updated_at",
          [this, stale] {
              return adapter::moveIssue(issueId(), stale({ { "state_id", anotherState(false) } }));
          },
          late },
        { "PUT /issues/{issueId}/labels, stale expected_updated_at",
          [this, stale] {
              return adapter::setLabels(issueId(), stale({ { "label_ids", Json::array() } }));
          },
          late },
        { "PUT /issues/{issueId}/assignees, stale expected_updated_at",
          [this, stale] {
              return adapter::setAssignees(issueId(), stale({ { "assignee_ids", Json::array() } }));
          },
          late },
    };
}

std::vector<TaskerCheck::Inside::Step> TaskerCheck::Inside::changeSteps()
{
    const auto becomes = [this](const char *field, std::function<Json()> value) {
        return [this, field, value](const TaskerReply &reply) {
            return firstOf({ expectStatus(reply, 200),
                             expectField(reply.body.value_or(Json::object()), field, value()) });
        };
    };
    const auto hasState = [](const std::string &state) {
        return [state](const TaskerReply &reply) {
            const bool moved = reply.body && reply.body->at("state")["id"] == state;
            return firstOf({ expectStatus(reply, 200), moved ? "" : "state did not become what was asked" });
        };
    };
    return {
        { "PATCH /issues/{issueId}",
          [this] {
              return adapter::updateIssue(issueId(), { { "priority", "high" } });
          },
          becomes("priority", [] { return Json("high"); }) },
        { "POST /issues/{issueId}/move",
          [this] {
              return adapter::moveIssue(issueId(), { { "state_id", anotherState(false) } });
          },
          [this, hasState](const TaskerReply &reply) { return hasState(anotherState(false))(reply); } },
        { "POST /issues/{issueId}/comments",
          [this] {
              return adapter::addComment(issueId(),
                                         { { "body_markdown", "Written by the contract check." } });
          },
          [this](const TaskerReply &reply) {
              const auto comment = reply.body.value_or(Json::object());
              return firstOf({ expectStatus(reply, 201), expectField(comment, "issue_id", issueId()),
                               expectField(comment, "created_by", "agent:" + agent) });
          } },
        { "PUT /issues/{issueId}/labels",
          [this] {
              return adapter::setLabels(issueId(), { { "label_ids", firstId("labels") } });
          },
          becomes("label_ids", [this] { return firstId("labels"); }) },
        { "PUT /issues/{issueId}/assignees",
          [this] {
              return adapter::setAssignees(issueId(), { { "assignee_ids", firstId("members") } });
          },
          becomes("assignee_ids", [this] { return firstId("members"); }) },
        { "POST /issues/{issueId}/move, to a cancelled state",
          [this] {
              return adapter::moveIssue(issueId(), { { "state_id", anotherState(true) } });
          },
          [this, hasState](const TaskerReply &reply) { return hasState(anotherState(true))(reply); } },
    };
}

std::vector<TaskerCheck::Inside::Step> TaskerCheck::Inside::steps()
{
    std::vector<Step> all;
    for (auto &part : { readSteps(), createSteps(), refusalSteps(), changeSteps() })
        all.insert(all.end(), part.begin(), part.end());
    return all;
}

void TaskerCheck::Inside::next()
{
    while (!open.empty()) {
        const Step step = open.front();
        open.erase(open.begin());
        auto request = step.ask();
        if (!request) { // the step that it stands on has failed
            rows.push_back({ step.route, false, "not tried: " + request.error().detail });
            continue;
        }
        request->acting.agentId = agent;
        request->acting.agentName = agentName;
        request->acting.requestId = random.uuid();
        request->acting.project = step.project.empty() ? project : ProjectId(step.project);
        request->acting.idempotencyKey = step.key.empty() ? random.uuid() : step.key;
        return tasker.send(*request, [this, guard = QPointer(&self), step](const TaskerReply &reply) {
            if (!guard)
                return;
            const auto difference = step.judge(reply);
            rows.push_back({ step.route, difference.empty(), difference });
            next();
        });
    }
    std::exchange(done, {})(std::exchange(rows, {}));
}

TaskerCheck::TaskerCheck(TaskerClient &tasker, Random &random, QObject *parent)
    : QObject(parent)
    , m_inside(std::make_unique<Inside>(tasker, random, *this))
{
}

TaskerCheck::~TaskerCheck() = default;

void TaskerCheck::run(const ProjectId &project, const std::string &agent, const std::string &agentName,
                      Done done)
{
    Q_ASSERT(!m_inside->done);
    m_inside->project = project;
    m_inside->agent = agent;
    m_inside->agentName = agentName;
    m_inside->done = std::move(done);
    m_inside->createKey = m_inside->random.uuid();
    m_inside->context = Json::object();
    m_inside->issue = Json::object();
    m_inside->body = { { "project_id", project.text() },
                       { "name", "Gatehouse contract check " + m_inside->createKey },
                       { "description_markdown", "Made by the contract check; may be deleted." } };
    m_inside->open = m_inside->steps();
    m_inside->next();
}

} // namespace gatehouse
