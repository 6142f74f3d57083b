// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/http/chunk_reader.h"

#include "gateway_core/http/head_rules.h"

#include <algorithm>

namespace gatehouse {

namespace {

constexpr int kMostSizeDigits = 8;

/// Every line but the empty one is a header with a name.
bool looksLikeHeaders(std::string_view lines)
{
    while (lines.size() > 2) {
        const std::size_t end = lines.find("\r\n");
        const std::size_t colon = lines.find(':');
        if (colon >= end || !isToken(lines.substr(0, colon)))
            return false;
        lines.remove_prefix(end + 2);
    }
    return true;
}

} // namespace

void ChunkReader::begin(std::size_t mostBody, std::size_t mostTrailers)
{
    *this = {};
    m_mayCome = mostBody;
    m_mostTrailers = mostTrailers;
}

std::optional<HttpRejection> ChunkReader::readSize(char c)
{
    if (c == '\r' && m_digits > 0) {
        if (m_left > m_mayCome)
            return fault::kBodyTooLarge;
        m_mayCome -= m_left;
        m_part = Part::SizeLineFeed;
        return std::nullopt;
    }
    const int value = c >= '0' && c <= '9' ? c - '0'
        : c >= 'a' && c <= 'f'             ? c - 'a' + 10
        : c >= 'A' && c <= 'F'             ? c - 'A' + 10
                                           : -1;
    if (value < 0 || ++m_digits > kMostSizeDigits)
        return fault::kBadChunk;
    m_left = m_left * 16 + static_cast<std::size_t>(value);
    return std::nullopt;
}

std::optional<HttpRejection> ChunkReader::readTrailers(std::string_view bytes, std::size_t &taken)
{
    if (const auto fault = m_trailers.look(bytes.substr(0, m_mostTrailers)))
        return fault;
    const std::size_t end = m_trailers.end();
    if (end == 0)
        return bytes.size() >= m_mostTrailers ? std::optional(fault::kHeadTooLarge) : std::nullopt;
    if (!looksLikeHeaders(bytes.substr(0, end)))
        return fault::kMalformed;
    taken += end;
    m_part = Part::Done;
    return std::nullopt;
}

std::optional<HttpRejection> ChunkReader::read(std::string_view bytes, std::string &body, std::size_t &taken)
{
    taken = 0;
    while (taken < bytes.size() && m_part != Part::Done) {
        const char c = bytes[taken];
        switch (m_part) {
        case Part::Size:
            if (const auto fault = readSize(c))
                return fault;
            ++taken;
            break;
        case Part::SizeLineFeed:
        case Part::DataReturn:
        case Part::DataLineFeed:
            if (c != (m_part == Part::DataReturn ? '\r' : '\n'))
                return fault::kBadChunk;
            ++taken;
            if (m_part == Part::SizeLineFeed)
                m_part = m_left > 0 ? Part::Data : Part::Trailers;
            else
                m_part = m_part == Part::DataReturn ? Part::DataLineFeed : Part::Size;
            m_digits = 0;
            break;
        case Part::Data: {
            const std::string_view data = bytes.substr(taken, m_left);
            body += data;
            taken += data.size();
            m_left -= data.size();
            if (m_left == 0)
                m_part = Part::DataReturn;
            break;
        }
        case Part::Trailers: return readTrailers(bytes.substr(taken), taken);
        case Part::Done: break;
        }
    }
    return std::nullopt;
}

} // namespace gatehouse
