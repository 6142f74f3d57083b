// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/calls/tool_family.h"
#include "gateway_core/storage/records.h"

#include <optional>

// What an idempotency record keeps in its `answer`: while the outcome is open, the request as it left, so
// that a repeat sends the same bytes under the same key; when it is done, the answer as it was given.
namespace gatehouse {

struct KeptAnswer
{
    Result<Json> result = failure(ErrorCode::Internal);
    bool partial = false;
};

[[nodiscard]] Json kept(const UpstreamRequest &request);
/// nullopt: there is none in it.
[[nodiscard]] std::optional<UpstreamRequest> requestIn(const Json &stored);
[[nodiscard]] Json kept(const KeptAnswer &answer);
[[nodiscard]] KeptAnswer keptAnswerOf(const Json &stored);

} // namespace gatehouse
