// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/clock.h"
#include "gateway_core/base/ids.h"
#include "gateway_core/base/result.h"
#include "gateway_core/base/secret.h"

#include <QObject>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace gatehouse {

inline constexpr auto kUpstreamConnectTime = std::chrono::seconds(5);
inline constexpr auto kUpstreamWholeTime = std::chrono::seconds(15);
inline constexpr std::size_t kUpstreamAnswerLimit = 8u << 20;
inline constexpr std::size_t kUpstreamConnections = 16;
inline constexpr std::size_t kUpstreamQueueLimit = 256; ///< waiting for a connection; more: RateLimited
inline constexpr auto kUpstreamIdleTime = std::chrono::seconds(60);
inline constexpr int kFailuresInARow = 3; ///< until they say something of Tasker, not of one call

/// Where Tasker is and as whom we come.
struct TaskerTarget
{
    std::string baseUrl; ///< https, or http to loopback only
    std::string ownerUserId;
    Secret credential;
    std::string caFile; ///< empty: the system's authorities
};

/// Checks a base URL before anything is stored. ValidationFailed {field: "tasker_url", reason}; reason is
/// one of too_long, not_a_url, scheme, plain_http_not_loopback, credentials_in_url, query_or_fragment.
[[nodiscard]] Result<> checkTaskerUrl(const std::string &url);

/// For whom one request is made, and under which names it can be found again.
struct RequestActor
{
    std::string agentId = "owner";
    std::string agentName = "owner";
    std::string requestId; ///< never empty: Internal
    std::string traceparent; ///< empty: one is made from requestId
    std::string idempotencyKey; ///< writes only
    ProjectId project; ///< writes only: whose grant was checked
};

/// One request of the adapter contract. `path` is relative to the base and already percent-encoded by
/// adapter.h, the only place that makes one.
struct TaskerRequest
{
    std::string method;
    std::string path;
    Json body = nullptr;
    bool isWrite = false; ///< changes something: never re-sent by the pool once a byte may have left
    RequestActor acting;
    /// Tells whether an answer has the contract's shape, and drops what it does not know. Set by adapter.h.
    Result<Json> (*check)(const Json &answer) = nullptr;
};

/// What became of the request on the wire, whatever it asks for.
///   Nothing   no byte of it can have left this machine
///   Unknown   bytes left, and no whole answer came back (reset, cut, late, not HTTP)
///   Answered  an answer came and `status` is its status, even where we refuse it
enum class Sent { Nothing, Unknown, Answered };

/// How a request ended. To decide whether a write may have happened, ask outcomeUnknown, not `sent`:
///   Nothing                                                 did not happen, may be sent again
///   Unknown                                                 outcome unknown
///   Answered, 200 or 201 of the right shape                 happened
///   Answered, 4xx or 503 with the contract's error          did not happen
///   Answered by something in between, with a status that
///     says that the request was not taken (401, 407, 429 …) did not happen
///   Answered, anything else (3xx, not JSON, wrong shape,
///     too large, 5xx)                                       outcome unknown
struct TaskerReply
{
    Sent sent = Sent::Nothing;
    int status = 0; ///< of Tasker, when Answered
    /// The checked answer, or an error mapped as docs/rest-api.md has it. `details` holds at most
    /// {errors: [{field, problem}]}, {field}, {retry_after}, {outcome: none|unknown} or {reason}
    /// (connection_broke, intercepted with its status, or why there is no connection:
    /// tasker_connection.h); never a text of Tasker's.
    Result<Json> body = failure(ErrorCode::UpstreamUnavailable);
    std::optional<int> retryAfterSeconds;
    bool replayed = false;
    bool outcomeUnknown = false; ///< a write that may or may not have happened; always false for a read
};

/// For /readyz and the window. A refusal such as NotFound is Tasker in good health, and so is
/// RateLimited; one call that failed is that call's matter.
struct TaskerHealth
{
    bool heard = false; ///< Tasker has answered as the contract has it since setTarget()
    /// What kFailuresInARow replies in a row ended as; UpstreamAuthFailed, and all while nothing was
    /// heard, at once.
    std::optional<ErrorCode> lastError;
    std::string reason; ///< details.reason of lastError, or empty
    std::int64_t at = 0; ///< of the last reply; 0: none yet
};

/// A pool of kept-alive connections to one Tasker: certificate checks always on, system proxy honoured,
/// no redirects, no cookies, answers of 8 MiB at most. A read may be sent once more if a kept-alive
/// connection closed before a byte came back; a write only if nothing of it was sent. 16 connections, a
/// first-come queue of 256 behind them; waiting counts in the 15 s.
/// Thread: core. Owns: the connections and the credential.
class TaskerClient final : public QObject
{
    Q_OBJECT

public:
    using Health = TaskerHealth;

    explicit TaskerClient(Clock &clock, QObject *parent = nullptr);
    ~TaskerClient() override;

    /// Points at another Tasker; what is under way on the old one fails as Nothing or Unknown.
    /// nullopt: not configured. `known`: what has just been found out about it. ValidationFailed: the URL or
    /// the CA file is no good.
    [[nodiscard]] Result<> setTarget(std::optional<TaskerTarget> target, Health known = {});
    [[nodiscard]] bool isConfigured() const;

    /// Exactly one reply, within kUpstreamWholeTime, from the event loop: never before send() returned,
    /// none after this object is gone. After upstream_auth_failed no more calls leave until setTarget()
    /// is called again: they answer UpstreamAuthFailed with Sent::Nothing.
    /// Sent::Nothing also with UpstreamNotConfigured, RateLimited (queue full), ValidationFailed (a name
    /// that no header can carry) and Internal (a field of `acting` that the contract needs is missing).
    void send(const TaskerRequest &request, std::function<void(const TaskerReply &)> done);

    [[nodiscard]] Health health() const;

signals:
    void healthChanged(); ///< heard or lastError is another one than before

private:
    struct Inside;
    std::unique_ptr<Inside> m_inside;
};

} // namespace gatehouse
