// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/http/http_rejection.h"
#include "gateway_core/http/head_scan.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace gatehouse {

/// Joins a chunked body (RFC 9112, section 7.1). Stricter than the grammar: a size is one to eight
/// hexadecimal digits, extensions are refused, and trailers are dropped unread once they look like headers.
/// Size -> Data -> Size ... -> Trailers -> done. Every byte is looked at once, but for the trailers.
/// Thread: any, one at a time.
class ChunkReader final
{
public:
    /// Neither the chunks together nor what stands in the trailers may be longer.
    void begin(std::size_t mostBody, std::size_t mostTrailers);
    /// Appends to `body` from the front of `bytes`; `taken` of them are done with.
    [[nodiscard]] std::optional<HttpRejection> read(std::string_view bytes, std::string &body,
                                                    std::size_t &taken);
    [[nodiscard]] bool isDone() const { return m_part == Part::Done; }

private:
    enum class Part { Size, SizeLineFeed, Data, DataReturn, DataLineFeed, Trailers, Done };

    [[nodiscard]] std::optional<HttpRejection> readSize(char c);
    [[nodiscard]] std::optional<HttpRejection> readTrailers(std::string_view bytes, std::size_t &taken);

    Part m_part = Part::Size;
    std::size_t m_left = 0; ///< of this chunk
    int m_digits = 0;
    std::size_t m_mayCome = 0;
    std::size_t m_mostTrailers = 0;
    HeadScan m_trailers;
};

} // namespace gatehouse
