// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace gatehouse {

/// Of the linked library, as "4.5.3 community"; empty if it does not tell. Opens nothing on disk. Thread:
/// any.
[[nodiscard]] std::string sqlcipherVersion();
/// The last step of resources/migrations: what an open database stands at. Thread: any.
[[nodiscard]] int schemaVersion();

} // namespace gatehouse
