// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/api/mcp_offer.h"
#include "gateway_core/api/offered_calls.h"
#include "gateway_core/identity/registry.h"

namespace gatehouse {

/// What Gatehouse offers to MCP clients: the tools of the catalogue and the tracker's resources, both
/// through the hallway, and prompts. What a caller sees is what its agent's grants and its login allow.
/// Thread: core. The references must outlive it.
class GatehouseOffer final : public McpOffer
{
    Q_OBJECT

public:
    struct Rooms
    {
        Registry &registry;
        Journal &journal;
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
    void tellOfWrites(const std::vector<JournalRow> &rows);

    Rooms m_rooms;
    OfferedCalls m_calls;
};

} // namespace gatehouse
