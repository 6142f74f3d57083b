// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/tasker/adapter.h"
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
constexpr std::size_t kCodeLimit = 64;
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

bool isSnakeCase(const std::string &text)
{
    return !text.empty() && text.size() <= kCodeLimit && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
}

std::string knownError(const Json &error)
{
    const auto code = error.value("error", std::string());
    const bool known = std::find(kKnownErrors.begin(), kKnownErrors.end(), code) != kKnownErrors.end();
    return known ? code : std::string();
}

/// Whether Tasker itself says so: its errors have a code and a message. At 401 and 403, which stop work
/// until somebody acts, the code has to be one of the contract's: others say {"error", "message"} as well.
bool isContractError(int status, const Json &answer)
{
    const auto text = [&answer](const char *field) {
        const auto found = answer.find(field);
        return found != answer.end() && found->is_string();
    };
    if (!answer.is_object() || !text("error") || !text("message"))
        return false;
    return status == 401 || status == 403 ? !knownError(answer).empty()
                                          : isSnakeCase(answer["error"].get_ref<const std::string &>());
}

/// The statuses that say of a request that it was not taken, whoever answers them.
constexpr std::array kNotTaken{ 401, 407, 408, 411, 413, 414, 417, 421, 425, 426, 428, 429, 431, 511 };

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
    if (answer.encoded)
        return unusable(request, answer.status, "an encoding that was not asked for");
    auto json = parseJson(answer.body);
    if (json && json->is_object())
        json->erase(adapter::kUnreadable); // ours to say, about this very answer
    if (!json)
        return replyWithout(request, Sent::Answered, ErrorCode::UpstreamInvalidResponse,
                            logLine(answer.status, {}) + ": " + json.error().detail, answer.status,
                            { { "reason", "not_json" } });
    auto checked = request.check ? request.check(*json) : Result<Json>(*json);
    if (!checked)
        return replyWithout(request, Sent::Answered, ErrorCode::UpstreamInvalidResponse,
                            "tasker " + std::to_string(answer.status) + ": " + checked.error().detail,
                            answer.status, checked.error().details);
    return answered(answer, std::move(checked));
}

} // namespace

std::string reasonOf(const Error &error)
{
    return error.details.is_object() ? error.details.value("reason", std::string()) : std::string();
}

TaskerReply replyTo(const TaskerRequest &request, const RawAnswer &answer)
{
    const int status = answer.status;
    if (status == 200 || status == 201)
        return accepted(request, answer);
    if (status < 300)
        return unusable(request, status, "not in the contract");
    const Json error = answer.encoded ? Json() : parseJson(answer.body).value_or(Json());
    if (status < 400 || !isContractError(status, error))
        return replyInItsPlace(request, status, "not an answer of the contract", answer.retryAfterSeconds);
    const std::string line = logLine(status, knownError(error));
    switch (status) {
    case 401: return answered(answer, failure(ErrorCode::UpstreamAuthFailed, line));
    case 403: return answered(answer, failure(ErrorCode::ProjectDenied, line));
    case 429: return limited(answer, ErrorCode::RateLimited);
    case 503: return limited(answer, ErrorCode::UpstreamUnavailable);
    default: break;
    }
    if (status >= 500)
        return unusable(request, status, "server error", ErrorCode::UpstreamError);
    return answered(answer, tl::unexpected(refusal(status, error)));
}

TaskerReply replyWithout(const TaskerRequest &request, Sent sent, ErrorCode code, std::string detail,
                         int status, Json details)
{
    TaskerReply reply;
    reply.sent = sent;
    reply.status = status;
    reply.outcomeUnknown = request.isWrite && sent != Sent::Nothing;
    if (reply.outcomeUnknown)
        details["outcome"] = "unknown";
    else if (code == ErrorCode::UpstreamTimeout || code == ErrorCode::UpstreamUnavailable)
        details["outcome"] = "none";
    reply.body = failure(code, std::move(detail), std::move(details));
    return reply;
}

TaskerReply replyInItsPlace(const TaskerRequest &request, int status, const std::string &detail,
                            std::optional<int> retryAfterSeconds)
{
    TaskerReply reply;
    reply.sent = Sent::Answered;
    reply.status = status;
    reply.retryAfterSeconds = retryAfterSeconds;
    reply.outcomeUnknown
        = request.isWrite && std::find(kNotTaken.begin(), kNotTaken.end(), status) == kNotTaken.end();
    Json details{ { "reason", "intercepted" },
                  { "status", status },
                  { "outcome", reply.outcomeUnknown ? "unknown" : "none" } };
    if (retryAfterSeconds)
        details["retry_after"] = *retryAfterSeconds;
    reply.body
        = failure(ErrorCode::UpstreamUnavailable, logLine(status, {}) + ": " + detail, std::move(details));
    return reply;
}

} // namespace gatehouse
