// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/fake_gateway.h"

#include <algorithm>

namespace gatehouse::test {

namespace {

std::string lowered(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
    return text;
}

std::string chunk(const std::string &bytes)
{
    std::array<char, 16> size{};
    std::snprintf(size.data(), size.size(), "%zx\r\n", bytes.size());
    return size.data() + bytes + "\r\n";
}

} // namespace

std::string SeenRequest::header(const std::string &lowerCaseName) const
{
    const auto start = lowered(head).find("\r\n" + lowerCaseName + ": ");
    if (start == std::string::npos)
        return {};
    const auto value = start + lowerCaseName.size() + 4;
    return head.substr(value, head.find("\r\n", value) - value);
}

FakeGateway::FakeGateway()
{
    start();
}

std::filesystem::path FakeGateway::path() const
{
    return m_folder.filePath(QStringLiteral("gateway.sock")).toStdString();
}

void FakeGateway::start()
{
    m_server = std::make_unique<QLocalServer>();
    connect(m_server.get(), &QLocalServer::newConnection, this, [this] {
        while (QLocalSocket *socket = m_server->nextPendingConnection()) {
            m_sockets << socket;
            connect(socket, &QLocalSocket::readyRead, this, [this, socket] { serve(socket); });
            connect(socket, &QLocalSocket::disconnected, this, &FakeGateway::connectionClosed);
        }
    });
    if (!m_server->listen(QString::fromStdString(path().string())))
        qFatal("the fake gateway cannot listen");
}

void FakeGateway::stop()
{
    m_server.reset();
    for (const auto &socket : std::exchange(m_sockets, {})) {
        if (socket)
            socket->abort();
    }
}

void FakeGateway::serve(QLocalSocket *socket)
{
    std::string bytes
        = socket->property("rest").toByteArray().toStdString() + socket->readAll().toStdString();
    for (;;) {
        const auto end = bytes.find("\r\n\r\n");
        if (end == std::string::npos)
            break;
        SeenRequest request;
        request.head = bytes.substr(0, end + 2);
        const auto length = request.header("content-length");
        const auto size = length.empty() ? 0 : std::stoul(length);
        if (bytes.size() < end + 4 + size)
            break;
        request.body = bytes.substr(end + 4, size);
        bytes.erase(0, end + 4 + size);
        request.method = request.head.substr(0, request.head.find(' '));
        const auto target = request.method.size() + 1;
        request.target = request.head.substr(target, request.head.find(' ', target) - target);
        seen.push_back(request);
        const std::string reply = answer(request);
        if (reply.empty()) {
            socket->abort();
            return;
        }
        if (request.method == "GET")
            m_stream = socket;
        socket->write(reply.data(), static_cast<qint64>(reply.size()));
    }
    socket->setProperty("rest", QByteArray::fromStdString(bytes));
}

void FakeGateway::pushEvent(const std::string &data)
{
    const std::string bytes = chunk("data: " + data + "\n\n");
    if (m_stream)
        m_stream->write(bytes.data(), static_cast<qint64>(bytes.size()));
}

std::string httpAnswer(int status, const std::string &body, const std::string &headers)
{
    return "HTTP/1.1 " + std::to_string(status) + " X\r\nContent-Length: " + std::to_string(body.size())
        + "\r\n" + headers + "\r\n" + body;
}

std::string mcpAnswer(const SeenRequest &request, const Json &result, const std::string &headers)
{
    const Json body{ { "jsonrpc", "2.0" }, { "id", request.json()["id"] }, { "result", result } };
    return httpAnswer(200, body.dump(), "Content-Type: application/json\r\n" + headers);
}

} // namespace gatehouse::test
