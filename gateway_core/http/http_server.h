// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/clock.h"
#include "gateway_core/base/random.h"
#include "gateway_core/base/result.h"
#include "gateway_core/http/http_limits.h"
#include "gateway_core/http/message.h"

#include <QObject>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace gatehouse {

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
    /// Is the body of this request wanted, asked where a client waits to hear (Expect: 100-continue)? The
    /// request has no body yet. False: it goes to the handler as it is, must be refused there, and the
    /// connection is closed behind the answer.
    using BodyWanted = std::function<bool(const HttpRequest &head)>;
    /// Answers in the gateway's own words what http/ itself refuses. `reason` is one of
    /// http/http_rejection.h; `path` is what was asked for, as far as it is known, and only says who reads
    /// the answer; the status goes out as given.
    using Refusal = std::function<HttpResponse(int status, std::string_view reason, std::string_view path,
                                               const std::string &requestId)>;

    HttpServer(HttpLimits limits, Clock &clock, Random &random, QObject *parent = nullptr);
    ~HttpServer() override;

    void setHandler(Handler handler);
    void setBodyLimit(BodyLimit limit);
    void setBodyWanted(BodyWanted wanted);
    void setRefusal(Refusal refusal);
    /// Paths that a browser may be sent to from another site (a login page): Sec-Fetch-Site is not looked
    /// at there. Host and Origin still are.
    void setNavigablePaths(std::vector<std::string> paths);

    /// 127.0.0.1 and [::1] on the same port; 0 takes a free one. PortBusy {port, pid, program}, the last
    /// two where /proc tells them; never another port by itself.
    [[nodiscard]] Result<int> listenLoopback(int port);
    /// A socket in a folder of mode 0700 that is ours (made if missing). A stale socket file is replaced,
    /// a live one is PortBusy. Both ends check SO_PEERCRED.
    [[nodiscard]] Result<> listenUnix(const std::filesystem::path &socket);
    void stopListening();
    /// Closes every connection whose countAs() name is `name`; all of them if empty. Streams are ended,
    /// and a request being served has two seconds to be answered.
    void closeConnections(const std::string &name = {});
    /// 0 while no loopback port is listened on.
    [[nodiscard]] int port() const;

signals:
    /// Something was refused below the handler: for the journal's counted refusals. `reason` is one of
    /// http/http_rejection.h; `uid` is 4294967295 where the kernel could not tell it.
    void refused(std::uint32_t uid, int status, const QString &reason);

private:
    struct Inside;
    std::unique_ptr<Inside> m_inside;
};

} // namespace gatehouse
