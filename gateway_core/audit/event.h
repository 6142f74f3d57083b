// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/ids.h"
#include "gateway_core/base/peer.h"
#include "gateway_core/storage/records.h"

#include <string>

namespace gatehouse {

/// What can stand in the journal. The names on disk are those of nameOf(EventKind) and never change.
enum class EventKind {
    CallIntent,
    CallOutcome,
    CallRefused,
    RefusalsCounted, ///< a flood of one client, counted in memory and written as one row each 10 s
    GatewayStarted,
    GatewayStopped,
    ModeChanged,
    ConnectionChanged, ///< the Tasker address, owner or credential
    AgentCreated,
    AgentChanged,
    ClientPaired,
    ClientRevoked,
    TokenMinted,
    TokenRotated,
    OwnerTokenMinted,
    OwnerTokenRevoked,
    GrantChanged,
    PairingOpened,
    PairingRedeemed,
    PairingConfirmed,
    PairingDenied,
    PairingExpired,
    PairingVoided,
    PinChanged,
    PinReset,
    StepUpPassed,
    StepUpFailed,
    ApprovalAsked,
    ApprovalAllowed,
    ApprovalDenied,
    ApprovalClosed, ///< withdrawn, expired or ended by a restart
    ApprovalEnded, ///< a yes for a time, before its time
    JournalExported,
    JournalCut,
    StorageRestored,
    RetentionChanged, ///< where old rows are exported to
    LoginStarted,
    LoginGranted,
    LoginDenied,
    LoginRevoked,
    EverythingStopped,
    ClockAccepted, ///< a jump ahead is the time from now on
    ClockSetBack, ///< the time by which things end stood in the future, and no longer does
};

[[nodiscard]] std::string_view nameOf(EventKind kind);

/// One thing that happened. No secret and no body: arguments are reduced to names, sizes and HMACs
/// (audit/reduce.h), plus the few fields that a person needs. Thread: value.
struct Event
{
    EventKind kind = EventKind::CallRefused;
    CallId call;
    std::string requestId;
    AgentId agent;
    std::string agentName;
    ClientId client;
    std::string clientName;
    std::string via; ///< rest | mcp | window | ctl | gateway
    std::string tool;
    ProjectId project;
    std::string projectName;
    std::string issue; ///< ENG-42, or the id where no identifier is known
    std::string title;
    std::string decision; ///< allowed | denied | asked
    std::string grants; ///< the grants that decided and their revision, as "scope=answer@revision …"
    std::string outcome; ///< ok | partial | unknown | an error code
    std::string transport, protocol, upstream; ///< the rest of the outcome, kept apart (ADR 0099)
    std::int64_t durationMs = -1;
    Peer peer;
    Json arguments = nullptr; ///< reduced
    Json more = nullptr; ///< what this kind needs besides (counts, old and new value, codex ids)
};

/// The row to append: `at` is wall time in milliseconds; canonical JSON, empty fields left out.
[[nodiscard]] JournalRow toRow(const Event &event, std::int64_t at);

} // namespace gatehouse
