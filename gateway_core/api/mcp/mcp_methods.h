// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/api/mcp/mcp_provider.h"

#include <array>

// The methods that mean the same in both eras of MCP: a list or a use of what the offer has. Thread: core.
namespace gatehouse::mcp {

/// Answers `exchange` with the offer's help. False: no method of an offer, or of a capability that the
/// offer does not have.
[[nodiscard]] bool answerFromOffer(McpProvider &offer, const McpExchangePtr &exchange);

/// The lists that a client can be told of.
inline constexpr std::array<std::string_view, 3> kListMethods{ "tools/list", "resources/list",
                                                               "prompts/list" };
inline constexpr std::array<std::string_view, 3> kListNotifications{ "notifications/tools/list_changed",
                                                                     "notifications/resources/list_changed",
                                                                     "notifications/prompts/list_changed" };
/// Which of the lists a method asks for; nullopt: none.
[[nodiscard]] std::optional<std::size_t> listNamed(std::string_view method);
/// The names in a caller's lists, one text for each, to tell whether a list has changed.
using ListNames = std::array<std::string, 3>;
[[nodiscard]] ListNames listNames(const McpProvider &offer, const RouteCaller &caller);

} // namespace gatehouse::mcp
