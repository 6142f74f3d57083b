// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/mcp_calls.h"

#include "gateway_core/api/jsonrpc.h"
#include "gateway_core/api/mcp_tools.h"

#include <QPointer>

namespace gatehouse {

namespace {

constexpr int kRequestCancelled = -32800;

} // namespace

struct McpCalls::Running
{
    std::weak_ptr<McpSession> session; ///< may end first; then nobody is left to answer
    Json requestId;
    Json progressToken;
    Reply reply;
    CallId call;
    int stream = -1; ///< -1: still to be answered as JSON
    bool over = false;
};

McpCalls::McpCalls(Hallway &hallway, Clock &clock)
    : m_hallway(hallway)
    , m_clock(clock)
{
}

void McpCalls::begin(const McpSessionPtr &session, const Json &requestId, const Json &progressToken,
                     Call call, const Reply &reply)
{
    auto running
        = std::make_shared<Running>(Running{ session, requestId, progressToken, reply, {}, -1, false });
    if (!session->begin(requestId, [this, running] { withdraw(running); })) {
        reply.ok(rpc::error(requestId,
                            { rpc::kInvalidRequest, "A request with this id is running", nullptr, {} }));
        return;
    }
    reply.responder()->onGone([self = QPointer(this), running] {
        if (self)
            self->lost(running);
    });
    running->call = m_hallway.begin(
        std::move(call),
        [self = QPointer(this), running](const CallAnswer &answer) {
            if (self)
                self->heard(running, answer);
        },
        [self = QPointer(this), running](int seconds, const std::string &message) {
            if (self)
                self->progressed(running, seconds, message);
        });
}

void McpCalls::heard(const RunningPtr &running, const CallAnswer &answer)
{
    if (running->over)
        return;
    if (!answer.result)
        running->reply.countRefusal(answer.result.error().code);
    this->answer(running,
                 rpc::result(running->requestId, mcp::toolResult(answer, running->reply.requestId())));
}

void McpCalls::answer(const RunningPtr &running, const Json &message)
{
    running->over = true;
    const auto session = running->session.lock();
    if (session)
        session->end(running->requestId);
    if (running->stream < 0) {
        running->reply.ok(message);
    } else if (session) {
        session->send(running->stream, message);
        session->finish(running->stream);
    }
}

void McpCalls::progressed(const RunningPtr &running, int seconds, const std::string &message)
{
    const auto session = running->session.lock();
    if (running->over || running->progressToken.is_null() || !session)
        return;
    if (running->stream < 0) {
        Headers headers{ { "cache-control", "no-store" }, { "x-request-id", running->reply.requestId() } };
        running->stream = session->openStream(running->reply.responder()->stream(std::move(headers)));
    }
    session->send(running->stream,
                  rpc::notification("notifications/progress",
                                    { { "progressToken", running->progressToken },
                                      { "progress", seconds },
                                      { "total", kHoldTime.count() },
                                      { "message", message } }));
}

/// The client cancelled, or its session ended. What is past its intent goes on without us.
void McpCalls::withdraw(const RunningPtr &running)
{
    if (running->over)
        return;
    answer(running, rpc::error(running->requestId, { kRequestCancelled, "Cancelled", nullptr, {} }));
    m_hallway.cancel(running->call);
}

void McpCalls::lost(const RunningPtr &running)
{
    const auto session = running->session.lock();
    if (running->over || !session)
        return;
    if (running->stream < 0) {
        running->over = true;
        session->end(running->requestId);
        m_hallway.cancel(running->call);
        return;
    }
    session->detach(running->stream);
    m_clock.after(kMcpStreamGrace, this, [this, running] {
        const auto still = running->session.lock();
        if (still && !running->over && !still->isAttached(running->stream))
            withdraw(running);
    });
}

} // namespace gatehouse
