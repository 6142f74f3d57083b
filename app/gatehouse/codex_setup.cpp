// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gatehouse/codex_setup.h"

#include <QCoreApplication>
#include <QProcess>
#include <QStandardPaths>
#include <QTimer>

#include <chrono>

namespace gatehouse::codexSetup {

namespace {

constexpr std::chrono::seconds kPatience{20};
constexpr int kOutputMost = 4096;

QString quoted(const QString &word)
{
    static const QRegularExpression kPlain(QStringLiteral("^[A-Za-z0-9_@%+=:,./-]+$"));
    if (kPlain.match(word).hasMatch())
        return word;
    QString inside = word;
    return QLatin1Char('\'') + inside.replace(QLatin1Char('\''), QLatin1String("'\\''")) + QLatin1Char('\'');
}

} // namespace

QStringList command(const QString &socket)
{
    const QString name = QString::fromLatin1(kName);
    QStringList words{QStringLiteral("codex"), QStringLiteral("mcp"), QStringLiteral("add"), name,
                      QStringLiteral("--"),
                      QCoreApplication::applicationDirPath() + QStringLiteral("/gatehouse-mcp"),
                      QStringLiteral("--name"), name};
    if (!socket.isEmpty())
        words << QStringLiteral("--socket") << socket;
    return words;
}

QString commandLine(const QString &socket)
{
    QStringList words;
    for (const QString &word : command(socket))
        words << quoted(word);
    return words.join(QLatin1Char(' '));
}

QString pairCommand(const QString &socket)
{
    const QString ours = QCoreApplication::applicationDirPath() + QStringLiteral("/gatehouse-mcp");
    const QString found = QStandardPaths::findExecutable(QStringLiteral("gatehouse-mcp"));
    const bool isOnPath = QFileInfo(found).canonicalFilePath() == QFileInfo(ours).canonicalFilePath();
    QString line = isOnPath || !QFileInfo::exists(ours) ? QStringLiteral("gatehouse-mcp") : quoted(ours);
    line += QStringLiteral(" pair");
    return socket.isEmpty() ? line : line + QStringLiteral(" --socket ") + quoted(socket);
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
        QTimer::singleShot(0, context, [done] { done(failure(ErrorCode::NotFound, "no codex on the PATH")); });
        return;
    }
    auto *process = new QProcess(context);
    process->setProcessChannelMode(QProcess::MergedChannels);
    process->setStandardInputFile(QProcess::nullDevice());
    QObject::connect(process, &QProcess::finished, context,
                     [process, socket, done](int code, QProcess::ExitStatus status) {
                         process->deleteLater();
                         done(SetupResult{.command = commandLine(socket),
                                          .output = QString::fromUtf8(process->readAll().left(kOutputMost)),
                                          .ok = status == QProcess::NormalExit && code == 0});
                     });
    QObject::connect(process, &QProcess::errorOccurred, context, [process, done](QProcess::ProcessError error) {
        if (error != QProcess::FailedToStart)
            return; // finished() tells the rest
        process->deleteLater();
        done(failure(ErrorCode::NotFound, "codex does not start"));
    });
    QTimer::singleShot(kPatience, process, &QProcess::kill);
    process->start(program, words);
}

} // namespace gatehouse::codexSetup
