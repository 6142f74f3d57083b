// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/calls/stored_answer.h"

#include <algorithm>
#include <array>

namespace gatehouse {

namespace {

// The refusals of an upstream that end a call for good (product.md, Idempotency: 4xx but 401 and 429).
constexpr std::array kFinalErrors{ ErrorCode::ValidationFailed, ErrorCode::ProjectDenied, ErrorCode::NotFound,
                                   ErrorCode::IssueChanged, ErrorCode::Conflict };

} // namespace

Json encode(const UpstreamRequest &request)
{
    return { { "request",
               { { "method", request.method }, { "path", request.path }, { "body", request.body } } } };
}

std::optional<UpstreamRequest> decodeRequest(const Json &stored)
{
    const auto found = stored.is_object() ? stored.find("request") : stored.end();
    if (found == stored.end())
        return std::nullopt;
    UpstreamRequest request;
    request.method = found->at("method").get<std::string>();
    request.path = found->at("path").get<std::string>();
    request.body = found->at("body");
    return request;
}

Json encode(const StoredAnswer &answer)
{
    if (answer.result)
        return { { "result", *answer.result }, { "partial", answer.partial } };
    return { { "error", nameOf(answer.result.error().code) }, { "details", answer.result.error().details } };
}

StoredAnswer decodeAnswer(const Json &stored)
{
    if (stored.is_object() && stored.contains("result"))
        return { stored.at("result"), stored.value("partial", false) };
    const auto name = stored.is_object() ? stored.value("error", std::string()) : std::string();
    const auto code = std::ranges::find(kFinalErrors, name, [](ErrorCode one) { return nameOf(one); });
    if (code == kFinalErrors.end())
        return {};
    return { failure(*code, "replayed", stored.value("details", Json())), false };
}

} // namespace gatehouse
