// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gatehouse/options.h"

#include "app/places.h"

#include <QCommandLineParser>

namespace gatehouse {

namespace {

const QString kHeadless = QStringLiteral("headless");
const QString kSecrets = QStringLiteral("secrets");
const QString kPassphraseFd = QStringLiteral("passphrase-fd");
const QString kPort = QStringLiteral("port");
const QString kFolder = QStringLiteral("profile-dir");
const QString kSocket = QStringLiteral("socket");
const QString kLogFile = QStringLiteral("log-file");
const QString kLanguage = QStringLiteral("language");
const QString kSetPin = QStringLiteral("set-pin");
const QString kAcceptRestore = QStringLiteral("accept-restore");
const QString kStartAnew = QStringLiteral("start-anew");

void describe(QCommandLineParser &parser)
{
    parser.setApplicationDescription(
        QStringLiteral("Gatehouse keeps a person in charge of local AI agents: it pairs them, holds their\n"
                       "grants, relays their calls to Tasker and puts each one on record."));
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addOptions({
        { kHeadless, QStringLiteral("Run without a window or a display; gatehousectl is the owner's hand.") },
        { kSecrets,
          QStringLiteral("Where secrets live: keychain (default) or file, sealed with a passphrase."),
          QStringLiteral("keychain|file"), QStringLiteral("keychain") },
        { kPassphraseFd, QStringLiteral("Read the sealed file's passphrase from this open file descriptor."),
          QStringLiteral("number") },
        { kPort, QStringLiteral("Listen on this port and keep it for the profile."),
          QStringLiteral("number") },
        { kFolder, QStringLiteral("Keep the profile in this folder."), QStringLiteral("folder") },
        { kSocket, QStringLiteral("The Unix socket for gatehouse-mcp and gatehousectl."),
          QStringLiteral("file") },
        { kLogFile,
          QStringLiteral(
              "Keep the log in this file too, 5 of 1 MiB at most; with a window it is kept in any case, in "
              "the\n"
              "state folder. QT_LOGGING_RULES chooses what is logged, as in \"gatehouse.*=true\"."),
          QStringLiteral("file") },
        { kLanguage, QStringLiteral("Speak this language: en or ru."), QStringLiteral("code") },
        { kSetPin, QStringLiteral("Ask for a new PIN on the terminal, set it and end.") },
        { kAcceptRestore,
          QStringLiteral("You put back an older copy of the database yourself: ask for the PIN, put that on "
                         "record and end.") },
        { kStartAnew,
          QStringLiteral("The database is gone and there is no copy: ask for the PIN, begin an empty one, "
                         "put that on record "
                         "and end.") },
    });
}

} // namespace

Result<Options> parseOptions(const QStringList &arguments)
{
    QCommandLineParser parser;
    describe(parser);
    if (!parser.parse(arguments))
        return failure(ErrorCode::InvalidRequest, parser.errorText().toStdString());
    if (!parser.positionalArguments().isEmpty())
        return failure(ErrorCode::InvalidRequest,
                       "unexpected argument: " + parser.positionalArguments().first().toStdString());

    Options options;
    if (parser.isSet(QStringLiteral("help")))
        options.task = Options::Task::Help;
    else if (parser.isSet(QStringLiteral("version")))
        options.task = Options::Task::Version;
    else if (parser.isSet(kSetPin))
        options.task = Options::Task::SetPin;
    else if (parser.isSet(kAcceptRestore))
        options.task = Options::Task::AcceptRestore;
    else if (parser.isSet(kStartAnew))
        options.task = Options::Task::StartAnew;
    options.headless = parser.isSet(kHeadless);
    options.language = parser.value(kLanguage);

    const QString secrets = parser.value(kSecrets);
    if (secrets == QLatin1String("file"))
        options.secrets = Secrets::SealedFile;
    else if (secrets != QLatin1String("keychain"))
        return failure(ErrorCode::InvalidRequest, "--secrets takes keychain or file");

    bool ok = true;
    if (parser.isSet(kPassphraseFd)) {
        options.passphraseFd = parser.value(kPassphraseFd).toInt(&ok);
        if (!ok || options.passphraseFd < 0 || options.secrets != Secrets::SealedFile)
            return failure(ErrorCode::InvalidRequest,
                           "--passphrase-fd takes a number and goes with --secrets file");
    }
    if (parser.isSet(kPort)) {
        options.port = parser.value(kPort).toInt(&ok);
        if (!ok || options.port < 1024 || options.port > 65535)
            return failure(ErrorCode::InvalidRequest, "--port takes a number from 1024 to 65535");
    }
    const bool ownFolder = parser.isSet(kFolder);
    options.folder
        = ownFolder ? std::filesystem::absolute(parser.value(kFolder).toStdString()) : places::dataFolder();
    if (parser.isSet(kSocket))
        options.socket = std::filesystem::absolute(parser.value(kSocket).toStdString());
    else
        options.socket = ownFolder ? options.folder / "run" / "gatehouse.sock" : places::socketFile();
    if (parser.isSet(kLogFile))
        options.logFile = std::filesystem::absolute(parser.value(kLogFile).toStdString());
    else if (options.task == Options::Task::Run && !options.headless)
        options.logFile = (ownFolder ? options.folder / "log" : places::stateFolder()) / "gatehouse.log";
    return options;
}

QString usage()
{
    QCommandLineParser parser;
    describe(parser);
    return parser.helpText();
}

} // namespace gatehouse
