// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/owner/owner_service.h"

#include "gateway_core/grants/rights.h"
#include "gateway_core/owner/input_text.h"
#include "gateway_core/tasker/adapter.h"

#include <array>

namespace gatehouse {

using words::wrongField;

namespace {

/// A grant that tells what Tasker calls this project; null: none does.
const Grant *labelOf(const Directory &directory, const ProjectId &project)
{
    for (const auto &[agent, held] : directory.grants) {
        for (const auto &[key, grant] : held) {
            if (grant.project == project && !grant.projectName.empty())
                return &grant;
        }
    }
    return nullptr;
}

/// The owner reads this name when an agent asks: whoever may change it may make them say yes to another
/// project. Off needs no PIN, so a token's Off brings no name of its own.
void nameProject(Grant &grant, const Grant *label, bool isTrusted)
{
    const bool isOff = grant.answer == GrantPolicy::Off;
    if (label && (isOff || grant.projectName.empty())) {
        grant.projectName = label->projectName;
        grant.projectIdentifier = label->projectIdentifier;
    } else if (isOff && !isTrusted) {
        grant.projectName.clear();
        grant.projectIdentifier.clear();
    }
}

} // namespace

Result<Agent> OwnerService::agentNamed(const AgentId &id) const
{
    const Agent *agent = m_services.registry.current()->agent(id);
    if (!agent)
        return failure(ErrorCode::NotFound, "no such agent");
    return *agent;
}

Result<std::string> OwnerService::checkedAgentName(const std::string &name, const AgentId &of) const
{
    auto checked = words::checkedName(name, "display_name", kNameMost);
    if (!checked)
        return checked;
    for (const auto &[id, agent] : m_services.registry.current()->agents) {
        if (id != of && agent.state != AgentState::Retired && words::isSameName(agent.displayName, *checked))
            return wrongField("display_name", "taken");
    }
    return checked;
}

void OwnerService::saveAgent(const OwnerCaller &caller, const Agent &agent, EventKind kind, Json more,
                             Answered<Agent> done)
{
    Event event = eventOf(kind, caller);
    event.agent = agent.id;
    event.agentName = agent.displayName;
    event.more.update(more);
    const bool retires = agent.state == AgentState::Retired;
    m_services.registry.apply(
        [agent, retires, now = m_services.registry.now()](Stores &stores) -> Result<> {
            if (auto saved = stores.agents.save(agent); !saved || !retires)
                return saved;
            const auto clients = stores.agents.clients();
            if (!clients)
                return tl::unexpected<Error>(clients.error());
            for (Client client : *clients) {
                if (client.agent != agent.id || client.revokedAt)
                    continue;
                client.revokedAt = now;
                if (auto saved = stores.agents.save(client); !saved)
                    return saved;
            }
            return {};
        },
        event,
        [agent, done = std::move(done)](const Result<> &saved) {
            done(saved ? Result<Agent>(agent) : tl::unexpected<Error>(saved.error()));
        });
}

void OwnerService::createAgent(const OwnerCaller &caller, const std::string &displayName,
                               Answered<Agent> done)
{
    if (const auto may = authorize(OwnerAction::CreateAgent, caller); !may)
        return done(tl::unexpected<Error>(may.error()));
    const auto name = checkedAgentName(displayName, {});
    if (!name)
        return done(tl::unexpected<Error>(name.error()));
    const Agent agent{ AgentId(m_services.random.uuid()), *name, AgentState::Active, m_services.clock.now() };
    saveAgent(caller, agent, EventKind::AgentCreated, Json::object(), std::move(done));
}

void OwnerService::renameAgent(const OwnerCaller &caller, const AgentId &id, const std::string &fresh,
                               Answered<Agent> done)
{
    if (const auto may = authorize(OwnerAction::RenameAgent, caller); !may)
        return done(tl::unexpected<Error>(may.error()));
    auto agent = agentNamed(id);
    const auto name = agent ? checkedAgentName(fresh, id) : tl::unexpected<Error>(agent.error());
    if (!name)
        return done(tl::unexpected<Error>(name.error()));
    const Json more{ { "name_before", agent->displayName } };
    agent->displayName = *name;
    saveAgent(caller, *agent, EventKind::AgentChanged, more, std::move(done));
}

void OwnerService::setAgentState(const OwnerCaller &caller, const AgentId &id, AgentState state,
                                 Answered<Agent> done)
{
    const OwnerAction act = state == AgentState::Active ? OwnerAction::ResumeAgent
        : state == AgentState::Paused                   ? OwnerAction::PauseAgent
                                                        : OwnerAction::RetireAgent;
    if (const auto may = authorize(act, caller); !may)
        return done(tl::unexpected<Error>(may.error()));
    auto agent = agentNamed(id);
    if (!agent || agent->state == state)
        return done(agent);
    if (agent->state == AgentState::Retired)
        return done(failure(ErrorCode::Conflict, "a retired agent does not come back"));
    const Json more{ { "state_before", nameOf(agent->state) }, { "state", nameOf(state) } };
    agent->state = state;
    saveAgent(caller, *agent, EventKind::AgentChanged, more, std::move(done));
}

void OwnerService::putGrant(const OwnerCaller &caller, const GrantRequest &request, Answered<Grant> done)
{
    const DirectoryPtr directory = m_services.registry.current();
    const std::int64_t now = m_services.registry.now();
    const auto agent = agentNamed(request.agent);
    if (!agent)
        return done(tl::unexpected<Error>(agent.error()));
    if (agent->state == AgentState::Retired && request.answer != GrantPolicy::Off && !request.removes)
        return done(failure(ErrorCode::Conflict, "the agent is retired"));
    if (!scopeNamed(request.scope))
        return done(wrongField("scope", "unknown"));
    if (request.project != kEveryProject && !adapter::checkId(request.project.text(), "project_id"))
        return done(wrongField("project_id", "not_an_id"));
    const bool isOff = request.removes || request.answer == GrantPolicy::Off;
    if (!isOff && request.until && *request.until <= now)
        return done(wrongField("until", "in_the_past"));

    Grant grant;
    grant.id = GrantId(m_services.random.uuid());
    grant.agent = request.agent;
    grant.project = request.project;
    grant.projectName = words::cut(request.projectName, 255);
    grant.projectIdentifier = words::cut(request.projectIdentifier, 12);
    grant.scope = request.scope;
    grant.answer = isOff ? GrantPolicy::Off : request.answer;
    grant.until = isOff ? std::nullopt : request.until;
    const Grant *label = labelOf(*directory, grant.project);
    nameProject(grant, label, request.isNamedByTasker || caller.channel == OwnerCaller::Channel::Window);
    const bool relabels = label
        && (label->projectName != grant.projectName || label->projectIdentifier != grant.projectIdentifier);
    // Without a wildcard there is nothing that Off has to win over.
    const Grant *wildcard = wildcardOf(*directory, grant.agent, grant.scope);
    const bool removes = request.removes || (isOff && (!wildcard || grant.project == kEveryProject));
    const bool lifts = removes && removalWidens(*directory, grant, now);
    const bool wider = lifts || relabels || widens(*directory, grant, now);
    const OwnerAction act = lifts          ? OwnerAction::LiftOff
        : !wider                           ? OwnerAction::NarrowGrant
        : request.project == kEveryProject ? OwnerAction::WildcardGrant
                                           : OwnerAction::WidenGrant;
    if (const auto may = authorize(act, caller); !may)
        return done(tl::unexpected<Error>(may.error()));

    Event event = eventOf(EventKind::GrantChanged, caller);
    event.agent = agent->id;
    event.agentName = agent->displayName;
    event.project = grant.project;
    event.projectName = grant.projectName;
    event.more["scope"] = grant.scope;
    // What speaks from now on: behind a removed grant that is the wildcard.
    if (removes && grant.project != kEveryProject)
        grant.answer
            = decide(*directory, grant.agent, kEveryProject, std::array{ *scopeNamed(grant.scope) }, now)
                  .answer;
    event.more["answer"] = nameOf(grant.answer);
    event.more["wider"] = wider;
    if (request.removes)
        event.more["removed"] = true;
    if (grant.until)
        event.more["until"] = *grant.until;
    auto revision = std::make_shared<std::int64_t>(0);
    m_services.registry.apply(
        [grant, removes, revision](Stores &stores) -> Result<> {
            const auto put = removes ? stores.grants.remove(grant) : stores.grants.put(grant);
            if (!put)
                return tl::unexpected<Error>(put.error());
            *revision = *put;
            return {};
        },
        event,
        [grant, revision, done = std::move(done)](const Result<> &applied) mutable {
            if (!applied)
                return done(tl::unexpected<Error>(applied.error()));
            grant.revision = *revision;
            done(grant);
        });
}

} // namespace gatehouse
