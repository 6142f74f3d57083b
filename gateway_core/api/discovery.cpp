// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/discovery.h"

#include "gateway_core/api/describe.h"
#include "gateway_core/api/openapi.h"

namespace gatehouse {

Discovery::Discovery(const Registry &registry, const ToolCatalogue &catalogue, const Condition &condition)
    : m_registry(registry)
    , m_catalogue(catalogue)
    , m_condition(condition)
{
}

void Discovery::forAgent(RouteCall &call)
{
    const RouteCaller &caller = call.caller;
    call.reply.text("text/markdown",
                    describeForAgent(m_catalogue, m_condition, *caller.directory, *caller.client, m_registry.now()));
}

void Discovery::forOwner(RouteCall &call)
{
    call.reply.text("text/markdown", describeForOwner(m_condition, *call.caller.directory));
}

void Discovery::openApi(RouteCall &call)
{
    call.reply.ok(gatehouse::openApi(call.caller.owner ? Audience::Owner : Audience::Agent, m_catalogue, m_condition));
}

} // namespace gatehouse
