// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/tasker/tasker_connection.h"

#include <QHostAddress>
#include <QSslSocket>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <charconv>

#ifdef Q_OS_UNIX
#include <cerrno>
#include <sys/socket.h>
#endif

namespace gatehouse {

namespace http = boost::beast::http;

namespace {

constexpr std::uint32_t kHeaderLimit = 16u << 10;
constexpr qint64 kReadBuffer = 256 << 10;
constexpr int kRetryAfterLimit = 86'400; // seconds; more is not believed

std::optional<int> secondsIn(std::string_view text)
{
    int seconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (error != std::errc() || end != text.data() + text.size() || seconds < 0 || seconds > kRetryAfterLimit)
        return std::nullopt;
    return seconds;
}

bool closesSilently(qintptr socket)
{
#ifdef Q_OS_UNIX
    // The event loop may not have heard yet of a FIN, a reset or a TLS farewell that is already here.
    // Whatever waits on an idle connection means that it must not be written to.
    char byte = 0;
    return socket >= 0
        && (::recv(static_cast<int>(socket), &byte, 1, MSG_PEEK | MSG_DONTWAIT) >= 0
            || (errno != EAGAIN && errno != EWOULDBLOCK));
#else
    Q_UNUSED(socket);
    return false;
#endif
}

std::string tlsDetail(const QSslSocket &socket)
{
    std::string detail = socket.errorString().toStdString();
    for (const auto &error : socket.sslHandshakeErrors())
        detail += "; " + error.errorString().toStdString();
    return detail;
}

} // namespace

struct TaskerConnection::Parser
{
    Parser()
    {
        parser.header_limit(kHeaderLimit);
        parser.body_limit(kUpstreamAnswerLimit);
        parser.eager(true);
    }
    http::response_parser<http::string_body> parser;
};

TaskerConnection::TaskerConnection(const Endpoint &endpoint, QObject *parent)
    : QObject(parent)
    , m_endpoint(endpoint)
    , m_socket(endpoint.tls ? std::make_unique<QSslSocket>() : std::make_unique<QTcpSocket>())
{
    m_socket->setReadBufferSize(kReadBuffer);
    connect(m_socket.get(), &QTcpSocket::readyRead, this, &TaskerConnection::readSome);
    connect(m_socket.get(), &QTcpSocket::errorOccurred, this, &TaskerConnection::peerGone);
    connect(m_socket.get(), &QTcpSocket::disconnected, this, &TaskerConnection::peerGone);
}

TaskerConnection::~TaskerConnection()
{
    abort();
}

void TaskerConnection::open(const QSslConfiguration &tls, const QNetworkProxy &proxy)
{
    m_socket->setProxy(proxy);
    if (auto *secure = qobject_cast<QSslSocket *>(m_socket.get())) {
        secure->setSslConfiguration(tls);
        connect(secure, &QSslSocket::encrypted, this, &TaskerConnection::becomeIdle);
        secure->connectToHostEncrypted(m_endpoint.host, m_endpoint.port);
        return;
    }
    connect(m_socket.get(), &QTcpSocket::connected, this, [this] {
        // "localhost" is a name like any other to the resolver: believe the address.
        if (m_socket->peerAddress().isLoopback())
            becomeIdle();
        else
            fail(Trouble::Connect, "plain http, and not to loopback");
    });
    m_socket->connectToHost(m_endpoint.host, m_endpoint.port);
}

void TaskerConnection::becomeIdle()
{
    m_socket->setSocketOption(QAbstractSocket::LowDelayOption, 1);
    m_state = State::Idle;
    emit opened();
}

bool TaskerConnection::isUsable() const
{
    return m_state == State::Idle && m_socket->state() == QAbstractSocket::ConnectedState
        && !closesSilently(m_socket->socketDescriptor());
}

void TaskerConnection::exchange(WireBytes bytes)
{
    Q_ASSERT(m_state == State::Idle);
    m_state = State::Busy;
    m_answerBegan = false;
    m_unparsed.clear();
    m_parser = std::make_unique<Parser>();
    m_request = std::move(bytes);
    m_socket->write(m_request.bytes());
}

int TaskerConnection::statusSoFar() const
{
    return m_parser && m_parser->parser.is_header_done()
        ? static_cast<int>(m_parser->parser.get().result_int())
        : 0;
}

void TaskerConnection::readSome()
{
    if (m_state == State::Idle)
        return fail(Trouble::Lost, "bytes that nobody asked for");
    while (m_state == State::Busy && m_socket->bytesAvailable() > 0) {
        const QByteArray chunk = m_socket->readAll();
        m_answerBegan = true;
        m_unparsed.append(chunk.constData(), static_cast<std::size_t>(chunk.size()));
        parseSome();
    }
}

void TaskerConnection::parseSome()
{
    while (!m_unparsed.empty()) {
        auto &parser = m_parser->parser;
        boost::beast::error_code error;
        const auto used = parser.put(boost::asio::buffer(m_unparsed), error);
        m_unparsed.erase(0, used);
        if (error == http::error::body_limit || error == http::error::header_limit)
            return fail(Trouble::TooLarge, error.message());
        if (error && error != http::error::need_more)
            return fail(Trouble::Malformed, error.message());
        const bool informational
            = parser.is_done() && parser.get().result_int() / 100 == 1 && parser.get().result_int() != 101;
        if (informational) // the answer is yet to come
            m_parser = std::make_unique<Parser>();
        else if (parser.is_done())
            return finish();
        else if (error == http::error::need_more || used == 0)
            return;
    }
}

void TaskerConnection::finish()
{
    auto &message = m_parser->parser.get();
    const auto encoding = message[http::field::transfer_encoding];
    const auto content = message[http::field::content_encoding];
    if ((!encoding.empty() && !boost::beast::iequals(encoding, "chunked"))
        || (!content.empty() && !boost::beast::iequals(content, "identity")))
        return fail(Trouble::Malformed, "an encoding that was not asked for");

    RawAnswer answer;
    answer.status = static_cast<int>(message.result_int());
    answer.retryAfterSeconds = secondsIn(message[http::field::retry_after]);
    answer.replayed = boost::beast::iequals(message["Idempotent-Replayed"], "true");
    answer.body = std::move(message.body());
    // An answer before the end of the request, or with something behind it, leaves a connection that
    // nobody should trust with the next request.
    answer.keepAlive = message.keep_alive() && m_unparsed.empty() && m_socket->bytesAvailable() == 0
        && m_socket->bytesToWrite() == 0 && m_socket->state() == QAbstractSocket::ConnectedState;
    m_parser.reset();
    if (answer.keepAlive) {
        m_request.clear();
        m_state = State::Idle;
    } else {
        abort();
    }
    emit answered(std::move(answer));
}

void TaskerConnection::peerGone()
{
    if (m_state == State::Gone)
        return;
    if (m_state == State::Busy)
        readSome(); // what came before the end
    if (m_state == State::Busy && m_parser->parser.is_header_done() && m_parser->parser.need_eof()) {
        boost::beast::error_code error;
        m_parser->parser.put_eof(error);
        if (!error)
            return finish();
    }
    if (m_state == State::Gone
        || (m_state == State::Idle && m_socket->state() == QAbstractSocket::ConnectedState))
        return;
    if (m_state != State::Opening)
        return fail(Trouble::Lost, m_socket->errorString().toStdString());
    const auto *secure = qobject_cast<QSslSocket *>(m_socket.get());
    if (secure && m_socket->error() == QAbstractSocket::SslHandshakeFailedError)
        return fail(Trouble::Tls, tlsDetail(*secure));
    fail(Trouble::Connect, m_socket->errorString().toStdString());
}

void TaskerConnection::fail(Trouble trouble, std::string detail)
{
    abort();
    emit failed(trouble, std::move(detail));
}

void TaskerConnection::abort()
{
    m_state = State::Gone;
    m_socket->disconnect(this);
    m_socket->abort();
    m_request.clear();
}

} // namespace gatehouse
