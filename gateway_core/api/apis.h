// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <tuple>

namespace gatehouse {

class AgentApi;
class Discovery;
class McpDoor;
class OAuthApi;
class OAuthPages;
class OwnerAgents;
class OwnerApprovals;
class OwnerAudit;
class OwnerExplain;
class OwnerGateway;
class OwnerPairing;
class OwnerStreams;
class PairingApi;
class Probes;

/// Everybody who answers a route. A route names its member function; the class is found here.
/// Until the gateway is open only the probes are there; the dispatcher lets nothing else run.
using Apis = std::tuple<Probes *, PairingApi *, AgentApi *, McpDoor *, OAuthApi *, OAuthPages *, OwnerAgents *, OwnerPairing *,
                        OwnerApprovals *, OwnerAudit *, OwnerGateway *, OwnerStreams *,
                        OwnerExplain *, Discovery *>;

} // namespace gatehouse
