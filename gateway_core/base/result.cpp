// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/base/result.h"

namespace gatehouse {

std::string_view nameOf(ErrorCode code)
{
    switch (code) {
    case ErrorCode::InvalidRequest: return "invalid_request";
    case ErrorCode::Unauthorized: return "unauthorized";
    case ErrorCode::ScopeDenied: return "scope_denied";
    case ErrorCode::ProjectDenied: return "project_denied";
    case ErrorCode::ApprovalDenied: return "approval_denied";
    case ErrorCode::AgentPaused: return "agent_paused";
    case ErrorCode::OriginDenied: return "origin_denied";
    case ErrorCode::OwnerMismatch: return "owner_mismatch";
    case ErrorCode::StepUpRequired: return "step_up_required";
    case ErrorCode::NotFound: return "not_found";
    case ErrorCode::MethodNotAllowed: return "method_not_allowed";
    case ErrorCode::NotAcceptable: return "not_acceptable";
    case ErrorCode::IdempotencyInProgress: return "idempotency_in_progress";
    case ErrorCode::IssueChanged: return "issue_changed";
    case ErrorCode::OutcomeUnknownExpired: return "outcome_unknown_expired";
    case ErrorCode::Conflict: return "conflict";
    case ErrorCode::PairingExpired: return "pairing_expired";
    case ErrorCode::PayloadTooLarge: return "payload_too_large";
    case ErrorCode::UnsupportedMediaType: return "unsupported_media_type";
    case ErrorCode::ValidationFailed: return "validation_failed";
    case ErrorCode::IdempotencyKeyReused: return "idempotency_key_reused";
    case ErrorCode::RateLimited: return "rate_limited";
    case ErrorCode::ApprovalsFull: return "approvals_full";
    case ErrorCode::HeadersTooLarge: return "headers_too_large";
    case ErrorCode::Internal: return "internal";
    case ErrorCode::UpstreamInvalidResponse: return "upstream_invalid_response";
    case ErrorCode::UpstreamAuthFailed: return "upstream_auth_failed";
    case ErrorCode::UpstreamError: return "upstream_error";
    case ErrorCode::GatewayLocked: return "gateway_locked";
    case ErrorCode::GatewayPaused: return "gateway_paused";
    case ErrorCode::GatewayDraining: return "gateway_draining";
    case ErrorCode::UpstreamNotConfigured: return "upstream_not_configured";
    case ErrorCode::UpstreamUnavailable: return "upstream_unavailable";
    case ErrorCode::AuditUnavailable: return "audit_unavailable";
    case ErrorCode::UpstreamTimeout: return "upstream_timeout";
    case ErrorCode::ApprovalPending: return "approval_pending";
    case ErrorCode::Cancelled: return "cancelled";
    case ErrorCode::StorageWrongKey: return "storage_wrong_key";
    case ErrorCode::StorageKeyMissing: return "storage_key_missing";
    case ErrorCode::StorageMissing: return "storage_missing";
    case ErrorCode::StorageRolledBack: return "rolled_back";
    case ErrorCode::StorageDamaged: return "storage_damaged";
    case ErrorCode::StorageFull: return "storage_full";
    case ErrorCode::StorageReadOnly: return "storage_read_only";
    case ErrorCode::StorageNewer: return "storage_newer";
    case ErrorCode::StorageFailed: return "storage_failed";
    case ErrorCode::SecretsUnavailable: return "secrets_unavailable";
    case ErrorCode::SecretsLocked: return "secrets_locked";
    case ErrorCode::SecretsRefused: return "secrets_refused";
    case ErrorCode::SecretNotFound: return "secret_not_found";
    case ErrorCode::PortBusy: return "port_busy";
    }
    return "internal";
}

} // namespace gatehouse
