// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/client/sse_reader.h"

#include <utility>

namespace gatehouse {

std::vector<SseEvent> SseReader::feed(std::string_view bytes)
{
    std::vector<SseEvent> events;
    for (const char byte : bytes) {
        // A line ends with LF, CR or CR LF; the two of CR LF may come in different pieces.
        const bool secondHalf = byte == '\n' && m_afterCarriageReturn;
        m_afterCarriageReturn = byte == '\r';
        if (secondHalf)
            continue;
        if (byte == '\n' || byte == '\r') {
            takeLine(m_line, events);
            m_line.clear();
        } else if (m_line.size() + m_event.data.size() < kMost) {
            m_line += byte;
        } else {
            m_tooLarge = true;
        }
    }
    return events;
}

void SseReader::takeLine(std::string_view line, std::vector<SseEvent> &events)
{
    if (line.empty()) {
        if (m_hasData && !m_tooLarge)
            events.push_back(std::move(m_event));
        m_event = {};
        m_hasData = false;
        m_tooLarge = false;
        return;
    }
    const auto colon = line.find(':');
    const auto field = line.substr(0, colon);
    auto value = colon == std::string_view::npos ? std::string_view() : line.substr(colon + 1);
    if (value.starts_with(' '))
        value.remove_prefix(1);

    if (field == "data") {
        if (std::exchange(m_hasData, true))
            m_event.data += '\n';
        m_event.data += value;
    } else if (field == "event") {
        m_event.name = value;
    } else if (field == "id" && value.find('\0') == std::string_view::npos) {
        m_lastId = value;
    }
}

} // namespace gatehouse
