// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/contract_tasker/wire.h"

#include <QPointer>
#include <QSslSocket>
#include <QUrl>
#include <QUrlQuery>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <algorithm>

#include <sys/socket.h>

namespace contract {

namespace http = boost::beast::http;

namespace {

constexpr std::uint32_t kHeaderLimit = 64u << 10;
constexpr std::uint64_t kBodyLimit = 4u << 20;

std::string lower(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return text;
}

Request requestOf(const http::request<http::string_body> &message, int connection)
{
    Request request;
    request.connection = connection;
    request.method = std::string(message.method_string());
    const std::string target(message.target());
    const auto mark = target.find('?');
    request.path = target.substr(0, mark);
    if (mark != std::string::npos) {
        const QUrlQuery query(QString::fromStdString(target.substr(mark + 1)));
        for (const auto &[name, value] : query.queryItems(QUrl::FullyDecoded))
            request.query[name.toStdString()] = value.toStdString();
    }
    for (const auto &field : message)
        request.headers[lower(std::string(field.name_string()))] = std::string(field.value());
    request.body = message.body();
    return request;
}

QByteArray headOf(const Response &response, bool keepAlive)
{
    std::string head = "HTTP/1.1 " + std::to_string(response.status) + ' '
        + std::string(http::obsolete_reason(static_cast<http::status>(response.status))) + "\r\n";
    head += "Content-Type: " + response.contentType + "\r\n";
    for (const auto &[name, value] : response.headers)
        head += name + ": " + value + "\r\n";
    if (response.manner == Manner::Chunked)
        head += "Transfer-Encoding: chunked\r\n";
    else if (response.manner != Manner::UntilClose)
        head += "Content-Length: " + std::to_string(response.body.size()) + "\r\n";
    head += keepAlive ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n";
    return QByteArray::fromStdString(head);
}

QByteArray chunked(const std::string &body)
{
    constexpr std::size_t kChunk = 7'000;
    QByteArray bytes;
    for (std::size_t at = 0; at < body.size(); at += kChunk) {
        const std::string part = body.substr(at, kChunk);
        bytes
            += QByteArray::number(static_cast<qulonglong>(part.size()), 16) + "\r\n" + part.c_str() + "\r\n";
    }
    return bytes + "0\r\n\r\n";
}

class Connection final : public QObject
{
public:
    Connection(QTcpSocket *socket, const Wire::Handle &handle, int number, QObject *parent)
        : QObject(parent)
        , m_socket(socket)
        , m_handle(handle)
        , m_number(number)
    {
        socket->setParent(this);
        connect(socket, &QTcpSocket::readyRead, this, &Connection::read);
        connect(socket, &QTcpSocket::disconnected, this, &QObject::deleteLater);
        connect(socket, &QTcpSocket::errorOccurred, this, &QObject::deleteLater);
        next();
    }

    [[nodiscard]] bool isIdle() const { return !m_busy && m_unparsed.empty() && !m_parser->got_some(); }
    void close() { m_socket->disconnectFromHost(); }

private:
    void next()
    {
        m_busy = false;
        m_parser.emplace();
        m_parser->header_limit(kHeaderLimit);
        m_parser->body_limit(kBodyLimit);
        m_parser->eager(true);
    }

    void read()
    {
        const QByteArray chunk = m_socket->readAll();
        m_unparsed.append(chunk.constData(), static_cast<std::size_t>(chunk.size()));
        parse();
    }

    void parse()
    {
        while (!m_busy && !m_unparsed.empty()) {
            boost::beast::error_code error;
            const auto used = m_parser->put(boost::asio::buffer(m_unparsed), error);
            m_unparsed.erase(0, used);
            if (error && error != http::error::need_more) {
                m_busy = true;
                m_keepAlive = false;
                return answer(errorResponse(400, "validation_failed", "not HTTP/1.1"));
            }
            if (m_parser->is_done())
                return handle();
            if (error || used == 0)
                return;
        }
    }

    void handle()
    {
        m_busy = true;
        m_keepAlive = m_parser->get().keep_alive();
        m_handle(requestOf(m_parser->get(), m_number), [self = QPointer(this)](const Response &response) {
            if (self)
                self->answer(response);
        });
    }

    void reset()
    {
        const linger atOnce{ 1, 0 }; // a RST, not a FIN
        setsockopt(static_cast<int>(m_socket->socketDescriptor()), SOL_SOCKET, SO_LINGER, &atOnce,
                   sizeof atOnce);
        m_socket->abort();
    }

    void answer(const Response &response)
    {
        if (response.manner == Manner::Never)
            return;
        if (response.manner == Manner::Reset)
            return reset();
        const bool ends = response.manner == Manner::UntilClose || !m_keepAlive;
        m_socket->write(headOf(response, !ends));
        QByteArray body = QByteArray::fromStdString(response.body);
        if (response.manner == Manner::Truncated)
            body.truncate(body.size() / 2);
        m_socket->write(response.manner == Manner::Chunked ? chunked(response.body) : body);
        if (ends || response.manner == Manner::Truncated || response.manner == Manner::CloseAfter)
            return close();
        next();
        parse();
    }

    QTcpSocket *m_socket;
    const Wire::Handle &m_handle;
    const int m_number;
    std::optional<http::request_parser<http::string_body>> m_parser;
    std::string m_unparsed;
    bool m_busy = false;
    bool m_keepAlive = true;
};

} // namespace

Wire::Wire(Handle handle, std::optional<QSslConfiguration> tls, QObject *parent)
    : QTcpServer(parent)
    , m_handle(std::move(handle))
    , m_tls(std::move(tls))
{
}

int Wire::open() const
{
    int count = 0;
    for (auto *child : children())
        count += dynamic_cast<Connection *>(child) != nullptr;
    return count;
}

void Wire::closeIdle()
{
    for (auto *child : children()) {
        auto *connection = dynamic_cast<Connection *>(child);
        if (connection && connection->isIdle())
            connection->close();
    }
}

void Wire::incomingConnection(qintptr descriptor)
{
    QTcpSocket *socket = nullptr;
    if (m_tls) {
        auto *secure = new QSslSocket;
        secure->setSslConfiguration(*m_tls);
        secure->setSocketDescriptor(descriptor);
        secure->startServerEncryption();
        socket = secure;
    } else {
        socket = new QTcpSocket;
        socket->setSocketDescriptor(descriptor);
    }
    socket->setSocketOption(QAbstractSocket::LowDelayOption, 1);
    new Connection(socket, m_handle, ++m_accepted, this);
}

} // namespace contract
