// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gatehouse/window_system.h"

#include "app/gatehouse/terminal.h"

#include <QStringList>

#include <cstdlib>

namespace gatehouse {

namespace {

/// What Qt said while it looked for a window system. A message handler is a plain function.
struct Entering
{
    int exitCode = 1;
    std::function<void()> before;
    QString cause; ///< the first complaint: those behind it follow from it
    QtMessageHandler usual = nullptr;
};

Entering *entering = nullptr;

void hear(QtMsgType level, const QMessageLogContext &context, const QString &message)
{
    if (level == QtFatalMsg) {
        if (entering->before)
            entering->before();
        const QString cause = entering->cause.isEmpty()
            ? QStringLiteral("Qt found no platform to open one on")
            : entering->cause;
        terminal::warn("no window can be opened (" + cause.simplified().toStdString()
                       + "): start with --headless to run without one.");
        std::_Exit(entering->exitCode);
    }
    if (level == QtDebugMsg) // only whoever asked for it, with QT_DEBUG_PLUGINS, sees these
        return entering->usual(level, context, message);
    if (level != QtInfoMsg && entering->cause.isEmpty())
        entering->cause = message;
}

} // namespace

std::unique_ptr<QApplication> enterWindowSystem(int &argc, char **argv, int exitCode,
                                                std::function<void()> before)
{
    Entering here{ exitCode, std::move(before), {}, nullptr };
    entering = &here;
    here.usual = qInstallMessageHandler(hear);
    auto application = std::make_unique<QApplication>(argc, argv);
    qInstallMessageHandler(here.usual);
    entering = nullptr;
    if (!here.cause.isEmpty())
        qWarning("%s", qPrintable(here.cause));
    return application;
}

} // namespace gatehouse
