// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QSocketNotifier>

#include <string>

namespace gatehouse {

/// Lines to a pipe without waiting for its reader. A reader that leaves kWaitingMost bytes lying, or has
/// gone, is given up: lost().
/// Thread: main. Does not own the descriptor.
class LineWriter final : public QObject
{
    Q_OBJECT

public:
    static constexpr std::size_t kWaitingMost = 64 << 20;

    explicit LineWriter(int descriptor, QObject *parent = nullptr);

    void write(const std::string &line);
    /// Everything has been taken.
    [[nodiscard]] bool isDrained() const { return m_waiting.empty(); }

signals:
    void drained();
    void lost();

private:
    void writeSome();

    int m_descriptor;
    QSocketNotifier m_writable;
    std::string m_waiting;
    std::size_t m_written = 0;
};

} // namespace gatehouse
