// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/mcp/mcp_session_exchange.h"

namespace gatehouse {

McpSessionExchange::McpSessionExchange(Way way, Asked asked)
    : McpExchange(std::move(asked))
    , m_door(way.door)
    , m_clock(way.clock)
    , m_session(way.session)
    , m_requestId(std::move(way.requestId))
    , m_progressToken(std::move(way.progressToken))
    , m_canStream(way.canStream)
    , m_reply(std::move(way.reply))
{
}

McpSessionExchange::~McpSessionExchange()
{
    if (!m_over)
        end(rpc::error(m_requestId, { rpc::kInternalError, "Internal error", nullptr, nullptr }));
}

bool McpSessionExchange::begin()
{
    const auto session = m_session.lock();
    const auto self = weak_from_this();
    const bool isNew = session->begin(m_requestId, [self] {
        if (const auto exchange = self.lock())
            exchange->withdraw();
    });
    if (!isNew) {
        m_over = true;
        m_reply.ok(rpc::error(m_requestId,
                              { rpc::kInvalidRequest, "A request with this id is running", nullptr, {} }));
        return false;
    }
    m_reply.responder()->onGone([self] {
        if (const auto exchange = self.lock())
            exchange->lost();
    });
    return true;
}

void McpSessionExchange::progress(double done, std::optional<double> total, const std::string &message)
{
    if (m_progressToken.is_null())
        return;
    Json params{ { "progressToken", m_progressToken }, { "progress", done }, { "message", message } };
    if (total)
        params["total"] = *total;
    say(rpc::notification("notifications/progress", std::move(params)));
}

void McpSessionExchange::log(McpLogLevel level, const std::string &logger, Json data)
{
    const auto session = m_session.lock();
    if (!session || !session->logLevel || level < *session->logLevel)
        return;
    say(rpc::notification("notifications/message",
                          { { "level", nameOf(level) }, { "logger", logger }, { "data", std::move(data) } }));
}

void McpSessionExchange::say(const Json &notification)
{
    const auto session = m_session.lock();
    if (m_over || !m_canStream || !session)
        return;
    if (m_stream < 0) {
        Headers headers{ { "cache-control", "no-store" }, { "x-request-id", m_reply.requestId() } };
        m_stream = session->openStream(m_reply.responder()->stream(std::move(headers)));
    }
    session->send(m_stream, notification);
}

void McpSessionExchange::answer(Json result)
{
    if (!m_over)
        end(rpc::result(m_requestId, std::move(result)));
}

void McpSessionExchange::fail(const rpc::Fault &fault)
{
    if (m_over)
        return;
    if (fault.code != rpc::kInternalError)
        m_reply.countRefusal(ErrorCode::InvalidRequest);
    end(rpc::error(m_requestId, fault));
}

void McpSessionExchange::countRefusal(ErrorCode code)
{
    m_reply.countRefusal(code);
}

void McpSessionExchange::onCancelled(std::function<void()> cancelled)
{
    const auto session = m_session.lock();
    if (m_lost && session)
        session->leave(m_requestId, std::move(cancelled));
    else
        m_cancelled = std::move(cancelled);
}

void McpSessionExchange::end(const Json &message)
{
    m_over = true;
    const auto session = m_session.lock();
    if (session)
        session->end(m_requestId);
    if (m_stream < 0) {
        m_reply.ok(message);
    } else if (session) {
        session->send(m_stream, message);
        session->finish(m_stream);
    }
}

/// The client cancelled, or its session ended. What is past its intent goes on without us.
void McpSessionExchange::withdraw()
{
    if (m_over)
        return;
    end(rpc::error(m_requestId, { kMcpRequestCancelled, "Cancelled", nullptr, {} }));
    if (const auto cancelled = std::exchange(m_cancelled, {}))
        cancelled();
}

/// A lost connection is no cancellation (MCP 2025-11-25, basic/transports, "Sending Messages to the Server"):
/// the work goes on, and an answer on a stream is kept for Last-Event-ID.
void McpSessionExchange::lost()
{
    const auto session = m_session.lock();
    if (m_over || !session)
        return;
    if (m_stream < 0) {
        m_over = m_lost = true;
        session->end(m_requestId);
        if (const auto whenLost = std::exchange(m_whenLost, {}))
            whenLost();
        return;
    }
    session->detach(m_stream);
    m_clock.after(kMcpStreamGrace, &m_door, [self = weak_from_this()] {
        const auto exchange = self.lock();
        const auto still = exchange ? exchange->m_session.lock() : nullptr;
        if (!still || exchange->m_over || still->isAttached(exchange->m_stream))
            return;
        exchange->m_lost = true;
        if (const auto whenLost = std::exchange(exchange->m_whenLost, {}))
            whenLost();
    });
}

} // namespace gatehouse
