// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/client/prompt.h"
#include "app/client/token_folder.h"
#include "app/gatehousectl/arguments.h"
#include "app/gatehousectl/completion.h"
#include "app/gatehousectl/contract_check.h"
#include "app/gatehousectl/errand.h"
#include "app/gatehousectl/printing.h"
#include "app/places.h"
#include "gateway_core/audit/bundle.h"
#include "gateway_core/secrets/keychain_store.h"
#include "gateway_core/secrets/session_bus.h"

#include <QCoreApplication>
#include <QDateTime>

#include <cstdio>
#include <cstdlib>

using namespace gatehouse;

namespace {

constexpr auto kTokenEntry = "gatehousectl/owner-token";

void print(const std::string &text)
{
    std::fputs(text.c_str(), stdout);
}

int complain(Exit exit, const std::string &sentence)
{
    std::fprintf(stderr, "gatehousectl: %s\n", sentence.c_str());
    return static_cast<int>(exit);
}

const char *tokenFile()
{
    const char *file = std::getenv("GATEHOUSE_OWNER_TOKEN_FILE");
    return file && *file ? file : nullptr;
}

std::unique_ptr<SecretStore> makeSecrets(const Invocation &invocation, Clock &clock)
{
    if (invocation.plainFiles)
        return std::make_unique<TokenFolder>(
            invocation.tokenFolder.value_or(places::dataFolder() / "tokens"));
    return std::make_unique<KeychainStore>(clock);
}

/// Into the file that the environment names, else into the secret store.
void keepToken(SecretStore &secrets, Secret token, SecretStore::Done done)
{
    if (const char *file = tokenFile())
        return done(writeTokenFile(file, token));
    secrets.write(kTokenEntry, std::move(token), std::move(done));
}

SecretStore::Done endWith(QCoreApplication &application)
{
    return [&application](const Result<> &kept) {
        application.exit(kept ? 0 : complain(Exit::NoToken, "the token could not be stored: " + std::string(nameOf(kept.error().code))));
    };
}

int runTokenSet(QCoreApplication &application, const Invocation &invocation)
{
    auto token = prompt::readLine(invocation.secretDescriptor);
    if (!token || !token->text().starts_with("gh_o_"))
        return complain(Exit::Usage, "an owner token is expected on standard input; it starts with gh_o_");
    SystemClock clock;
    const auto secrets = makeSecrets(invocation, clock);
    QMetaObject::invokeMethod(
        &application, [&] { keepToken(*secrets, std::move(*token), endWith(application)); }, Qt::QueuedConnection);
    return application.exec();
}

std::optional<Secret> askForPin(const Invocation &invocation)
{
    return invocation.pinDescriptor >= 0 ? prompt::readLine(invocation.pinDescriptor) : prompt::askHidden("PIN: ");
}

int runLogin(QCoreApplication &application, const Invocation &invocation)
{
    const auto pin = askForPin(invocation);
    if (!pin)
        return complain(Exit::StepUpNeeded, "this takes your PIN: run it on a terminal, or hand the PIN over with --pin-fd");
    SystemClock clock;
    const auto secrets = makeSecrets(invocation, clock);
    SocketClient client(invocation.socket.value_or(places::socketFile()));
    Errand errand(client, nullptr, [] { return std::nullopt; });
    QObject::connect(&errand, &Errand::ended, &application, [&](Exit exit, const Json &answer, const std::string &complaint) {
        if (exit != Exit::Done)
            return application.exit(complain(exit, complaint));
        keepToken(*secrets, Secret(answer.value("token", "")), endWith(application));
    });
    errand.run({"POST", "/api/v1/owner/sign-in", {{"pin", pin->text()}, {"name", "gatehousectl"}}, {}, {}});
    return application.exec();
}

int runTokenForget(QCoreApplication &application, const Invocation &invocation)
{
    SystemClock clock;
    const auto secrets = makeSecrets(invocation, clock);
    secrets->remove(kTokenEntry, [&application](const Result<> &removed) {
        const bool gone = removed || removed.error().code == ErrorCode::SecretNotFound;
        application.exit(
            gone ? 0
                 : complain(Exit::NoToken,
                            "the token could not be removed: " + std::string(nameOf(removed.error().code))));
    });
    return application.exec();
}

int runTaskerCheck(QCoreApplication &application, const Invocation &invocation)
{
    auto credential = prompt::readLine(invocation.secretDescriptor);
    if (!credential)
        return complain(Exit::Usage, "the adapter credential is expected on standard input");
    SystemClock clock;
    SystemRandom random;
    TaskerClient tasker(clock);
    const auto &words = invocation.arguments.words;
    const auto set = tasker.setTarget(TaskerTarget{.baseUrl = words[1], .ownerUserId = words[2], .credential = std::move(*credential),
                                                   .caFile = invocation.arguments.option("ca-file")});
    if (!set)
        return complain(Exit::Usage, "that address or CA file cannot be used: " + set.error().detail);

    ContractCheck check(tasker, random, words[0]);
    QObject::connect(&check, &ContractCheck::found, &application, [&invocation](const ContractFinding &finding) {
        if (!invocation.json)
            print((finding.difference.empty() ? "ok       " : "DIFFERS  ") + finding.route + ": " + finding.what
                  + (finding.difference.empty() ? "" : ": " + visible(finding.difference)) + '\n');
    });
    QObject::connect(&check, &ContractCheck::ended, &application, [&] {
        Json findings = Json::array();
        bool same = !check.findings().empty();
        for (const ContractFinding &finding : check.findings()) {
            same = same && finding.difference.empty();
            findings.push_back({{"route", finding.route}, {"what", finding.what}, {"difference", finding.difference}});
        }
        if (invocation.json)
            print(Json{{"findings", findings}}.dump(2) + '\n');
        application.exit(static_cast<int>(same ? Exit::Done : Exit::Refused));
    });
    QMetaObject::invokeMethod(&check, &ContractCheck::run, Qt::QueuedConnection);
    return application.exec();
}

std::string timeText(std::int64_t wall)
{
    return QDateTime::fromMSecsSinceEpoch(wall, Qt::UTC).toString(Qt::ISODate).toStdString();
}

int runAuditCheck(QCoreApplication &, const Invocation &invocation)
{
    const auto bundle = verifyBundle(invocation.arguments.words[0]);
    if (!bundle)
        return complain(Exit::Refused, "this is not an export as it was signed: " + visible(bundle.error().detail));
    const Verdict &verdict = bundle->journal;
    const Json report{{"sound", verdict.isSound()},
                      {"finding", nameOf(verdict.finding)},
                      {"bad_row", verdict.badRow},
                      {"detail", verdict.detail},
                      {"rows", verdict.rows},
                      {"first", verdict.first},
                      {"last", verdict.last},
                      {"vouched_to", verdict.vouchedTo},
                      {"signed_by", hex(bundle->key)},
                      {"exported_at", timeText(bundle->exportedAt)}};
    print(invocation.json ? report.dump(2) + '\n' : shown(report, {}));
    return static_cast<int>(verdict.isSound() ? Exit::Done : Exit::Refused);
}

/// The commands that this program does by itself.
struct LocalCommand
{
    std::string_view words;
    int (*run)(QCoreApplication &application, const Invocation &invocation);
};

constexpr std::array kLocalCommands{
    LocalCommand{"login", &runLogin},
    LocalCommand{ "token set", &runTokenSet },
    LocalCommand{ "token forget", &runTokenForget },
    LocalCommand{"tasker check", &runTaskerCheck},
    LocalCommand{"audit check", &runAuditCheck},
    LocalCommand{"completion bash",
                  [](QCoreApplication &, const Invocation &) {
                      print(bashCompletion());
                      return 0;
                  } },
};

int runLocal(QCoreApplication &application, const Invocation &invocation)
{
    for (const LocalCommand &local : kLocalCommands) {
        if (local.words == invocation.command->words)
            return local.run(application, invocation);
    }
    return complain(Exit::Usage, "unknown command");
}

std::string sentenceFor(const Error &error)
{
    switch (error.code) {
    case ErrorCode::SecretNotFound:
        return "you are not signed in: run gatehousectl login";
    case ErrorCode::SecretsLocked: return "the keychain is locked";
    case ErrorCode::SecretsRefused: return "the owner token cannot be read: " + error.detail;
    default: return "there is no keychain; see --secrets file and GATEHOUSE_OWNER_TOKEN_FILE in --help";
    }
}

/// The token file that the environment names, else the secret store.
void readToken(SecretStore &secrets, SecretStore::Read done)
{
    if (const char *file = tokenFile())
        return done(readTokenFile(file));
    secrets.read(kTokenEntry, std::move(done));
}

bool isTrue(const Json &answer, std::string_view member)
{
    return member.empty() || answer.value(Json::json_pointer(std::string(member)), false);
}

int runErrand(QCoreApplication &application, const Invocation &invocation)
{
    Ask ask = invocation.command->ask(invocation.arguments);
    if (!invocation.command->secret.empty() && !invocation.arguments.has("keep-credential")) {
        const auto secret = prompt::readLine(invocation.secretDescriptor);
        if (!secret)
            return complain(Exit::Usage,
                            "the " + std::string(invocation.command->secret)
                                + " is expected on standard input");
        ask.body[std::string(invocation.command->secret)] = secret->text();
    }

    SocketClient client(invocation.socket.value_or(places::socketFile()));
    SystemClock clock;
    const auto secrets = makeSecrets(invocation, clock);
    std::unique_ptr<Errand> errand;
    const auto askPin = [&invocation] { return askForPin(invocation); };
    const auto start = [&](Result<Secret> token) {
        if (!token)
            return application.exit(complain(Exit::NoToken, sentenceFor(token.error())));
        errand = std::make_unique<Errand>(client, std::make_shared<const Secret>(std::move(*token)), askPin);
        QObject::connect(errand.get(), &Errand::ended, &application,
                         [&](Exit exit, const Json &answer, const std::string &complaint) {
                             if (invocation.json && !answer.is_null())
                                 print(answer.dump(2) + '\n');
                             else if (exit == Exit::Done)
                                 print(shown(answer, invocation.command->shape));
                             if (exit == Exit::Done && !isTrue(answer, invocation.command->shape.mustBeTrue))
                                 exit = Exit::Refused;
                             if (!complaint.empty())
                                 complain(exit, complaint);
                             application.exit(static_cast<int>(exit));
                         });
        errand->run(std::move(ask));
    };
    QMetaObject::invokeMethod(
        &application, [&] { readToken(*secrets, start); }, Qt::QueuedConnection);
    return application.exec();
}

} // namespace

int main(int argc, char **argv)
{
    protectThisProcess();
    useUsualSessionBus();
    QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("gatehousectl"));
    const auto invocation = readInvocation(application.arguments().mid(1));
    if (!invocation)
        return complain(Exit::Usage, invocation.error().detail);
    if (!invocation->command) {
        print(invocation->version ? "gatehousectl " GATEHOUSE_VERSION "\n" : usage());
        return 0;
    }
    return invocation->command->ask ? runErrand(application, *invocation)
                                    : runLocal(application, *invocation);
}
