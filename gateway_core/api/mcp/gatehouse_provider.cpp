// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/mcp/gatehouse_provider.h"

#include "gateway_core/api/mcp/mcp_tools.h"
#include "gateway_core/api/mcp/tracker_prompts.h"
#include "gateway_core/api/mcp/tracker_resources.h"
#include "gateway_core/api/route/wire.h"

namespace gatehouse {

GatehouseProvider::GatehouseProvider(const Dependencies &dependencies)
    : m_services(dependencies)
    , m_calls({ dependencies.pipeline, dependencies.approvals, dependencies.sights, dependencies.clock,
                dependencies.random })
{
    connect(&m_services.registry, &Registry::changed, this, &McpProvider::listsChanged);
    connect(&m_services.journal, &Journal::appended, this, &GatehouseProvider::tellOfWrites);
}

Json GatehouseProvider::capabilities() const
{
    return { { "tools", { { "listChanged", true } } },
             { "resources", { { "subscribe", true }, { "listChanged", true } } },
             { "prompts", { { "listChanged", true } } },
             { "completions", Json::object() } };
}

std::string GatehouseProvider::instructions(const RouteCaller &caller) const
{
    return mcp::instructionsFor(*caller.directory, caller.client->agent, m_services.registry.now());
}

Json GatehouseProvider::tools(const RouteCaller &caller) const
{
    return mcp::toolsFor(m_services.pipeline.catalogue(), *caller.directory, caller.client->agent,
                         m_services.registry.now(), caller.scopeLimit);
}

void GatehouseProvider::callTool(const McpExchangePtr &exchange)
{
    auto call = mcp::callOf(m_services.pipeline.catalogue(), exchange->asked().params);
    if (!call)
        return exchange->fail(call.error());
    m_calls.use(exchange, std::move(*call), [](McpExchange &asking, const CallAnswer &answer) {
        if (!answer.result)
            asking.countRefusal(answer.result.error().code);
        asking.answer(mcp::toolResult(answer, asking.asked().requestId));
    });
}

Json GatehouseProvider::resources(const RouteCaller &caller) const
{
    return mcp::trackerResources(caller, m_services.registry.now());
}

Json GatehouseProvider::resourceTemplates(const RouteCaller &caller) const
{
    return mcp::trackerTemplates(caller, m_services.registry.now());
}

void GatehouseProvider::readResource(const McpExchangePtr &exchange)
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

bool GatehouseProvider::mayWatch(const RouteCaller &caller, const std::string &uri) const
{
    return mcp::mayWatchResource(caller, uri, m_services.registry.now());
}

Json GatehouseProvider::prompts(const RouteCaller &caller) const
{
    return mcp::trackerPrompts(caller, m_services.registry.now());
}

void GatehouseProvider::getPrompt(const McpExchangePtr &exchange)
{
    auto prompt
        = mcp::trackerPrompt(exchange->asked().caller, exchange->asked().params, m_services.registry.now());
    if (prompt)
        exchange->answer(std::move(*prompt));
    else
        exchange->fail(prompt.error());
}

void GatehouseProvider::complete(const McpExchangePtr &exchange)
{
    auto values
        = mcp::completionFor(exchange->asked().caller, exchange->asked().params, m_services.registry.now());
    if (values)
        exchange->answer(std::move(*values));
    else
        exchange->fail(values.error());
}

void GatehouseProvider::tellOfWrites(const std::vector<JournalRow> &rows)
{
    for (const JournalRow &row : rows) {
        for (const std::string &uri : mcp::resourcesChangedBy(m_services.pipeline.catalogue(), row))
            emit resourceUpdated(uri);
    }
}

} // namespace gatehouse
