// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/calls/call_pipeline_inside.h"

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
Result<StepResult> CallPipeline::Inside::checkCaller(const CallContextPtr &context)
{
    context->directory = registry.current();
    const Client *client = context->directory->client(context->call.client);
    if (!client || client->revokedAt || client->expiresAt <= registry.now())
        return failure(ErrorCode::Unauthorized, "the client is gone");
    context->client = *client;
    const Agent *agent = context->directory->agent(client->agent);
    if (!agent)
        return failure(ErrorCode::Unauthorized, "the agent is gone");
    context->agent = *agent;
    if (const auto runs = checkMode(context->directory->profile.mode); !runs)
        return tl::unexpected<Error>(runs.error());
    if (agent->state != AgentState::Active)
        return failure(ErrorCode::AgentPaused);
    return StepResult::Continue;
}

Result<StepResult> CallPipeline::Inside::checkArgumentShape(const CallContextPtr &context)
{
    context->tool = catalogue.find(context->call.tool);
    if (!context->tool)
        return failure(ErrorCode::NotFound, "no such tool");
    context->family = &q.familyOf(*context->tool);
    auto fits = catalogue.check(*context->tool, context->arguments());
    if (fits)
        fits = context->family->check(*context->tool, context->arguments());
    if (!fits)
        return tl::unexpected<Error>(fits.error());
    return StepResult::Continue;
}

Result<StepResult> CallPipeline::Inside::findPlace(const CallContextPtr &context)
{
    context->use = context->family->begin({ *context->tool, context->arguments(), actorOf(*context) });
    if (const auto found = context->use->locate(rightsOf(*context)); !found)
        return tl::unexpected<Error>(found.error());
    return StepResult::Continue;
}

CallerRights CallPipeline::Inside::rightsOf(const CallContext &context) const
{
    return { registry.current(), context.agent.id, context.call.scopeLimit, registry.now() };
}

Actor CallPipeline::Inside::actorOf(const CallContext &context) const
{
    return {
        context.agent.id, context.agent.displayName, context.call.requestId, context.call.traceparent, {}
    };
}

Result<> CallPipeline::Inside::decide(CallContext &context) const
{
    return rightsOf(context).decide(context.use->needs(), context.tool->writes, context.decision);
}

Result<StepResult> CallPipeline::Inside::checkGrants(const CallContextPtr &context)
{
    if (const auto decided = decide(*context); !decided)
        return tl::unexpected<Error>(decided.error());
    return StepResult::Continue;
}

Result<StepResult> CallPipeline::Inside::takeRate(const CallContextPtr &context)
{
    const std::int64_t now = clock.sinceBoot();
    if (++ratesTaken % kPruneEvery == 0) {
        reads.prune(now);
        writes.prune(now);
    }
    const std::int64_t wait = (context->tool->writes ? writes : reads).take(context->agent.id.text(), 1, now);
    if (wait > 0)
        return failure(ErrorCode::RateLimited, "agent's rate", { { "retry_after", (wait + 999) / 1000 } });
    return StepResult::Continue;
}

Result<StepResult> CallPipeline::Inside::takeBudget(const CallContextPtr &context)
{
    if (const auto taken = context->use->takeBudget(); !taken)
        return tl::unexpected<Error>(taken.error());
    return StepResult::Continue;
}

} // namespace gatehouse
