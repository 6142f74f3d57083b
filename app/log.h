// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/result.h"

#include <QtGlobal>

#include <filesystem>
#include <string>
#include <string_view>

/// What a program says of itself while it runs: a line for each message that QLoggingCategory lets through
/// (gatehouse.<room>; QT_LOGGING_RULES chooses), with its UTC time and level, free of line ends and of what
/// looks like a secret. Every line goes to standard error and, where one was named, to a file.
/// Thread: any, but for start and stop.
namespace gatehouse::log {

inline constexpr std::size_t kFileMost = 1 << 20; // bytes
inline constexpr int kFiles = 5; ///< the one that is written and four older: .1 is the last one's
inline constexpr std::size_t kLineMost = 4096; // bytes; longer ones are cut

/// From now on everything that Qt and we log goes this way. StorageReadOnly: the file cannot be opened, and
/// lines go to standard error alone. The file has mode 0600 in a folder that is made with 0700.
Result<> start(const std::filesystem::path &file);
/// Back to Qt's own way, and the file is closed.
void stop();

/// One line as it is written, with its end.
[[nodiscard]] std::string lineOf(std::int64_t wall, QtMsgType level, std::string_view category,
                                 const std::string &message);

} // namespace gatehouse::log
