// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/api/mcp_session.h"
#include "gateway_core/api/reply.h"
#include "gateway_core/calls/hallway.h"

#include <QObject>

namespace gatehouse {

/// A held call whose stream broke is withdrawn unless the client is back by then.
inline constexpr Millis kMcpStreamGrace{ 10'000 };

/// The tools/call requests under way in sessions. Each is answered once: as JSON, or, once a client that
/// sent a progress token has to wait for the owner, on an event stream with progress every 10 s.
/// Thread: core. The references must outlive it.
class McpCalls final : public QObject
{
    Q_OBJECT

public:
    McpCalls(Hallway &hallway, Clock &clock);

    /// `call` is whole but for the answer. The session keeps the request's id until its end.
    void begin(const McpSessionPtr &session, const Json &requestId, const Json &progressToken, Call call,
               const Reply &reply);

private:
    struct Running;
    using RunningPtr = std::shared_ptr<Running>;

    void heard(const RunningPtr &running, const CallAnswer &answer);
    void progressed(const RunningPtr &running, int seconds, const std::string &message);
    void answer(const RunningPtr &running, const Json &message);
    void withdraw(const RunningPtr &running);
    void lost(const RunningPtr &running);

    Hallway &m_hallway;
    Clock &m_clock;
};

} // namespace gatehouse
