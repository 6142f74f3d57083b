// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/tasker/tasker_pool.h"

#include <QPromise>
#include <QThreadPool>

#include <algorithm>

namespace gatehouse {

namespace {

constexpr auto kProxyAge = std::chrono::seconds(60);

constexpr std::int64_t millis(Millis duration)
{
    return duration.count();
}

/// What a request ends as, given that bytes of it were written or not.
TaskerReply endOf(const TaskerRequest &request, bool written, ErrorCode code, const std::string &detail,
                  Json details = nullptr)
{
    return replyWithout(request, written ? Sent::Unknown : Sent::Nothing, code, detail, 0,
                        std::move(details));
}

} // namespace

TaskerPool::TaskerPool(Clock &clock, Endpoint endpoint, TaskerTarget target, const QSslConfiguration &tls,
                       QObject *parent)
    : QObject(parent)
    , m_clock(clock)
    , m_endpoint(std::move(endpoint))
    , m_target(std::move(target))
    , m_tls(tls)
{
    connect(&m_proxyAnswer, &QFutureWatcherBase::finished, this, [this] {
        m_proxy = m_proxyAnswer.result();
        dispatch();
        arm();
    });
    askForProxy();
}

TaskerPool::~TaskerPool() = default;

void TaskerPool::askForProxy()
{
    m_proxyAsked = m_clock.sinceBoot();
    if (m_endpoint.loopback) {
        m_proxy = QNetworkProxy(QNetworkProxy::NoProxy);
        return;
    }
    // The system's rules may be a script fetched from somewhere: never waited for on this thread.
    const auto promise = std::make_shared<QPromise<QNetworkProxy>>();
    promise->start();
    m_proxyAnswer.setFuture(promise->future());
    QThreadPool::globalInstance()->start([promise, endpoint = m_endpoint] {
        promise->addResult(systemProxyFor(endpoint));
        promise->finish();
    });
}

void TaskerPool::add(const TaskerRequest &request, Done done)
{
    if (m_waiting.size() >= kUpstreamQueueLimit) {
        auto reply
            = replyWithout(request, Sent::Nothing, ErrorCode::RateLimited, "the upstream queue is full");
        reply.retryAfterSeconds = 1;
        reply.body.error().details = Json{ { "retry_after", 1 } };
        return done(reply);
    }
    const std::int64_t deadline = m_clock.sinceBoot() + millis(kUpstreamWholeTime);
    m_waiting.push_back(std::make_unique<Exchange>(Exchange{ request, std::move(done), deadline }));
    dispatch();
    arm();
}

void TaskerPool::dispatch()
{
    while (!m_waiting.empty()) {
        PooledConnection *line = m_waiting.front()->resent ? nullptr : idleLine();
        if (!line) {
            if (!m_proxy || m_lines.size() >= kUpstreamConnections)
                return;
            line = &openLine();
        }
        line->exchange = std::move(m_waiting.front());
        m_waiting.pop_front();
        if (line->connection->isOpening())
            continue;
        write(*line);
    }
}

TaskerPool::PooledConnection *TaskerPool::idleLine()
{
    for (;;) {
        PooledConnection *newest = nullptr;
        for (const auto &line : m_lines) {
            if (!line->exchange && (!newest || line->idleSince > newest->idleSince))
                newest = line.get();
        }
        if (!newest || newest->connection->isUsable())
            return newest;
        drop(*newest);
    }
}

TaskerPool::PooledConnection &TaskerPool::openLine()
{
    if (m_clock.sinceBoot() - m_proxyAsked > millis(kProxyAge))
        askForProxy(); // for the next ones
    auto &line = *m_lines.emplace_back(std::make_unique<PooledConnection>());
    line.openBy = m_clock.sinceBoot() + millis(kUpstreamConnectTime);
    line.connection = std::make_unique<TaskerConnection>(m_endpoint);
    auto *connection = line.connection.get();
    connect(connection, &TaskerConnection::opened, this, [this, connection] { lineOpened(connection); });
    connect(connection, &TaskerConnection::answered, this,
            [this, connection](const RawAnswer &answer) { lineAnswered(connection, answer); });
    connect(connection, &TaskerConnection::failed, this,
            [this, connection](TaskerConnection::Failure trouble, const std::string &detail) {
                lineFailed(connection, trouble, detail);
            });
    // From the loop: a socket may fail inside the call, before the line has its request.
    QMetaObject::invokeMethod(
        this,
        [this, connection] {
            if (lineOf(connection))
                connection->open(m_tls, *m_proxy);
        },
        Qt::QueuedConnection);
    return line;
}

TaskerPool::PooledConnection *TaskerPool::lineOf(const TaskerConnection *connection)
{
    const auto line = std::find_if(m_lines.begin(), m_lines.end(),
                                   [&](const auto &each) { return each->connection.get() == connection; });
    return line == m_lines.end() ? nullptr : line->get();
}

void TaskerPool::write(PooledConnection &line)
{
    line.written = true;
    line.connection->exchange(wireBytes(m_endpoint, m_target, line.exchange->request));
}

void TaskerPool::lineOpened(TaskerConnection *connection)
{
    PooledConnection *line = lineOf(connection);
    if (!line)
        return;
    line->openBy = 0;
    if (line->exchange)
        return write(*line);
    line->idleSince = m_clock.sinceBoot();
    dispatch();
}

void TaskerPool::lineAnswered(TaskerConnection *connection, const RawAnswer &answer)
{
    PooledConnection *line = lineOf(connection);
    if (!line)
        return;
    std::unique_ptr<Exchange> exchange;
    if (answer.keepAlive) {
        exchange = std::move(line->exchange);
        line->written = false;
        line->used = true;
        line->idleSince = m_clock.sinceBoot();
    } else {
        exchange = drop(*line);
    }
    if (exchange)
        exchange->done(replyTo(exchange->request, answer));
    dispatch();
    arm();
}

void TaskerPool::lineFailed(TaskerConnection *connection, TaskerConnection::Failure trouble,
                            const std::string &detail)
{
    PooledConnection *line = lineOf(connection);
    if (!line)
        return;
    const bool written = line->written;
    const bool neverAnswered = line->used && !connection->answerBegan();
    const int status = connection->statusSoFar();
    Json reason = connection->reason();
    auto exchange = drop(*line);
    if (exchange && written && neverAnswered && !exchange->request.isWrite && !exchange->resent
        && trouble == TaskerConnection::Failure::Lost) {
        exchange->resent = true;
        m_waiting.push_front(std::move(exchange));
    } else if (exchange) {
        switch (trouble) {
        case TaskerConnection::Failure::Connect:
        case TaskerConnection::Failure::Tls:
        case TaskerConnection::Failure::Lost:
            exchange->done(
                endOf(exchange->request, written, ErrorCode::UpstreamUnavailable, detail, std::move(reason)));
            break;
        case TaskerConnection::Failure::Malformed:
        case TaskerConnection::Failure::TooLarge:
            exchange->done(status >= 300
                               ? replyInItsPlace(exchange->request, status, detail)
                               : replyWithout(exchange->request, status ? Sent::Answered : Sent::Unknown,
                                              ErrorCode::UpstreamInvalidResponse, detail, status));
            break;
        }
    }
    dispatch();
    arm();
}

std::unique_ptr<TaskerPool::Exchange> TaskerPool::drop(PooledConnection &line)
{
    auto exchange = std::move(line.exchange);
    line.connection->disconnect(this);
    line.connection->abort();
    line.connection.release()->deleteLater(); // we may stand in a signal of its own
    std::erase_if(m_lines, [&](const auto &each) { return each.get() == &line; });
    return exchange;
}

void TaskerPool::endWaiting(ErrorCode code, const std::string &detail)
{
    std::deque<std::unique_ptr<Exchange>> ended;
    ended.swap(m_waiting);
    for (std::size_t i = 0; i < m_lines.size();) {
        if (m_lines[i]->exchange && !m_lines[i]->written)
            ended.push_back(drop(*m_lines[i]));
        else
            ++i;
    }
    for (const auto &exchange : ended)
        exchange->done(endOf(exchange->request, false, code, detail));
}

void TaskerPool::endAll(ErrorCode code, const std::string &detail)
{
    endWaiting(code, detail);
    while (!m_lines.empty()) {
        const bool written = m_lines.back()->written;
        if (const auto exchange = drop(*m_lines.back()))
            exchange->done(endOf(exchange->request, written, code, detail));
    }
}

void TaskerPool::sweep()
{
    const std::int64_t now = m_clock.sinceBoot();
    std::vector<std::pair<std::unique_ptr<Exchange>, bool>> late;
    while (!m_waiting.empty() && m_waiting.front()->deadline <= now) {
        late.emplace_back(std::move(m_waiting.front()), false);
        m_waiting.pop_front();
    }
    for (std::size_t i = 0; i < m_lines.size();) {
        PooledConnection &line = *m_lines[i];
        const bool stuck = line.openBy && line.openBy <= now;
        const bool expired = line.exchange && line.exchange->deadline <= now;
        const bool idleTooLong
            = !line.exchange && !line.openBy && line.idleSince + millis(kUpstreamIdleTime) <= now;
        if (!stuck && !expired && !idleTooLong) {
            ++i;
            continue;
        }
        const bool written = line.written;
        if (auto exchange = drop(line))
            late.emplace_back(std::move(exchange), written);
    }
    for (const auto &[exchange, written] : late)
        exchange->done(endOf(exchange->request, written, ErrorCode::UpstreamTimeout, "no answer in time"));
    dispatch();
}

void TaskerPool::arm()
{
    std::int64_t due = INT64_MAX;
    if (!m_waiting.empty())
        due = m_waiting.front()->deadline;
    for (const auto &line : m_lines) {
        if (line->openBy)
            due = std::min(due, line->openBy);
        due = std::min(
            due, line->exchange ? line->exchange->deadline : line->idleSince + millis(kUpstreamIdleTime));
    }
    if (due == INT64_MAX || (m_armedFor != 0 && m_armedFor <= due))
        return;
    m_armedFor = due;
    m_clock.after(Millis(std::max<std::int64_t>(due - m_clock.sinceBoot(), 0)), this, [this, due] {
        if (m_armedFor != due)
            return; // an earlier one took its place
        m_armedFor = 0;
        sweep();
        arm();
    });
}

} // namespace gatehouse
