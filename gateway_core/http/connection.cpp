// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/http/connection.h"

#include "gateway_core/http/http_exchange.h"
#include "gateway_core/http/head_rules.h"
#include "gateway_core/http/http_log.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <exception>
#include <utility>

namespace gatehouse {

namespace {

constexpr qint64 kReadAhead = 64 << 10; ///< what a client may send behind the request being served
constexpr std::int64_t kWriteAhead = 256 << 10; ///< unread answers before no further request is read
constexpr int kSendBuffer = 128 << 10; ///< in the kernel, so that our own bound is the one that counts
constexpr int kRequestsPerTurn = 64; ///< then other connections have their turn
constexpr std::int64_t kPatience = 2000; ///< ms for a client to read its last answer, or to be given one
constexpr std::int64_t kMostDiscarded = 16 << 20; ///< bytes a refused client may still send
constexpr int kMostTurnedAway = 64; ///< waiting to be read at once
constexpr std::size_t kReadAtOnce = 4 << 10; ///< from the kernel itself
constexpr std::size_t kKeptBuffer = 16 << 10; ///< what a quiet connection may hold on to

class PeerOfConnection final : public ConnectionPeer
{
public:
    PeerOfConnection(Connection &connection, const PeerCredentials &mark)
        : m_connection(&connection)
        , m_mark(mark)
    {
    }

