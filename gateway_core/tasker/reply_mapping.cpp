// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/tasker/reply_mapping.h"

#include "gateway_core/base/json.h"

#include <algorithm>
#include <array>

namespace gatehouse {

namespace {

// The contract's error codes. Others are not repeated, not even in the log: they are Tasker's text.
constexpr std::array<std::string_view, 12> kKnownErrors{
    "unauthorized",           "forbidden",
    "agent_unknown",          "project_not_found",
    "issue_not_found",        "issue_changed",
    "issue_not_in_project",   "validation_failed",
    "idempotency_key_reused", "idempotency_in_progress",
    "rate_limited",           "internal",
};
constexpr std::size_t kFieldLimit = 64;
constexpr std::size_t kFieldsLimit = 50;

bool isFieldName(const Json &value)
{
    if (!value.is_string())
        return false;
    const auto &text = value.get_ref<const std::string &>();
    return !text.empty() && text.size() <= kFieldLimit && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'
            || c == '.';
    });
}

/// Only names of fields, never a sentence: details.field, details.fields[] and details.errors[].field.
Json refusedFields(const Json &error)
{
    Json errors = Json::array();
    const auto take = [&errors](const Json &name) {
        if (isFieldName(name) && errors.size() < kFieldsLimit)
            errors.push_back({ { "field", name }, { "problem", "refused by Tasker" } });
    };
    const auto details = error.find("details");
    if (details == error.end() || !details->is_object())
        return Json{ { "errors", errors } };
    if (const auto field = details->find("field"); field != details->end())
        take(*field);
    if (const auto fields = details->find("fields"); fields != details->end() && fields->is_array())
        std::for_each(fields->begin(), fields->end(), take);
    if (const auto list = details->find("errors"); list != details->end() && list->is_array()) {
        for (const auto &item : *list) {
            if (item.is_object() && item.contains("field"))
                take(item["field"]);
        }
    }
    return Json{ { "errors", errors } };
}

bool isContractError(const Json &answer)
{
    return answer.is_object() && answer.contains("error") && answer["error"].is_string();
}

std::string knownError(const Json &error)
{
    if (!isContractError(error))
        return {};
    const auto &code = error["error"].get_ref<const std::string &>();
    const bool known = std::find(kKnownErrors.begin(), kKnownErrors.end(), code) != kKnownErrors.end();
    return known ? code : std::string();
}

std::string logLine(int status, const std::string &code)
{
    return "tasker " + std::to_string(status) + (code.empty() ? "" : ' ' + code);
}

Error refusal(int status, const Json &error)
{
    const std::string code = knownError(error);
    const std::string detail = logLine(status, code);
    if (status == 404)
        return { ErrorCode::NotFound, detail };
    if (status == 409 && code == "issue_changed")
        return { ErrorCode::IssueChanged, detail };
    if (status == 409 && code == "idempotency_in_progress")
        return { ErrorCode::IdempotencyInProgress, detail };
    if (status == 409)
        return { ErrorCode::Conflict, detail };
    if (status == 422 && code == "idempotency_key_reused")
        return { ErrorCode::Internal, detail }; // our keys are unique
    if (status == 400 || status == 422)
        return { ErrorCode::ValidationFailed, detail, refusedFields(error) };
    return { ErrorCode::UpstreamError, detail };
}

TaskerReply answered(const RawAnswer &answer, Result<Json> body)
{
    TaskerReply reply;
    reply.sent = Sent::Answered;
    reply.status = answer.status;
    reply.body = std::move(body);
    reply.retryAfterSeconds = answer.retryAfterSeconds;
    reply.replayed = answer.replayed;
    return reply;
}

TaskerReply limited(const RawAnswer &answer, ErrorCode code)
{
    Json details;
    if (answer.retryAfterSeconds)
        details = Json{ { "retry_after", *answer.retryAfterSeconds } };
    return answered(answer, failure(code, "tasker " + std::to_string(answer.status), std::move(details)));
}

TaskerReply unusable(const TaskerRequest &request, int status, std::string_view why,
                     ErrorCode code = ErrorCode::UpstreamInvalidResponse)
{
    return replyWithout(request, Sent::Answered, code,
                        "tasker " + std::to_string(status) + ": " + std::string(why), status);
}

TaskerReply accepted(const TaskerRequest &request, const RawAnswer &answer)
{
    const auto json = parseJson(answer.body);
    if (!json)
        return unusable(request, answer.status, json.error().detail);
    auto checked = request.check ? request.check(*json) : Result<Json>(*json);
    if (!checked)
        return unusable(request, answer.status, checked.error().detail);
    return answered(answer, std::move(checked));
}

} // namespace

TaskerReply replyTo(const TaskerRequest &request, const RawAnswer &answer)
{
    const int status = answer.status;
    if (status == 200 || status == 201)
        return accepted(request, answer);
    if (status < 400)
        return unusable(request, status, status < 300 ? "not in the contract" : "redirect, not followed");
    const auto error = parseJson(answer.body).value_or(Json());
    const std::string line = logLine(status, knownError(error));
    switch (status) { // those that a proxy on the way may answer too, with a body of its own
    case 401: return answered(answer, failure(ErrorCode::UpstreamAuthFailed, line));
    case 403: return answered(answer, failure(ErrorCode::ProjectDenied, line));
    case 429: return limited(answer, ErrorCode::RateLimited);
    case 503: return limited(answer, ErrorCode::UpstreamUnavailable);
    default: break;
    }
    if (status >= 500)
        return unusable(request, status, "server error", ErrorCode::UpstreamError);
    if (!isContractError(error))
        return unusable(request, status, "not the contract's error");
    return answered(answer, tl::unexpected(refusal(status, error)));
}

TaskerReply replyWithout(const TaskerRequest &request, Sent sent, ErrorCode code, std::string detail,
                         int status)
{
    TaskerReply reply;
    reply.sent = sent;
    reply.status = status;
    reply.outcomeUnknown = request.isWrite && sent != Sent::Nothing;
    Json details;
    if (reply.outcomeUnknown)
        details = Json{ { "outcome", "unknown" } };
    else if (code == ErrorCode::UpstreamTimeout)
        details = Json{ { "outcome", "none" } };
    reply.body = failure(code, std::move(detail), std::move(details));
    return reply;
}

} // namespace gatehouse
