// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/gatehouse_offer.h"

#include "gateway_core/api/mcp_tools.h"

namespace gatehouse {

GatehouseOffer::GatehouseOffer(Registry &registry, Hallway &hallway, PeerSights &sights)
    : m_registry(registry)
    , m_hallway(hallway)
    , m_sights(sights)
{
    connect(&m_registry, &Registry::changed, this, &McpOffer::listsChanged);
}

Json GatehouseOffer::capabilities() const
{
    return { { "tools", { { "listChanged", true } } } };
}

std::string GatehouseOffer::instructions(const RouteCaller &caller) const
{
    return mcp::instructionsFor(*caller.directory, caller.client->agent, m_registry.now());
}

Json GatehouseOffer::tools(const RouteCaller &caller) const
{
    return mcp::toolsFor(*caller.directory, caller.client->agent, m_registry.now(), caller.scopeLimit);
}

void GatehouseOffer::callTool(const McpExchangePtr &exchange)
{
    const McpExchange::Asked &asked = exchange->asked();
    auto call = mcp::callOf(asked.params);
    if (!call)
        return exchange->fail(call.error());
    call->requestId = asked.requestId;
    call->client = asked.caller.client->id;
    call->scopeLimit = asked.caller.scopeLimit;
    call->peer = m_sights.of(asked.peer);
    if (call->traceparent.empty())
        call->traceparent = asked.traceparent;
    const CallId id = m_hallway.begin(
        std::move(*call),
        [exchange](const CallAnswer &answer) {
            if (!answer.result)
                exchange->countRefusal(answer.result.error().code);
            if (answer.partial)
                exchange->log(McpLogLevel::Warning, "gatehouse.calls",
                              { { "event", "partial" }, { "call", answer.call.text() } });
            exchange->answer(mcp::toolResult(answer, exchange->asked().requestId));
        },
        [exchange](int seconds, const std::string &message) {
            exchange->log(McpLogLevel::Info, "gatehouse.calls",
                          { { "event", "waiting_for_owner" }, { "seconds", seconds } });
            exchange->progress(seconds, kHoldTime.count(), message);
        });
    exchange->onCancelled([&hallway = m_hallway, id] { hallway.cancel(id); });
}

Json GatehouseOffer::resources(const RouteCaller &) const
{
    return Json::array();
}

Json GatehouseOffer::resourceTemplates(const RouteCaller &) const
{
    return Json::array();
}

void GatehouseOffer::readResource(const McpExchangePtr &exchange)
{
    exchange->fail({ rpc::kResourceNotFound, "Resource not found", nullptr, nullptr });
}

bool GatehouseOffer::mayWatch(const RouteCaller &, const std::string &) const
{
    return false;
}

Json GatehouseOffer::prompts(const RouteCaller &) const
{
    return Json::array();
}

void GatehouseOffer::getPrompt(const McpExchangePtr &exchange)
{
    exchange->fail({ rpc::kInvalidParams, "Unknown prompt", nullptr, nullptr });
}

void GatehouseOffer::complete(const McpExchangePtr &exchange)
{
    exchange->answer({ { "completion", { { "values", Json::array() } } } });
}

} // namespace gatehouse
