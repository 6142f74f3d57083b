// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/http/fault.h"
#include "gateway_core/http/message.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>

namespace gatehouse {

/// Turns the bytes of a connection into requests, one after another, and refuses framing that two readers
/// could take differently. Start -> Head -> Whole -> (next) Start; Refused is for good.
/// Knows nothing of sockets, time or who asks. Thread: any, one at a time.
class RequestReader final
{
public:
    enum class Step {
        NeedMore, ///< all usable bytes are taken; call again with the rest and more behind it
        Head, ///< method, target and headers are known; call again for the body
        Whole, ///< take request(), then next()
        Refused, ///< see fault()
    };

    explicit RequestReader(std::size_t headLimit);
    ~RequestReader();

    /// Reads from the front of `bytes` and says in `taken` how many of them are done with; the rest must
    /// be at the front of the next call. Stops behind each step.
    [[nodiscard]] Step read(std::string_view bytes, std::size_t &taken);
    /// After Head: the body may have this many bytes. BodyTooLarge if it announced more.
    [[nodiscard]] std::optional<Fault> limitBody(std::size_t most);

    [[nodiscard]] HttpRequest &request() { return m_request; }
    [[nodiscard]] const Fault &fault() const { return m_fault; }
    /// After Head: the connection may serve another request behind this one.
    [[nodiscard]] bool keepsAlive() const;
    /// After Head: a body follows.
    [[nodiscard]] bool hasBody() const;
    /// Nothing of a next request has come yet.
    [[nodiscard]] bool isAtStart() const;
    void next();

private:
    class Parser;

    Step readHead(std::string_view bytes, std::size_t &taken);
    Step readBody(std::string_view bytes, std::size_t &taken);
    Step refuse(const Fault &fault);

    const std::size_t m_headLimit;
    HttpRequest m_request;
    Fault m_fault;
    std::unique_ptr<Parser> m_parser;
};

} // namespace gatehouse
