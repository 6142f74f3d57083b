// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/calls/tool_family.h"
#include "gateway_core/storage/records.h"

#include <optional>

// What an idempotency record keeps in its `answer`: while the outcome is open, the request as it left, so
// that a repeat sends the same bytes under the same key; when it is done, the answer as it was given.
namespace gatehouse {

struct StoredAnswer
{
    Result<Json> result = failure(ErrorCode::Internal);
    bool partial = false;
};

[[nodiscard]] Json encode(const UpstreamRequest &request);
/// nullopt: there is none in it.
[[nodiscard]] std::optional<UpstreamRequest> decodeRequest(const Json &stored);
[[nodiscard]] Json encode(const StoredAnswer &answer);
[[nodiscard]] StoredAnswer decodeAnswer(const Json &stored);

} // namespace gatehouse
