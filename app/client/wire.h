// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/secret.h"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gatehouse {

/// What one of our own programs asks the gateway. The token travels apart from the other headers, so
/// that it stays in protected memory until it is written.
struct WireRequest
{
    std::string method = "GET";
    std::string target; ///< path and query, already percent-encoded
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    std::shared_ptr<const Secret> bearer; ///< null: no Authorization header
    /// Silence after which the exchange counts as broken. The longest silence that is meant: a call held
    /// for approval (45 s) or a long poll (25 s).
    std::chrono::milliseconds patience{ 90'000 };
};

/// Why there is no whole answer.
enum class WireFailure {
    NotReachable, ///< nobody listens there; nothing was sent
    SocketLost, ///< Gatehouse runs, but its socket's file is gone; nothing was sent
    WrongOwner, ///< the listener belongs to another user; nothing was sent
    Broken, ///< the connection ended or fell silent; the request may have arrived
    Malformed, ///< what came back is not HTTP/1.1
};

/// For a person, on a terminal.
[[nodiscard]] std::string_view sentenceFor(WireFailure failure);

} // namespace gatehouse
