// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/agent_api.h"
#include "gateway_core/api/bodies.h"
#include "gateway_core/api/discovery.h"
#include "gateway_core/api/mcp_door.h"
#include "gateway_core/api/oauth_api.h"
#include "gateway_core/api/oauth_pages.h"
#include "gateway_core/api/owner_gateway.h"
#include "gateway_core/api/pairing_api.h"
#include "gateway_core/api/probes.h"
#include "gateway_core/api/route.h"

namespace gatehouse {

namespace {

// All that somebody without an owner token can reach. Same order as docs/rest-api.md.
// clang-format off
constexpr std::array kAgentRoutes{
    Route{Method::Get,    "/healthz",                           Access::Anyone,   Kind::Probe, 0,     "Is the process alive",             to<&Probes::health>},
    Route{Method::Get,    "/readyz",                            Access::Anyone,   Kind::Probe, 0,     "Can it do its work",               to<&Probes::ready>},
    Route{Method::Get,    "/api/v1/meta/capabilities",          Access::Anyone,   Kind::Probe, 0,     "Protocols, tools and limits",      to<&Probes::capabilities>},
    Route{Method::Get,    "/describe",                          Access::Anyone,   Kind::Probe, 0,     "What this is, and where to go",    to<&Probes::describe>},
    Route{Method::Get,    "/describe/agent",                    Access::Agent,    Kind::Read,  0,     "How an agent works with it",       to<&Discovery::forAgent>},
    Route{Method::Get,    "/api/v1/openapi.json",               Access::AgentOrOwner, Kind::Read, 0,  "OpenAPI 3.1 of your own routes",   to<&Discovery::openApi>},
    Route{Method::Post,   "/api/v1/pairing/redeem",             Access::Ceremony, Kind::Write, 8_KiB, "Spend a pairing code",             to<&PairingApi::redeem>, body::kRedeem},
    Route{Method::Post,   "/api/v1/pairing/confirmations/{id}", Access::Ceremony, Kind::Write, 8_KiB, "Wait for the owner's yes",         to<&PairingApi::await>,  body::kAwaitConfirmation},
    Route{Method::Post,   "/api/v1/owner/sign-in",             Access::Ceremony, Kind::Write, 8_KiB, "The owner's PIN for an owner token", to<&OwnerGateway::signIn>, body::kSignIn},
    Route{Method::Get,    "/api/v1/agent-session",              Access::Agent,    Kind::Read,  0,     "Who am I, what may I do",          to<&AgentApi::session>},
    Route{Method::Post,   "/api/v1/tools/{tool}",               Access::Agent,    Kind::Write, 1_MiB, "Use a tool",                       to<&AgentApi::useTool>,  body::kAnyObject},
    Route{Method::Post,   "/mcp",                               Access::Agent,    Kind::Write, 1_MiB, "MCP: one message to the gateway",  to<&McpDoor::post>},
    Route{Method::Get,    "/mcp",                               Access::Agent,    Kind::Read,  0,     "MCP: the stream to the client",    to<&McpDoor::listen>},
    Route{Method::Delete, "/mcp",                               Access::Agent,    Kind::Write, 0,     "MCP: end the session",             to<&McpDoor::end>},
    Route{Method::Get,    "/.well-known/oauth-protected-resource/mcp", Access::Anyone, Kind::Read, 0, "OAuth: what is protected here",   to<&OAuthApi::resource>},
    Route{Method::Get,    "/.well-known/oauth-protected-resource",     Access::Anyone, Kind::Read, 0, "OAuth: the same, at the root",    to<&OAuthApi::resource>},
    Route{Method::Get,    "/.well-known/oauth-authorization-server",   Access::Anyone, Kind::Read, 0, "OAuth: how to log in",            to<&OAuthApi::server>},
    Route{Method::Post,   "/oauth/register",                    Access::Ceremony, Kind::Write, 8_KiB, "OAuth: register a program",        to<&OAuthApi::enroll>},
    Route{Method::Get,    "/oauth/authorize",                   Access::Ceremony, Kind::Write, 0,     "OAuth: ask the owner, by browser", to<&OAuthPages::authorize>},
    Route{Method::Get,    "/oauth/logins/{page}",               Access::Anyone,   Kind::Read,  0,     "OAuth: the page that waits",       to<&OAuthPages::wait>},
    Route{Method::Post,   "/oauth/token",                       Access::Ceremony, Kind::Write, 8_KiB, "OAuth: spend a code or refresh",   to<&OAuthApi::token>},
    Route{Method::Post,   "/oauth/revoke",                      Access::Ceremony, Kind::Write, 8_KiB, "OAuth: end a login",               to<&OAuthApi::revoke>},
};
// clang-format on
static_assert(changingRoutesAreClosed(kAgentRoutes), "a route that changes something needs a caller we know");

} // namespace

std::span<const Route> agentRoutes()
{
    return kAgentRoutes;
}

} // namespace gatehouse
