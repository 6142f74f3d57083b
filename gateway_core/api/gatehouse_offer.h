// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/api/mcp_offer.h"
#include "gateway_core/api/offered_tools.h"

namespace gatehouse {

/// What Gatehouse offers to MCP clients: the tools of the catalogue, used through the hallway.
/// Thread: core. The references must outlive it.
class GatehouseOffer final : public McpOffer
{
    Q_OBJECT

public:
    struct Rooms
    {
        Registry &registry;
        Hallway &hallway;
        Approvals &approvals;
        PeerSights &sights;
        Clock &clock;
        Random &random;
    };

    explicit GatehouseOffer(const Rooms &rooms);

    [[nodiscard]] Json capabilities() const override;
    [[nodiscard]] std::string instructions(const RouteCaller &caller) const override;

    [[nodiscard]] Json tools(const RouteCaller &caller) const override;
    void callTool(const McpExchangePtr &exchange) override;

    [[nodiscard]] Json resources(const RouteCaller &caller) const override;
    [[nodiscard]] Json resourceTemplates(const RouteCaller &caller) const override;
    void readResource(const McpExchangePtr &exchange) override;
    [[nodiscard]] bool mayWatch(const RouteCaller &caller, const std::string &uri) const override;

    [[nodiscard]] Json prompts(const RouteCaller &caller) const override;
    void getPrompt(const McpExchangePtr &exchange) override;

    void complete(const McpExchangePtr &exchange) override;

private:
    Rooms m_rooms;
    OfferedTools m_tools;
};

} // namespace gatehouse
