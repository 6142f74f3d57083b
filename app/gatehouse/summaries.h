// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/audit/verify.h"
#include "gateway_core/calls/preview.h"
#include "gateway_core/identity/pairing.h"
#include "gateway_core/owner/owner_service.h"
#include "gateway_core/port/gateway_port.h"
#include "gateway_core/storage/enum_names.h"

/// GatewayLifecycle values as the window's values. Pure. Thread: any.
namespace gatehouse::summaries {

[[nodiscard]] AgentSummary of(const Agent &agent, const Directory &directory);
[[nodiscard]] ClientSummary of(const Client &client);
[[nodiscard]] GrantSummary of(const Grant &grant, const std::vector<TimedApproval> &standing);
[[nodiscard]] PeerSummary of(const Peer &peer);
[[nodiscard]] ConfirmationSummary of(const Confirmation &confirmation);
[[nodiscard]] ApprovalSummary of(const Approval &approval);
[[nodiscard]] StandingYesSummary of(const TimedApproval &yes);
[[nodiscard]] ActivityRow of(const CallRow &line);
[[nodiscard]] QList<ActivityRow> of(const std::vector<CallRow> &lines);
[[nodiscard]] ActivityFound of(const CallPage &page);
[[nodiscard]] PreviewSummary of(const Preview &preview);
[[nodiscard]] CountsSummary of(const CallCounts &counts);
[[nodiscard]] QuietSummary of(const Quiet &quiet);
[[nodiscard]] VerdictSummary of(const VerificationReport &verdict);
/// The adapter's {matches: [{project, score}]}.
[[nodiscard]] QList<ProjectSummary> projectsOf(const Json &matches);

/// What can be said of a problem besides its name, from its details: who holds a port, a command that helps,
/// a file; of the storage's, the database. Never its detail, which is the log's. Empty: nothing.
[[nodiscard]] QString aboutProblem(const Error &problem, const std::filesystem::path &database);

/// A word of storage/words.h.
[[nodiscard]] QString wordOf(std::string_view word);

} // namespace gatehouse::summaries
