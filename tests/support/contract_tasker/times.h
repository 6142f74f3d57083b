// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace contract {

/// Microseconds since 1970, UTC, as Plane keeps them.
using Micros = std::int64_t;

[[nodiscard]] Micros wallMicros();
/// As in 2026-09-01T08:00:00.000001Z: of one length, so that text order is time order.
[[nodiscard]] std::string timeText(Micros time);
/// RFC 3339, any offset, up to 9 digits of a second (what is below a microsecond is cut off).
[[nodiscard]] std::optional<Micros> timeIn(const std::string &text);
[[nodiscard]] bool isDate(const std::string &text);

} // namespace contract
