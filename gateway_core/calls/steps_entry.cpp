// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/calls/hallway_inside.h"

#include <algorithm>

namespace gatehouse {

namespace {

constexpr int kPruneEvery = 256;

int strictness(Answer answer)
{
    switch (answer) {
    case Answer::Allow: return 0;
    case Answer::Ask: return 1;
    case Answer::AskWithPin: return 2;
    case Answer::Off: return 3;
    }
    return 3;
}

Decision both(Decision first, const Decision &second)
{
    if (strictness(second.answer) > strictness(first.answer))
        first.answer = second.answer;
    first.grants += (first.grants.empty() || second.grants.empty() ? "" : " ") + second.grants;
    first.revision = std::max(first.revision, second.revision);
    first.missing.insert(first.missing.end(), second.missing.begin(), second.missing.end());
    first.asking.insert(first.asking.end(), second.asking.begin(), second.asking.end());
    return first;
}

Error scopeDenied(const std::vector<Scope> &missing, const char *why)
{
    Json names = Json::array();
    for (const Scope scope : missing)
        names.push_back(nameOf(scope));
    return { ErrorCode::ScopeDenied, why, { { "missing", names } } };
}

Result<> checkMode(Mode mode)
{
    switch (mode) {
    case Mode::Running: return {};
    case Mode::Paused: return failure(ErrorCode::GatewayPaused);
    case Mode::Draining: return failure(ErrorCode::GatewayDraining);
    }
    return failure(ErrorCode::GatewayPaused);
}

/// A project that only Tasker can tell stands for every project until it is known.
ProjectId idOf(const ProjectReference &project)
{
    return project.id.isEmpty() ? kEveryProject : project.id;
}

Result<ProjectReference> projectOfIssue(const Directory &directory, const AgentId &agent,
                                        const Json &arguments, std::int64_t now)
{
    const auto issue = arguments.at("issue").get<std::string>();
    const auto given = arguments.find("project");
    const auto identifier = asIdentifier(issue);
    if (given == arguments.end() && !identifier) {
        if (const auto only = onlyProject(directory, agent, now))
            return *only;
        const Json told = Json::array(
            { { { "field", "project" }, { "problem", "is needed where the issue is given by id" } } });
        return failure(ErrorCode::ValidationFailed, "issue id without a project", { { "errors", told } });
    }
    const auto named = projectNamed(
        directory, agent, given == arguments.end() ? identifier->project : given->get<std::string>(), now);
    // ENG-42 is looked for in the project that was granted, and nowhere else.
    if (named && identifier && !named->identifier.empty() && named->identifier != identifier->project)
        return failure(ErrorCode::NotFound, "the issue's identifier is of another project");
    return named;
}

} // namespace

/// Who it is comes first: a call that is refused in a paused gateway is on record with its agent.
Taken Hallway::Inside::checkCaller(const WalkPtr &walk)
{
    walk->directory = registry.current();
    const Client *client = walk->directory->client(walk->call.client);
    if (!client || client->revokedAt || client->expiresAt <= registry.now())
        return failure(ErrorCode::Unauthorized, "the client is gone");
    walk->client = *client;
    const Agent *agent = walk->directory->agent(client->agent);
    if (!agent)
        return failure(ErrorCode::Unauthorized, "the agent is gone");
    walk->agent = *agent;
    if (const auto runs = checkMode(walk->directory->profile.mode); !runs)
        return tl::unexpected<Error>(runs.error());
    if (agent->state != AgentState::Active)
        return failure(ErrorCode::AgentPaused);
    return Pace::On;
}

Taken Hallway::Inside::checkArgumentShape(const WalkPtr &walk)
{
    walk->tool = toolNamed(walk->call.tool);
    if (!walk->tool)
        return failure(ErrorCode::NotFound, "no such tool");
    if (const auto fits = checkArguments(*walk->tool, walk->arguments()); !fits)
        return tl::unexpected<Error>(fits.error());
    return Pace::On;
}

Taken Hallway::Inside::findProject(const WalkPtr &walk)
{
    const Json &arguments = walk->arguments();
    const std::int64_t now = registry.now();
    if (arguments.contains("issue") || arguments.contains("project")) {
        const auto project = arguments.contains("issue")
            ? projectOfIssue(*walk->directory, walk->agent.id, arguments, now)
            : projectNamed(*walk->directory, walk->agent.id, arguments.at("project").get<std::string>(), now);
        if (!project)
            return tl::unexpected<Error>(project.error());
        walk->project = *project;
    }
    const auto parent = arguments.find("parent");
    if (parent == arguments.end() || !parent->is_string())
        return Pace::On;
    const auto identifier = asIdentifier(parent->get<std::string>());
    if (!identifier || identifier->project == walk->project.identifier) {
        walk->parentProject = walk->project;
        return Pace::On;
    }
    const auto elsewhere = projectNamed(*walk->directory, walk->agent.id, identifier->project, now);
    if (!elsewhere)
        return tl::unexpected<Error>(elsewhere.error());
    walk->parentProject = *elsewhere;
    return Pace::On;
}

Result<> Hallway::Inside::decideAgain(Walk &walk) const
{
    const DirectoryPtr directory = registry.current();
    const std::int64_t now = registry.now();
    const AgentId &agent = walk.agent.id;
    std::vector<Scope> needed = scopesOf(*walk.tool, walk.arguments());
    std::vector<Scope> beyond;
    std::ranges::copy_if(needed, std::back_inserter(beyond),
                         [&walk](Scope scope) { return !isWithin(scope, walk.call.scopeLimit); });
    if (walk.parentProject && !isWithin(Scope::IssuesRead, walk.call.scopeLimit))
        beyond.push_back(Scope::IssuesRead);
    if (!beyond.empty())
        return tl::unexpected<Error>(scopeDenied(beyond, "beyond the login's scope"));
    const bool hasProject = walk.tool->place == Place::Kind::Project;
    for (const ProjectReference *project :
         { hasProject ? &walk.project : nullptr, walk.parentProject ? &*walk.parentProject : nullptr }) {
        if (project && !maySee(*directory, agent, idOf(*project), now))
            return failure(ErrorCode::NotFound, "project not granted: " + project->id.text());
    }
    walk.decision = decide(*directory, agent, placeOf(*walk.tool, walk.project.id), needed, now);
    if (walk.parentProject) {
        const std::array reading{ Scope::IssuesRead };
        walk.decision
            = both(walk.decision, decide(*directory, agent, idOf(*walk.parentProject), reading, now));
    }
    if (walk.decision.answer == Answer::Off)
        return tl::unexpected<Error>(scopeDenied(walk.decision.missing, hasProject ? "scope not granted" : "held on no project"));
    return {};
}

bool Hallway::Inside::mayRead(const Walk &walk) const
{
    const std::array reading{ Scope::IssuesRead };
    if (!isWithin(Scope::IssuesRead, walk.call.scopeLimit))
        return false;
    return decide(*registry.current(), walk.agent.id, walk.project.id, reading, registry.now()).answer
        == Answer::Allow;
}

Taken Hallway::Inside::checkGrants(const WalkPtr &walk)
{
    if (const auto decided = decideAgain(*walk); !decided)
        return tl::unexpected<Error>(decided.error());
    return Pace::On;
}

Taken Hallway::Inside::takeRate(const WalkPtr &walk)
{
    const std::int64_t now = clock.sinceBoot();
    if (++ratesTaken % kPruneEvery == 0) {
        reads.prune(now);
        writes.prune(now);
    }
    const std::int64_t wait = (walk->tool->writes ? writes : reads).take(walk->agent.id.text(), 1, now);
    if (wait > 0)
        return failure(ErrorCode::RateLimited, "agent's rate", { { "retry_after", (wait + 999) / 1000 } });
    return Pace::On;
}

Result<> Hallway::Inside::payUpstream(const Walk &walk)
{
    const auto kind = walk.tool->writes ? UpstreamBudget::Kind::Write : UpstreamBudget::Kind::Read;
    const std::int64_t wait = budget.take(walk.agent.id, kind, clock.sinceBoot());
    if (wait > 0)
        return failure(ErrorCode::RateLimited, "upstream budget", { { "retry_after", (wait + 999) / 1000 } });
    return {};
}

Taken Hallway::Inside::takeBudget(const WalkPtr &walk)
{
    if (const auto paid = payUpstream(*walk); !paid)
        return tl::unexpected<Error>(paid.error());
    return Pace::On;
}

} // namespace gatehouse
