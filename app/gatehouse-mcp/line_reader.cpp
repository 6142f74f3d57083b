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
        if (!m_line.empty() && !m_skipping)
            emit lineRead(std::exchange(m_line, {}));
        emit ended();
        return;
    }
    std::string_view rest(bytes.data(), static_cast<std::size_t>(got));
    while (!rest.empty()) {
        const auto end = rest.find('\n');
        const auto piece = rest.substr(0, end);
        if (!m_skipping && m_line.size() + piece.size() > kLineMost) {
            m_skipping = true;
            m_line.clear();
            emit tooLong();
        }
        if (!m_skipping)
            m_line += piece;
        if (end == std::string_view::npos)
            return;
        rest.remove_prefix(end + 1);
        if (!std::exchange(m_skipping, false) && !m_line.empty())
            emit lineRead(std::exchange(m_line, {}));
    }
}

} // namespace gatehouse
