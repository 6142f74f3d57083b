// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/bodies.h"
#include "gateway_core/api/discovery.h"
#include "gateway_core/api/owner_agents.h"
#include "gateway_core/api/owner_approvals.h"
#include "gateway_core/api/owner_audit.h"
#include "gateway_core/api/owner_explain.h"
#include "gateway_core/api/owner_gateway.h"
#include "gateway_core/api/owner_pairing.h"
#include "gateway_core/api/owner_streams.h"
#include "gateway_core/api/route.h"

namespace gatehouse {

namespace {

// All that the owner's tokens reach. Same order as docs/rest-api.md. Owner says who comes in; what an
// act takes besides is decided at the act (owner/desk.h).
// clang-format off
constexpr std::array kOwnerRoutes{
    Route{Method::Get,    "/describe/owner",                           Access::Owner,       Kind::Read,  0,      "How the owner's tools work with it",  to<&Discovery::forOwner>},
    Route{Method::Get,    "/api/v1/status",                            Access::Owner,       Kind::Read,  0,      "The gateway at a glance",             to<&OwnerGateway::status>},
    Route{Method::Post,   "/api/v1/step-up",                           Access::Owner,       Kind::Write, 8_KiB,  "Enter the PIN",                       to<&OwnerGateway::stepUp>,           body::kStepUp},
    Route{Method::Delete, "/api/v1/step-up",                           Access::Owner,       Kind::Write, 0,      "Forget the entered PIN",              to<&OwnerGateway::forgetStepUp>},
    Route{Method::Post,   "/api/v1/mode",                              Access::Owner,       Kind::Write, 8_KiB,  "Pause, drain or resume",              to<&OwnerGateway::setMode>,          body::kMode},
    Route{Method::Post,   "/api/v1/stop-everything",                   Access::Owner,       Kind::Write, 8_KiB,  "The red button",                      to<&OwnerGateway::stopEverything>,   body::kStopEverything},
    Route{Method::Post,   "/api/v1/clock",                             Access::OwnerStepUp, Kind::Write, 8_KiB,  "Say what the time is after a jump",   to<&OwnerGateway::settleClock>,      body::kClock},
    Route{Method::Get,    "/api/v1/agents",                            Access::Owner,       Kind::Read,  0,      "The agents",                          to<&OwnerAgents::list>},
    Route{Method::Post,   "/api/v1/agents",                            Access::Owner,       Kind::Write, 8_KiB,  "Create an agent",                     to<&OwnerAgents::create>,            body::kCreateAgent},
    Route{Method::Get,    "/api/v1/agents/{id}",                       Access::Owner,       Kind::Read,  0,      "One agent",                           to<&OwnerAgents::show>},
    Route{Method::Patch,  "/api/v1/agents/{id}",                       Access::Owner,       Kind::Write, 8_KiB,  "Rename, pause, resume or retire it",  to<&OwnerAgents::change>,            body::kChangeAgent},
    Route{Method::Get,    "/api/v1/agents/{id}/grants",                Access::Owner,       Kind::Read,  0,      "Its grants",                          to<&OwnerAgents::grants>},
    Route{Method::Put,    "/api/v1/agents/{id}/grants",                Access::Owner,       Kind::Write, 16_KiB, "Give, change or take away grants",    to<&OwnerAgents::putGrants>,         body::kPutGrants},
    Route{Method::Delete, "/api/v1/agents/{id}/grants/{grant}",        Access::Owner,       Kind::Write, 0,      "Take a grant away",                   to<&OwnerAgents::removeGrant>},
    Route{Method::Get,    "/api/v1/agents/{id}/tokens",                Access::Owner,       Kind::Read,  0,      "Its clients and their tokens",        to<&OwnerAgents::tokens>},
    Route{Method::Post,   "/api/v1/agents/{id}/tokens",                Access::OwnerStepUp, Kind::Write, 8_KiB,  "Mint a token, shown once",            to<&OwnerAgents::mintToken>,         body::kNamed},
    Route{Method::Post,   "/api/v1/agents/{id}/tokens/{token}/rotate", Access::OwnerStepUp, Kind::Write, 8_KiB,  "Replace a token, shown once",         to<&OwnerAgents::rotateToken>,       body::kEmpty},
    Route{Method::Delete, "/api/v1/agents/{id}/tokens/{token}",        Access::Owner,       Kind::Write, 0,      "Revoke a token",                      to<&OwnerAgents::revokeToken>},
    Route{Method::Post,   "/api/v1/pairing/codes",                     Access::Owner,       Kind::Write, 8_KiB,  "Open a pairing code",                 to<&OwnerPairing::open>,             body::kOpenPairing},
    Route{Method::Get,    "/api/v1/pairing/codes",                     Access::Owner,       Kind::Read,  0,      "The open pairing code",               to<&OwnerPairing::show>},
    Route{Method::Delete, "/api/v1/pairing/codes",                     Access::Owner,       Kind::Write, 0,      "Close it",                            to<&OwnerPairing::close>},
    Route{Method::Get,    "/api/v1/confirmations",                     Access::Owner,       Kind::Read,  0,      "Clients that wait to be let in",      to<&OwnerPairing::questions>},
    Route{Method::Post,   "/api/v1/confirmations/{id}/confirm",        Access::OwnerStepUp, Kind::Write, 8_KiB,  "Let one in",                          to<&OwnerPairing::confirm>,          body::kConfirm},
    Route{Method::Post,   "/api/v1/confirmations/{id}/deny",           Access::Owner,       Kind::Write, 8_KiB,  "Turn one away",                       to<&OwnerPairing::deny>,             body::kEmpty},
    Route{Method::Get,    "/api/v1/approvals",                         Access::Owner,       Kind::Read,  0,      "Calls that wait for an answer",       to<&OwnerApprovals::list>},
    Route{Method::Get,    "/api/v1/approvals/{id}",                    Access::Owner,       Kind::Read,  0,      "One of them, with what it would write", to<&OwnerApprovals::show>},
    Route{Method::Post,   "/api/v1/approvals/{id}/allow",              Access::OwnerStepUp, Kind::Write, 8_KiB,  "Allow it",                            to<&OwnerApprovals::allow>,          body::kAllowCall},
    Route{Method::Post,   "/api/v1/approvals/{id}/deny",               Access::Owner,       Kind::Write, 8_KiB,  "Deny it",                             to<&OwnerApprovals::deny>,           body::kDenyCall},
    Route{Method::Get,    "/api/v1/standing-approvals",                Access::Owner,       Kind::Read,  0,      "The yeses that last for a time",      to<&OwnerApprovals::standing>},
    Route{Method::Delete, "/api/v1/standing-approvals/{id}",           Access::Owner,       Kind::Write, 0,      "End one now",                         to<&OwnerApprovals::end>},
    Route{Method::Get,    "/api/v1/audit/events",                      Access::Owner,       Kind::Read,  0,      "The journal's lines, newest first",   to<&OwnerAudit::events>},
    Route{Method::Post,   "/api/v1/audit/verify",                      Access::Owner,       Kind::Read,  8_KiB,  "Walk the chain, name the first bad row", to<&OwnerAudit::verify>,           body::kEmpty},
    Route{Method::Post,   "/api/v1/audit/export",                      Access::OwnerStepUp, Kind::Write, 8_KiB,  "Write the journal to a new folder",   to<&OwnerAudit::exportTo>,           body::kExport},
    Route{Method::Get,    "/api/v1/audit/retention",                   Access::Owner,       Kind::Read,  0,      "How long rows stay, where they go",   to<&OwnerAudit::retention>},
    Route{Method::Put,    "/api/v1/audit/retention",                   Access::OwnerStepUp, Kind::Write, 8_KiB,  "Export old rows to another folder",   to<&OwnerAudit::moveExports>,        body::kExport},
    Route{Method::Post,   "/api/v1/audit/accept-restore",              Access::OwnerStepUp, Kind::Write, 8_KiB,  "Sign on after a restored database or key", to<&OwnerAudit::acceptRestore>, body::kEmpty},
    Route{Method::Post,   "/api/v1/streams/tickets",                   Access::Owner,       Kind::Write, 8_KiB,  "A one-time ticket to a stream",       to<&OwnerStreams::mintTicket>,       body::kTicket},
    Route{Method::Get,    "/api/v1/streams/audit",                     Access::OwnerOrTicket, Kind::Read, 0,     "The journal as it grows",             to<&OwnerStreams::audit>},
    Route{Method::Get,    "/api/v1/streams/status",                    Access::OwnerOrTicket, Kind::Read, 0,     "The gateway's state as it changes",   to<&OwnerStreams::status>},
    Route{Method::Get,    "/api/v1/explain",                           Access::Owner,       Kind::Read,  0,      "What would happen to a call, and why", to<&OwnerExplain::explain>},
    Route{Method::Get,    "/api/v1/owner-tokens",                      Access::Owner,       Kind::Read,  0,      "The owner's tokens",                  to<&OwnerGateway::ownerTokens>},
    Route{Method::Post,   "/api/v1/owner-tokens",                      Access::OwnerStepUp, Kind::Write, 8_KiB,  "Mint one, shown once",                to<&OwnerGateway::mintOwnerToken>,   body::kMintOwnerToken},
    Route{Method::Delete, "/api/v1/owner-tokens/{id}",                 Access::Owner,       Kind::Write, 0,      "Revoke one",                          to<&OwnerGateway::revokeOwnerToken>},
    Route{Method::Get,    "/api/v1/connection",                        Access::Owner,       Kind::Read,  0,      "Where Tasker is",                     to<&OwnerGateway::connection>},
    Route{Method::Put,    "/api/v1/connection",                        Access::OwnerStepUp, Kind::Write, 16_KiB, "Connect to a Tasker",                 to<&OwnerGateway::saveConnection>,   body::kConnection},
    Route{Method::Post,   "/api/v1/connection/test",                   Access::OwnerStepUp, Kind::Write, 16_KiB, "Try settings without storing them",   to<&OwnerGateway::testConnection>,   body::kConnection},
    Route{Method::Get,    "/api/v1/projects",                          Access::Owner,       Kind::Read,  0,      "Find the owner's projects",           to<&OwnerGateway::projects>},
};
// clang-format on
static_assert(changingRoutesAreClosed(kOwnerRoutes) && onlyTheOwnerComesIn(kOwnerRoutes),
              "the owner's routes are the owner's alone");

} // namespace

std::span<const Route> ownerRoutes()
{
    return kOwnerRoutes;
}

} // namespace gatehouse
