// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/audit/event.h"

#include "gateway_core/base/json.h"

namespace gatehouse {

namespace {

void put(Json &body, const char *name, const std::string &text)
{
    if (!text.empty())
        body[name] = text;
}

void put(Json &body, const char *name, const Json &value)
{
    if (!value.is_null() && !value.empty())
        body[name] = value;
}

/// The gateway and the window have no peer; for a caller from outside even uid 0 says something.
bool hasPeer(const Event &event)
{
    return event.via == "rest" || event.via == "mcp" || event.via == "ctl" || event.peer.uid != 0
        || event.peer.process.pid != 0;
}

Json reduced(const Peer &peer)
{
    Json value{ { "uid", peer.uid } };
    if (peer.process.pid != 0)
        value["pid"] = peer.process.pid;
    if (peer.viaUnixSocket)
        value["socket"] = "unix";
    put(value, "executable", peer.process.executable);
    put(value, "folder", peer.process.folder);
    Json parents = Json::array();
    for (const auto &parent : peer.parents)
        if (!parent.executable.empty())
            parents.push_back(parent.executable);
    put(value, "parents", parents);
    return value;
}

} // namespace

std::string_view nameOf(EventKind kind)
{
    switch (kind) {
    case EventKind::CallIntent: return "call_intent";
    case EventKind::CallOutcome: return "call_outcome";
    case EventKind::CallRefused: return "call_refused";
    case EventKind::RefusalsCounted: return "refusals_counted";
    case EventKind::GatewayStarted: return "gateway_started";
    case EventKind::GatewayStopped: return "gateway_stopped";
    case EventKind::ModeChanged: return "mode_changed";
    case EventKind::ConnectionChanged: return "connection_changed";
    case EventKind::AgentCreated: return "agent_created";
    case EventKind::AgentChanged: return "agent_changed";
    case EventKind::ClientPaired: return "client_paired";
    case EventKind::ClientRevoked: return "client_revoked";
    case EventKind::TokenMinted: return "token_minted";
    case EventKind::TokenRotated: return "token_rotated";
    case EventKind::OwnerTokenMinted: return "owner_token_minted";
    case EventKind::OwnerTokenRevoked: return "owner_token_revoked";
    case EventKind::GrantChanged: return "grant_changed";
    case EventKind::PairingOpened: return "pairing_opened";
    case EventKind::PairingRedeemed: return "pairing_redeemed";
    case EventKind::PairingConfirmed: return "pairing_confirmed";
    case EventKind::PairingDenied: return "pairing_denied";
    case EventKind::PairingExpired: return "pairing_expired";
    case EventKind::PairingVoided: return "pairing_voided";
    case EventKind::PinChanged: return "pin_changed";
    case EventKind::PinReset: return "pin_reset";
    case EventKind::StepUpPassed: return "step_up_passed";
    case EventKind::StepUpFailed: return "step_up_failed";
    case EventKind::ApprovalAsked: return "approval_asked";
    case EventKind::ApprovalAllowed: return "approval_allowed";
    case EventKind::ApprovalDenied: return "approval_denied";
    case EventKind::ApprovalClosed: return "approval_closed";
    case EventKind::ApprovalEnded: return "approval_ended";
    case EventKind::JournalExported: return "journal_exported";
    case EventKind::JournalCut: return "journal_cut";
    case EventKind::StorageRestored: return "storage_restored";
    case EventKind::RetentionChanged: return "retention_changed";
    case EventKind::LoginStarted: return "login_started";
    case EventKind::LoginGranted: return "login_granted";
    case EventKind::LoginDenied: return "login_denied";
    case EventKind::LoginRevoked: return "login_revoked";
    case EventKind::EverythingStopped: return "everything_stopped";
    case EventKind::ClockAccepted: return "clock_accepted";
    case EventKind::ClockSetBack: return "clock_set_back";
    }
    return "unknown";
}

// docs/storage.md, "The body of a row", lists the names; storage/call_store.cpp reads them.
JournalRow toRow(const Event &event, std::int64_t at)
{
    JournalRow row;
    row.at = at;
    row.kind = nameOf(event.kind);
    row.callId = event.call.text();
    Json body{ { "at", at }, { "kind", row.kind } };
    put(body, "call", row.callId);
    put(body, "request", event.requestId);
    put(body, "agent", event.agent.text());
    put(body, "agent_name", event.agentName);
    put(body, "client", event.client.text());
    put(body, "client_name", event.clientName);
    put(body, "via", event.via);
    put(body, "tool", event.tool);
    put(body, "project", event.project.text());
    put(body, "project_name", event.projectName);
    put(body, "issue", event.issue);
    put(body, "title", event.title);
    put(body, "decision", event.decision);
    put(body, "grants", event.grants);
    put(body, "outcome", event.outcome);
    put(body, "transport", event.transport);
    put(body, "protocol", event.protocol);
    put(body, "upstream", event.upstream);
    if (event.durationMs >= 0)
        body["duration_ms"] = event.durationMs;
    if (hasPeer(event))
        body["peer"] = reduced(event.peer);
    put(body, "arguments", event.arguments);
    put(body, "more", event.more);
    row.body = canonicalJson(body);
    return row;
}

} // namespace gatehouse
