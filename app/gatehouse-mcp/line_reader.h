// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QSocketNotifier>

#include <string>

namespace gatehouse {

/// Lines from a descriptor, as they come. A line longer than kLineMost is skipped and tooLong() said once.
/// Thread: main. Does not own the descriptor.
class LineReader final : public QObject
{
    Q_OBJECT

public:
    static constexpr std::size_t kLineMost = 4
        << 20; // the gateway takes 1 MiB; the rest gets an answer, not silence

    explicit LineReader(int descriptor, QObject *parent = nullptr);

signals:
    void lineRead(const std::string &line);
    void tooLong();
    void ended(); ///< no more will come

private:
    void readSome();

    int m_descriptor;
    QSocketNotifier m_readable;
    std::string m_line;
    bool m_skipping = false;
};

} // namespace gatehouse
