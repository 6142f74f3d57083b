// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/tasker/tasker_client.h"

#include "gateway_core/tasker/adapter.h"
#include "gateway_core/tasker/reply_mapping.h"
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
    case ErrorCode::UpstreamTimeout: return reply.body.error().code;
    default: return std::nullopt;
    }
}

/// Names what was not as the contract has it: nothing else tells which row and field it is.
void logMisfits(const TaskerRequest &request, const TaskerReply &reply)
{
    const std::string route = request.method + ' ' + request.path.substr(0, request.path.find('?'));
    if (!reply.body && reply.body.error().code == ErrorCode::UpstreamInvalidResponse)
        qWarning("Tasker: %s: %s", route.c_str(), reply.body.error().detail.c_str());
    if (!reply.body || !reply.body->is_object() || !reply.body->contains(adapter::kUnreadable))
        return;
    for (const Json &row : reply.body->at(adapter::kUnreadable))
        qWarning("Tasker: %s: left out %s", route.c_str(), row.dump().c_str());
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

    void note(const TaskerReply &reply);
    void reply(const std::function<void(const TaskerReply &)> &done, const TaskerReply &reply);

    Clock &clock;
    TaskerClient &self;
    std::unique_ptr<TaskerPool> pool;
    bool refused = false; ///< Tasker said 401: nothing leaves until the owner acts
    int failures = 0; ///< in a row
    Health health;
};

void TaskerClient::Inside::note(const TaskerReply &reply)
{
    const auto ailment = ailmentIn(reply);
    const Health before = health;
    failures = ailment ? failures + 1 : 0;
    health.at = clock.now();
    health.heard = health.heard || (!ailment && reply.sent == Sent::Answered);
    const bool tells
        = ailment == ErrorCode::UpstreamAuthFailed || failures >= kFailuresInARow || !health.heard;
    if (!ailment || tells) {
        health.lastError = ailment;
        health.reason = ailment ? reasonOf(reply.body.error()) : std::string();
    }
    if (before.heard != health.heard || before.lastError != health.lastError
        || before.reason != health.reason)
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

Result<> TaskerClient::setTarget(std::optional<TaskerTarget> target, Health known)
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
    m_inside->failures = 0;
    m_inside->health = std::move(known);
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
        request,
        [this, request, pool = m_inside->pool.get(), done = std::move(done)](const TaskerReply &reply) {
            logMisfits(request, reply);
            if (!reply.body)
                qCWarning(lcTasker, "request %s: status %d: %s: %s", request.acting.requestId.c_str(),
                          reply.status, nameOf(reply.body.error().code).data(),
                          reply.body.error().detail.c_str());
            m_inside->reply(done, reply);
            if (pool != m_inside->pool.get())
                return;
            m_inside->note(reply);
            const bool wrong = !reply.body && reply.body.error().code == ErrorCode::UpstreamAuthFailed;
            if (!wrong || m_inside->refused)
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
