// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/http/http_rejection.h"

#include <cstddef>
#include <optional>
#include <string_view>

namespace gatehouse {

/// Looks at the raw bytes of a request head as they come and finds its end, before a parser reads it.
/// Refuses at once what parsers are known to read differently: a line end that is not CRLF, a folded
/// header, control bytes, and bytes above 127 anywhere but in a header's value, where they are opaque data
/// (obs-text; RFC 9110, section 5.5).
/// Thread: any, one at a time.
class HeadScan final
{
public:
    /// `head` is all that has come since the head began; each byte is looked at once.
    [[nodiscard]] std::optional<HttpRejection> look(std::string_view head);
    /// The length of the head with its empty line; 0 while it is not complete.
    [[nodiscard]] std::size_t end() const { return m_end; }
    void reset() { *this = {}; }

private:
    std::size_t m_seen = 0;
    std::size_t m_end = 0;
    std::size_t m_lineStart = 0;
    bool m_inValue = false; ///< behind the colon of a header's line
};

} // namespace gatehouse
