// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/api/mcp/mcp_provider.h"
#include "gateway_core/api/mcp/mcp_tool_calls.h"
#include "gateway_core/identity/registry.h"

namespace gatehouse {

/// What Gatehouse offers to MCP clients: the tools of the catalogue and the tracker's resources, both
/// through the pipeline, and prompts. What a caller sees is what its agent's grants and its login allow.
/// Thread: core. The references must outlive it.
class GatehouseProvider final : public McpProvider
{
    Q_OBJECT

public:
    struct Dependencies
    {
        Registry &registry;
        Journal &journal;
        CallPipeline &pipeline;
        Approvals &approvals;
        PeerCache &sights;
        Clock &clock;
        Random &random;
    };

    explicit GatehouseProvider(const Dependencies &dependencies);

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

    Dependencies m_services;
    McpToolCalls m_calls;
};

} // namespace gatehouse
