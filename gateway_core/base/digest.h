// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/secret.h"

#include <array>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace gatehouse {

using Digest = std::array<std::uint8_t, 32>;

/// SHA-256 over the parts one after another (FIPS 180-4). Thread: any.
[[nodiscard]] Digest sha256(std::initializer_list<std::string_view> parts);
/// HMAC-SHA-256 (RFC 2104).
[[nodiscard]] Digest hmacSha256(const Secret &key, std::string_view text);

[[nodiscard]] std::string hex(std::span<const std::uint8_t> bytes);
/// base64url without padding (RFC 4648, section 5).
[[nodiscard]] std::string base64Url(std::span<const std::uint8_t> bytes);
[[nodiscard]] std::string_view asText(std::span<const std::uint8_t> bytes);

} // namespace gatehouse
