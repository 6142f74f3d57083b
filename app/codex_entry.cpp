// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/codex_entry.h"

#include <QProcess>
#include <QRegularExpression>

#include <unistd.h>

namespace gatehouse::codexEntry {

namespace {

QString quoted(const QString &word)
{
    static const QRegularExpression kPlain(QStringLiteral("^[A-Za-z0-9_@%+=:,./-]+$"));
    if (kPlain.match(word).hasMatch())
        return word;
    QString inside = word;
    return QLatin1Char('\'') + inside.replace(QLatin1Char('\''), QLatin1String("'\\''")) + QLatin1Char('\'');
}

} // namespace

QStringList command(const Bridge &bridge)
{
    QStringList words{ QStringLiteral("codex"), QStringLiteral("mcp"), QStringLiteral("add"), bridge.name };
    if (!bridge.sessionBus.isEmpty())
        words << QStringLiteral("--env") << QStringLiteral("DBUS_SESSION_BUS_ADDRESS=") + bridge.sessionBus;
    words << QStringLiteral("--") << bridge.program << QStringLiteral("--name") << bridge.name;
    return words + bridge.options;
}

QString unusualSessionBus()
{
    const QString bus = qEnvironmentVariable("DBUS_SESSION_BUS_ADDRESS");
    return bus == QStringLiteral("unix:path=/run/user/%1/bus").arg(getuid()) ? QString() : bus;
}

QString commandLine(const QStringList &words)
{
    QStringList typed;
    for (const QString &word : words)
        typed << quoted(word);
    return typed.join(QLatin1Char(' '));
}

void run(const QStringList &words, QObject *context, std::function<void(int)> done)
{
    auto *process = new QProcess(context);
    process->setProcessChannelMode(QProcess::ForwardedChannels);
    process->setStandardInputFile(QProcess::nullDevice());
    QObject::connect(process, &QProcess::finished, context,
                     [process, done](int code, QProcess::ExitStatus status) {
                         process->deleteLater();
                         done(status == QProcess::NormalExit ? code : -1);
                     });
    QObject::connect(process, &QProcess::errorOccurred, context,
                     [process, done](QProcess::ProcessError error) {
                         if (error != QProcess::FailedToStart)
                             return; // finished() tells the rest
                         process->deleteLater();
                         done(-1);
                     });
    process->start(words.first(), words.mid(1));
}

} // namespace gatehouse::codexEntry
