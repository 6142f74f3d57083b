// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/random.h"
#include "gateway_core/base/result.h"

#include <optional>
#include <string>
#include <string_view>

// What people and clients type while pairing: codes, check numbers, names and nonces. Thread: any.
namespace gatehouse {

/// Eight letters of kCodeAlphabet, each equally likely, without the dash.
[[nodiscard]] std::string freshCode(Random &random);
/// XXXX-XXXX, as shown.
[[nodiscard]] std::string spelled(std::string_view code);
/// The eight letters behind what was typed: case, dashes and spaces do not matter. nullopt: any other
/// character, or not eight letters; such a text is no code of ours and is not looked up.
[[nodiscard]] std::optional<std::string> codeTyped(std::string_view typed);
/// Six digits.
[[nodiscard]] std::string freshCheckNumber(Random &random);

/// ValidationFailed {field: client_name}: empty, too long, not UTF-8, or with control characters.
[[nodiscard]] Result<> checkClientName(std::string_view name);
/// ValidationFailed {field: nonce}: not 16 to 128 printable ASCII characters.
[[nodiscard]] Result<> checkNonce(std::string_view nonce);

/// Compares in time that does not depend on what is compared, not even on the sizes.
[[nodiscard]] bool sameSecretText(std::string_view left, std::string_view right);

} // namespace gatehouse
