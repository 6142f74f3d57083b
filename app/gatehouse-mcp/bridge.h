// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/client/socket_client.h"
#include "app/gatehouse-mcp/event_listener.h"
#include "app/gatehouse-mcp/mcp_message.h"
#include "gateway_core/base/clock.h"
#include "gateway_core/base/random.h"

#include <QObject>

#include <deque>
#include <map>
#include <memory>
#include <string>

namespace gatehouse {

/// How long the bridge tries before it says so.
struct BridgeTimeouts
{
    Millis firstWait{ 50 };
    Millis longestWait{ 1'000 };
    Millis whole{ 30'000 }; ///< from the first failure of a message to its error answer
    Millis lastAnswers{ 2'000 }; ///< after the client closed its end
};

/// Carries MCP messages between a client that speaks lines and the gateway that speaks Streamable HTTP
/// (MCP 2025-06-18, Transports; and 2026-07-28, whose requests need no session). It keeps the gateway's
/// restarts from the client: a refused connection is tried again, an unknown session is initialised again,
/// and what may have arrived is repeated under the idempotency key that it carried the first time. Waiting
/// (for a token) -> Closed (no session) -> Opening -> Open -> (404) Opening -> ... -> Ended. Thread: main.
/// Owns: the session.
class Bridge final : public QObject
{
    Q_OBJECT

public:
    Bridge(SocketClient &client, Clock &clock, Random &random, BridgeTimeouts patience = {},
           QObject *parent = nullptr);
    ~Bridge() override;

    void useToken(std::shared_ptr<const Secret> token);
    /// There is no token: every request is answered with this sentence.
    void refuseAll(std::string sentence);

    void take(const std::string &line);
    /// What came is longer than kMessageMost; `id` is null where it is no request, or cannot be told.
    void refuseTooLong(const gatehouse::Json &id);
    /// The client has closed its end: last answers, then the session is ended, then ended().
    void finish();

signals:
    void lineReady(const std::string &line); ///< one JSON-RPC message, and nothing else ever
    void complained(const std::string &sentence); ///< for a person, on standard error
    void ended();

private:
    struct Post; ///< a message on its way
    using PostPtr = std::shared_ptr<Post>;

    void post(const PostPtr &post);
    void send(const PostPtr &post);
    void readHead(const PostPtr &post, Exchange &exchange);
    void readBody(const PostPtr &post, Exchange &exchange, const std::string &bytes);
    void readEnd(const PostPtr &post, Exchange &exchange);
    void passOn(const PostPtr &post, std::string text);
    [[nodiscard]] static bool isAnswerTo(const Post &post, const Json &message);
    [[nodiscard]] static bool isStillRunning(const Post &post, const Json &answer);

    [[nodiscard]] bool isPatient(Post &post);
    void again(const PostPtr &post, std::string_view reason, Millis atLeast = Millis(0));
    void againInNewSession(const PostPtr &post);
    void giveUp(const PostPtr &post, std::string_view sentence, const Json &data = nullptr);
    void done(const PostPtr &post);
    /// True: nothing is left to be told to the gateway.
    [[nodiscard]] bool withdraw(const Json &request);

    void reopen();
    void sayInitialized();
    void endSession();
    [[nodiscard]] WireRequest prepared(const std::string &method) const;
    [[nodiscard]] bool mustWait(const Post &post) const;
    void releaseWaiting();
    void tell(std::string text);
    void warn(std::string_view sentence);

    SocketClient &m_client;
    Clock &m_clock;
    Random &m_random;
    BridgeTimeouts m_patience;
    EventListener m_listener;

    std::shared_ptr<const Secret> m_token;
    std::string m_refusal;
    std::string m_session;
    std::string m_protocol;
    std::string m_initialize; ///< the client's own, for opening again
    PostPtr m_gate; ///< all others wait until it is through
    std::deque<PostPtr> m_waiting;
    std::map<std::string, PostPtr> m_requests; ///< unanswered, by id
    int m_reopened = 0;
    bool m_sessionLost = false;
    bool m_finishing = false;
    bool m_over = false;
    std::string m_lastComplaint;
};

} // namespace gatehouse
