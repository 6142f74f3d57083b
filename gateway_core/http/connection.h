// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/http/connection_limiter.h"
#include "gateway_core/http/peer_lookup.h"
#include "gateway_core/http/request_reader.h"
#include "gateway_core/http/server_state.h"

#include <QObject>
#include <QTcpSocket>

#include <functional>
#include <memory>
#include <string>

namespace gatehouse {

/// One accepted connection: reads requests, hands them to the handler one at a time and writes the answers
/// in their order. What a client sends ahead waits in a bounded buffer, unread.
/// Quiet -> Head -> Body -> Serving -> Quiet ...; Serving -> Streaming; any -> Leaving -> Gone.
/// Thread: core. Owns: its socket. Deletes itself (deleteLater) once Gone.
class Connection final : public QObject, public LimitedConnection
{
    Q_OBJECT

public:
    /// Takes over an open, non-blocking descriptor. enter() must be called next.
    Connection(ServerState &service, int socket, const PeerCredentials &mark, QObject *parent);
    ~Connection() override;

    /// Joins the crowd and reads what is there already; closed with 429 if there is no place.
    void enter();
    /// Closed with an answer before anything is read: who asks may not come in. Instead of enter().
    void reject(const HttpRejection &fault);
    /// Closes what is late. Called by the server's sweep.
    void checkTime(std::int64_t now);

    [[nodiscard]] EvictionRank claim() const override;
    void drainInput() override;
    void leaveIfClosed() override;
    void evict() override;
    /// Ends: at once if nothing is being served, else once it is answered, or two seconds from now.
    void closeSoon() override;

    // For the responder and the event stream of the request being served; void once that is over.
    void answer(HttpResponse response);
    /// The responder was dropped: 500.
    void answerNothing(const HttpRequest &request);
    [[nodiscard]] bool startStream(const Headers &headers);
    /// False: the stream is over, or it just ended because the reader is too slow.
    bool writeToStream(std::string_view text);
    void endStream();
    [[nodiscard]] std::int64_t waitingInStream() const;
    void setGone(std::function<void()> gone) { m_gone = std::move(gone); }
    [[nodiscard]] bool countAs(const std::string &name, int most, ConnectionUse place);
    /// What streams now only listens.
    void mayGiveWay() { m_listens = true; }

private:
    enum class Phase { Quiet, Head, Body, Serving, Streaming, Leaving, Gone };

    void onBytes();
    void onWritten();
    void work();
    [[nodiscard]] bool takeStep();
    [[nodiscard]] bool admitHead();
    void serve();
    void refuse(const HttpRejection &fault);
    void leave();
    void leaveNow();
    void push();
    void flush();
    void goOn();
    void nowIn(Phase phase);
    [[nodiscard]] bool fillInput();
    [[nodiscard]] bool fillFromKernel();
    [[nodiscard]] bool mayRead() const;
    [[nodiscard]] AnswerFrame frame();

    ServerState &m_service;
    const int m_descriptor;
    QTcpSocket m_socket;
    std::shared_ptr<ConnectionPeer> m_peer;
    const PeerCredentials m_mark;
    RequestReader m_reader;
    std::string m_input;
    std::size_t m_taken = 0; ///< of m_input, by the reader
    std::string m_output;
    std::function<void()> m_gone;
    Phase m_phase = Phase::Quiet;
    std::int64_t m_since = 0; ///< when the phase began, Clock::sinceBoot
    std::int64_t m_closeBy = -1; ///< when closeSoon() loses patience; negative: it was not asked
    std::int64_t m_discarded = 0; ///< bytes read and thrown away while leaving
    bool m_isNew = true; ///< no whole request yet: the head's time runs from the start
    bool m_closing = false; ///< no request behind this one
    bool m_listens = false; ///< while streaming: nothing is under way
    bool m_working = false;
    bool m_catchingUp = false; ///< read from the kernel, before Qt's turn to do so
    bool m_writeEnded = false;
    bool m_turnedAway = false;
};

} // namespace gatehouse
