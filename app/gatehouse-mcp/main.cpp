// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/client/token_folder.h"
#include "app/client/visible.h"
#include "app/gatehouse-mcp/bridge.h"
#include "app/codex_entry.h"
#include "app/gatehouse-mcp/line_reader.h"
#include "app/gatehouse-mcp/line_writer.h"
#include "app/gatehouse-mcp/pair_ceremony.h"
#include "app/places.h"
#include "gateway_core/secrets/keychain_store.h"
#include "gateway_core/secrets/session_bus.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QLoggingCategory>
#include <QRegularExpression>

#include <cstdio>

#include <unistd.h>

using namespace gatehouse;

namespace {

constexpr int kExitUsage = 2;
const QString kUsualName = QStringLiteral("tasker");

void say(const std::string &sentence)
{
    std::fprintf(stderr, "gatehouse-mcp: %s\n", visible(sentence).c_str());
}

tl::unexpected<Error> wrong(std::string sentence)
{
    return failure(ErrorCode::InvalidRequest, std::move(sentence));
}

/// What the command line and the environment ask for.
struct Options
{
    bool pair = false;
    bool yes = false;
    bool noCodex = false;
    bool plainFiles = false;
    int codeDescriptor = STDIN_FILENO;
    QString name;
    QString clientName;
    std::filesystem::path socket;
    std::filesystem::path tokenFolder;
    QStringList unusual; ///< options that Codex's entry must carry
};

void describe(QCommandLineParser &parser)
{
    parser.setApplicationDescription(
        QStringLiteral("Connects an MCP client that speaks over standard input and output to Gatehouse.\n"
                       "The token comes from the keychain; `gatehouse-mcp pair` puts it there.\n\n"
                       "Exit codes of pair: 0 paired, 1 refused, 2 usage, 3 Gatehouse not reachable,\n"
                       "5 the token cannot be kept."));
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addOptions({
        { QStringLiteral("name"), QStringLiteral("The name of this client's token (tasker)."),
          QStringLiteral("name"), kUsualName },
        { QStringLiteral("socket"), QStringLiteral("Gatehouse's socket."), QStringLiteral("file") },
        { QStringLiteral("secrets"),
          QStringLiteral("Where the token lives: keychain (default), or file, mode 0600."),
          QStringLiteral("keychain|file"), QStringLiteral("keychain") },
        { QStringLiteral("token-folder"), QStringLiteral("With --secrets file: the folder."),
          QStringLiteral("folder") },
        { QStringLiteral("client-name"), QStringLiteral("pair: what the owner sees (the name)."),
          QStringLiteral("text") },
        { QStringLiteral("code-fd"), QStringLiteral("pair: read the code from this descriptor."),
          QStringLiteral("number") },
        { QStringLiteral("yes"), QStringLiteral("pair: write Codex's entry without asking.") },
        { QStringLiteral("no-codex"), QStringLiteral("pair: leave Codex alone.") },
    });
    parser.addPositionalArgument(QStringLiteral("pair"), QStringLiteral("Type a pairing code, once."),
                                 QStringLiteral("[pair]"));
}

/// InvalidRequest with a sentence for the terminal in `detail`.
Result<Options> readWishes(QCommandLineParser &parser, const QStringList &arguments)
{
    describe(parser);
    parser.process(arguments);
    Options wishes;
    const QStringList words = parser.positionalArguments();
    wishes.pair = words == QStringList{ QStringLiteral("pair") };
    if (!words.isEmpty() && !wishes.pair)
        return wrong("the only command is pair, not " + words.first().toStdString());
    wishes.yes = parser.isSet(QStringLiteral("yes"));
    wishes.noCodex = parser.isSet(QStringLiteral("no-codex"));
    wishes.name = parser.value(QStringLiteral("name"));
    static const QRegularExpression kName(QStringLiteral("^[A-Za-z0-9_-]{1,64}$"));
    if (!kName.match(wishes.name).hasMatch())
        return wrong("--name takes 1 to 64 letters, digits, - and _");
    wishes.clientName = parser.isSet(QStringLiteral("client-name"))
        ? parser.value(QStringLiteral("client-name"))
        : wishes.name;

    const auto usualSocket
        = std::filesystem::path("/run/user") / std::to_string(getuid()) / "gatehouse/gatehouse.sock";
    wishes.socket = parser.isSet(QStringLiteral("socket"))
        ? std::filesystem::absolute(parser.value(QStringLiteral("socket")).toStdString())
        : places::socketFile();
    if (wishes.socket != usualSocket)
        wishes.unusual << QStringLiteral("--socket") << QString::fromStdString(wishes.socket.string());

    const QString secrets = parser.value(QStringLiteral("secrets"));
    wishes.plainFiles = secrets == QLatin1String("file");
    if (!wishes.plainFiles && secrets != QLatin1String("keychain"))
        return wrong("--secrets takes keychain or file");
    wishes.tokenFolder = parser.isSet(QStringLiteral("token-folder"))
        ? std::filesystem::absolute(parser.value(QStringLiteral("token-folder")).toStdString())
        : places::dataFolder() / "tokens";
    if (wishes.plainFiles)
        wishes.unusual << QStringLiteral("--secrets") << QStringLiteral("file")
                       << QStringLiteral("--token-folder")
                       << QString::fromStdString(wishes.tokenFolder.string());

    bool ok = true;
    if (parser.isSet(QStringLiteral("code-fd")))
        wishes.codeDescriptor = parser.value(QStringLiteral("code-fd")).toInt(&ok);
    if (!ok || wishes.codeDescriptor < 0)
        return wrong("--code-fd takes the number of an open descriptor");
    return wishes;
}

std::unique_ptr<SecretStore> makeSecrets(const Options &wishes, Clock &clock)
{
    if (wishes.plainFiles)
        return std::make_unique<TokenFolder>(wishes.tokenFolder);
    return std::make_unique<KeychainStore>(clock);
}

std::string refusalFor(ErrorCode code, const QString &name)
{
    switch (code) {
    case ErrorCode::SecretNotFound:
        return "This client is not paired. Run `gatehouse-mcp pair --name " + name.toStdString()
            + "` in a terminal.";
    case ErrorCode::SecretsLocked: return "The keychain is locked. Unlock it, then start this client again.";
    case ErrorCode::SecretsRefused:
        return "The keychain, or the token file's mode (it must be 0600), does not let this program read its "
               "token. Allow it there, or run `gatehouse-mcp pair` again.";
    default:
        return "There is no keychain to read the token from. Start one, or pair again with --secrets file; "
               "`gatehousectl doctor` tells more.";
    }
}

int runBridge(QCoreApplication &application, const Options &wishes)
{
    SystemClock clock;
    SystemRandom random;
    const auto secrets = makeSecrets(wishes, clock);
    SocketClient client(wishes.socket);
    Bridge bridge(client, clock, random);
    LineReader in(STDIN_FILENO);
    LineWriter out(STDOUT_FILENO);

    QObject::connect(&in, &LineReader::lineRead, &bridge, &Bridge::take);
    QObject::connect(&in, &LineReader::tooLong, &bridge, &Bridge::refuseTooLong);
    QObject::connect(&in, &LineReader::ended, &bridge, &Bridge::finish);
    QObject::connect(&bridge, &Bridge::lineReady, &out, &LineWriter::write);
    QObject::connect(&bridge, &Bridge::complained, &bridge, &say);
    QObject::connect(&out, &LineWriter::lost, &application, [&application] { application.exit(1); });
    QObject::connect(&bridge, &Bridge::ended, &application, [&application, &out] {
        if (out.isDrained())
            application.exit(0);
        else
            QObject::connect(&out, &LineWriter::drained, &application,
                             [&application] { application.exit(0); });
    });

    client.warmUp();
    const auto readToken = [&] {
        secrets->read(bridgeTokenEntry(wishes.name.toStdString()), [&](Result<Secret> token) {
            if (token)
                return bridge.useToken(std::make_shared<const Secret>(std::move(*token)));
            const std::string sentence = refusalFor(token.error().code, wishes.name);
            say(sentence);
            bridge.refuseAll(sentence);
        });
    };
    QObject::connect(secrets.get(), &SecretStore::unlocked, &bridge, readToken);
    readToken();
    return application.exec();
}

/// One line, as typed. Blocks; before the event loop runs.
std::string readCode(int descriptor)
{
    std::string code;
    char letter = 0;
    while (code.size() < 64 && ::read(descriptor, &letter, 1) == 1 && letter != '\n')
        code += letter;
    return code;
}

bool agrees()
{
    std::fputs("Write it? [y/N] ", stderr);
    const std::string answer = readCode(STDIN_FILENO);
    return answer == "y" || answer == "Y" || answer == "yes";
}

void offerCodexEntry(QCoreApplication &application, const Options &wishes)
{
    const QStringList words = codexEntry::command(
        { .program = QCoreApplication::applicationFilePath(),
          .name = wishes.name,
          .options = wishes.unusual,
          .sessionBus = wishes.plainFiles ? QString() : codexEntry::unusualSessionBus() });
    std::fprintf(stderr, "Codex finds Gatehouse with this entry:\n\n    %s\n\n",
                 codexEntry::commandLine(words).toLocal8Bit().constData());
    if (wishes.noCodex || (!wishes.yes && !agrees()))
        return application.exit(0);
    codexEntry::run(words, &application, [&application](int code) {
        if (code != 0)
            say("codex did not write the entry; run the command above yourself. The pairing stands.");
        application.exit(code == 0 ? 0 : 1);
    });
}

int runPair(QCoreApplication &application, const Options &wishes)
{
    SystemClock clock;
    SystemRandom random;
    const auto secrets = makeSecrets(wishes, clock);
    SocketClient client(wishes.socket);
    PairCeremony ceremony(client, *secrets, random, bridgeTokenEntry(wishes.name.toStdString()));

    QObject::connect(&ceremony, &PairCeremony::checkNumberKnown, &ceremony, [](const std::string &number) {
        std::fprintf(stderr,
                     "Check number: %s\nSay yes in Gatehouse if it shows the same number. Waiting...\n",
                     visible(number).c_str());
    });
    QObject::connect(&ceremony, &PairCeremony::ended, &application,
                     [&](PairEnd end, const std::string &sentence, const std::string &agent) {
                         if (end != PairEnd::Paired) {
                             say(sentence);
                             return application.exit(static_cast<int>(end));
                         }
                         std::fprintf(stderr, "Paired: this client acts as %s.\n", visible(agent).c_str());
                         offerCodexEntry(application, wishes);
                     });

    if (wishes.codeDescriptor == STDIN_FILENO)
        std::fputs("Pairing code: ", stderr);
    const std::string code = readCode(wishes.codeDescriptor);
    if (code.empty()) {
        say("no code was typed; it stands in Gatehouse's window, or gatehousectl pair open shows one");
        return kExitUsage;
    }
    ceremony.begin(code, wishes.clientName.toStdString());
    return application.exec();
}

} // namespace

int main(int argc, char **argv)
{
    protectThisProcess();
    useUsualSessionBus();
    QCoreApplication application(argc, argv);
    QLoggingCategory::setFilterRules(
        QStringLiteral("gatehouse.*=false")); // it answers itself; QT_LOGGING_RULES asks for more
    QCoreApplication::setApplicationName(QStringLiteral("gatehouse-mcp"));
    QCoreApplication::setApplicationVersion(QStringLiteral(GATEHOUSE_VERSION));
    QCommandLineParser parser;
    const auto wishes = readWishes(parser, application.arguments());
    if (!wishes) {
        say(wishes.error().detail + " (see --help)");
        return kExitUsage;
    }
    return wishes->pair ? runPair(application, *wishes) : runBridge(application, *wishes);
}
