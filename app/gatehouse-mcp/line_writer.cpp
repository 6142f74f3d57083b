// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gatehouse-mcp/line_writer.h"

#include <algorithm>
#include <cerrno>
#include <climits>

#include <unistd.h>

namespace gatehouse {

LineWriter::LineWriter(int descriptor, QObject *parent)
    : QObject(parent)
    , m_descriptor(descriptor)
    , m_writable(descriptor, QSocketNotifier::Write)
{
    m_writable.setEnabled(false);
    connect(&m_writable, &QSocketNotifier::activated, this, &LineWriter::writeSome);
}

void LineWriter::write(const std::string &line)
{
    if (m_waiting.size() - m_written + line.size() > kWaitingMost) {
        emit lost();
        return;
    }
    m_waiting += line;
    m_waiting += '\n';
    m_writable.setEnabled(true);
}

void LineWriter::writeSome()
{
    // A pipe that is writable takes PIPE_BUF bytes without waiting (pipe(7)), whatever its flags.
    const auto size = std::min<std::size_t>(m_waiting.size() - m_written, PIPE_BUF);
    const auto taken = ::write(m_descriptor, m_waiting.data() + m_written, size);
    if (taken < 0) {
        if (errno == EINTR || errno == EAGAIN)
            return;
        m_writable.setEnabled(false);
        emit lost();
        return;
    }
    m_written += static_cast<std::size_t>(taken);
    if (m_written < m_waiting.size())
        return;
    m_waiting.clear();
    m_written = 0;
    m_writable.setEnabled(false);
    emit drained();
}

} // namespace gatehouse
