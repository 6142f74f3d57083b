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

/// Where Tasker is and as whom we come.
struct TaskerTarget
{
    std::string baseUrl; ///< https, or http to loopback only
    std::string ownerUserId;
    Secret credential;
    std::string caFile; ///< empty: the system's authorities
};

/// Checks a base URL before anything is stored. ValidationFailed {field, reason}.
[[nodiscard]] Result<> checkTaskerUrl(const std::string &url);

/// For whom one request is made, and under which names it can be found again.
struct Acting
{
    std::string agentId = "owner";
    std::string agentName = "owner";
    std::string requestId;
    std::string traceparent;
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
    Acting acting;
};

/// What became of it on the wire. For a write, Unknown means: may have happened.
enum class Sent { Nothing, Unknown, Answered };

struct TaskerReply
{
    Sent sent = Sent::Nothing;
    int status = 0; ///< of Tasker, when Answered
    Result<Json> body = failure(ErrorCode::UpstreamUnavailable); ///< mapped as product.md, "From Tasker"
    std::optional<int> retryAfterSeconds;
    bool replayed = false;
};

/// A pool of kept-alive connections to one Tasker: certificate checks always on, system proxy honoured,
/// no redirects, no cookies, answers of 8 MiB at most. A read may be sent once more if a kept-alive
/// connection closed before a byte came back; a write only if nothing of it was sent.
/// Thread: core. Owns: the connections and the credential.
class TaskerClient final : public QObject
{
    Q_OBJECT

public:
    explicit TaskerClient(Clock &clock, QObject *parent = nullptr);
    ~TaskerClient() override;

    /// Points at another Tasker; what is under way on the old one fails as Nothing or Unknown.
    /// nullopt: not configured. ValidationFailed: the URL or the CA file is no good.
    [[nodiscard]] Result<> setTarget(std::optional<TaskerTarget> target);
    [[nodiscard]] bool isConfigured() const;

    /// Exactly one reply, within kUpstreamWholeTime. After upstream_auth_failed no more calls leave
    /// until setTarget() is called again: they answer UpstreamAuthFailed with Sent::Nothing.
    void send(const TaskerRequest &request, std::function<void(const TaskerReply &)> done);

    /// The last reply, for /readyz and the window: ErrorCode or none, and when.
    struct Health
    {
        std::optional<ErrorCode> lastError;
        std::int64_t at = 0;
    };
    [[nodiscard]] Health health() const;

signals:
    void healthChanged();

private:
    struct Inside;
    std::unique_ptr<Inside> m_inside;
};

} // namespace gatehouse
