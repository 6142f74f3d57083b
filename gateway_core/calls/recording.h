// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/result.h"
#include "gateway_core/base/secret.h"

namespace gatehouse {

/// A call's arguments as the journal keeps them: per field its size and an HMAC, so that two calls can be
/// compared and no text can be read. Without a key, the sizes alone. Pure. Thread: any.
[[nodiscard]] Json reducedArguments(const Json &arguments, const Secret &key);
/// What Codex says of itself, each value cut to a sane length. Client-asserted: for the record only.
[[nodiscard]] Json recordedCodex(const Json &codex);

} // namespace gatehouse
