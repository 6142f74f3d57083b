// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/random.h"
#include "gateway_core/http/connection_limiter.h"
#include "gateway_core/http/http_rejection.h"
#include "gateway_core/http/http_limits.h"
#include "gateway_core/http/message.h"
#include "gateway_core/http/response_bytes.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse {

/// What all connections of one server share. Thread: core. Owned by HttpServer, outlives its connections.
struct ServerState
{
    ServerState(HttpLimits givenLimits, Clock &givenClock, Random &givenRandom)
        : limits(givenLimits)
        , clock(givenClock)
        , random(givenRandom)
        , crowd(limits)
    {
    }

    const HttpLimits limits;
    Clock &clock;
    Random &random;
    ConnectionLimiter crowd;
    DateText date;
    int port = 0; ///< of the loopback listeners; 0: none
    std::function<void(const HttpRequest &, ResponderPtr)> handler;
    std::function<std::size_t(std::string_view, std::string_view)> bodyLimit;
    std::function<bool(const HttpRequest &)> bodyWanted;
    std::function<HttpResponse(int, std::string_view, std::string_view, const std::string &)> refusal;
    std::function<void(std::uint32_t, const HttpRejection &)> refused;
    std::vector<std::string> navigable;
    std::vector<class Connection *> connections; ///< all, also those not counted in the crowd
    int turnedAway = 0; ///< connections that never entered and still wait for their client to read why

    /// The answer to what http/ itself refuses, in the gateway's own words if it gave some.
    [[nodiscard]] HttpResponse refusalFor(const HttpRejection &fault, std::string_view path,
                                          const std::string &requestId) const;
};

} // namespace gatehouse
