// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/http/chunk_reader.h"
#include "gateway_core/http/http_rejection.h"
#include "gateway_core/http/head_scan.h"
#include "gateway_core/http/message.h"

#include <cstddef>
#include <cstdint>
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

    explicit RequestReader(std::size_t headLimit)
        : m_headLimit(headLimit)
    {
    }

    /// Reads from the front of `bytes` and says in `taken` how many of them are done with; the rest must
    /// be at the front of the next call. Stops behind each step.
    [[nodiscard]] Step read(std::string_view bytes, std::size_t &taken);
    /// After Head: the body may have this many bytes. BodyTooLarge if it announced more.
    [[nodiscard]] std::optional<HttpRejection> limitBody(std::size_t most);

    /// After Refused: what was read of it, and the path as glimpsedPath() has it.
    [[nodiscard]] HttpRequest &request() { return m_request; }
    [[nodiscard]] const HttpRejection &fault() const { return m_fault; }
    /// After Head: the connection may serve another request behind this one.
    [[nodiscard]] bool keepsAlive() const { return m_keepsAlive; }
    /// After Head: a body follows.
    [[nodiscard]] bool hasBody() const { return m_part == Part::Chunks || m_left > 0; }
    /// Nothing of a next request has come yet.
    [[nodiscard]] bool isAtStart() const { return !m_begun; }
    void next();

private:
    enum class Part { Head, Length, Chunks, Done };

    Step readHead(std::string_view bytes, std::size_t &taken);
    Step readBody(std::string_view bytes, std::size_t &taken);
    Step refuse(const HttpRejection &fault);
    [[nodiscard]] std::optional<HttpRejection> parseHead(std::string_view head);

    const std::size_t m_headLimit;
    HttpRequest m_request;
    HttpRejection m_fault;
    Part m_part = Part::Head;
    HeadScan m_scan;
    ChunkReader m_chunks;
    std::uint64_t m_left = 0; ///< of a body whose length was announced
    bool m_begun = false;
    bool m_keepsAlive = true;
};

} // namespace gatehouse
