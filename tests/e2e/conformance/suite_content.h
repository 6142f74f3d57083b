// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/result.h"

#include <string>
#include <vector>

// Content blocks as MCP has them. Pure. Thread: any.
namespace gatehouse::suite {

[[nodiscard]] Json text(const std::string &words);
/// One red pixel, PNG.
[[nodiscard]] Json image();
[[nodiscard]] std::string pngBase64();
/// A moment of silence, WAV.
[[nodiscard]] Json audio();
[[nodiscard]] Json embedded(const std::string &uri, const std::string &mimeType, const std::string &words);

/// {content: blocks}
[[nodiscard]] Json contentOf(std::vector<Json> blocks);
/// {messages: all}
[[nodiscard]] Json messagesOf(std::vector<Json> all);
/// {role: user, content}
[[nodiscard]] Json userSays(Json block);

} // namespace gatehouse::suite
