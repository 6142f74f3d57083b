// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/calls/hallway_inside.h"

#include <algorithm>

namespace gatehouse {

namespace {

bool isAsked(const Walk &walk)
{
    return walk.decision.answer == Answer::Ask || walk.decision.answer == Answer::AskWithPin;
}

/// The request that finds one issue of a project, by identifier or id.
Result<TaskerRequest> issueRequest(const ProjectId &project, const std::string &issue)
{
    const auto identifier = asIdentifier(issue);
    return adapter::listIssues(
        project, identifier ? Json{ { "identifier", identifier->whole } } : Json{ { "issue_id", issue } });
}

Result<Json> theIssue(const Json &body, const ProjectId &project)
{
    const auto page = adapter::checkIssuePage(body);
    if (!page)
        return tl::unexpected<Error>(page.error());
    const Json &items = page->at("items");
    if (items.empty())
        return failure(ErrorCode::NotFound, "no such issue in the project");
    if (items.front().at("project_id") != project.text())
        return failure(ErrorCode::UpstreamInvalidResponse, "the answer is about another project");
    // It becomes part of a path: what would not stay in its segment is refused here.
    const auto id = items.front().at("id").get<std::string>();
    if (const auto fits = adapter::checkId(id, "issue"); !fits)
        return failure(ErrorCode::UpstreamInvalidResponse, "an issue id that is none");
    return items.front();
}

} // namespace

/// Sends a read that the call needs before its own request. As the agent, out of its budget; or as the
/// owner, for what only the owner will see.
void Hallway::Inside::look(const WalkPtr &walk, Result<TaskerRequest> request, bool asOwner, Found found)
{
    const auto go = resumer(walk);
    if (!request)
        return go(tl::unexpected<Error>(request.error()));
    if (const auto paid = asOwner ? Result<>() : payUpstream(*walk); !paid)
        return go(tl::unexpected<Error>(paid.error()));
    request->acting.requestId = walk->call.requestId;
    request->acting.traceparent = walk->call.traceparent;
    if (!asOwner) {
        request->acting.agentId = walk->agent.id.text();
        request->acting.agentName = walk->agent.displayName;
    }
    tasker.send(
        *request,
        [this, walk, guard = QPointer<Hallway>(&q), go, found = std::move(found)](const TaskerReply &reply) {
            if (!guard || walk->ended)
                return;
            if (!reply.body) {
                if (reply.body.error().code == ErrorCode::RateLimited)
                    budget.refused(reply.retryAfterSeconds
                                       ? std::optional(Millis(*reply.retryAfterSeconds * 1000))
                                       : std::nullopt,
                                   clock.sinceBoot());
                return go(tl::unexpected<Error>(reply.body.error()));
            }
            go(found(*reply.body));
        });
}

Taken Hallway::Inside::lookForProject(const WalkPtr &walk, ProjectReference &reference)
{
    const std::string identifier = reference.identifier;
    const auto take = [&reference](const Json &project) {
        reference.id = ProjectId(project.at("id").get<std::string>());
        reference.name = project.at("name").get<std::string>();
    };
    if (const auto known = projects.find(identifier, clock.sinceBoot())) {
        take(*known);
        if (const auto decided = decideAgain(*walk); !decided)
            return tl::unexpected<Error>(decided.error());
        return Pace::On;
    }
    look(walk, adapter::resolveProjects(identifier, 10), false,
         [this, walk, identifier, take](const Json &body) -> Result<> {
             const auto matches = adapter::checkMatches(body);
             if (!matches)
                 return tl::unexpected<Error>(matches.error());
             for (const Json &match : matches->at("matches")) {
                 if (match.at("project").at("identifier") != identifier)
                     continue;
                 projects.put(identifier, match.at("project"), clock.sinceBoot());
                 take(match.at("project"));
                 return decideAgain(*walk);
             }
             return failure(ErrorCode::NotFound, "no project of this identifier");
         });
    return Pace::Again;
}

Taken Hallway::Inside::lookForContext(const WalkPtr &walk)
{
    if (const auto known = contexts.find(walk->project.id.text(), clock.sinceBoot())) {
        walk->context = *known;
        return Pace::On;
    }
    look(walk, adapter::projectContext(walk->project.id), false, [this, walk](const Json &body) -> Result<> {
        const auto context = adapter::checkContext(body);
        if (!context)
            return tl::unexpected<Error>(context.error());
        if (context->at("project").at("id") != walk->project.id.text())
            return failure(ErrorCode::UpstreamInvalidResponse, "the answer is about another project");
        walk->context = *context;
        walk->contextIsFresh = true;
        contexts.put(walk->project.id.text(), *context, clock.sinceBoot());
        return {};
    });
    return Pace::Again;
}

Taken Hallway::Inside::lookForParent(const WalkPtr &walk)
{
    const ProjectId project = walk->parentProject->id;
    const auto parent = walk->arguments().at("parent").get<std::string>();
    look(walk, issueRequest(project, parent), false, [walk, project](const Json &body) -> Result<> {
        const auto issue = theIssue(body, project);
        if (!issue)
            return tl::unexpected<Error>(issue.error());
        walk->parentId = issue->at("id").get<std::string>();
        return {};
    });
    return Pace::Again;
}

Taken Hallway::Inside::lookForIssue(const WalkPtr &walk, bool asOwner)
{
    const auto issue = walk->arguments().at("issue").get<std::string>();
    look(walk, issueRequest(walk->project.id, issue), asOwner, [walk](const Json &body) -> Result<> {
        const auto found = theIssue(body, walk->project.id);
        if (!found)
            return tl::unexpected<Error>(found.error());
        walk->issue = *found;
        return {};
    });
    return Pace::Again;
}

/// Taken again after each look, until nothing is missing.
Taken Hallway::Inside::lookUp(const WalkPtr &walk)
{
    if (walk->resend)
        return Pace::On;
    const Json &arguments = walk->arguments();
    const Looks looks = looksOf(*walk->tool, arguments);
    if (walk->tool->place == Place::Kind::Project && walk->project.id.isEmpty()) {
        if (const Taken taken = lookForProject(walk, walk->project); !taken || *taken != Pace::On)
            return taken;
    }
    if (walk->parentProject && walk->parentProject->id.isEmpty()) {
        if (walk->parentProject->identifier == walk->project.identifier)
            walk->parentProject = walk->project;
        else if (const Taken taken = lookForProject(walk, *walk->parentProject); !taken || *taken != Pace::On)
            return taken;
    }
    if (looks.context && walk->context.is_null()) {
        if (const Taken taken = lookForContext(walk); !taken || *taken != Pace::On)
            return taken;
    }
    if (looks.parent && walk->parentId.empty())
        return lookForParent(walk);
    const bool forQuestion = isAsked(*walk) && arguments.contains("issue");
    if ((looks.issue || forQuestion) && walk->issue.is_null())
        return lookForIssue(walk, !looks.issue);
    return Pace::On;
}

Taken Hallway::Inside::makeRequest(const WalkPtr &walk)
{
    if (walk->resend)
        return Pace::On;
    const auto make = [&walk] {
        return requestOf(
            { *walk->tool, walk->arguments(), walk->project.id, walk->context, walk->issue, walk->parentId });
    };
    auto request = make();
    const bool mayBeNew = !request && request.error().code == ErrorCode::ValidationFailed
        && walk->context.is_object() && !walk->contextIsFresh;
    if (mayBeNew) {
        // A name that we do not know may have been made within the last minute.
        contexts.forget(walk->project.id.text());
        walk->context = nullptr;
        return lookForContext(walk);
    }
    if (!request)
        return tl::unexpected<Error>(request.error());
    walk->request = std::move(*request);
    return Pace::On;
}

} // namespace gatehouse
