// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gatehouse-mcp/line_reader.h"

#include <array>
#include <cerrno>

#include <unistd.h>

namespace gatehouse {

LineReader::LineReader(int descriptor, QObject *parent)
    : QObject(parent)
    , m_descriptor(descriptor)
    , m_readable(descriptor, QSocketNotifier::Read)
{
    connect(&m_readable, &QSocketNotifier::activated, this, &LineReader::readSome);
}

void LineReader::readSome()
{
    std::array<char, 64 << 10> bytes{};
    const auto got = ::read(m_descriptor, bytes.data(), bytes.size()); // readable, so it does not wait
    if (got < 0 && (errno == EINTR || errno == EAGAIN))
        return;
    if (got <= 0) {
        m_readable.setEnabled(false);
        endLine();
        emit ended();
        return;
    }
    std::string_view rest(bytes.data(), static_cast<std::size_t>(got));
    while (!rest.empty()) {
        const auto end = rest.find('\n');
        take(rest.substr(0, end));
        if (end == std::string_view::npos)
            return;
        rest.remove_prefix(end + 1);
        endLine();
    }
}

void LineReader::take(std::string_view piece)
{
    if (!m_tooLong && m_line.size() + piece.size() <= kMessageMost) {
        m_line += piece;
        return;
    }
    if (!m_tooLong)
        m_tooLong.emplace().feed(std::exchange(m_line, {}));
    m_tooLong->feed(piece);
}

void LineReader::endLine()
{
    if (const auto scan = std::exchange(m_tooLong, {}))
        emit tooLong(scan->id());
    else if (!m_line.empty())
        emit lineRead(std::exchange(m_line, {}));
}

} // namespace gatehouse
