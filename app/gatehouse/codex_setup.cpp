// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gatehouse/codex_setup.h"

#include "app/codex_entry.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QProcess>
#include <QStandardPaths>
#include <QTimer>

#include <chrono>

namespace gatehouse::codexSetup {

namespace {

constexpr std::chrono::seconds kPatience{ 20 };
constexpr int kOutputMost = 4096;

QString ourBridge()
{
    return QCoreApplication::applicationDirPath() + QStringLiteral("/gatehouse-mcp");
}

} // namespace

QStringList command(const QString &socket)
{
    codexEntry::Bridge bridge{ .program = ourBridge(),
                               .name = QString::fromLatin1(kName),
                               .options = {},
                               .sessionBus = codexEntry::unusualSessionBus() };
    if (!socket.isEmpty())
        bridge.options << QStringLiteral("--socket") << socket;
    return codexEntry::command(bridge);
}

QString commandLine(const QString &socket)
{
    return codexEntry::commandLine(command(socket));
}

QString pairCommand(const QString &socket)
{
    const QString found = QStandardPaths::findExecutable(QStringLiteral("gatehouse-mcp"));
    const bool isOnPath = QFileInfo(found).canonicalFilePath() == QFileInfo(ourBridge()).canonicalFilePath();
    QStringList words{ isOnPath ? QStringLiteral("gatehouse-mcp") : ourBridge(), QStringLiteral("pair") };
    if (!socket.isEmpty())
        words << QStringLiteral("--socket") << socket;
    return codexEntry::commandLine(words);
}

bool isCodexThere()
{
    return !QStandardPaths::findExecutable(command({}).first()).isEmpty();
}

void run(const QString &socket, QObject *context, std::function<void(Result<SetupResult>)> done)
{
    QStringList words = command(socket);
    const QString program = QStandardPaths::findExecutable(words.takeFirst());
    if (program.isEmpty()) {
        QTimer::singleShot(0, context,
                           [done] { done(failure(ErrorCode::NotFound, "no codex on the PATH")); });
        return;
    }
    auto *process = new QProcess(context);
    process->setProcessChannelMode(QProcess::MergedChannels);
    process->setStandardInputFile(QProcess::nullDevice());
    QObject::connect(process, &QProcess::finished, context,
                     [process, socket, done](int code, QProcess::ExitStatus status) {
                         process->deleteLater();
                         done(SetupResult{ .command = commandLine(socket),
                                           .output = QString::fromUtf8(process->readAll().left(kOutputMost)),
                                           .ok = status == QProcess::NormalExit && code == 0 });
                     });
    QObject::connect(process, &QProcess::errorOccurred, context,
                     [process, done](QProcess::ProcessError error) {
                         if (error != QProcess::FailedToStart)
                             return; // finished() tells the rest
                         process->deleteLater();
                         done(failure(ErrorCode::NotFound, "codex does not start"));
                     });
    QTimer::singleShot(kPatience, process, &QProcess::kill);
    process->start(program, words);
}

} // namespace gatehouse::codexSetup
