// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/client/exchange.h"

#include "app/client/lost_socket.h"

#include <QFile>
#include <QLocalSocket>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <optional>

#include <sys/socket.h>
#include <unistd.h>

namespace gatehouse {

namespace http = boost::beast::http;

namespace {

constexpr std::uint32_t kAnswerHeadMost = 64 << 10;

} // namespace

std::string_view sentenceFor(WireFailure failure)
{
    switch (failure) {
    case WireFailure::NotReachable: return "Gatehouse is not running, or not at this socket";
    case WireFailure::SocketLost:
        return "Gatehouse runs, but somebody removed its socket; it makes it again within a minute";
    case WireFailure::WrongOwner:
        return "the socket is held by a program of another user; nothing was sent to it";
    case WireFailure::Broken: return "the connection to Gatehouse ended before the answer was complete";
    case WireFailure::Malformed: return "what answers at this socket is not Gatehouse";
    }
    return "";
}

struct Exchange::Parsing
{
    http::response_parser<http::string_body> parser;
    std::string waiting; ///< bytes that the parser wants to see again, with more behind them

    Parsing()
    {
        parser.eager(true);
        parser.header_limit(kAnswerHeadMost);
        parser.body_limit(boost::none);
    }
};

Exchange::Exchange(std::unique_ptr<QLocalSocket> socket, QString path, WireRequest request, GiveBack giveBack)
    : m_socket(std::move(socket))
    , m_path(std::move(path))
    , m_request(std::move(request))
    , m_giveBack(std::move(giveBack))
    , m_parsing(std::make_unique<Parsing>())
{
    m_silence.setSingleShot(true);
    m_silence.setInterval(m_request.patience);
    connect(&m_silence, &QTimer::timeout, this, [this] { fail(WireFailure::Broken); });
    connect(m_socket.get(), &QLocalSocket::connected, this, &Exchange::writeRequest);
    connect(m_socket.get(), &QLocalSocket::readyRead, this, &Exchange::readAnswer);
    connect(m_socket.get(), &QLocalSocket::disconnected, this, &Exchange::end);
    connect(m_socket.get(), &QLocalSocket::errorOccurred, this, &Exchange::end);
    // The caller connects to our signals first.
    QMetaObject::invokeMethod(this, &Exchange::start, Qt::QueuedConnection);
}

Exchange::~Exchange()
{
    if (m_socket)
        m_socket->disconnect(this); // closing it would call back into what is half gone
}

std::string Exchange::header(std::string_view name) const
{
    const auto &fields = m_parsing->parser.get();
    const auto field = fields.find(boost::beast::string_view(name.data(), name.size()));
    return field == fields.end() ? std::string() : std::string(field->value());
}

void Exchange::start()
{
    m_silence.start();
    if (m_socket->state() == QLocalSocket::ConnectedState)
        writeRequest();
    else if (m_socket->state() == QLocalSocket::UnconnectedState)
        m_socket->connectToServer(m_path);
}

bool Exchange::listenerIsOurs() const
{
    ucred listener{};
    socklen_t size = sizeof listener;
    const int descriptor = static_cast<int>(m_socket->socketDescriptor());
    return ::getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &listener, &size) == 0
        && listener.uid == ::getuid();
}

void Exchange::writeRequest()
{
    if (!listenerIsOurs())
        return fail(WireFailure::WrongOwner);
    std::string head = m_request.method + ' ' + m_request.target + " HTTP/1.1\r\nHost: gatehouse\r\n";
    for (const auto &[name, value] : m_request.headers)
        head += name + ": " + value + "\r\n";
    if (!m_request.body.empty() || m_request.method != "GET")
        head += "Content-Length: " + std::to_string(m_request.body.size()) + "\r\n";
    m_socket->write(head.data(), static_cast<qint64>(head.size()));
    if (m_request.bearer) {
        const auto token = m_request.bearer->text();
        m_socket->write("Authorization: Bearer ");
        m_socket->write(token.data(), static_cast<qint64>(token.size()));
        m_socket->write("\r\n");
    }
    m_socket->write("\r\n");
    m_socket->write(m_request.body.data(), static_cast<qint64>(m_request.body.size()));
    m_sent = true;
}

void Exchange::readAnswer()
{
    if (m_over)
        return;
    m_silence.start();
    auto &parser = m_parsing->parser;
    const QByteArray bytes = m_socket->readAll();
    m_parsing->waiting.append(bytes.constData(), static_cast<std::size_t>(bytes.size()));

    boost::system::error_code error;
    const auto used = parser.put(boost::asio::buffer(m_parsing->waiting), error);
    m_parsing->waiting.erase(0, used);
    if (error && error != http::error::need_more)
        return fail(WireFailure::Malformed);

    if (parser.is_header_done() && m_status == 0) {
        m_status = static_cast<int>(parser.get().result_int());
        emit headArrived();
    }
    if (m_over)
        return;
    if (std::string body = std::exchange(parser.get().body(), {}); !body.empty())
        emit bodyArrived(body);
    if (!m_over && parser.is_done())
        end();
}

void Exchange::end()
{
    if (m_over)
        return;
    if (m_socket->bytesAvailable() > 0 && !m_parsing->parser.is_done()) {
        readAnswer();
        if (m_over)
            return;
    }
    auto &parser = m_parsing->parser;
    if (m_sent && !parser.is_done() && parser.is_header_done() && parser.need_eof()) {
        boost::system::error_code error;
        parser.put_eof(error);
    }
    if (!parser.is_done()) {
        if (m_sent)
            return fail(WireFailure::Broken);
        const bool isLost = isSocketLost(QFile::encodeName(m_path).toStdString());
        return fail(isLost ? WireFailure::SocketLost : WireFailure::NotReachable);
    }

    m_over = true;
    m_silence.stop();
    m_socket->disconnect(this);
    if (m_socket->state() == QLocalSocket::ConnectedState && parser.keep_alive()
        && m_parsing->waiting.empty())
        m_giveBack(std::move(m_socket));
    emit finished();
}

void Exchange::fail(WireFailure failure)
{
    if (m_over)
        return;
    m_over = true;
    m_silence.stop();
    m_socket->disconnect(this);
    m_socket->abort();
    emit failed(failure);
}

} // namespace gatehouse
