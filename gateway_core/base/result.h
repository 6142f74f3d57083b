// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json.hpp>
#include <tl/expected.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace gatehouse {

using Json = nlohmann::json;

/// Everything that can go wrong, named once. The first block are the codes of docs/rest-api.md and
/// go out on the wire; the second stay on this machine and choose a page in the window.
enum class ErrorCode {
    InvalidRequest,
    Unauthorized,
    ScopeDenied,
    ProjectDenied,
    ApprovalDenied,
    AgentPaused,
    OriginDenied,
    OwnerMismatch,
    StepUpRequired,
    NotFound,
    MethodNotAllowed,
    NotAcceptable,
    IdempotencyInProgress,
    IssueChanged,
    OutcomeUnknownExpired,
    Conflict,
    PairingExpired,
    PayloadTooLarge,
    UnsupportedMediaType,
    ValidationFailed,
    IdempotencyKeyReused,
    RateLimited,
    ApprovalsFull,
    HeadersTooLarge,
    Internal,
    UpstreamInvalidResponse,
    UpstreamAuthFailed,
    UpstreamError,
    GatewayLocked,
    GatewayPaused,
    GatewayDraining,
    UpstreamNotConfigured,
    UpstreamUnavailable,
    AuditUnavailable,
    UpstreamTimeout,
    ApprovalPending,
    Cancelled,

    StorageWrongKey,
    StorageKeyMissing,
    StorageMissing,
    StorageRolledBack,
    StorageDamaged,
    StorageFull,
    StorageReadOnly,
    StorageNewer,
    StorageFailed,
    SecretsUnavailable,
    SecretsLocked,
    SecretsRefused,
    SecretNotFound,
    PortBusy,
};

/// `code` picks the HTTP status, the MCP error and the words on screen, in one table each.
/// `detail` goes to the log (a program on a terminal: to its standard error) and nowhere else: it may name a
/// host or a file, never a token, a pairing code, a PIN or a body. `details` goes on the wire beside the code
/// (field names, approval id, retry_after seconds): the same rule holds.
struct Error
{
    ErrorCode code = ErrorCode::Internal;
    std::string detail;
    Json details = nullptr;
};

template <typename T = void> using Result = tl::expected<T, Error>;

[[nodiscard]] inline tl::unexpected<Error> failure(ErrorCode code, std::string detail = {},
                                                   Json details = nullptr)
{
    return tl::unexpected<Error>(Error{ code, std::move(detail), std::move(details) });
}

/// The snake_case name of product.md, "Error answers". Every code has one; those of the second block
/// never leave the machine but stand in the log under the same name.
[[nodiscard]] std::string_view nameOf(ErrorCode code);

} // namespace gatehouse
