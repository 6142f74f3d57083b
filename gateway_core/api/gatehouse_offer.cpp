// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/gatehouse_offer.h"

#include "gateway_core/api/mcp_tools.h"
#include "gateway_core/api/tracker_prompts.h"
#include "gateway_core/api/tracker_resources.h"
#include "gateway_core/api/wire.h"

namespace gatehouse {

GatehouseOffer::GatehouseOffer(const Rooms &rooms)
    : m_rooms(rooms)
    , m_calls({ rooms.hallway, rooms.approvals, rooms.sights, rooms.clock, rooms.random })
{
    connect(&m_rooms.registry, &Registry::changed, this, &McpOffer::listsChanged);
    connect(&m_rooms.journal, &Journal::appended, this, &GatehouseOffer::tellOfWrites);
}

Json GatehouseOffer::capabilities() const
{
    return { { "tools", { { "listChanged", true } } },
             { "resources", { { "subscribe", true }, { "listChanged", true } } },
             { "prompts", { { "listChanged", true } } },
             { "completions", Json::object() } };
}

std::string GatehouseOffer::instructions(const RouteCaller &caller) const
{
    return mcp::instructionsFor(*caller.directory, caller.client->agent, m_rooms.registry.now());
}

Json GatehouseOffer::tools(const RouteCaller &caller) const
{
    return mcp::toolsFor(m_rooms.hallway.catalogue(), *caller.directory, caller.client->agent, m_rooms.registry.now(), caller.scopeLimit);
}

void GatehouseOffer::callTool(const McpExchangePtr &exchange)
{
    auto call = mcp::callOf(m_rooms.hallway.catalogue(), exchange->asked().params);
    if (!call)
        return exchange->fail(call.error());
    m_calls.use(exchange, std::move(*call), [](McpExchange &asking, const CallAnswer &answer) {
        if (!answer.result)
            asking.countRefusal(answer.result.error().code);
        asking.answer(mcp::toolResult(answer, asking.asked().requestId));
    });
}

Json GatehouseOffer::resources(const RouteCaller &caller) const
{
    return mcp::trackerResources(caller, m_rooms.registry.now());
}

Json GatehouseOffer::resourceTemplates(const RouteCaller &caller) const
{
    return mcp::trackerTemplates(caller, m_rooms.registry.now());
}

void GatehouseOffer::readResource(const McpExchangePtr &exchange)
{
    const std::string uri = wire::text(exchange->asked().params, "uri");
    auto call = mcp::callForResource(uri, exchange->asked().version);
    if (!call)
        return exchange->fail(call.error());
    m_calls.use(exchange, std::move(*call), [uri](McpExchange &asking, const CallAnswer &answer) {
        const std::string &requestId = asking.asked().requestId;
        if (answer.result)
            asking.answer(mcp::resourceContents(uri, answer, requestId));
        else
            asking.fail(mcp::resourceFault(uri, answer.result.error(), requestId));
    });
}

bool GatehouseOffer::mayWatch(const RouteCaller &caller, const std::string &uri) const
{
    return mcp::mayWatchResource(caller, uri, m_rooms.registry.now());
}

Json GatehouseOffer::prompts(const RouteCaller &caller) const
{
    return mcp::trackerPrompts(caller, m_rooms.registry.now());
}

void GatehouseOffer::getPrompt(const McpExchangePtr &exchange)
{
    auto prompt
        = mcp::trackerPrompt(exchange->asked().caller, exchange->asked().params, m_rooms.registry.now());
    if (prompt)
        exchange->answer(std::move(*prompt));
    else
        exchange->fail(prompt.error());
}

void GatehouseOffer::complete(const McpExchangePtr &exchange)
{
    auto values
        = mcp::completionFor(exchange->asked().caller, exchange->asked().params, m_rooms.registry.now());
    if (values)
        exchange->answer(std::move(*values));
    else
        exchange->fail(values.error());
}

void GatehouseOffer::tellOfWrites(const std::vector<JournalRow> &rows)
{
    for (const JournalRow &row : rows) {
        for (const std::string &uri : mcp::resourcesChangedBy(m_rooms.hallway.catalogue(), row))
            emit resourceUpdated(uri);
    }
}

} // namespace gatehouse
