// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/api/route/reply.h"
#include "gateway_core/base/result.h"
#include "gateway_core/http/message.h"

#include <string>
#include <string_view>

// Who reads a refusal decides its form: a browser wants a page in words, an OAuth client the RFC's error,
// everybody else our own JSON. The path says who reads. Pure. Thread: any.
namespace gatehouse {

/// `path` as it was asked for; it need not be one of ours.
[[nodiscard]] RefusalForm refusalFormAt(std::string_view path);
/// In that form, what http/ refuses by itself. `reason` is http's own short English; the status goes out as
/// given.
[[nodiscard]] HttpResponse refusalAt(int status, std::string_view reason, std::string_view path,
                                     const std::string &requestId);

} // namespace gatehouse
