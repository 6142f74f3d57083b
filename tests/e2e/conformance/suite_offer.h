// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/api/mcp/mcp_provider.h"
#include "gateway_core/base/clock.h"
#include "gateway_core/base/secret.h"

#include <set>
#include <span>

namespace gatehouse::suite {

/// The tools, resources and prompts that the official conformance suite expects to find, by the names and
/// with the words that its scenarios give. Asks nothing of a client in the era with sessions, as Gatehouse:
/// test_sampling and test_elicitation are not here. Thread: core. The references must outlive it.
class SuiteProvider final : public McpProvider
{
    Q_OBJECT

public:
    SuiteProvider(Clock &clock, Secret stateKey);

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

    /// Adds a name to that list or takes it away again, and says so.
    void flip(const std::string &list);
    [[nodiscard]] Clock &clock() { return m_clock; }
    [[nodiscard]] const Secret &stateKey() const { return m_stateKey; }

private:
    Clock &m_clock;
    Secret m_stateKey; ///< seals the requestState of a call in rounds
    std::set<std::string> m_flipped;
};

struct SuiteTool
{
    std::string name;
    std::string description;
    Json inputSchema;
    std::function<void(SuiteProvider &offer, const McpExchangePtr &exchange)> use;
};

/// Tools that answer at once or in time, suite_tools.cpp.
[[nodiscard]] std::span<const SuiteTool> suiteTools();
/// Tools that first want something of the client (input-required results, 2026-07-28), suite_rounds.cpp.
[[nodiscard]] std::span<const SuiteTool> suiteRounds();
/// Tools that go on as tasks where the client follows them, suite_tasks.cpp.
[[nodiscard]] std::span<const SuiteTool> suiteTasks();
/// The name that the client's user gave; nullopt: the client was asked for it.
[[nodiscard]] std::optional<std::string> userName(const McpExchangePtr &exchange);
/// The one prompt that needs input first.
void getPromptInRounds(const McpExchangePtr &exchange);

/// {type: object} with these properties, all required.
[[nodiscard]] Json schemaOf(Json properties = Json::object());

} // namespace gatehouse::suite
