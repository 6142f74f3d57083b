// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/result.h"

namespace gatehouse {

/// What Codex says of itself, each value cut to a sane length. Client-asserted: for the record only.
/// Pure. Thread: any.
[[nodiscard]] Json recordedCodex(const Json &codex);

} // namespace gatehouse
