// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/secret.h"
#include "gateway_core/base/result.h"

namespace gatehouse {

/// What Codex says of itself, cut to names of a sane length. For the record only.
[[nodiscard]] Json recordedCodex(const Json &codex);

} // namespace gatehouse
