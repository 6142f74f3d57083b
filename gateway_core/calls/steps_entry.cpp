// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/calls/hallway_inside.h"

namespace gatehouse {

namespace {

constexpr int kPruneEvery = 256;

Result<> checkMode(Mode mode)
{
    switch (mode) {
    case Mode::Running: return {};
    case Mode::Paused: return failure(ErrorCode::GatewayPaused);
    case Mode::Draining: return failure(ErrorCode::GatewayDraining);
    }
    return failure(ErrorCode::GatewayPaused);
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
    walk->tool = catalogue.find(walk->call.tool);
    if (!walk->tool)
        return failure(ErrorCode::NotFound, "no such tool");
    walk->family = &q.familyOf(*walk->tool);
    auto fits = catalogue.check(*walk->tool, walk->arguments());
    if (fits)
        fits = walk->family->check(*walk->tool, walk->arguments());
    if (!fits)
        return tl::unexpected<Error>(fits.error());
    return Pace::On;
}

Taken Hallway::Inside::findPlace(const WalkPtr &walk)
{
    walk->use = walk->family->begin({ *walk->tool, walk->arguments(), actorOf(*walk) });
    if (const auto found = walk->use->locate(rightsOf(*walk)); !found)
        return tl::unexpected<Error>(found.error());
    return Pace::On;
}

CallerRights Hallway::Inside::rightsOf(const Walk &walk) const
{
    return { registry.current(), walk.agent.id, walk.call.scopeLimit, registry.now() };
}

Actor Hallway::Inside::actorOf(const Walk &walk) const
{
    return { walk.agent.id, walk.agent.displayName, walk.call.requestId, walk.call.traceparent, {} };
}

Result<> Hallway::Inside::decideAgain(Walk &walk) const
{
    return rightsOf(walk).decide(walk.use->needs(), walk.tool->writes, walk.decision);
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

Taken Hallway::Inside::takeBudget(const WalkPtr &walk)
{
    if (const auto taken = walk->use->takeBudget(); !taken)
        return tl::unexpected<Error>(taken.error());
    return Pace::On;
}

} // namespace gatehouse
