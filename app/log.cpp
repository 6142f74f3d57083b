// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/log.h"

#include "app/log_file.h"
#include "gateway_core/base/redaction.h"

#include <QDateTime>

#include <cstdio>
#include <memory>
#include <mutex>

namespace gatehouse::log {

namespace {

/// One for the process, as Qt's message handler is.
struct Sink
{
    std::mutex mutex;
    std::unique_ptr<RotatingFile> file;
    bool fileFails = false;
};

Sink &sink()
{
    static Sink one;
    return one;
}

std::string_view nameOf(QtMsgType level)
{
    switch (level) {
    case QtDebugMsg: return "debug";
    case QtInfoMsg: return "info";
    case QtWarningMsg: return "warning";
    case QtCriticalMsg: return "critical";
    case QtFatalMsg: return "fatal";
    }
    return "";
}

/// Nothing that ends the line or moves a terminal's cursor.
std::string onOneLine(const std::string &text)
{
    constexpr char kHex[] = "0123456789abcdef";
    std::string line;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '\n')
            line += "\\n";
        else if (byte < 0x20 || byte == 0x7f)
            line += { '\\', 'x', kHex[byte >> 4], kHex[byte & 15] };
        else
            line += c;
    }
    return line;
}

void take(QtMsgType level, const QMessageLogContext &context, const QString &message)
{
    const std::string line = lineOf(QDateTime::currentMSecsSinceEpoch(), level,
                                    context.category ? context.category : "default", message.toStdString());
    Sink &to = sink();
    const std::scoped_lock lock(to.mutex);
    std::fputs(line.c_str(), stderr);
    if (!to.file)
        return;
    const bool failed = !to.file->append(line);
    if (failed && !to.fileFails)
        std::fputs("gatehouse: the log's file cannot be written; its lines go on here\n", stderr);
    to.fileFails = failed;
}

} // namespace

std::string lineOf(std::int64_t wall, QtMsgType level, std::string_view category, const std::string &message)
{
    std::string text
        = QDateTime::fromMSecsSinceEpoch(wall, Qt::UTC).toString(Qt::ISODateWithMs).toStdString();
    text.append(" ").append(nameOf(level)).append(" ").append(category).append(": ");
    text += onOneLine(withoutSecrets(message));
    if (text.size() >= kLineMost) {
        std::size_t end = kLineMost - 4; // for the mark and the line's end
        while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
            --end; // not inside a letter
        text.resize(end);
        text += "…";
    }
    return text + '\n';
}

Result<> start(const std::filesystem::path &file)
{
    std::unique_ptr<RotatingFile> opened;
    Result<> outcome;
    if (!file.empty()) {
        opened = std::make_unique<RotatingFile>(file, kFileMost, kFiles);
        outcome = opened->open();
        if (!outcome)
            opened.reset();
    }
    {
        const std::scoped_lock lock(sink().mutex);
        sink().file = std::move(opened);
        sink().fileFails = false;
    }
    qInstallMessageHandler(take);
    return outcome;
}

void stop()
{
    qInstallMessageHandler(nullptr);
    const std::scoped_lock lock(sink().mutex);
    sink().file.reset();
}

} // namespace gatehouse::log
