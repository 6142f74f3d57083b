// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/result.h"
#include "gateway_core/http/message.h"
#include "gateway_core/storage/records.h"

// The filters of the journal's lines, one for the list and the live stream (docs/rest-api.md, Audit).
// Pure. Thread: any.
namespace gatehouse {

/// agent_id, client_id, tool, project_id, decision, outcome, kind, text, from, to of a query.
/// ValidationFailed {errors}: too long, or no date-time.
[[nodiscard]] Result<CallFilter> callFilterOf(const HttpRequest &request);

/// Does this line pass? As the list's own query decides it (storage/call_query.h): fields are equal, the
/// time lies in [from, to), every word of the text begins a word of the line. Paging is not looked at.
/// `recorded` is the kind of the row; a filter for "call" takes every row of a call.
[[nodiscard]] bool passes(const CallFilter &filter, const CallRow &line, std::string_view recorded);

} // namespace gatehouse
