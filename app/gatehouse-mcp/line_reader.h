// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/gatehouse-mcp/id_scan.h"
#include "app/gatehouse-mcp/mcp_message.h"

#include <QObject>
#include <QSocketNotifier>

#include <optional>
#include <string>

namespace gatehouse {

/// Lines from a descriptor, as they come. Of one that is longer than any message may be, no more than its
/// request's id is kept: tooLong().
/// Thread: main. Does not own the descriptor.
class LineReader final : public QObject
{
    Q_OBJECT

public:
    explicit LineReader(int descriptor, QObject *parent = nullptr);

signals:
    void lineRead(const std::string &line);
    void tooLong(const gatehouse::Json &id); ///< null: no request, or without a readable id
    void ended(); ///< no more will come

private:
    void readSome();
    void take(std::string_view piece);
    void endLine();

    int m_descriptor;
    QSocketNotifier m_readable;
    std::string m_line;
    std::optional<IdScan> m_tooLong; ///< of a line that is
};

} // namespace gatehouse
