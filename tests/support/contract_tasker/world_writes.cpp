// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/contract_tasker/world.h"

#include <QUuid>

#include <algorithm>

namespace contract {

namespace {

std::string newId()
{
    return QUuid::createUuid().toString(QUuid::WithoutBraces).toStdString();
}

const Json *byId(const Json &list, const std::string &id)
{
    const auto found
        = std::find_if(list.begin(), list.end(), [&](const Json &each) { return each["id"] == id; });
    return found == list.end() ? nullptr : &*found;
}

bool allKnown(const Json &ids, const Json &list)
{
    return std::all_of(ids.begin(), ids.end(),
                       [&](const Json &id) { return byId(list, id.get<std::string>()) != nullptr; });
}

const Json &defaultState(const Json &project)
{
    const auto &states = project["states"];
    const auto found = std::find_if(states.begin(), states.end(),
                                    [](const Json &each) { return each["default"] == true; });
    return found == states.end() ? states.front() : *found;
}

Response invalid(const std::string &field)
{
    return errorResponse(422, "validation_failed", "The value of " + field + " is not accepted.", field);
}

bool datesCross(const Json &issue)
{
    return issue["start_date"].is_string() && issue["target_date"].is_string()
        && issue["start_date"].get<std::string>() > issue["target_date"].get<std::string>();
}

} // namespace

std::string World::tick()
{
    m_last = std::max(wallMicros(), m_last + 1);
    return timeText(m_last);
}

Json *World::issueById(const std::string &id)
{
    for (auto &issue : m_data["issues"]) {
        if (issue["id"] == id)
            return &issue;
    }
    return nullptr;
}

std::optional<std::string> World::strayField(const Json &body, const Json &project,
                                             const std::string &self) const
{
    if (body.contains("state_id") && !byId(project["states"], body["state_id"].get<std::string>()))
        return "state_id";
    if (body.contains("label_ids") && !allKnown(body["label_ids"], project["labels"]))
        return "label_ids";
    if (body.contains("assignee_ids") && !allKnown(body["assignee_ids"], project["members"]))
        return "assignee_ids";
    if (body.contains("parent_id") && body["parent_id"].is_string()) {
        const Json *parent = byId(m_data["issues"], body["parent_id"].get<std::string>());
        if (!parent || (*parent)["project_id"] != project["id"] || (*parent)["id"] == self)
            return "parent_id";
    }
    return std::nullopt;
}

Response World::create(const Json &body, const std::string &project, const std::string &actor, Lapses lapses)
{
    const auto id = body["project_id"].get<std::string>();
    if (const auto refusal = projectRefusal(id))
        return *refusal;
    if (id != project)
        return errorResponse(404, "issue_not_in_project", "The issue would lie in another project.");
    const Json &home = *projectById(id);
    if (const auto stray = strayField(body, home, {}))
        return invalid(*stray);

    const auto &sequence = m_data["sequences"][id];
    const int number = sequence.is_number() ? sequence.get<int>() + 1 : 1;
    const auto now = tick();
    const auto identifier = home["identifier"].get<std::string>() + '-' + std::to_string(number);
    Json issue{ { "id", newId() },
                { "project_id", id },
                { "sequence_id", number },
                { "identifier", identifier },
                { "name", body["name"] },
                { "description_markdown", body.value("description_markdown", "") },
                { "priority", body.value("priority", "none") },
                { "state", defaultState(home) },
                { "label_ids", Json::array() },
                { "assignee_ids", Json::array() },
                { "parent_id", body.value("parent_id", Json()) },
                { "start_date", body.value("start_date", Json()) },
                { "target_date", body.value("target_date", Json()) },
                { "created_by", actor },
                { "url",
                  "https://tasker.example/" + home["workspace_slug"].get<std::string>() + "/browse/"
                      + identifier },
                { "created_at", now },
                { "updated_at", now } };
    if (datesCross(issue))
        return invalid("target_date");
    if (body.contains("state_id") && !lapses.ignoresState)
        issue["state"] = *byId(home["states"], body["state_id"].get<std::string>());
    for (const char *list : { "label_ids", "assignee_ids" }) {
        if (body.contains(list) && !lapses.dropsLists)
            issue[list] = body[list];
    }
    m_data["sequences"][id] = number;
    m_data["issues"].push_back(issue);
    return jsonResponse(201, issue);
}

Response World::withIssue(const std::string &id, const Json &body, const std::string &project,
                          const std::function<Response(Json &)> &change)
{
    Json *issue = issueById(id);
    if (!issue)
        return errorResponse(404, "issue_not_found", "No such issue.");
    if (const auto refusal = projectRefusal((*issue)["project_id"].get<std::string>()))
        return *refusal;
    if ((*issue)["project_id"] != project)
        return errorResponse(404, "issue_not_in_project", "The issue lies in another project.");
    if (body.contains("expected_updated_at")) {
        const auto expected = timeIn(body["expected_updated_at"].get<std::string>());
        if (!expected || timeIn((*issue)["updated_at"].get<std::string>()) > expected)
            return errorResponse(409, "issue_changed", "The issue has changed since.");
    }
    const Json &home = *projectById(project);
    if (const auto stray = strayField(body, home, id))
        return invalid(*stray);
    return change(*issue);
}

Response World::update(const std::string &id, const Json &body, const std::string &project, Lapses lapses)
{
    return withIssue(id, body, project, [&](Json &issue) {
        Json changed = issue;
        for (const auto &[name, value] : body.items()) {
            const bool isText = name == "name" || name == "description_markdown";
            if (name != "expected_updated_at" && !(isText && lapses.ignoresText))
                changed[name] = value;
        }
        if (datesCross(changed))
            return invalid("target_date");
        changed["updated_at"] = tick();
        issue = changed;
        return jsonResponse(200, issue);
    });
}

Response World::move(const std::string &id, const Json &body, const std::string &project, Lapses lapses)
{
    return withIssue(id, body, project, [&](Json &issue) {
        if (!lapses.ignoresState) {
            issue["state"] = *byId(projectById(project)->at("states"), body["state_id"].get<std::string>());
            issue["updated_at"] = tick();
        }
        return jsonResponse(200, issue);
    });
}

Response World::comment(const std::string &id, const Json &body, const std::string &project,
                        const std::string &actor)
{
    return withIssue(id, body, project, [&](Json &issue) {
        const Json written{ { "id", newId() },
                            { "issue_id", issue["id"] },
                            { "body_markdown", body["body_markdown"] },
                            { "created_by", actor },
                            { "created_at", tick() } };
        m_data["comments"].push_back(written);
        return jsonResponse(201, written);
    });
}

Response World::replace(const std::string &id, const char *list, const Json &body, const std::string &project,
                        Lapses lapses)
{
    return withIssue(id, body, project, [&](Json &issue) {
        if (!lapses.dropsLists)
            issue[list] = body[list];
        issue["updated_at"] = tick();
        return jsonResponse(200, issue);
    });
}

Response World::touch(const std::string &id)
{
    Json *issue = issueById(id);
    if (!issue)
        return errorResponse(404, "issue_not_found", "No such issue.");
    (*issue)["updated_at"] = tick();
    return jsonResponse(200, *issue);
}

} // namespace contract
