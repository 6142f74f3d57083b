// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/api/route/limits.h"
#include "gateway_core/api/mcp/mcp_methods.h"
#include "gateway_core/base/clock.h"
#include "gateway_core/base/random.h"
#include "gateway_core/http/message.h"
#include "gateway_core/identity/directory.h"

#include <array>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace gatehouse {

/// The session-bound versions of MCP, newest first.
inline constexpr std::array<std::string_view, 2> kMcpVersions{ "2025-11-25", "2025-06-18" };
/// What a missing MCP-Protocol-Version header means (MCP 2025-11-25, Transports, Protocol Version Header).
/// Who sends it says no more than who sends none: the session knows the version.
inline constexpr std::string_view kMcpVersionUnsaid = "2025-03-26";

inline constexpr Millis kMcpSessionIdle{ 60 * 60 * 1000 };
inline constexpr std::size_t kMcpEventsKept = 256; ///< for Last-Event-ID, per session
inline constexpr std::size_t kMcpEventBytesKept = 1 << 20;
inline constexpr std::size_t kMcpLeftMost = 16; ///< more than a client may have questions open
inline constexpr std::size_t kMcpWatchedMost = 256; ///< resources, per session or subscription

/// The version to answer with: what was asked for if we speak it, else the newest of ours that is not
/// newer, else our oldest.
[[nodiscard]] std::string_view negotiatedVersion(std::string_view asked);
[[nodiscard]] bool isMcpVersion(std::string_view version);

/// One MCP session: a client's own line of work, bound to the token that opened it.
/// Its streams outlive their connections: events are numbered "<stream>-<n>" and kept for a while, so
/// that a client that lost one goes on with Last-Event-ID. Stream 0 is the standing one (GET).
/// Thread: core.
class McpSession final
{
public:
    /// Ends a running request from outside: the client cancelled, or the session ended.
    using Cancel = std::function<void()>;
    using Stream = std::shared_ptr<EventStream>;

    McpSession(std::string id, const Client &client, std::string_view version);
    ~McpSession();
    McpSession(const McpSession &) = delete;
    McpSession &operator=(const McpSession &) = delete;

    [[nodiscard]] const std::string &id() const { return m_id; }
    [[nodiscard]] const std::string &version() const { return m_version; }
    [[nodiscard]] const ClientId &client() const { return m_client; }
    /// True for the client and the very token that opened the session.
    [[nodiscard]] bool belongsTo(const Client &client) const;

    /// A stream of its own for the answer to one request. Returns its number.
    int openStream(Stream stream);
    /// The standing stream; an older one is closed.
    void listen(Stream stream);
    /// Goes on after `lastEventId`: repeats what was kept and sends what follows to `stream`.
    /// False: no such stream, or its events are gone.
    [[nodiscard]] bool resume(std::string_view lastEventId, const Stream &stream);
    void send(int stream, const Json &message);
    /// The answer is out: closes the stream, whose events can still be asked for.
    void finish(int stream);
    void detach(int stream);
    [[nodiscard]] bool isAttached(int stream) const;
    [[nodiscard]] bool isListening() const { return isAttached(0); }
    /// A heartbeat on every open stream; drops those whose client is gone.
    void beat();
    /// Closes every stream; returns how many there were.
    int closeStreams();

    /// False: a request of that id is running already.
    [[nodiscard]] bool begin(const Json &requestId, Cancel cancel);
    void end(const Json &requestId);
    /// A request has ended whose connection was lost, but not what it asked for: cancel() still does
    /// something.
    void leave(const Json &requestId, Cancel cancel);
    /// Runs the request's Cancel, if it is still running or has left something behind.
    void cancel(const Json &requestId);
    void cancelAll();
    [[nodiscard]] bool isBusy() const { return !m_running.empty(); }

    std::int64_t usedAt = 0; ///< boot time
    std::optional<std::int64_t> scopeLimit; ///< of the login that speaks in it
    Json clientCapabilities = Json::object(); ///< as initialize declared them
    std::optional<McpLogLevel> logLevel; ///< nullopt: no log messages
    mcp::ListNames listed; ///< as told last; a change is told on the standing stream
    std::set<std::string> watched; ///< resources, by URI

private:
    struct Open
    {
        Stream stream;
        std::int64_t sent = 0;
        bool finished = false;
    };
    struct Kept
    {
        int stream;
        std::int64_t number;
        std::string data;
    };

    void prime(int number, const Stream &stream);
    void forgetOldEvents();

    std::string m_id;
    std::string m_version;
    ClientId m_client;
    Digest m_tokenHash;
    std::map<int, Open> m_streams;
    int m_nextStream = 1;
    std::deque<Kept> m_kept;
    std::size_t m_keptBytes = 0;
    std::map<std::string, Cancel> m_running; ///< by the id's JSON text: 1 and "1" are two
    std::deque<std::pair<std::string, Cancel>> m_left; ///< newest first, kMcpLeftMost at most
};

using McpSessionPtr = std::shared_ptr<McpSession>;

/// All sessions, bounded: 64 a client, the one idle for longest goes first. Thread: core.
class McpSessions final
{
public:
    McpSessions(Clock &clock, Random &random);

    [[nodiscard]] McpSessionPtr open(const Client &client, std::string_view version);
    /// null: unknown, or another token's.
    [[nodiscard]] McpSessionPtr find(const std::string &id, const Client &client);
    void remove(const std::string &id);
    /// Beats, and drops what is idle for too long or whose token is no longer good. Returns the clients
    /// that lost their token.
    [[nodiscard]] std::vector<ClientId> sweep(const Directory &directory, std::int64_t wall);
    [[nodiscard]] std::vector<McpSessionPtr> all() const;

private:
    void makeRoom(const ClientId &client);

    Clock &m_clock;
    Random &m_random;
    std::unordered_map<std::string, McpSessionPtr> m_sessions;
};

} // namespace gatehouse
