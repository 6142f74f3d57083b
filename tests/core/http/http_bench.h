// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/http/http_server.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fixed_random.h"
#include "tests/support/raw_client.h"

#include <QTemporaryDir>

#include <optional>
#include <string>
#include <vector>

namespace gatehouse::test {

/// A server on a free port with a handler that repeats what it was asked, and a list of what was refused.
class HttpBench final
{
public:
    explicit HttpBench(HttpLimits limits = {})
        : server(limits, clock, random)
    {
        server.setHandler([this](const HttpRequest &request, ResponderPtr responder) {
            requests.push_back(request);
            if (handler)
                handler(request, std::move(responder));
            else
                responder->send({ 200,
                                  { { "content-type", "text/plain" } },
                                  request.method + ' ' + request.path + ' ' + request.body });
        });
        QObject::connect(&server, &HttpServer::refused, &server,
                         [this](std::uint32_t uid, int status, const QString &reason) {
                             refusals.push_back({ uid, status, reason.toStdString() });
                         });
        const auto taken = server.listenLoopback(0);
        port = taken ? *taken : 0;
    }

    [[nodiscard]] RawClient client() const { return RawClient::tcp(port); }
    [[nodiscard]] std::string host() const { return "localhost:" + std::to_string(port); }
    /// A complete request; `headers` are whole lines.
    [[nodiscard]] std::string request(const std::string &line, const std::string &headers = {},
                                      const std::string &body = {}) const
    {
        return line + " HTTP/1.1\r\nHost: " + host() + "\r\n" + headers + "\r\n" + body;
    }
    [[nodiscard]] bool servesTheNext()
    {
        RawClient next = client();
        return next.exchange(request("GET /next")).status == 200;
    }

    /// The same for a handler that holds its answers: answers the newest one.
    [[nodiscard]] bool servesTheNextHeldBack(std::vector<ResponderPtr> &held)
    {
        const std::size_t before = held.size();
        RawClient next = client();
        next.send(request("GET /next"));
        if (!QTest::qWaitFor([&] { return held.size() > before; }, RawClient::kPatience))
            return false;
        held.back()->send({ 200, {}, {} });
        return next.answer().status == 200;
    }

    struct Refused
    {
        std::uint32_t uid;
        int status;
        std::string reason;
    };

    FakeClock clock;
    FixedRandom random;
    HttpServer server;
    int port = 0;
    HttpServer::Handler handler;
    std::vector<HttpRequest> requests;
    std::vector<Refused> refusals;
};

} // namespace gatehouse::test
