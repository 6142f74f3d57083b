// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/gatehouse_offer.h"

#include "gateway_core/api/mcp_tools.h"

namespace gatehouse {

GatehouseOffer::GatehouseOffer(const Rooms &rooms)
    : m_rooms(rooms)
    , m_tools({ rooms.hallway, rooms.approvals, rooms.sights, rooms.clock, rooms.random })
{
    connect(&m_rooms.registry, &Registry::changed, this, &McpOffer::listsChanged);
}

Json GatehouseOffer::capabilities() const
{
    return { { "tools", { { "listChanged", true } } } };
}

std::string GatehouseOffer::instructions(const RouteCaller &caller) const
{
    return mcp::instructionsFor(*caller.directory, caller.client->agent, m_rooms.registry.now());
}

Json GatehouseOffer::tools(const RouteCaller &caller) const
{
    return mcp::toolsFor(*caller.directory, caller.client->agent, m_rooms.registry.now(), caller.scopeLimit);
}

void GatehouseOffer::callTool(const McpExchangePtr &exchange)
{
    m_tools.call(exchange);
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
