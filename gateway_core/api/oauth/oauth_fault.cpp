// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/oauth/oauth_fault.h"

#include "gateway_core/api/route/error_table.h"
#include "gateway_core/api/route/reply.h"
#include "gateway_core/api/route/wire.h"

namespace gatehouse {

namespace {

constexpr int kRetrySeconds = 5;
constexpr std::string_view kForNow = "temporarily_unavailable";

} // namespace

OAuthFault oauthFaultOf(const Error &error)
{
    const std::string field = wire::text(error.details, "field");
    switch (error.code) {
    case ErrorCode::NotFound:
        if (field == "client_id")
            return { 401, "invalid_client",
                     "This client is not registered here, or not any more. Register again." };
        return { 400, "invalid_grant", "The code or token is not good." };
    case ErrorCode::ScopeDenied: return { 400, "invalid_scope", "No such scope, or more than was granted." };
    case ErrorCode::ValidationFailed:
        if (field == "resource")
            return { 400, "invalid_target", "The resource is not this gateway's /mcp." };
        return { 400, "invalid_request", "The request is malformed." };
    case ErrorCode::InvalidRequest: return { 400, "invalid_request", "The request is malformed." };
    case ErrorCode::RateLimited: return { 429, kForNow, sentenceOf(error.code) };
    default: return { 503, kForNow, sentenceOf(onTheWire(error.code)) };
    }
}

OAuthFault oauthFaultInFront(const Error &error)
{
    const int status = httpStatusOf(error.code);
    if (status == 429)
        return { 429, kForNow, sentenceOf(error.code) };
    if (status >= 500)
        return { 503, kForNow, sentenceOf(onTheWire(error.code)) };
    return { status, "invalid_request", sentenceOf(onTheWire(error.code)) };
}

HttpResponse oauthAnswer(const OAuthFault &fault, const Error &error, const std::string &requestId)
{
    HttpResponse answer = jsonAnswer(
        fault.status, { { "error", fault.word }, { "error_description", fault.sentence } }, requestId);
    if (fault.word == kForNow) {
        const auto seconds
            = error.details.is_object() ? error.details.value("retry_after", kRetrySeconds) : kRetrySeconds;
        answer.headers.emplace_back("retry-after", std::to_string(seconds));
    }
    return answer;
}

} // namespace gatehouse
