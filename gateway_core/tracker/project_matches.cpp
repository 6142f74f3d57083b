// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/tracker/tool_request.h"
#include "gateway_core/calls/foreign_text.h"
#include "gateway_core/grants/rights.h"

#include <QString>

#include <algorithm>
#include <array>

namespace gatehouse {

namespace {

/// How well a granted project fits the query by itself; 0: not at all.
double fit(const ProjectReference &project, const std::string &query)
{
    const QString asked = QString::fromStdString(query).trimmed().normalized(QString::NormalizationForm_C);
    const QString name = QString::fromStdString(project.name).normalized(QString::NormalizationForm_C);
    const auto key = projectIdentifier(asked.toStdString());
    if (asked == QLatin1String("*") || asked == QString::fromStdString(project.id.text())
        || (key && *key == project.identifier))
        return 1.0;
    if (asked.compare(name, Qt::CaseInsensitive) == 0)
        return 0.95;
    if (asked.isEmpty() || !name.contains(asked, Qt::CaseInsensitive))
        return 0.0;
    return name.startsWith(asked, Qt::CaseInsensitive) ? 0.8 : 0.6;
}

Json row(const std::string &id, const std::string &identifier, const std::string &name, double score)
{
    return { { "project",
               { { "id", id },
                 { "identifier", cleanText(identifier, true) },
                 { "name", cleanText(name, true) } } },
             { "score", score } };
}

} // namespace

Result<ToolResult> matchesOf(const Directory &directory, const AgentId &agent, std::int64_t now,
                             const Json &arguments, const Json &answer)
{
    const std::array needed{ Scope::ProjectsRead };
    const auto mayName = [&](const ProjectId &project) {
        return decide(directory, agent, project, needed, now).answer != GrantPolicy::Off;
    };
    std::vector<Json> matches;
    const auto add = [&matches](Json match) {
        const bool known = std::ranges::any_of(
            matches, [&](const Json &one) { return one["project"]["id"] == match["project"]["id"]; });
        if (!known)
            matches.push_back(std::move(match));
    };

    Json unreadable = Json::array();
    if (answer.is_object()) {
        const auto checked = adapter::checkMatches(answer);
        if (!checked)
            return tl::unexpected<Error>(checked.error());
        for (const Json &match : checked->at("matches")) {
            const Json &project = match.at("project");
            const auto id = project.at("id").get<std::string>();
            if (!mayName(ProjectId(id)))
                continue;
            Json named = row(id, project.at("identifier"), project.at("name"), match.at("score"));
            named["project"]["workspace_slug"]
                = cleanText(project.at("workspace_slug").get<std::string>(), true);
            add(std::move(named));
        }
        // Only of what the agent may name: that there is more, it may not learn from a fault either.
        for (const Json &row : checked->value(adapter::kUnreadable, Json::array())) {
            if (row.contains("id") && mayName(ProjectId(row["id"].get<std::string>())))
                unreadable.push_back(row);
        }
    }
    // Tasker gives 50 at most, of all that the owner sees: a granted project must not fall off that page.
    const auto query = arguments.at("query").get<std::string>();
    for (const ProjectReference &project : grantedProjects(directory, agent, now)) {
        if (const double score = fit(project, query); score > 0 && mayName(project.id))
            add(row(project.id.text(), project.identifier, project.name, score));
    }

    std::ranges::stable_sort(matches, [](const Json &left, const Json &right) {
        return left.at("score").get<double>() > right.at("score").get<double>();
    });
    const std::size_t total = matches.size();
    const auto limit = static_cast<std::size_t>(arguments.value("limit", 10));
    matches.resize(std::min(limit, total));
    ToolResult result{
        { { "matches", std::move(matches) }, { "total", total }, { "untrusted_text", true } }
    };
    if (!unreadable.empty())
        result.result[adapter::kUnreadable] = std::move(unreadable);
    return result;
}

} // namespace gatehouse
