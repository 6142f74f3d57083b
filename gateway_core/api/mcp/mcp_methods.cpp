// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/mcp/mcp_methods.h"

#include <algorithm>

namespace gatehouse {

namespace {

constexpr std::array<std::string_view, 8> kLevels{ "debug", "info",     "notice", "warning",
                                                   "error", "critical", "alert",  "emergency" };

} // namespace

std::string_view nameOf(McpLogLevel level)
{
    return kLevels[static_cast<std::size_t>(level)];
}

std::optional<McpLogLevel> mcpLogLevelNamed(std::string_view name)
{
    const auto found = std::ranges::find(kLevels, name);
    if (found == kLevels.end())
        return std::nullopt;
    return static_cast<McpLogLevel>(found - kLevels.begin());
}

namespace mcp {

namespace {

/// A list has one page: whoever names another has made it up.
template <Json (McpProvider::*list)(const RouteCaller &) const>
void answerList(const McpProvider &offer, const McpExchangePtr &exchange, const char *name)
{
    if (exchange->asked().params.contains("cursor"))
        return exchange->fail({ rpc::kInvalidParams, "The list has one page", nullptr, nullptr });
    exchange->answer({ { name, (offer.*list)(exchange->asked().caller) } });
}

struct Row
{
    std::string_view method;
    const char *capability;
    void (*answer)(McpProvider &offer, const McpExchangePtr &exchange);
};

// clang-format off
constexpr std::array kRows{
    Row{ "tools/list", "tools", [](McpProvider &offer, const McpExchangePtr &exchange) { answerList<&McpProvider::tools>(offer, exchange, "tools"); } },
    Row{ "tools/call", "tools", [](McpProvider &offer, const McpExchangePtr &exchange) { offer.callTool(exchange); } },
    Row{ "resources/list", "resources", [](McpProvider &offer, const McpExchangePtr &exchange) { answerList<&McpProvider::resources>(offer, exchange, "resources"); } },
    Row{ "resources/templates/list", "resources", [](McpProvider &offer, const McpExchangePtr &exchange) { answerList<&McpProvider::resourceTemplates>(offer, exchange, "resourceTemplates"); } },
    Row{ "resources/read", "resources", [](McpProvider &offer, const McpExchangePtr &exchange) { offer.readResource(exchange); } },
    Row{ "prompts/list", "prompts", [](McpProvider &offer, const McpExchangePtr &exchange) { answerList<&McpProvider::prompts>(offer, exchange, "prompts"); } },
    Row{ "prompts/get", "prompts", [](McpProvider &offer, const McpExchangePtr &exchange) { offer.getPrompt(exchange); } },
    Row{ "completion/complete", "completions", [](McpProvider &offer, const McpExchangePtr &exchange) { offer.complete(exchange); } },
};
// clang-format on

std::string namesIn(const Json &list, const char *field)
{
    std::string names;
    for (const Json &entry : list)
        names.append(entry.value(field, std::string())).append(" ");
    return names;
}

} // namespace

bool answerFromOffer(McpProvider &offer, const McpExchangePtr &exchange)
{
    const auto row = std::ranges::find(kRows, exchange->asked().method, &Row::method);
    if (row == kRows.end() || !offer.capabilities().contains(row->capability))
        return false;
    row->answer(offer, exchange);
    return true;
}

std::optional<std::size_t> listNamed(std::string_view method)
{
    const auto found = std::ranges::find(kListMethods, method);
    if (found == kListMethods.end())
        return std::nullopt;
    return static_cast<std::size_t>(found - kListMethods.begin());
}

ListNames listNames(const McpProvider &offer, const RouteCaller &caller)
{
    return { namesIn(offer.tools(caller), "name"), namesIn(offer.resources(caller), "uri"),
             namesIn(offer.prompts(caller), "name") };
}

} // namespace mcp
} // namespace gatehouse
