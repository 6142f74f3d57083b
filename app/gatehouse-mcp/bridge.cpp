// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gatehouse-mcp/bridge.h"

#include "app/client/sse_reader.h"
#include "app/gatehouse-mcp/id_scan.h"

#include <QPointer>

#include <algorithm>
#include <charconv>

namespace gatehouse {

namespace {

constexpr std::size_t kAnswerMost = 8 << 20;
constexpr std::chrono::milliseconds kGoodbye{ 500 };

constexpr std::string_view kNoMessage = "left out what is no message from Gatehouse";
constexpr std::string_view kNotPaired
    = "Gatehouse does not accept this client's token: it was revoked or has "
      "expired. Pair again with `gatehouse-mcp pair`.";

Json parsedOrNull(const std::string &text)
{
    Json value = Json::parse(text, nullptr, false);
    return value.is_discarded() ? Json() : value;
}

/// The id of a request that cannot be read whole.
Json idIn(std::string_view text)
{
    IdScan scan;
    scan.feed(text);
    return scan.id();
}

/// The gateway's own sentence for a refusal, if the body has one.
std::string sentenceIn(const std::string &body, int status)
{
    const Json said = parsedOrNull(body);
    const Json sentence = said.is_object() ? said.value("message", Json()) : Json();
    return sentence.is_string() ? sentence.get<std::string>()
                                : "Gatehouse answered " + std::to_string(status);
}

Millis retryAfter(const std::string &header)
{
    int seconds = 0;
    std::from_chars(header.data(), header.data() + header.size(), seconds);
    return std::chrono::seconds(std::clamp(seconds, 0, 3600));
}

} // namespace

struct Bridge::Post
{
    McpMessage message;
    bool ours = false; ///< a part of opening the session again: its answer is not for the client
    bool withdrawn = false; ///< the client cancelled it
    bool answered = false; ///< there is nothing more to do for it
    bool stillRunning = false; ///< the last answer was: the first try is not over
    int tries = 0;
    std::int64_t failingSince = 0; ///< boot time; 0: not failing
    std::string session; ///< that it was last posted in
    bool streaming = false;
    std::string body;
    SseReader events;
    QPointer<Exchange> exchange; ///< the latest try

