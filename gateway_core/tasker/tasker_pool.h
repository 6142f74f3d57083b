// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/tasker/tasker_connection.h"

#include <QFutureWatcher>
#include <QObject>

#include <deque>
#include <functional>
#include <memory>
#include <vector>

namespace gatehouse {

/// The connections to one target and the requests that wait for one, first come first served.
/// A request waits -> has a connection (which may still be opening) -> is written -> has ended.
/// Thread: core. Owns: the target's credential, the connections, the requests.
class TaskerPool final : public QObject
{
    Q_OBJECT

public:
    using Done = std::function<void(const TaskerReply &)>;

    TaskerPool(Clock &clock, Endpoint endpoint, TaskerTarget target, const QSslConfiguration &tls,
               QObject *parent);
    ~TaskerPool() override;

    /// The request has passed checkRequest(). `done` may be called before this returns.
    void add(const TaskerRequest &request, Done done);
    /// Ends what no byte was sent of.
    void endWaiting(ErrorCode code, const std::string &detail);
    /// Ends everything, what was written as Unknown.
    void endAll(ErrorCode code, const std::string &detail);

private:
    struct Exchange
    {
        TaskerRequest request;
        Done done;
        std::int64_t deadline = 0;
        bool resent = false; ///< on a fresh connection, and never again
    };
    struct PooledConnection
    {
        std::unique_ptr<TaskerConnection> connection;
        std::unique_ptr<Exchange> exchange;
        bool written = false; ///< of `exchange`
        bool used = false; ///< has carried an answer before
        std::int64_t openBy = 0;
        std::int64_t idleSince = 0;
    };

    void askForProxy();
    void dispatch();
    [[nodiscard]] PooledConnection *idleLine();
    PooledConnection &openLine();
    [[nodiscard]] PooledConnection *lineOf(const TaskerConnection *connection);
    void write(PooledConnection &line);
    void lineOpened(TaskerConnection *connection);
    void lineAnswered(TaskerConnection *connection, const RawAnswer &answer);
    void lineFailed(TaskerConnection *connection, TaskerConnection::Failure trouble,
                    const std::string &detail);
    std::unique_ptr<Exchange> drop(PooledConnection &line);
    void sweep();
    void arm();

    Clock &m_clock;
    const Endpoint m_endpoint;
    const TaskerTarget m_target;
    const QSslConfiguration m_tls;
    std::optional<QNetworkProxy> m_proxy; ///< nullopt: the first look-up is under way
    std::int64_t m_proxyAsked = 0;
    QFutureWatcher<QNetworkProxy> m_proxyAnswer;
    std::deque<std::unique_ptr<Exchange>> m_waiting;
    std::vector<std::unique_ptr<PooledConnection>> m_lines;
    std::int64_t m_armedFor = 0;
};

} // namespace gatehouse
