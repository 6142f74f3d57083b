// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/peer.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gatehouse {

using Headers = std::vector<std::pair<std::string, std::string>>;

/// What a connection's place is taken for.
enum class ConnectionUse {
    Work,
    Listening, ///< a stream on which nothing is under way: it gives way to the work of the same name
};

/// What is known about a connection's other end, and what the connection counts as. Lives as long as
/// the connection. Thread: core.
class ConnectionPeer
{
public:
    virtual ~ConnectionPeer() = default;
    [[nodiscard]] virtual std::uint32_t uid() const = 0;
    [[nodiscard]] virtual bool isUnixSocket() const = 0;
    /// Looks the process up now (a few milliseconds for TCP): for questions and refusals, not for each call.
    [[nodiscard]] virtual Peer sight() const = 0;
    /// The caller proved who it is: the connection leaves the crowd of the unauthenticated and counts
    /// under `name`, `most` at once; one more that comes to work takes the place of the stream that has
    /// listened for longest. False: that many are open; answer 429 and close.
    [[nodiscard]] virtual bool countAs(const std::string &name, int most,
                                       ConnectionUse place = ConnectionUse::Work)
        = 0;
};

/// One request, whole: http/ has checked framing, sizes, Host and the request target's form. A handler's
/// reference to it holds for as long as the handler keeps the responder.
struct HttpRequest
{
    std::string method; ///< GET, POST, PATCH, PUT, DELETE; others never get here
    std::string path; ///< percent-decoded once; no empty, "." or ".." segment, no NUL, no encoded slash
    std::string query; ///< raw, without the question mark
    Headers headers; ///< names in lower case, values in ASCII (others are left out, head_rules.h), in order
    std::string body;
    std::string id; ///< a UUID made for this request
    std::shared_ptr<ConnectionPeer> peer;

    /// The one value of a header; empty if there is none. Two of one name were refused for the names
    /// that decide something (host, authorization, content-length, origin, and the like).
    [[nodiscard]] std::string_view header(std::string_view lowerCaseName) const;
    /// A query parameter, decoded; empty if there is none.
    [[nodiscard]] std::string queryValue(std::string_view name) const;
};

/// `connection: close` among the headers ends the connection behind the answer; a Content-Length,
/// Transfer-Encoding or Date of the handler's is left out.
struct HttpResponse
{
    int status = 200;
    Headers headers;
    std::string body; ///< Content-Length is set from it
};

/// An open Server-Sent Events answer (WHATWG HTML, section 9.2), chunked. Thread: core.
class EventStream
{
public:
    virtual ~EventStream() = default;
    /// Queues one event; false once the stream is closed. `id` and `name` may be empty.
    virtual bool send(std::string_view data, std::string_view id = {}, std::string_view name = {}) = 0;
    /// A line that clients ignore: the heartbeat.
    virtual bool comment(std::string_view text) = 0;
    /// Nothing is under way on it: ConnectionUse::Listening.
    virtual void mayGiveWay() { }
    /// Bytes that the client has not taken yet: the reader's slowness.
    [[nodiscard]] virtual std::int64_t waiting() const = 0;
    virtual void close() = 0;
};

/// The way back for one request. Exactly one of send() or stream(), now or later; dropping it unused
/// answers 500. Thread: core.
class Responder
{
public:
    virtual ~Responder() = default;
    virtual void send(HttpResponse response) = 0;
    /// Starts an event stream with status 200. The stream ends when the pointer goes or either side closes.
    [[nodiscard]] virtual std::shared_ptr<EventStream> stream(Headers headers = {}) = 0;
    /// Called once if the client goes away before the answer is complete. Set before returning to the loop.
    virtual void onGone(std::function<void()> gone) = 0;
};

using ResponderPtr = std::shared_ptr<Responder>;

/// Percent-decoding (RFC 3986, section 2.1); nullopt-free: `ok` false for a broken escape.
struct Decoded
{
    std::string text;
    bool ok = true;
};
[[nodiscard]] Decoded percentDecoded(std::string_view text, bool plusIsSpace = false);
[[nodiscard]] std::string percentEncoded(std::string_view text);

} // namespace gatehouse
