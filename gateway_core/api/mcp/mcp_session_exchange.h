// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/api/mcp/mcp_provider.h"
#include "gateway_core/api/mcp/mcp_session.h"

namespace gatehouse {

/// A request under way whose stream broke is given up for lost unless the client is back by then.
inline constexpr Millis kMcpStreamGrace{ 10'000 };
/// What a cancelled request is answered with: outside the ranges that JSON-RPC and MCP keep for themselves.
inline constexpr int kMcpRequestCancelled = -32800;

/// A request in a session. Answered as JSON; once there is a word to say before the answer, on an event
/// stream of its own, where the client takes one. The session keeps the request's id until its end.
/// Thread: core.
class McpSessionExchange final : public McpExchange, public std::enable_shared_from_this<McpSessionExchange>
{
public:
    struct Way
    {
        QObject &door; ///< timers end with it
        Clock &clock;
        McpSessionPtr session;
        Json requestId;
        Json progressToken; ///< null: none was sent
        bool canStream;
        Reply reply;
    };

    McpSessionExchange(Way way, Asked asked);
    ~McpSessionExchange() override;

    /// Takes the request's id and listens for the client's going away. False: a request of that id is
    /// running; it was answered so.
    [[nodiscard]] bool begin();

    void progress(double done, std::optional<double> total, const std::string &message) override;
    void log(McpLogLevel level, const std::string &logger, Json data) override;
    void answer(Json result) override;
    void fail(const rpc::Fault &fault) override;
    void countRefusal(ErrorCode code) override;
    void onCancelled(std::function<void()> cancelled) override;
    void onLost(std::function<void()> lost) override { m_whenLost = std::move(lost); }

private:
    void say(const Json &notification);
    void end(const Json &message);
    void withdraw();
    void lost();

    QObject &m_door;
    Clock &m_clock;
    std::weak_ptr<McpSession> m_session; ///< may end first; then nobody is left to answer
    Json m_requestId;
    Json m_progressToken;
    bool m_canStream;
    Reply m_reply;
    std::function<void()> m_cancelled;
    std::function<void()> m_whenLost;
    int m_stream = -1; ///< -1: still to be answered as JSON
    bool m_over = false;
    bool m_lost = false; ///< the connection: nobody hears the answer
};

} // namespace gatehouse
