// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>

namespace gatehouse {

/// Raises this process's soft limit of open files to `wanted`, or as near as the hard limit lets it; never
/// lowers it. Debian's soft limit of 1,024 is less than the doors' 2,048 connections. Call in main, before
/// threads. Returns the limit that holds now.
std::size_t allowOpenFiles(std::size_t wanted);

} // namespace gatehouse