    [[nodiscard]] std::uint32_t uid() const override { return m_mark.uid; }
    [[nodiscard]] bool isUnixSocket() const override { return m_mark.viaUnixSocket; }
    [[nodiscard]] Peer sight() const override { return sightOf(m_mark); }
    [[nodiscard]] bool countAs(const std::string &name, int most, ConnectionUse place) override
    {
        return m_connection && m_connection->countAs(name, most, place);
    }

private:
    QPointer<Connection> m_connection;
    const PeerCredentials m_mark;
};

} // namespace

Connection::Connection(ServerState &service, int socket, const PeerCredentials &mark, QObject *parent)
    : QObject(parent)
    , m_service(service)
    , m_descriptor(socket)
    , m_peer(std::make_shared<PeerOfConnection>(*this, mark))
    , m_mark(mark)
    , m_reader(service.limits.head)
    , m_since(service.clock.sinceBoot())
{
    const int on = 1;
    if (!mark.viaUnixSocket)
        ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    ::setsockopt(socket, SOL_SOCKET, SO_SNDBUF, &kSendBuffer, sizeof(kSendBuffer));
    m_socket.setReadBufferSize(kReadAhead);
    m_socket.setSocketDescriptor(socket);
    connect(&m_socket, &QTcpSocket::readyRead, this, &Connection::onBytes);
    connect(&m_socket, &QTcpSocket::bytesWritten, this, &Connection::onWritten);
    connect(&m_socket, &QTcpSocket::disconnected, this, &Connection::leaveNow);
    m_service.connections.push_back(this);
}

Connection::~Connection()
{
    m_phase = Phase::Gone; // the server ends: nobody is told, nothing is sent
    m_socket.disconnect(this);
    m_gone = nullptr;
    m_service.crowd.leave(*this);
    std::erase(m_service.connections, this);
}

void Connection::enter()
{
    if (m_service.crowd.enter(*this, m_mark.viaUnixSocket ? Door::Unix : Door::Tcp, m_mark.uid))
        drainInput();
    else
        reject(fault::kCrowded);
}

void Connection::reject(const HttpRejection &fault)
{
    if (m_service.turnedAway >= kMostTurnedAway) {
        m_service.refused(m_mark.uid, fault);
        leaveNow();
        return;
    }
    m_turnedAway = true;
    ++m_service.turnedAway;
    refuse(fault);
}

EvictionRank Connection::claim() const
{
    switch (m_phase) {
    case Phase::Streaming:
        if (m_listens)
            return { EvictionRank::Brought::Stream, m_since };
        [[fallthrough]];
    case Phase::Serving: return { EvictionRank::Brought::Request, m_since };
    case Phase::Body: return { EvictionRank::Brought::Head, m_since };
    case Phase::Quiet:
    case Phase::Head:
    case Phase::Leaving:
    case Phase::Gone: break;
    }
    return { EvictionRank::Brought::Nothing, m_since };
}

void Connection::drainInput()
{
    m_catchingUp = true;
    work();
    m_catchingUp = false;
}

void Connection::leaveIfClosed()
{
    const bool owesNothing = (m_phase == Phase::Quiet || m_phase == Phase::Leaving)
        && m_taken == m_input.size() && m_output.empty() && m_socket.bytesToWrite() == 0
        && m_socket.bytesAvailable() == 0;
    char next = 0;
    if (owesNothing && ::recv(m_descriptor, &next, 1, MSG_PEEK | MSG_DONTWAIT) == 0)
        leaveNow();
}

void Connection::evict()
{
    m_service.refused(m_mark.uid, fault::kCrowded);
    leaveNow();
}

bool Connection::countAs(const std::string &name, int most, ConnectionUse place)
{
    const bool counted = m_phase != Phase::Gone && m_service.crowd.rename(*this, name, most, place);
    m_closing = m_closing || !counted;
    return counted;
}

void Connection::nowIn(Phase phase)
{
    // The first request's head has its time from the moment of connecting, not from its first byte.
    if (!(phase == Phase::Head && m_isNew))
        m_since = m_service.clock.sinceBoot();
    m_phase = phase;
}

// Reading

void Connection::onBytes()
{
    if (m_phase == Phase::Leaving) {
        m_discarded += m_socket.skip(m_socket.bytesAvailable());
        if (m_discarded > kMostDiscarded)
            leaveNow();
        return;
    }
    work();
}

bool Connection::mayRead() const
{
    const bool reading = m_phase == Phase::Quiet || m_phase == Phase::Head || m_phase == Phase::Body;
    return reading && m_socket.bytesToWrite() + static_cast<qint64>(m_output.size()) < kWriteAhead;
}

void Connection::work()
{
    if (std::exchange(m_working, true))
        return;
    int served = 0;
    while (mayRead() && served < kRequestsPerTurn && takeStep()) {
        if (m_phase == Phase::Quiet)
            ++served;
    }
    flush();
    m_working = false;
    if (served == kRequestsPerTurn)
        QMetaObject::invokeMethod(this, &Connection::work, Qt::QueuedConnection);
}

bool Connection::fillInput()
{
    m_input.erase(0, std::exchange(m_taken, 0));
    const qint64 ready = m_socket.bytesAvailable();
    if (ready <= 0 && m_catchingUp)
        return fillFromKernel();
    if (ready <= 0) {
        if (m_input.empty() && m_input.capacity() > kKeptBuffer)
            m_input = {};
        return false;
    }
    const std::size_t size = m_input.size();
    m_input.resize(size + static_cast<std::size_t>(ready));
    const qint64 got = m_socket.read(m_input.data() + size, ready);
    m_input.resize(size + static_cast<std::size_t>(std::max<qint64>(got, 0)));
    return got > 0;
}

/// Only while Qt's own buffer is empty: the bytes keep their order.
bool Connection::fillFromKernel()
{
    std::array<char, kReadAtOnce> bytes;
    const ssize_t got = ::recv(m_descriptor, bytes.data(), bytes.size(), MSG_DONTWAIT);
    if (got > 0)
        m_input.append(bytes.data(), static_cast<std::size_t>(got));
    return got > 0;
}

bool Connection::takeStep()
{
    std::size_t taken = 0;
    const auto step = m_reader.read(std::string_view(m_input).substr(m_taken), taken);
    m_taken += taken;
    switch (step) {
    case RequestReader::Step::NeedMore:
        if (m_phase == Phase::Quiet && !m_reader.isAtStart())
            nowIn(Phase::Head);
        return fillInput();
    case RequestReader::Step::Head: return admitHead();
    case RequestReader::Step::Whole: serve(); return true;
    case RequestReader::Step::Refused: refuse(m_reader.fault()); return false;
    }
    return false;
}

bool Connection::admitHead()
{
    HttpRequest &request = m_reader.request();
    request.peer = m_peer;
    const DoorNames door{ m_service.port, m_mark.viaUnixSocket, m_service.navigable };
    if (const auto fault = checkNames(request, door)) {
        refuse(*fault);
        return false;
    }
    m_closing = m_closing || !m_reader.keepsAlive();
    if (!m_reader.hasBody())
        return true;
    std::size_t limit = m_service.limits.body;
    if (m_service.bodyLimit)
        limit = std::min(limit, m_service.bodyLimit(request.method, request.path));
    if (const auto fault = m_reader.limitBody(limit)) {
        refuse(*fault);
        return false;
    }
    const bool bodyWaits = m_taken == m_input.size() && m_socket.bytesAvailable() == 0;
    if (bodyWaits && !request.header("expect").empty()) {
        if (m_service.bodyWanted && !m_service.bodyWanted(request)) {
            m_closing = true; // what still comes is that body, and no next request
            serve();
            return false;
        }
        m_output += "HTTP/1.1 100 Continue\r\n\r\n";
    }
    m_isNew = false;
    nowIn(Phase::Body);
    return true;
}

void Connection::serve()
{
    HttpRequest request = std::move(m_reader.request());
    m_reader.next();
    request.id = m_service.random.uuid();
    m_isNew = false;
    nowIn(Phase::Serving);
    const auto exchange = std::make_shared<HttpExchange>(*this, std::move(request));
    try {
        if (m_service.handler)
            m_service.handler(exchange->request(), exchange);
    } catch (const std::exception &error) {
        // Whatever a request can bring about must not end the process; the exchange answers 500.
        qCCritical(lcHttp, "the handler threw: %s", error.what());
    }
}

// Answering

AnswerFrame Connection::frame()
{
    return { m_service.date.at(m_service.clock.now()), m_closing, false };
}

void Connection::answer(HttpResponse response)
{
    if (m_phase != Phase::Serving)
        return;
    if (!isWritable(response.headers)) {
        qCCritical(lcHttp, "an answer's headers held what no header may hold");
        response = m_service.refusalFor(fault::kUnanswered, {}, {});
    }
    m_closing = m_closing || asksToClose(response.headers);
    appendAnswer(m_output, response, frame());
    goOn();
}

void Connection::answerNothing(const HttpRequest &request)
{
    answer(m_service.refusalFor(fault::kUnanswered, request.path, request.id));
}

/// Behind a complete answer: the next request, or the end.
void Connection::goOn()
{
    const auto gone = std::exchange(m_gone, nullptr); // dies last: it may hold what called us
    if (m_closing)
        leave();
    else
        nowIn(Phase::Quiet);
    if (!m_working)
        work();
}

bool Connection::startStream(const Headers &headers)
{
    if (m_phase != Phase::Serving)
        return false;
    if (!isWritable(headers)) {
        qCCritical(lcHttp, "a stream's headers held what no header may hold");
        answer(m_service.refusalFor(fault::kUnanswered, {}, {}));
        return false;
    }
    appendStreamHead(m_output, headers, frame());
    m_listens = false;
    nowIn(Phase::Streaming);
    if (!m_working)
        flush();
    return m_phase == Phase::Streaming;
}

std::int64_t Connection::waitingInStream() const
{
    return m_socket.bytesToWrite() + static_cast<std::int64_t>(m_output.size());
}

bool Connection::writeToStream(std::string_view text)
{
    if (m_phase != Phase::Streaming)
        return false;
    const std::int64_t waiting = waitingInStream();
    if (waiting + static_cast<std::int64_t>(text.size()) > m_service.limits.streamQueue) {
        appendChunk(m_output, commentText("closed: too slow"));
        m_closing = true;
        endStream();
        return false;
    }
    if (waiting == 0)
        m_since = m_service.clock.sinceBoot();
    appendChunk(m_output, text);
    push(); // without flush(): what comes in the same turn of the loop goes out together
    return m_phase == Phase::Streaming;
}

void Connection::endStream()
{
    if (m_phase != Phase::Streaming)
        return;
    appendChunk(m_output, {});
    goOn();
}

void Connection::push()
{
    if (m_output.empty() || m_phase == Phase::Gone)
        return;
    m_socket.write(m_output.data(), static_cast<qint64>(m_output.size()));
    m_output.clear();
    if (m_output.capacity() > kKeptBuffer)
        m_output = {};
}

void Connection::flush()
{
    if (!m_output.empty()) {
        push();
        m_socket.flush();
    }
    if (m_phase == Phase::Leaving && m_socket.bytesToWrite() == 0 && !std::exchange(m_writeEnded, true))
        ::shutdown(m_descriptor, SHUT_WR);
}

void Connection::onWritten()
{
    if (m_phase == Phase::Streaming)
        m_since = m_service.clock.sinceBoot();
    work();
}

// Leaving

void Connection::refuse(const HttpRejection &fault)
{
    m_service.refused(m_mark.uid, fault);
    m_closing = true;
    const HttpRequest &request = m_reader.request();
    AnswerFrame refusalFrame = frame();
    refusalFrame.withoutBody = request.method == "HEAD";
    appendAnswer(m_output, m_service.refusalFor(fault, request.path, m_service.random.uuid()), refusalFrame);
    leave();
}

/// The client gets to read what was written: closing with its bytes unread would reset the connection.
void Connection::leave()
{
    nowIn(Phase::Leaving);
    m_input.clear();
    m_taken = 0;
    m_discarded += m_socket.skip(m_socket.bytesAvailable());
    if (!m_working)
        flush();
}

void Connection::leaveNow()
{
    if (m_phase == Phase::Gone)
        return;
    m_phase = Phase::Gone;
    m_service.crowd.leave(*this);
    if (std::exchange(m_turnedAway, false))
        --m_service.turnedAway;
    m_socket.abort();
    deleteLater();
    if (const auto gone = std::exchange(m_gone, nullptr))
        gone();
}

void Connection::closeSoon()
{
    switch (m_phase) {
    case Phase::Quiet:
    case Phase::Head:
    case Phase::Body: leaveNow(); return;
    case Phase::Serving:
        m_closing = true;
        m_closeBy = m_service.clock.sinceBoot() + kPatience;
        return;
    case Phase::Streaming: {
        m_closing = true;
        const auto gone = std::exchange(m_gone, nullptr);
        endStream();
        if (gone)
            gone();
        return;
    }
    case Phase::Leaving:
    case Phase::Gone: return;
    }
}

void Connection::checkTime(std::int64_t now)
{
    const std::int64_t waited = now - m_since;
    const HttpLimits &limits = m_service.limits;
    switch (m_phase) {
    case Phase::Quiet:
        if (waited >= (m_isNew ? limits.headTime : limits.idleTime).count())
            leaveNow();
        return;
    case Phase::Head:
        if (waited >= limits.headTime.count())
            refuse(fault::kHeadTooSlow);
        return;
    case Phase::Body:
        if (waited >= limits.bodyTime.count())
            refuse(fault::kBodyTooSlow);
        return;
    case Phase::Serving:
        if (m_closeBy >= 0 && now >= m_closeBy)
            leaveNow();
        return;
    case Phase::Streaming:
        if (waitingInStream() > 0 && waited >= limits.idleTime.count())
            leaveNow();
        return;
    case Phase::Leaving:
        if (waited >= kPatience)
            leaveNow();
        return;
    case Phase::Gone: return;
    }
}

} // namespace gatehouse
