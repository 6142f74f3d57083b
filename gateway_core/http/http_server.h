// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/clock.h"
#include "gateway_core/base/random.h"
#include "gateway_core/base/result.h"
#include "gateway_core/http/message.h"

#include <QObject>

#include <filesystem>
#include <functional>
#include <memory>

namespace gatehouse {

/// product.md, Numbers. Tests use smaller ones.
struct HttpLimits
{
    std::size_t head = 16 << 10; ///< request line and headers
    std::size_t body = 1 << 20; ///< the most any route takes; bodyLimitFor may say less
    int connections = 2048;
    int unauthenticated = 256;
    int unauthenticatedPerUid = 64;
    int keptFreeForAuthenticated = 32;
    Millis headTime{10'000};
    Millis bodyTime{30'000};
    Millis idleTime{75'000};
    std::int64_t streamQueue = 1 << 20; ///< bytes waiting in an event stream before it is closed
    bool otherUsers = false; ///< processes of other system users are refused unless the owner allows it
};

/// HTTP/1.1 on loopback TCP and on a Unix socket, with every bound in place before a handler sees a
/// request. Strict: framing that two parsers could read differently is refused and the connection
/// closed (docs/threats.md lists each case with its answer). Knows no domain word.
/// Thread: core. Owns: listeners and connections.
class HttpServer final : public QObject
{
    Q_OBJECT

public:
    using Handler = std::function<void(const HttpRequest &, ResponderPtr)>;
    /// The body limit of a route, asked as soon as the head is complete; 0: no body is taken.
    using BodyLimit = std::function<std::size_t(std::string_view method, std::string_view path)>;
    /// Makes the JSON error body in the gateway's own words for what http/ itself refuses
    /// (400, 403 origin, 405, 413, 415, 431, 505 ...).
    using Refusal = std::function<HttpResponse(int status, std::string_view reason, const std::string &requestId)>;

    HttpServer(HttpLimits limits, Clock &clock, Random &random, QObject *parent = nullptr);
    ~HttpServer() override;

    void setHandler(Handler handler);
    void setBodyLimit(BodyLimit limit);
    void setRefusal(Refusal refusal);

    /// 127.0.0.1 and [::1] on the same port; 0 takes a free one. PortBusy {holder, pid} where known:
    /// never another port by itself.
    [[nodiscard]] Result<int> listenLoopback(int port);
    /// A socket in a folder of mode 0700 that is ours (made if missing). A stale socket file is replaced,
    /// a live one is PortBusy. Both ends check SO_PEERCRED.
    [[nodiscard]] Result<> listenUnix(const std::filesystem::path &socket);
    void stopListening();
    /// Closes every connection whose countAs() name is `name`; all of them if empty.
    void closeConnections(const std::string &name = {});
    [[nodiscard]] int port() const;

signals:
    /// Something was refused below the handler: for the journal's counted refusals.
    void refused(std::uint32_t uid, int status, const QString &reason);

private:
    struct Inside;
    std::unique_ptr<Inside> m_inside;
};

} // namespace gatehouse
