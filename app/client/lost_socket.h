// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

namespace gatehouse {

/// True: a program listens at `socket`, but the file by which it could be reached is gone. The kernel still
/// lists what it was bound to (/proc/net/unix). Thread: any.
[[nodiscard]] bool isSocketLost(const std::filesystem::path &socket);

} // namespace gatehouse
