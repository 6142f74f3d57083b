// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/tasker/answer_reader.h"
#include "gateway_core/tasker/endpoint.h"
#include "gateway_core/tasker/reply_mapping.h"
#include "gateway_core/tasker/wire_request.h"

#include <QObject>

#include <memory>
#include <string>

QT_BEGIN_NAMESPACE
class QTcpSocket;
QT_END_NAMESPACE

namespace gatehouse {

/// One HTTP/1.1 connection to Tasker, one exchange at a time. It knows no deadline: its owner aborts it.
/// Opening -> Idle <-> Busy -> Gone. After failed() it is Gone and of no more use.
/// Thread: core. Owns: the socket, and the request's bytes until they are wiped.
class TaskerConnection final : public QObject
{
    Q_OBJECT

public:
    enum class Failure {
        Connect, ///< refused, no such host, the proxy said no, plain http and not loopback
        Tls, ///< no handshake, or a certificate that does not hold
        Lost, ///< closed or reset
        Malformed, ///< not HTTP as we understand it
        TooLarge, ///< headers over 16 KiB or a body over kUpstreamAnswerLimit
    };

    explicit TaskerConnection(const Endpoint &endpoint, QObject *parent = nullptr);
    ~TaskerConnection() override;

    /// Connects, and for https checks the certificate: opened() or failed().
    void open(const QSslConfiguration &tls, const QNetworkProxy &proxy);
    /// Idle, and nothing has come from the other side since the last answer, its farewell included.
    [[nodiscard]] bool isUsable() const;
    [[nodiscard]] bool isOpening() const { return m_state == State::Opening; }
    /// Sends while Idle: answered() or failed().
    void exchange(WireBytes bytes);
    /// True once a byte of the current answer has come; the status of it, or 0, if the headers are here.
    [[nodiscard]] bool answerBegan() const { return m_answerBegan; }
    [[nodiscard]] int statusSoFar() const;
    /// After failed() by Connect, Tls or Lost: {reason}, and of a certificate its {problem, subject, issuer}
    /// in visible ASCII. reason is one of host_not_found, proxy, not_reachable, plain_http_not_loopback,
    /// certificate, tls, connection_broke.
    [[nodiscard]] const Json &reason() const { return m_reason; }
    /// Ends at once, without a signal.
    void abort();

signals:
    void opened();
    void answered(gatehouse::RawAnswer answer);
    void failed(gatehouse::TaskerConnection::Failure trouble, std::string detail);

private:
    enum class State { Opening, Idle, Busy, Gone };

    void becomeIdle();
    void readSome();
    void heard(AnswerReader::Step step);
    void finish();
    void peerGone();
    void fail(Failure trouble, std::string detail, Json reason = nullptr);

    Endpoint m_endpoint;
    std::unique_ptr<QTcpSocket> m_socket;
    State m_state = State::Opening;
    WireBytes m_request;
    std::unique_ptr<AnswerReader> m_reader; ///< of the exchange under way, and of the last one if it failed
    bool m_answerBegan = false;
    Json m_reason;
};

} // namespace gatehouse
