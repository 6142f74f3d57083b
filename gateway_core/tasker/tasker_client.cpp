// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/tasker/tasker_client.h"

#include "gateway_core/tasker/tasker_log.h"
#include "gateway_core/tasker/tasker_pool.h"

#include <QThread>

namespace gatehouse {

namespace {

tl::unexpected<Error> badTarget(std::string_view field, std::string_view reason)
{
    return failure(ErrorCode::ValidationFailed, std::string(field) + ": " + std::string(reason),
                   Json{ { "field", field }, { "reason", reason } });
}

/// What a reply says about Tasker's own health.
std::optional<ErrorCode> ailmentIn(const TaskerReply &reply)
{
    if (reply.body)
        return std::nullopt;
    switch (reply.body.error().code) {
    case ErrorCode::UpstreamInvalidResponse:
    case ErrorCode::UpstreamAuthFailed:
    case ErrorCode::UpstreamError:
    case ErrorCode::UpstreamUnavailable:
    case ErrorCode::UpstreamTimeout:
    case ErrorCode::RateLimited: return reply.body.error().code;
    default: return std::nullopt;
    }
}

constexpr std::size_t kCredentialLimit = 4096;

} // namespace

struct TaskerClient::Inside
{
    Inside(Clock &timeSource, TaskerClient &client)
        : clock(timeSource)
        , self(client)
    {
    }

    void note(std::optional<ErrorCode> ailment);
    void reply(const std::function<void(const TaskerReply &)> &done, const TaskerReply &reply);

    Clock &clock;
    TaskerClient &self;
    std::unique_ptr<TaskerPool> pool;
    bool refused = false; ///< Tasker said 401: nothing leaves until the owner acts
    Health health;
};

void TaskerClient::Inside::note(std::optional<ErrorCode> ailment)
{
    health.at = clock.now();
    if (std::exchange(health.lastError, ailment) != ailment)
        emit self.healthChanged();
}

void TaskerClient::Inside::reply(const std::function<void(const TaskerReply &)> &done,
                                 const TaskerReply &reply)
{
    QMetaObject::invokeMethod(
        &self, [done, reply] { done(reply); }, Qt::QueuedConnection);
}

TaskerClient::TaskerClient(Clock &clock, QObject *parent)
    : QObject(parent)
    , m_inside(std::make_unique<Inside>(clock, *this))
{
}

TaskerClient::~TaskerClient() = default;

Result<> TaskerClient::setTarget(std::optional<TaskerTarget> target)
{
    Q_ASSERT(QThread::currentThread() == thread());
    std::unique_ptr<TaskerPool> next;
    if (target) {
        auto endpoint = parseEndpoint(target->baseUrl);
        if (!endpoint)
            return tl::unexpected(std::move(endpoint).error());
        if (!isVisibleAscii(target->ownerUserId))
            return badTarget("owner_user_id", target->ownerUserId.empty() ? "empty" : "not_visible_ascii");
        if (!isVisibleAscii(target->credential.text(), kCredentialLimit))
            return badTarget("credential", target->credential.isEmpty() ? "empty" : "not_visible_ascii");
        auto tls = tlsFor(target->caFile);
        if (!tls)
            return tl::unexpected(std::move(tls).error());
        next = std::make_unique<TaskerPool>(m_inside->clock, *std::move(endpoint), *std::move(target),
                                            *std::move(tls), nullptr);
    }
    m_inside->pool.swap(next);
    m_inside->refused = false;
    if (next) {
        next->endAll(ErrorCode::UpstreamUnavailable, "another Tasker was chosen");
        next.release()->deleteLater(); // we may stand in a reply of its own
    }
    m_inside->health = {};
    emit healthChanged();
    return {};
}

bool TaskerClient::isConfigured() const
{
    return m_inside->pool != nullptr;
}

void TaskerClient::send(const TaskerRequest &request, std::function<void(const TaskerReply &)> done)
{
    Q_ASSERT(QThread::currentThread() == thread());
    const auto refuse = [&](ErrorCode code, std::string detail) {
        m_inside->reply(done, replyWithout(request, Sent::Nothing, code, std::move(detail)));
    };
    if (!m_inside->pool)
        return refuse(ErrorCode::UpstreamNotConfigured, "no Tasker is set");
    if (m_inside->refused)
        return refuse(ErrorCode::UpstreamAuthFailed, "Tasker refused the credential before");
    if (auto checked = checkRequest(request); !checked) {
        TaskerReply reply;
        reply.body = tl::unexpected(std::move(checked).error());
        return m_inside->reply(done, reply);
    }
    m_inside->pool->add(
        request, [this, id = request.acting.requestId, pool = m_inside->pool.get(), done = std::move(done)](const TaskerReply &reply) {
            if (!reply.body)
                qCWarning(lcTasker, "request %s: status %d: %s: %s", id.c_str(), reply.status,
                          nameOf(reply.body.error().code).data(), reply.body.error().detail.c_str());
            m_inside->reply(done, reply);
            if (pool != m_inside->pool.get())
                return;
            m_inside->note(ailmentIn(reply));
            if (reply.status != 401 || m_inside->refused)
                return;
            m_inside->refused = true;
            pool->endWaiting(ErrorCode::UpstreamAuthFailed, "Tasker refused the credential");
        });
}

TaskerClient::Health TaskerClient::health() const
{
    return m_inside->health;
}

} // namespace gatehouse
