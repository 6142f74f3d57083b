// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/tracker/tracker_use.h"

#include "gateway_core/calls/foreign_text.h"
#include "gateway_core/tasker/adapter.h"
#include "gateway_core/tracker/tool_request.h"
#include "gateway_core/tracker/tool_rows.h"
#include "gateway_core/tracker/tracker_family.h"

namespace gatehouse {

namespace {

using Prepared = ToolUse::Prepared;

Result<ProjectReference> projectOfIssue(const CallerRights &rights, const Json &arguments)
{
    const auto issue = arguments.at("issue").get<std::string>();
    const auto given = arguments.find("project");
    const auto identifier = asIdentifier(issue);
    if (given == arguments.end() && !identifier) {
        if (const auto only = onlyProject(rights.directory(), rights.agent(), rights.now()))
            return *only;
        const Json told = Json::array(
            { { { "field", "project" }, { "problem", "is needed where the issue is given by id" } } });
        return failure(ErrorCode::ValidationFailed, "issue id without a project", { { "errors", told } });
    }
    const auto named = projectNamed(
        rights.directory(), rights.agent(),
        given == arguments.end() ? identifier->project : given->get<std::string>(), rights.now());
    // ENG-42 is looked for in the project that was granted, and nowhere else.
    if (named && identifier && !named->identifier.empty() && named->identifier != identifier->project)
        return failure(ErrorCode::NotFound, "the issue's identifier is of another project");
    return named;
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
    auto issue = issueIn(body, project);
    if (!issue)
        return issue;
    // It becomes part of a path: what would not stay in its segment is refused here.
    if (!adapter::checkId(issue->at("id").get<std::string>(), "issue"))
        return adapter::unreadableField("id", "not an id");
    return issue;
}

/// What an agent gets of it: the names in a certificate were written by whoever holds it.
Error forAgent(Error error)
{
    if (error.details.is_object()) {
        error.details.erase("subject");
        error.details.erase("issuer");
    }
    return error;
}

/// The rows that could not be read, also those that the agent is not told of.
Json factsOf(const TaskerReply &reply)
{
    const bool some = reply.body && reply.body->is_object() && reply.body->contains(adapter::kUnreadable);
    return some ? Json{ { "unreadable", reply.body->at(adapter::kUnreadable) } } : Json(nullptr);
}

/// As the record has it.
std::string upstreamOf(const TaskerReply &reply)
{
    if (reply.sent != Sent::Answered)
        return {};
    return std::to_string(reply.status) + (reply.replayed ? " replayed" : "");
}

UpstreamReply::Sent sentOf(Sent sent)
{
    switch (sent) {
    case Sent::Nothing: return UpstreamReply::Sent::Nothing;
    case Sent::Unknown: return UpstreamReply::Sent::Unknown;
    case Sent::Answered: return UpstreamReply::Sent::Answered;
    }
    return UpstreamReply::Sent::Unknown;
}

} // namespace

TrackerUse::TrackerUse(TrackerFamily &family, const ToolCall &call)
    : m_family(family)
    , m_tool(call.tool)
    , m_arguments(call.arguments)
    , m_actor(call.actor)
    , m_needs{ { Place{ call.tool.place, {} }, scopesOf(call.tool, call.arguments) } }
{
}

Result<> TrackerUse::locate(const CallerRights &rights)
{
    if (has("issue") || has("project")) {
        auto own = has("issue") ? projectOfIssue(rights, m_arguments)
                                : projectNamed(rights.directory(), rights.agent(),
                                               m_arguments.at("project").get<std::string>(), rights.now());
        if (!own)
            return tl::unexpected<Error>(own.error());
        m_needs.front().place = Place::of(std::move(*own));
    }
    const auto parent = m_arguments.find("parent");
    if (parent == m_arguments.end() || !parent->is_string())
        return {};
    const auto identifier = asIdentifier(parent->get<std::string>());
    if (!identifier || identifier->project == project().identifier) {
        m_needs.push_back({ Place::of(project()), { Scope::IssuesRead } });
        return {};
    }
    auto elsewhere = projectNamed(rights.directory(), rights.agent(), identifier->project, rights.now());
    if (!elsewhere)
        return tl::unexpected<Error>(elsewhere.error());
    m_needs.push_back({ Place::of(std::move(*elsewhere)), { Scope::IssuesRead } });
    return {};
}

ProjectReference *TrackerUse::parentProject()
{
    return m_needs.size() > 1 ? &m_needs.back().place.project : nullptr;
}

Result<> TrackerUse::takeBudget()
{
    return m_family.takeBudget(m_actor.agent, m_tool.writes);
}

/// Sends a read that the call needs before its own request. As the agent, out of its budget; or as the
/// owner, for what only the owner will see. The pipeline keeps this object until `ready` was called.
Result<Prepared> TrackerUse::look(Result<TaskerRequest> request, bool asOwner, const Ready &ready,
                                  Found found)
{
    if (!request)
        return tl::unexpected<Error>(request.error());
    if (const auto paid = asOwner ? Result<>() : takeBudget(); !paid)
        return tl::unexpected<Error>(paid.error());
    request->acting.requestId = m_actor.requestId;
    request->acting.traceparent = m_actor.traceparent;
    if (!asOwner) {
        request->acting.agentId = m_actor.agent.text();
        request->acting.agentName = m_actor.agentName;
    }
    m_family.send(*request, [ready, found = std::move(found)](const TaskerReply &reply) {
        ready(reply.body ? found(*reply.body) : tl::unexpected<Error>(forAgent(reply.body.error())));
    });
    return Prepared::Waits;
}

Result<Prepared> TrackerUse::lookForProject(ProjectReference &reference, const Ready &ready)
{
    const std::string identifier = reference.identifier;
    const auto take = [&reference](const Json &found) {
        reference.id = ProjectId(found.at("id").get<std::string>());
        reference.name = found.at("name").get<std::string>();
    };
    if (const auto known = m_family.projects.find(identifier, m_family.sinceBoot())) {
        take(*known);
        return Prepared::Further;
    }
    return look(adapter::resolveProjects(identifier, 10), false, ready,
                [this, identifier, take](const Json &body) -> Result<> {
                    const auto matches = adapter::checkMatches(body);
                    if (!matches)
                        return tl::unexpected<Error>(matches.error());
                    for (const Json &match : matches->at("matches")) {
                        if (projectIdentifier(match.at("project").at("identifier").get<std::string>())
                            != identifier)
                            continue;
                        m_family.projects.put(identifier, match.at("project"), m_family.sinceBoot());
                        take(match.at("project"));
                        return {};
                    }
                    return failure(ErrorCode::NotFound, "no project of this identifier");
                });
}

Result<Prepared> TrackerUse::lookForContext(const Ready &ready)
{
    if (const auto known = m_family.contexts.find(project().id.text(), m_family.sinceBoot())) {
        m_context = *known;
        return Prepared::Further;
    }
    return look(adapter::projectContext(project().id), false, ready, [this](const Json &body) -> Result<> {
        const auto context = adapter::checkContext(body);
        if (!context)
            return tl::unexpected<Error>(context.error());
        if (context->at("project").at("id") != project().id.text())
            return failure(ErrorCode::UpstreamInvalidResponse, "the answer is about another project");
        m_context = *context;
        m_contextIsFresh = true;
        m_family.contexts.put(project().id.text(), *context, m_family.sinceBoot());
        return {};
    });
}

Result<Prepared> TrackerUse::lookForParent(const Ready &ready)
{
    const ProjectId elsewhere = parentProject()->id;
    return look(issueRequest(elsewhere, m_arguments.at("parent").get<std::string>()), false, ready,
                [this, elsewhere](const Json &body) -> Result<> {
                    const auto issue = theIssue(body, elsewhere);
                    if (!issue)
                        return tl::unexpected<Error>(issue.error());
                    m_parentId = issue->at("id").get<std::string>();
                    return {};
                });
}

Result<Prepared> TrackerUse::lookForIssue(bool asOwner, const Ready &ready)
{
    return look(issueRequest(project().id, m_arguments.at("issue").get<std::string>()), asOwner, ready,
                [this](const Json &body) -> Result<> {
                    const auto found = theIssue(body, project().id);
                    if (!found)
                        return tl::unexpected<Error>(found.error());
                    m_issue = *found;
                    return {};
                });
}

Result<Prepared> TrackerUse::prepare(bool asked, const Ready &ready)
{
    const Lookups lookups = lookupsOf(m_tool, m_arguments);
    if (m_needs.front().place.kind == Place::Kind::Project && project().id.isEmpty())
        return lookForProject(project(), ready);
    if (ProjectReference *parent = parentProject(); parent && parent->id.isEmpty()) {
        if (parent->identifier != project().identifier)
            return lookForProject(*parent, ready);
        *parent = project();
    }
    if (lookups.context && m_context.is_null())
        return lookForContext(ready);
    if (lookups.parent && m_parentId.empty())
        return lookForParent(ready);
    if ((lookups.issue || (asked && has("issue"))) && m_issue.is_null())
        return lookForIssue(!lookups.issue, ready);
    return makeRequest(ready);
}

Result<Prepared> TrackerUse::makeRequest(const Ready &ready)
{
    auto request = requestOf({ m_tool, m_arguments, project().id, m_context, m_issue, m_parentId });
    const bool mayBeNew = !request && request.error().code == ErrorCode::ValidationFailed
        && m_context.is_object() && !m_contextIsFresh;
    if (mayBeNew) {
        // A name that we do not know may have been made within the last minute.
        m_family.contexts.forget(project().id.text());
        m_context = nullptr;
        return lookForContext(ready);
    }
    if (!request)
        return tl::unexpected<Error>(request.error());
    m_request = std::move(*request);
    return Prepared::Done;
}

UpstreamRequest TrackerUse::request() const
{
    return { m_request.method, m_request.path, m_request.body };
}

Subject TrackerUse::subject() const
{
    if (!m_issue.is_object())
        return m_family.subjectIn(m_arguments);
    return { m_issue.at("identifier").get<std::string>(),
             m_issue.at("id").get<std::string>(),
             m_issue.at("name").get<std::string>(),
             m_issue.at("updated_at").get<std::string>(),
             {} };
}

void TrackerUse::actOn(const ProjectId &other)
{
    ProjectReference own = project();
    own.id = other;
    m_needs.front().place = Place::of(std::move(own));
}

void TrackerUse::repeat(const UpstreamRequest &request)
{
    m_request = {};
    m_request.method = request.method;
    m_request.path = request.path;
    m_request.body = request.body;
}

void TrackerUse::send(const Actor &actor, Sent sent)
{
    m_request.isWrite = m_tool.writes;
    m_request.acting
        = { actor.agent.text(), actor.agentName,      actor.requestId,
            actor.traceparent,  actor.idempotencyKey, m_tool.writes ? project().id : ProjectId() };
    m_family.send(m_request, [sent = std::move(sent)](const TaskerReply &reply) {
        auto body = reply.body ? reply.body : tl::unexpected<Error>(forAgent(reply.body.error()));
        sent(
            { sentOf(reply.sent), upstreamOf(reply), std::move(body), reply.outcomeUnknown, factsOf(reply) });
    });
}

Result<ToolResult> TrackerUse::judge(const Json &answer, const CallerRights &rights) const
{
    if (m_tool.name == "tasker_resolve_project")
        return matchesOf(rights.directory(), rights.agent(), rights.now(), m_arguments, answer);
    return resultOf(m_tool, m_arguments, project().id, m_request.body, answer,
                    rights.allows(Scope::IssuesRead, m_needs.front().place));
}

} // namespace gatehouse
