// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/http/head_scan.h"

namespace gatehouse {

std::optional<HttpRejection> HeadScan::look(std::string_view head)
{
    for (; m_seen < head.size() && m_end == 0; ++m_seen) {
        const char c = head[m_seen];
        const bool afterReturn = m_seen > 0 && head[m_seen - 1] == '\r';
        if ((c == '\n') != afterReturn)
            return fault::kBareLineEnd;
        if (c == '\n') {
            if (m_seen - m_lineStart == 1)
                m_end = m_seen + 1;
            m_lineStart = m_seen + 1;
            m_inValue = false;
        } else if (c == '\r') {
            continue;
        } else if ((static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f) {
            return fault::kControlByte;
        } else if (static_cast<unsigned char>(c) > 0x7f && !m_inValue) {
            return fault::kNotAscii;
        } else if (c == ':') {
            m_inValue = m_inValue || m_lineStart > 0; // the first line has a target, not a value
        } else if ((c == ' ' || c == '\t') && m_seen == m_lineStart && m_lineStart > 0) {
            return fault::kFoldedHeader;
        }
    }
    return std::nullopt;
}

} // namespace gatehouse
