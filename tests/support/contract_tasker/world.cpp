// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/contract_tasker/world.h"

#include <QByteArray>
#include <QString>

#include <algorithm>
#include <optional>

namespace contract {

namespace {

QString folded(const std::string &text)
{
    return QString::fromStdString(text).trimmed().toCaseFolded();
}

/// 0: no match. An id or identifier is exact; a URL or a git remote names the project in its path.
double scoreOf(const Json &project, const std::string &query)
{
    if (query == "*")
        return 1;
    const QString wanted = folded(query);
    const QString name = folded(project["name"].get<std::string>());
    if (query == project["id"] || wanted == folded(project["identifier"].get<std::string>()))
        return 1;
    if (query.find(project["id"].get<std::string>()) != std::string::npos)
        return 0.95;
    QString remote = wanted;
    if (remote.endsWith(QLatin1String(".git")))
        remote.chop(4);
    for (const auto &known : project["remotes"]) {
        if (remote.endsWith(folded(known.get<std::string>())))
            return 0.95;
    }
    if (wanted == name)
        return 0.9;
    return name.contains(wanted) ? 0.5 : 0;
}

Json shownProject(const Json &project)
{
    Json shown;
    for (const char *field : { "id", "identifier", "name", "workspace_slug", "description" })
        shown[field] = project[field];
    return shown;
}

bool contains(const Json &list, const std::string &value)
{
    return std::find(list.begin(), list.end(), value) != list.end();
}

bool passes(const Json &issue, const std::string &name, const std::string &value)
{
    if (name == "issue_id")
        return issue["id"] == value;
    if (name == "identifier" || name == "priority")
        return issue[name] == value;
    if (name == "state_group")
        return issue["state"]["group"] == value;
    if (name == "state_id")
        return issue["state"]["id"] == value;
    if (name == "label_id")
        return contains(issue["label_ids"], value);
    if (name == "assignee_id")
        return contains(issue["assignee_ids"], value);
    if (name == "updated_since")
        return issue["updated_at"].get<std::string>() >= timeText(timeIn(value).value_or(0));
    if (name == "q")
        return folded(issue["name"].get<std::string>() + ' '
                      + issue["description_markdown"].get<std::string>())
            .contains(folded(value));
    return true; // project_id, limit and cursor are not filters
}

std::string orderKey(const Json &issue)
{
    return issue["updated_at"].get<std::string>() + '|' + issue["id"].get<std::string>();
}

std::optional<int> limitIn(const std::map<std::string, std::string> &query)
{
    const auto given = query.find("limit");
    if (given == query.end())
        return 25;
    bool good = false;
    const int limit = QString::fromStdString(given->second).toInt(&good);
    return good && limit >= 1 && limit <= 100 ? std::optional(limit) : std::nullopt;
}

std::optional<std::string> strayFilter(const std::map<std::string, std::string> &query)
{
    static const std::vector<std::string> known{ "project_id",  "issue_id", "identifier",    "q",
                                                 "state_group", "state_id", "priority",      "label_id",
                                                 "assignee_id", "limit",    "updated_since", "cursor" };
    for (const auto &[name, value] : query) {
        if (std::find(known.begin(), known.end(), name) == known.end())
            return name;
        if (name == "updated_since" && !timeIn(value))
            return name;
        if (name == "q" && QString::fromStdString(value).size() > 256)
            return name;
    }
    if (!limitIn(query))
        return "limit";
    return std::nullopt;
}

} // namespace

World::World(std::string owner)
    : m_owner(std::move(owner))
{
    reset();
}

void World::reset()
{
    m_data = seed(m_owner);
}

const Json *World::projectById(const std::string &id) const
{
    for (const auto &project : m_data["projects"]) {
        if (project["id"] == id)
            return &project;
    }
    return nullptr;
}

std::optional<Response> World::projectRefusal(const std::string &id) const
{
    const Json *project = projectById(id);
    if (!project)
        return errorResponse(404, "project_not_found", "No such project.");
    if (!project->at("owner_is_member").get<bool>())
        return errorResponse(403, "forbidden", "The owner is not a member of this project.");
    return std::nullopt;
}

Response World::resolve(const Json &body) const
{
    std::vector<Json> matches;
    for (const auto &project : m_data["projects"]) {
        const double score = scoreOf(project, body["query"].get<std::string>());
        if (score > 0 && project["owner_is_member"].get<bool>())
            matches.push_back({ { "project", shownProject(project) }, { "score", score } });
    }
    std::stable_sort(matches.begin(), matches.end(),
                     [](const Json &a, const Json &b) { return a["score"] > b["score"]; });
    const auto limit = static_cast<std::size_t>(body.value("limit", 10));
    if (matches.size() > limit)
        matches.resize(limit);
    return jsonResponse(200, { { "matches", matches } });
}

Response World::context(const std::string &id) const
{
    if (const auto refusal = projectRefusal(id))
        return *refusal;
    const Json &project = *projectById(id);
    return jsonResponse(200,
                        { { "project", shownProject(project) },
                          { "states", project["states"] },
                          { "labels", project["labels"] },
                          { "members", project["members"] } });
}

Response World::list(const std::map<std::string, std::string> &query) const
{
    const auto project = query.find("project_id");
    if (project == query.end())
        return errorResponse(422, "validation_failed", "project_id is required.", "project_id");
    if (const auto stray = strayFilter(query))
        return errorResponse(422, "validation_failed", "A filter is not as it should be.", *stray);
    if (const auto refusal = projectRefusal(project->second))
        return *refusal;
    std::vector<Json> found;
    for (const auto &issue : m_data["issues"]) {
        const bool kept = issue["project_id"] == project->second
            && std::all_of(query.begin(), query.end(),
                           [&](const auto &each) { return passes(issue, each.first, each.second); });
        if (kept)
            found.push_back(issue);
    }
    std::sort(found.begin(), found.end(),
              [](const Json &a, const Json &b) { return orderKey(a) > orderKey(b); });
    const auto total = found.size();
    if (const auto cursor = query.find("cursor"); cursor != query.end()) {
        const auto after = QByteArray::fromBase64(QByteArray::fromStdString(cursor->second)).toStdString();
        std::erase_if(found, [&](const Json &issue) { return orderKey(issue) >= after; });
    }
    const auto limit = static_cast<std::size_t>(*limitIn(query));
    Json next = nullptr;
    if (found.size() > limit) {
        found.resize(limit);
        next = QByteArray::fromStdString(orderKey(found.back())).toBase64().toStdString();
    }
    return jsonResponse(200, { { "items", found }, { "next_cursor", next }, { "total", total } });
}

} // namespace contract
