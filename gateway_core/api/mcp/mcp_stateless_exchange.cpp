// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/mcp/mcp_stateless_exchange.h"

#include "gateway_core/base/json.h"

#include <algorithm>

namespace gatehouse {

namespace {

/// How long a client may take a list for fresh: the owner may change grants at any time, and a client that
/// listens is told at once. What Tasker holds changes without us: it is stale at once.
constexpr std::int64_t kListFreshMs = 60'000;
struct Freshness
{
    std::string_view method;
    std::int64_t ttlMs;
};
constexpr std::array kCacheable{
    Freshness{ "server/discover", kListFreshMs },
    Freshness{ "tools/list", kListFreshMs },
    Freshness{ "prompts/list", kListFreshMs },
    Freshness{ "resources/list", kListFreshMs },
    Freshness{ "resources/templates/list", kListFreshMs },
    Freshness{ "resources/read", 0 },
};

} // namespace

int mcpStatusOf(int code)
{
    switch (code) {
    case rpc::kMethodNotFound: return 404;
    case rpc::kParseError:
    case rpc::kInvalidRequest:
    case mcp::kHeaderMismatch:
    case mcp::kMissingClientCapability:
    case mcp::kUnsupportedVersion: return 400;
    default: return 200; // in time for the request itself, whose transport was fine
    }
}

Headers mcpStreamHeaders(const Reply &reply)
{
    return { { "cache-control", "no-store" },
             { "x-accel-buffering", "no" }, // for a proxy that would gather events
             { "x-request-id", reply.requestId() } };
}

McpStatelessExchange::McpStatelessExchange(Way way, Asked asked)
    : McpExchange(std::move(asked))
    , m_way(std::move(way))
{
}

McpStatelessExchange::~McpStatelessExchange()
{
    if (!m_over)
        fail({ rpc::kInternalError, "Internal error", nullptr, nullptr });
}

void McpStatelessExchange::begin()
{
    m_way.reply.responder()->onGone([self = weak_from_this()] {
        const auto exchange = self.lock();
        if (exchange && !exchange->m_task)
            exchange->withdraw();
    });
}

void McpStatelessExchange::progress(double done, std::optional<double> total, const std::string &message)
{
    if (m_task) {
        if (m_way.tasks)
            m_way.tasks->say(*m_task, message);
        return;
    }
    if (m_way.progressToken.is_null())
        return;
    Json params{ { "progressToken", m_way.progressToken }, { "progress", done }, { "message", message } };
    if (total)
        params["total"] = *total;
    say(rpc::notification("notifications/progress", std::move(params)));
}

void McpStatelessExchange::log(McpLogLevel level, const std::string &logger, Json data)
{
    if (m_way.logLevel && level >= *m_way.logLevel)
        say(rpc::notification(
            "notifications/message",
            { { "level", nameOf(level) }, { "logger", logger }, { "data", std::move(data) } }));
}

void McpStatelessExchange::say(const Json &notification)
{
    if (m_over || m_task || !m_way.canStream)
        return;
    if (!m_stream)
        m_stream = m_way.reply.responder()->stream(mcpStreamHeaders(m_way.reply));
    m_stream->send(canonicalJson(notification), {}, "message");
}

Json McpStatelessExchange::complete(Json result) const
{
    if (!result.contains("resultType"))
        result["resultType"] = "complete";
    result["_meta"][mcp::kMetaServerInfo] = m_way.serverInfo;
    const auto fresh = std::ranges::find(kCacheable, asked().method, &Freshness::method);
    if (fresh != kCacheable.end() && result["resultType"] == "complete") {
        if (!result.contains("ttlMs"))
            result["ttlMs"] = fresh->ttlMs;
        result["cacheScope"] = "private";
    }
    return result;
}

void McpStatelessExchange::answer(Json result)
{
    if (std::exchange(m_over, true))
        return;
    if (m_task)
        return finishTask(McpTask::State::Completed, std::move(result));
    end(200, rpc::result(m_way.requestId, complete(std::move(result))));
}

void McpStatelessExchange::fail(const rpc::Fault &fault)
{
    if (std::exchange(m_over, true))
        return;
    rpc::Fault told = fault;
    if (told.code == rpc::kResourceNotFound)
        told.code = mcp::missingResourceCode(asked().version);
    if (fault.code != rpc::kInternalError)
        m_way.reply.countRefusal(ErrorCode::InvalidRequest);
    const Json message = rpc::error(m_way.requestId, told);
    if (m_task)
        return finishTask(McpTask::State::Failed, message.at("error"));
    end(mcpStatusOf(told.code), message);
}

void McpStatelessExchange::countRefusal(ErrorCode code)
{
    m_way.reply.countRefusal(code);
}

void McpStatelessExchange::onCancelled(std::function<void()> cancelled)
{
    m_cancelled = std::move(cancelled);
}

bool McpStatelessExchange::becomeTask(const std::string &status)
{
    if (m_over || !m_way.tasks || !mcp::followsTasks(asked().clientCapabilities))
        return false;
    if (m_task)
        return true;
    m_task = m_way.tasks->open(asked().caller.client->id, status, [self = weak_from_this()] {
        if (const auto exchange = self.lock())
            exchange->withdraw();
    });
    if (!m_task)
        return false;
    Json result = McpTasks::toJson(*m_task);
    result["resultType"] = "task";
    end(200, rpc::result(m_way.requestId, complete(std::move(result))));
    return true;
}

void McpStatelessExchange::finishTask(McpTask::State state, Json outcome)
{
    if (m_way.tasks)
        m_way.tasks->finish(*m_task, state, std::move(outcome));
}

void McpStatelessExchange::end(int status, const Json &message)
{
    if (!m_stream)
        return m_way.reply.send(status, message);
    m_stream->send(canonicalJson(message), {}, "message");
    m_stream->close();
}

/// The client went away, or cancelled its task. What is past its intent goes on without us.
void McpStatelessExchange::withdraw()
{
    if (std::exchange(m_over, true))
        return;
    if (m_task)
        finishTask(McpTask::State::Cancelled, nullptr);
    if (const auto cancelled = std::exchange(m_cancelled, {}))
        cancelled();
}

} // namespace gatehouse
