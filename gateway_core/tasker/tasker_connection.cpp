// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/tasker/tasker_connection.h"

#include <QHostAddress>
#include <QSslCertificate>
#include <QSslSocket>

#include <algorithm>

#ifdef Q_OS_UNIX
#include <cerrno>
#include <sys/socket.h>
#endif

namespace gatehouse {

namespace {

constexpr qint64 kReadBuffer = 256 << 10;
constexpr std::size_t kCertificateName = 64; // of what a certificate says of itself

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

/// A certificate's own word for somebody: written by whoever made it, so kept short and plain.
std::string plainName(const QStringList &names)
{
    std::string name = names.value(0).toStdString().substr(0, kCertificateName);
    std::replace_if(
        name.begin(), name.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
    return name;
}

const char *problemOf(QSslError::SslError error)
{
    switch (error) {
    case QSslError::SelfSignedCertificate: return "self_signed";
    case QSslError::CertificateExpired: return "expired";
    case QSslError::CertificateNotYetValid: return "not_yet_valid";
    case QSslError::HostNameMismatch: return "other_host";
    case QSslError::CertificateRevoked: return "revoked";
    default: return "unknown_authority";
    }
}

Json tlsReason(const QSslSocket &socket)
{
    const auto errors = socket.sslHandshakeErrors();
    const auto certificate = socket.peerCertificate();
    if (errors.isEmpty() || certificate.isNull())
        return { { "reason", "tls" } };
    return { { "reason", "certificate" },
             { "problem", problemOf(errors.first().error()) },
             { "subject", plainName(certificate.subjectInfo(QSslCertificate::CommonName)) },
             { "issuer", plainName(certificate.issuerInfo(QSslCertificate::CommonName)) } };
}

const char *connectReason(QAbstractSocket::SocketError error)
{
    switch (error) {
    case QAbstractSocket::HostNotFoundError: return "host_not_found";
    case QAbstractSocket::ProxyAuthenticationRequiredError:
    case QAbstractSocket::ProxyConnectionRefusedError:
    case QAbstractSocket::ProxyConnectionClosedError:
    case QAbstractSocket::ProxyConnectionTimeoutError:
    case QAbstractSocket::ProxyNotFoundError:
    case QAbstractSocket::ProxyProtocolError: return "proxy";
    default: return "not_reachable";
    }
}

} // namespace

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
            fail(Failure::Connect, "plain http, and not to loopback",
                 { { "reason", "plain_http_not_loopback" } });
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
    m_reader = std::make_unique<AnswerReader>();
    m_request = std::move(bytes);
    m_socket->write(m_request.bytes());
}

int TaskerConnection::statusSoFar() const
{
    return m_reader ? m_reader->statusSoFar() : 0;
}

void TaskerConnection::readSome()
{
    if (m_state == State::Idle)
        return fail(Failure::Lost, "bytes that nobody asked for", { { "reason", "connection_broke" } });
    while (m_state == State::Busy && m_socket->bytesAvailable() > 0) {
        const QByteArray chunk = m_socket->readAll();
        m_answerBegan = true;
        heard(m_reader->read({ chunk.constData(), static_cast<std::size_t>(chunk.size()) }));
    }
}

void TaskerConnection::heard(AnswerReader::Step step)
{
    switch (step) {
    case AnswerReader::Step::NeedMore: return;
    case AnswerReader::Step::Whole: return finish();
    case AnswerReader::Step::Malformed: return fail(Failure::Malformed, m_reader->detail());
    case AnswerReader::Step::TooLarge: return fail(Failure::TooLarge, m_reader->detail());
    }
}

void TaskerConnection::finish()
{
    RawAnswer answer = m_reader->take();
    // An answer before the end of the request, or with something behind it, leaves a connection that
    // nobody should trust with the next request.
    answer.keepAlive = answer.keepAlive && m_socket->bytesAvailable() == 0 && m_socket->bytesToWrite() == 0
        && m_socket->state() == QAbstractSocket::ConnectedState;
    m_reader.reset();
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
    if (m_state == State::Busy)
        heard(m_reader->end());
    if (m_state == State::Gone
        || (m_state == State::Idle && m_socket->state() == QAbstractSocket::ConnectedState))
        return;
    if (m_state != State::Opening)
        return fail(Failure::Lost, m_socket->errorString().toStdString(),
                    { { "reason", "connection_broke" } });
    const auto *secure = qobject_cast<QSslSocket *>(m_socket.get());
    if (secure && m_socket->error() == QAbstractSocket::SslHandshakeFailedError)
        return fail(Failure::Tls, tlsDetail(*secure), tlsReason(*secure));
    fail(Failure::Connect, m_socket->errorString().toStdString(),
         { { "reason", connectReason(m_socket->error()) } });
}

void TaskerConnection::fail(Failure trouble, std::string detail, Json reason)
{
    m_reason = std::move(reason);
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