    [[nodiscard]] bool needsNoSession() const { return !message.headers.empty(); }
};

Bridge::Bridge(SocketClient &client, Clock &clock, Random &random, BridgeTimeouts patience, QObject *parent)
    : QObject(parent)
    , m_client(client)
    , m_clock(clock)
    , m_random(random)
    , m_patience(patience)
    , m_listener(client, [this] { return prepared("GET"); })
{
    connect(&m_listener, &EventListener::heard, this, &Bridge::tell);
    connect(&m_listener, &EventListener::sessionUnknown, this, &Bridge::reopen);
}

Bridge::~Bridge() = default;

void Bridge::useToken(std::shared_ptr<const Secret> token)
{
    m_token = std::move(token);
    releaseWaiting();
}

void Bridge::refuseAll(std::string sentence)
{
    m_refusal = std::move(sentence);
    releaseWaiting();
}

void Bridge::take(const std::string &line)
{
    const std::string_view text = messageText(line);
    if (text.empty())
        return;
    if (text.size() > kMessageMost)
        return refuseTooLong(idIn(text));
    auto message = readMessage(text, m_random);
    if (!message) {
        const int code = Json::accept(text) ? kInvalidMessage : kParseError;
        emit lineReady(errorLine(idIn(text), code, "This message cannot be read: " + message.error().detail));
        return;
    }
    if (message->body.size() > kMessageMost) // with its key
        return refuseTooLong(message->id);
    const auto fresh = std::make_shared<Post>();
    fresh->message = std::move(*message);
    if (fresh->message.kind == McpMessage::Kind::Request)
        m_requests[fresh->message.id.dump()] = fresh;
    if (fresh->message.method == "initialize")
        m_initialize = fresh->message.body;
    if (fresh->message.method == "notifications/cancelled" && withdraw(fresh->message.cancels))
        return;
    post(fresh);
}

void Bridge::refuseTooLong(const Json &id)
{
    emit lineReady(
        errorLine(id, kInvalidMessage,
                  "This message is longer than Gatehouse takes: " + std::to_string(kMessageMost) + " bytes",
                  { { "limit", kMessageMost } }));
}

bool Bridge::mustWait(const Post &post) const
{
    if (post.ours)
        return false;
    return (!m_token && m_refusal.empty()) || m_gate;
}

void Bridge::post(const PostPtr &post)
{
    if (post->withdrawn)
        return done(post);
    if (mustWait(*post)) {
        m_waiting.push_back(post);
        return;
    }
    if (!m_token)
        return giveUp(post, m_refusal);
    if (m_sessionLost && post->message.method != "initialize" && !post->needsNoSession()) {
        m_waiting.push_back(post);
        return reopen();
    }
    // What follows these two may only be sent once they are through.
    if (post->message.method == "initialize" || post->message.method == "notifications/initialized")
        m_gate = post;
    send(post);
}

WireRequest Bridge::prepared(const std::string &method) const
{
    WireRequest request{ .method = method, .target = "/mcp", .headers = {}, .body = {}, .bearer = m_token };
    if (!m_session.empty())
        request.headers.emplace_back("Mcp-Session-Id", m_session);
    if (!m_protocol.empty())
        request.headers.emplace_back("MCP-Protocol-Version", m_protocol);
    return request;
}

void Bridge::send(const PostPtr &post)
{
    if (post->message.method == "initialize") {
        m_listener.stop();
        m_session.clear();
        m_protocol.clear();
    }
    WireRequest request = prepared("POST");
    if (post->needsNoSession())
        request.headers = post->message.headers;
    request.headers.emplace_back("Content-Type", "application/json");
    request.headers.emplace_back("Accept", "application/json, text/event-stream");
    request.body = post->message.body;
    post->session = post->needsNoSession() ? std::string() : m_session;
    post->streaming = false;
    post->body.clear();
    post->events = {};

    Exchange *exchange = m_client.begin(std::move(request));
    post->exchange = exchange;
    connect(exchange, &Exchange::headArrived, this, [this, post, exchange] { readHead(post, *exchange); });
    connect(exchange, &Exchange::bodyArrived, this,
            [this, post, exchange](const std::string &bytes) { readBody(post, *exchange, bytes); });
    connect(exchange, &Exchange::finished, this, [this, post, exchange] {
        exchange->deleteLater();
        readEnd(post, *exchange);
    });
    connect(exchange, &Exchange::failed, this, [this, post, exchange](WireFailure failure) {
        exchange->deleteLater();
        if (post->answered)
            return;
        if (failure == WireFailure::NotReachable || failure == WireFailure::SocketLost
            || failure == WireFailure::Broken)
            return again(post, sentenceFor(failure));
        giveUp(post, sentenceFor(failure));
    });
}

void Bridge::readHead(const PostPtr &post, Exchange &exchange)
{
    post->streaming
        = exchange.status() == 200 && exchange.header("content-type").starts_with("text/event-stream");
    if (exchange.status() == 200 && post->message.method == "initialize") {
        m_session = exchange.header("mcp-session-id");
        m_sessionLost = false;
    }
}

void Bridge::readBody(const PostPtr &post, Exchange &exchange, const std::string &bytes)
{
    if (post->streaming) {
        for (SseEvent &event : post->events.feed(bytes)) {
            if (!event.data.empty())
                passOn(post, std::move(event.data));
        }
        return;
    }
    if (post->body.size() + bytes.size() <= kAnswerMost) {
        post->body += bytes;
        return;
    }
    exchange.disconnect(this);
    exchange.deleteLater();
    giveUp(post, "the answer is too large");
}

void Bridge::readEnd(const PostPtr &post, Exchange &exchange)
{
    const int status = exchange.status();
    if (post->answered)
        return;
    if (status == 404 && !post->session.empty())
        return againInNewSession(post);
    if (status == 401)
        return giveUp(post, kNotPaired);
    if (status == 503)
        return again(post, sentenceIn(post->body, status), retryAfter(exchange.header("retry-after")));
    if (status == 200 && !post->streaming && !post->body.empty())
        passOn(post, std::exchange(post->body, {}));
    if (post->answered)
        return;
    if (post->message.kind != McpMessage::Kind::Request && status >= 200 && status < 300)
        return done(post);
    if (status == 200)
        return again(post,
                     post->stillRunning ? "the first try of this call is still running"
                                        : "Gatehouse ended the answer early");
    const Json said = parsedOrNull(post->body);
    if (isAnswerTo(*post, said))
        return passOn(post, post->body);
    giveUp(post, sentenceIn(post->body, status), said);
}

bool Bridge::isAnswerTo(const Post &post, const Json &message)
{
    return post.message.kind == McpMessage::Kind::Request && message.is_object()
        && !message.contains("method") && message.value("id", Json()) == post.message.id;
}

/// A repeated call whose first try is not over yet: its answer is worth waiting for.
bool Bridge::isStillRunning(const Post &post, const Json &answer)
{
    if (post.failingSince == 0 || post.message.method != "tools/call")
        return false;
    const auto error = answer.value("/result/structuredContent/error"_json_pointer, Json());
    const bool held = answer.contains("/result/structuredContent/details/approval_id"_json_pointer);
    return error == "idempotency_in_progress" && !held;
}

void Bridge::passOn(const PostPtr &post, std::string text)
{
    const Json message = parsedOrNull(text);
    if (!isMessage(message))
        return warn(kNoMessage);
    const bool answer = isAnswerTo(*post, message);
    post->stillRunning = answer && isStillRunning(*post, message);
    if (post->stillRunning)
        return;
    if (answer && post->message.method == "initialize")
        m_protocol = message.value("/result/protocolVersion"_json_pointer, std::string());
    if (!post->ours && !(answer && post->withdrawn))
        emit lineReady(onOneLine(std::move(text), message));
    if (answer) {
        post->answered = true;
        done(post);
    }
}

bool Bridge::isPatient(Post &post)
{
    const std::int64_t now = m_clock.sinceBoot();
    if (post.failingSince == 0)
        post.failingSince = now;
    return !m_finishing && !post.withdrawn && now - post.failingSince < m_patience.whole.count();
}

void Bridge::again(const PostPtr &post, std::string_view reason, Millis atLeast)
{
    if (post->failingSince == 0)
        warn(reason);
    if (!isPatient(*post))
        return giveUp(post, reason);
    const Millis doubled = m_patience.firstWait * (1 << std::min(post->tries++, 10));
    const Millis wait
        = std::max(std::min(doubled, m_patience.longestWait), std::min(atLeast, m_patience.whole));
    m_clock.after(wait, this, [this, post] {
        // The session may be opening again by now; the one that opens it does not wait for itself.
        if (m_gate == post)
            send(post);
        else
            this->post(post);
    });
}

void Bridge::againInNewSession(const PostPtr &post)
{
    if (!isPatient(*post))
        return giveUp(post, "Gatehouse keeps forgetting this session");
    m_waiting.push_back(post);
    if (post->session == m_session)
        reopen();
    else
        releaseWaiting();
}

void Bridge::giveUp(const PostPtr &post, std::string_view sentence, const Json &data)
{
    if (post->ours) {
        warn(sentence);
        m_gate = nullptr;
        for (const PostPtr &other : std::exchange(m_waiting, {}))
            giveUp(other, sentence, data);
        return;
    }
    if (post->message.kind == McpMessage::Kind::Request && !post->withdrawn)
        emit lineReady(errorLine(post->message.id, kGatewayError, sentence, data));
    if (!post->withdrawn)
        warn(sentence);
    post->answered = true;
    done(post);
}

void Bridge::done(const PostPtr &post)
{
    const auto request = m_requests.find(post->message.id.dump());
    if (request != m_requests.end() && request->second == post)
        m_requests.erase(request);
    if (m_gate == post) {
        m_gate = nullptr;
        if (post->ours && post->message.method == "initialize")
            return sayInitialized();
        if (post->message.method == "notifications/initialized" && !m_session.empty())
            m_listener.listen();
        releaseWaiting();
    }
    if (m_finishing && m_requests.empty())
        endSession();
}

void Bridge::releaseWaiting()
{
    for (const PostPtr &waiting : std::exchange(m_waiting, {}))
        post(waiting);
}

bool Bridge::withdraw(const Json &request)
{
    const auto found = m_requests.find(request.dump());
    if (found == m_requests.end())
        return false;
    const PostPtr post = found->second;
    post->withdrawn = true;
    if (!post->needsNoSession())
        return false;
    // Over HTTP the end of the connection is the word (MCP 2026-07-28, basic/patterns/cancellation).
    post->answered = true;
    if (post->exchange) {
        post->exchange->disconnect(this);
        post->exchange->deleteLater();
    }
    done(post);
    return true;
}

void Bridge::reopen()
{
    if (m_gate || m_initialize.empty())
        return;
    m_listener.stop();
    m_sessionLost = true;
    const auto opening = std::make_shared<Post>();
    opening->ours = true;
    Json body = Json::parse(m_initialize);
    opening->message.kind = McpMessage::Kind::Request;
    opening->message.id = body["id"] = "gatehouse-mcp-" + std::to_string(++m_reopened);
    opening->message.method = "initialize";
    opening->message.body = body.dump();
    m_gate = opening;
    send(opening);
}

void Bridge::sayInitialized()
{
    const auto ready = std::make_shared<Post>();
    ready->ours = true;
    ready->message.method = "notifications/initialized";
    ready->message.body = R"({"jsonrpc":"2.0","method":"notifications/initialized"})";
    m_gate = ready;
    send(ready);
}

void Bridge::finish()
{
    if (m_finishing)
        return;
    m_finishing = true;
    if (m_requests.empty())
        endSession();
    else
        m_clock.after(m_patience.lastAnswers, this, [this] { endSession(); });
}

void Bridge::endSession()
{
    if (std::exchange(m_over, true))
        return;
    m_listener.stop();
    if (m_session.empty() || !m_token) {
        emit ended();
        return;
    }
    WireRequest goodbye = prepared("DELETE");
    goodbye.patience = kGoodbye;
    m_client.send(
        std::move(goodbye), [this](const WireAnswer &) { emit ended(); },
        [this](WireFailure) { emit ended(); });
}

/// The client's standard input is a line of messages: what is none would end its session, or worse.
void Bridge::tell(std::string text)
{
    const Json message = parsedOrNull(text);
    if (isMessage(message))
        emit lineReady(onOneLine(std::move(text), message));
    else
        warn(kNoMessage);
}

void Bridge::warn(std::string_view sentence)
{
    if (sentence == m_lastComplaint)
        return;
    m_lastComplaint = sentence;
    emit complained(m_lastComplaint);
}

} // namespace gatehouse
