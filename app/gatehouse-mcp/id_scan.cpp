// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gatehouse-mcp/id_scan.h"

#include <utility>

namespace gatehouse {

namespace {

constexpr std::size_t kNameMost = 8; // longer than "method"
constexpr std::size_t kValueMost = 2048; // an id of 256 letters, each escaped
constexpr std::string_view kBefore = "\xef\xbb\xbf \t\r\n";

void append(std::string &text, char byte, std::size_t most)
{
    if (text.size() < most)
        text += byte;
}

} // namespace

void IdScan::feed(std::string_view text)
{
    for (const char byte : text)
        take(byte);
}

const Json &IdScan::id() const
{
    static const Json none;
    return m_hasMethod && !m_differs ? m_id : none;
}

void IdScan::take(char byte)
{
    const bool quote = byte == '"' && !m_escaped;
    if (m_depth == 1 && m_atName && m_inString && !quote)
        append(m_name, byte, kNameMost);
    if (m_depth == 1 && !m_atName && (m_inString || (byte != ',' && byte != '}' && byte != ':')))
        append(m_value, byte, kValueMost);
    if (m_inString) {
        m_inString = !quote;
        m_escaped = byte == '\\' && !m_escaped;
    } else {
        takeOutside(byte);
    }
}

void IdScan::takeOutside(char byte)
{
    if (m_depth == 0 && byte != '{')
        m_isNone = m_isNone || kBefore.find(byte) == std::string_view::npos;
    switch (byte) {
    case '"':
        m_inString = true;
        if (m_depth == 1 && m_atName)
            m_name.clear();
        break;
    case '{':
    case '[': m_atName = ++m_depth == 1; break;
    case '}':
    case ']':
        if (m_depth == 1)
            endValue();
        --m_depth;
        break;
    case ':':
        if (m_depth == 1 && m_atName) {
            m_atName = false;
            m_value.clear();
        }
        break;
    case ',':
        if (m_depth == 1)
            endValue();
        break;
    default: break;
    }
}

void IdScan::endValue()
{
    if (std::exchange(m_atName, true) || m_isNone)
        return;
    m_hasMethod = m_hasMethod || m_name == "method";
    if (m_name != "id")
        return;
    const auto id = parseJson(m_value);
    if (!id || (!id->is_string() && !id->is_number_integer()))
        return;
    m_differs = m_differs || (!m_id.is_null() && m_id != *id);
    m_id = *id;
}

} // namespace gatehouse
