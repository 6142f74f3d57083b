// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace gatehouse {

/// What the owner can do about a code of docs/rest-api.md, in a sentence; empty where the gateway's own
/// sentence says it. Thread: any.
[[nodiscard]] std::string_view cureFor(std::string_view code);

} // namespace gatehouse
