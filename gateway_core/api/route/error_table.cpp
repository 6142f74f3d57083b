// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/route/error_table.h"

#include "gateway_core/api/route/reply.h"
#include "gateway_core/base/json.h"

#include <algorithm>
#include <array>
#include <optional>

namespace gatehouse {

namespace {

constexpr int kLockedRetrySeconds = 5;

struct Row
{
    int status;
    std::string_view sentence;
};

Row rowOf(ErrorCode code)
{
    switch (code) {
    case ErrorCode::InvalidRequest: return { 400, "The request is malformed." };
    case ErrorCode::Unauthorized: return { 401, "A valid token is needed. Pair this client in Gatehouse." };
    case ErrorCode::ScopeDenied: return { 403, "No grant allows this. The owner can give one in Gatehouse." };
    case ErrorCode::ProjectDenied: return { 403, "This project is not open to the caller." };
    case ErrorCode::ApprovalDenied: return { 403, "The owner said no." };
    case ErrorCode::AgentPaused: return { 403, "The owner has paused this agent." };
    case ErrorCode::OriginDenied: return { 403, "Requests from this origin are refused." };
    case ErrorCode::OwnerMismatch: return { 403, "This gateway belongs to another owner." };
    case ErrorCode::StepUpRequired: return { 403, "The owner's PIN is needed for this." };
    case ErrorCode::NotFound: return { 404, "There is no such thing, or it is not open to the caller." };
    case ErrorCode::MethodNotAllowed: return { 405, "This path does not take that method." };
    case ErrorCode::NotAcceptable: return { 406, "The answer has no form that the client accepts." };
    case ErrorCode::IdempotencyInProgress: return { 409, "The same call is still under way." };
    case ErrorCode::IssueChanged: return { 409, "The issue has changed since it was read. Read it again." };
    case ErrorCode::OutcomeUnknownExpired:
        return { 409,
                 "Whether this call took effect is unknown and can no longer be found out safely. "
                 "Look in Tasker." };
    case ErrorCode::Conflict: return { 409, "This does not fit the present state." };
    case ErrorCode::PairingExpired: return { 410, "The pairing has run out. Begin again with a new code." };
    case ErrorCode::PayloadTooLarge: return { 413, "The body is too large." };
    case ErrorCode::UnsupportedMediaType: return { 415, "The body must be application/json." };
    case ErrorCode::ValidationFailed: return { 422, "Some fields are not as they must be." };
    case ErrorCode::IdempotencyKeyReused:
        return { 422, "This idempotency key was used before with another body." };
    case ErrorCode::RateLimited: return { 429, "Too many requests. Wait before the next one." };
    case ErrorCode::ApprovalsFull: return { 429, "Too many calls wait for the owner already." };
    case ErrorCode::HeadersTooLarge: return { 431, "The headers are too large." };
    case ErrorCode::Internal: return { 500, "Gatehouse failed. The request id finds it in the log." };
    case ErrorCode::UpstreamInvalidResponse:
        return { 502, "Tasker gave an answer that does not fit its contract." };
    case ErrorCode::UpstreamAuthFailed:
        return { 502, "Tasker refused the owner's credential. The owner must connect again." };
    case ErrorCode::UpstreamError: return { 502, "Tasker failed." };
    case ErrorCode::GatewayLocked:
        return { 503, "Gatehouse is locked until the owner unlocks the keychain." };
    case ErrorCode::GatewayPaused: return { 503, "The owner has paused the gateway." };
    case ErrorCode::GatewayDraining: return { 503, "The gateway is draining and takes no new calls." };
    case ErrorCode::UpstreamNotConfigured: return { 503, "No Tasker is connected yet." };
    case ErrorCode::UpstreamUnavailable: return { 503, "Tasker cannot be reached." };
    case ErrorCode::AuditUnavailable: return { 503, "The journal cannot be written, so nothing is done." };
    case ErrorCode::UpstreamTimeout: return { 504, "Tasker did not answer in time." };
    case ErrorCode::ApprovalPending:
        return { 202, "The owner has not answered yet. Repeat the same call later; do not change it." };
    case ErrorCode::Cancelled: return { 409, "The call was withdrawn." };
    case ErrorCode::StorageWrongKey:
    case ErrorCode::StorageKeyMissing:
    case ErrorCode::StorageMissing:
    case ErrorCode::StorageRolledBack:
    case ErrorCode::StorageDamaged:
    case ErrorCode::StorageFull:
    case ErrorCode::StorageReadOnly:
    case ErrorCode::StorageNewer:
    case ErrorCode::StorageFailed:
    case ErrorCode::SecretsUnavailable:
    case ErrorCode::SecretsLocked:
    case ErrorCode::SecretsRefused:
    case ErrorCode::SecretNotFound:
    case ErrorCode::PortBusy: break; // onTheWire() has turned these into another
    }
    return { 500, "Gatehouse failed. The request id finds it in the log." };
}

/// A bound of one token, which several programs may share without knowing of each other: how many, whose, and
/// the way out. {} where it is no such bound.
std::string sentenceOfBound(const Error &error)
{
    const std::string client = textAt(error.details, "client");
    const std::string reason = textAt(error.details, "reason");
    if (client.empty() || !error.details.contains("most"))
        return {};
    const std::string most = error.details["most"].dump();
    const std::string whose = " of the client \"" + client + "\"";
    constexpr std::string_view kWayOut
        = ". If several programs share its token, give each a token of its own in Gatehouse.";
    std::string what;
    if (reason == "connections")
        what = most + " connections" + whose + " are open, and one token may have no more";
    else if (reason == "requests")
        what = "The " + most + " requests a minute" + whose + " are used up";
    else if (reason == "refusals")
        what = most + " requests a minute" + whose + " were refused; it has to wait";
    else if (error.code == ErrorCode::ApprovalsFull)
        what = most + " calls" + whose + " wait for the owner already";
    return what.empty() ? what : what.append(kWayOut);
}
struct Reason
{
    std::string_view name;
    std::string_view sentence;
};

// What details.reason makes more exact, of Tasker and of its address.
constexpr std::array kReasons{
    Reason{ "connection_broke", "The connection to Tasker broke before its answer was whole." },
    Reason{ "host_not_found", "Tasker cannot be reached: there is no host of that name." },
    Reason{ "not_reachable", "Tasker cannot be reached: nothing takes connections at its address." },
    Reason{ "proxy", "Tasker cannot be reached: the system's proxy did not let the connection through." },
    Reason{ "certificate", "Tasker's certificate does not hold." },
    Reason{ "tls", "Tasker's address does not speak TLS: is it http that listens there?" },
    Reason{ "plain_http_not_loopback", "Plain http goes to this machine alone: use https." },
    Reason{ "no_tasker", "There is no Tasker at that address, nor below it." },
    Reason{ "login_page",
            "A page for people answered at that address, such as a login page, and no Tasker." },
    Reason{ "wrong_credential", "Tasker refused this credential." },
    Reason{ "wrong_owner", "This credential does not belong to that user id." },
};

std::optional<std::int64_t> retryAfter(const Error &error)
{
    if (error.details.is_object()) {
        const auto entry = error.details.find("retry_after");
        if (entry != error.details.end() && entry->is_number_integer())
            return std::max<std::int64_t>(1, entry->get<std::int64_t>());
    }
    if (onTheWire(error.code) == ErrorCode::GatewayLocked)
        return kLockedRetrySeconds;
    return std::nullopt;
}

} // namespace

ErrorCode onTheWire(ErrorCode code)
{
    switch (code) {
    case ErrorCode::StorageWrongKey:
    case ErrorCode::StorageKeyMissing:
    case ErrorCode::StorageMissing:
    case ErrorCode::StorageRolledBack:
    case ErrorCode::StorageDamaged:
    case ErrorCode::StorageFull:
    case ErrorCode::StorageReadOnly:
    case ErrorCode::StorageNewer:
    case ErrorCode::StorageFailed: return ErrorCode::AuditUnavailable;
    case ErrorCode::SecretsUnavailable:
    case ErrorCode::SecretsLocked:
    case ErrorCode::SecretsRefused:
    case ErrorCode::SecretNotFound: return ErrorCode::GatewayLocked;
    case ErrorCode::PortBusy: return ErrorCode::Conflict;
    default: return code; // the first block of ErrorCode goes out as it is
    }
}

int httpStatusOf(ErrorCode code)
{
    return rowOf(onTheWire(code)).status;
}

std::string_view sentenceOf(ErrorCode code)
{
    return rowOf(onTheWire(code)).sentence;
}

std::string sentenceOf(const Error &error)
{
    const auto text = [&error](const char *field) {
        const auto found = error.details.is_object() ? error.details.find(field) : error.details.end();
        return found != error.details.end() && found->is_string() ? found->get<std::string>() : std::string();
    };
    const std::string reason = text("reason");
    if (reason == "intercepted")
        return "Something in between refused this (status " + std::to_string(error.details.value("status", 0))
            + "): it was not Tasker that answered.";
    if (reason == "certificate" && !text("subject").empty())
        return "Tasker's certificate does not hold (" + text("problem") + "): it is for \"" + text("subject")
            + "\", by \"" + text("issuer") + "\".";
    const auto row = std::ranges::find(kReasons, reason, &Reason::name);
    return std::string(row == kReasons.end() ? sentenceOf(error.code) : row->sentence);
}

ErrorCode codeOfStatus(int status)
{
    switch (status) {
    case 403: return ErrorCode::OriginDenied;
    case 404: return ErrorCode::NotFound;
    case 405: return ErrorCode::MethodNotAllowed;
    case 413: return ErrorCode::PayloadTooLarge;
    case 415: return ErrorCode::UnsupportedMediaType;
    case 429: return ErrorCode::RateLimited;
    case 431: return ErrorCode::HeadersTooLarge;
    case 500: return ErrorCode::Internal;
    case 503: return ErrorCode::RateLimited;
    default: return ErrorCode::InvalidRequest;
    }
}

bool isRefusal(ErrorCode code)
{
    const int status = httpStatusOf(code);
    // Conflicts and *too many* are no refusals: the first are the normal course of work, the second
    // would keep a client out for as long as it asks.
    return status >= 400 && status < 500 && status != 409 && status != 410 && status != 429;
}

Error fieldProblem(std::string_view field, std::string_view problem)
{
    Json errors = Json::array();
    errors.push_back({ { "field", field }, { "problem", problem } });
    return { ErrorCode::ValidationFailed, {}, { { "errors", std::move(errors) } } };
}

Json errorBody(const Error &error, const std::string &requestId)
{
    const std::string bound = sentenceOfBound(error);
    return { { "error", nameOf(onTheWire(error.code)) },
             { "message", bound.empty() ? std::string(sentenceOf(error)) : bound },
             { "details", error.details.is_object() ? error.details : Json::object() },
             { "request_id", requestId } };
}

HttpResponse errorAnswer(const Error &error, const std::string &requestId)
{
    HttpResponse answer = jsonAnswer(httpStatusOf(error.code), errorBody(error, requestId), requestId);
    if (const auto seconds = retryAfter(error))
        answer.headers.emplace_back("retry-after", std::to_string(*seconds));
    return answer;
}

} // namespace gatehouse
