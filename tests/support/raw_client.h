// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDeadlineTimer>
#include <QEventLoop>
#include <QTcpSocket>
#include <QTest>
#include <QTimer>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

namespace gatehouse::test {

/// One HTTP answer as it stood on the wire.
struct RawAnswer
{
    int status = 0; ///< 0: the connection ended, or nothing came in time
    std::string head; ///< lower-cased, status line included
    std::string body; ///< by Content-Length, or the joined chunks

    [[nodiscard]] std::string header(std::string_view name) const
    {
        const std::string wanted = "\r\n" + std::string(name) + ": ";
        const std::size_t at = head.find(wanted);
        if (at == std::string::npos)
            return {};
        const std::size_t begin = at + wanted.size();
        return head.substr(begin, head.find("\r\n", begin) - begin);
    }
};

/// A client that sends exactly the bytes it is told to and shows exactly what comes back. Waiting runs the
/// event loop, so server and client may share a thread.
class RawClient final
{
public:
    static constexpr int kPatience = 5000;

    [[nodiscard]] static RawClient tcp(int port, const char *address = "127.0.0.1")
    {
        sockaddr_in v4{};
        sockaddr_in6 v6{};
        if (::inet_pton(AF_INET, address, &v4.sin_addr) == 1) {
            v4.sin_family = AF_INET;
            v4.sin_port = htons(static_cast<std::uint16_t>(port));
            return RawClient(AF_INET, &v4, sizeof(v4));
        }
        ::inet_pton(AF_INET6, address, &v6.sin6_addr);
        v6.sin6_family = AF_INET6;
        v6.sin6_port = htons(static_cast<std::uint16_t>(port));
        return RawClient(AF_INET6, &v6, sizeof(v6));
    }
    [[nodiscard]] static RawClient unixSocket(const std::string &path)
    {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::memcpy(address.sun_path, path.data(), std::min(path.size(), sizeof(address.sun_path) - 1));
        return RawClient(AF_UNIX, &address, sizeof(address));
    }

    [[nodiscard]] bool isOpen() const { return m_socket->state() == QAbstractSocket::ConnectedState; }
    [[nodiscard]] int descriptor() const { return static_cast<int>(m_socket->socketDescriptor()); }

    RawClient &send(std::string_view bytes)
    {
        m_socket->write(bytes.data(), static_cast<qint64>(bytes.size()));
        m_socket->flush();
        return *this;
    }
    /// Every byte on its own, with a turn of the loop behind it in which the server can read.
    RawClient &sendByteByByte(std::string_view bytes)
    {
        for (const char c : bytes) {
            send({ &c, 1 });
            int looks = 0;
            (void)QTest::qWaitFor([&] { return ++looks > 1; }, kPatience);
        }
        return *this;
    }
    /// No more bytes from this side; the other still may send.
    void shutdownWriting() { ::shutdown(descriptor(), SHUT_WR); }
    void close() { m_socket->abort(); }

    /// The next answer; an interim one (100) counts as an answer.
    [[nodiscard]] RawAnswer answer()
    {
        RawAnswer answer;
        if (!waitUntil([&] { return m_received.find("\r\n\r\n") != std::string::npos; }))
            return answer;
        const std::size_t end = m_received.find("\r\n\r\n") + 4;
        answer.head = m_received.substr(0, end);
        std::ranges::transform(answer.head, answer.head.begin(),
                               [](char c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; });
        m_received.erase(0, end);
        if (answer.head.size() > 12)
            answer.status = std::atoi(answer.head.c_str() + 9);
        if (answer.header("transfer-encoding") == "chunked")
            return answer; // a stream: chunk() reads on
        const std::size_t length
            = static_cast<std::size_t>(std::atoi(answer.header("content-length").c_str()));
        if (answer.status >= 200 && waitUntil([&] { return m_received.size() >= length; })) {
            answer.body = m_received.substr(0, length);
            m_received.erase(0, length);
        }
        return answer;
    }
    [[nodiscard]] RawAnswer exchange(std::string_view request) { return send(request).answer(); }
    /// The next chunk of a streamed answer; empty for the last, or if none came.
    [[nodiscard]] std::string chunk()
    {
        if (!waitUntil([&] { return m_received.find("\r\n") != std::string::npos; }))
            return {};
        const std::size_t line = m_received.find("\r\n") + 2;
        const std::size_t size = std::strtoul(m_received.c_str(), nullptr, 16);
        if (!waitUntil([&] { return m_received.size() >= line + size + 2; }))
            return {};
        const std::string bytes = m_received.substr(line, size);
        m_received.erase(0, line + size + 2);
        return bytes;
    }
    /// True if the server ends the connection, in order: no reset.
    [[nodiscard]] bool isClosedByServer()
    {
        return waitUntil([this] { return !isOpen(); })
            && m_socket->error() == QAbstractSocket::RemoteHostClosedError;
    }
    /// All that has come and was not taken.
    [[nodiscard]] const std::string &received()
    {
        collect();
        return m_received;
    }
    [[nodiscard]] bool waitFor(std::string_view text)
    {
        return waitUntil([&] { return m_received.find(text) != std::string::npos; });
    }
    /// Take nothing from the socket: a slow reader.
    void stopReading() { m_socket->setReadBufferSize(1); }
    void startReading() { m_socket->setReadBufferSize(0); }

private:
    RawClient(int family, const void *address, socklen_t size)
        : m_socket(std::make_unique<QTcpSocket>())
    {
        const int socket = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (::connect(socket, static_cast<const sockaddr *>(address), size) == 0)
            m_socket->setSocketDescriptor(socket);
        else
            ::close(socket);
    }
    void collect()
    {
        const QByteArray bytes = m_socket->readAll();
        m_received.append(bytes.constData(), static_cast<std::size_t>(bytes.size()));
    }
    /// Runs the loop from one sign of life of the socket to the next.
    template <typename Condition> bool waitUntil(Condition condition)
    {
        const auto met = [&] {
            collect();
            return condition();
        };
        const QDeadlineTimer deadline(kPatience);
        while (!met() && isOpen() && !deadline.hasExpired()) {
            QEventLoop loop;
            QObject::connect(m_socket.get(), &QTcpSocket::readyRead, &loop, &QEventLoop::quit);
            QObject::connect(m_socket.get(), &QTcpSocket::disconnected, &loop, &QEventLoop::quit);
            QTimer::singleShot(deadline.remainingTime(), &loop, &QEventLoop::quit);
            loop.exec();
        }
        return met();
    }

    std::unique_ptr<QTcpSocket> m_socket;
    std::string m_received;
};

} // namespace gatehouse::test
