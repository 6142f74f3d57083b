// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gatehouse {

struct SseEvent
{
    std::string name; ///< "message" unless the stream says otherwise
    std::string data;
};

/// Server-Sent Events (WHATWG HTML, section 9.2) from bytes that come in pieces. An event larger than
/// kMost is left out.
/// Thread: any, one at a time.
class SseReader final
{
public:
    static constexpr std::size_t kMost = 8 << 20;

    [[nodiscard]] std::vector<SseEvent> feed(std::string_view bytes);
    [[nodiscard]] const std::string &lastId() const { return m_lastId; }

private:
    void takeLine(std::string_view line, std::vector<SseEvent> &events);

    std::string m_line;
    SseEvent m_event;
    bool m_hasData = false;
    bool m_afterCarriageReturn = false;
    bool m_tooLarge = false;
    std::string m_lastId;
};

} // namespace gatehouse
