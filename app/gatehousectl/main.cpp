// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/client/prompt.h"
#include "app/gatehousectl/arguments.h"
#include "app/gatehousectl/completion.h"
#include "app/gatehousectl/doctor/doctor_command.h"
#include "app/gatehousectl/owner_request.h"
#include "app/gatehousectl/owner_token.h"
#include "app/gatehousectl/printing.h"
#include "app/gatehousectl/tasker_command.h"
#include "app/places.h"
#include "app/quit_signals.h"
#include "gateway_core/audit/bundle.h"
#include "gateway_core/secrets/session_bus.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLoggingCategory>

#include <cstdio>

#include <unistd.h>

using namespace gatehouse;

namespace {

void print(const std::string &text)
{
    std::fputs(text.c_str(), stdout);
}

int warn(Exit exit, const std::string &sentence)
{
    std::fprintf(stderr, "gatehousectl: %s\n", sentence.c_str());
    return static_cast<int>(exit);
}

SecretStore::Done endWith(QCoreApplication &application)
{
    return [&application](const Result<> &kept) {
        application.exit(
            kept ? 0
                 : warn(Exit::NoToken, "the token was not stored: " + ownerToken::sentenceFor(kept.error())));
    };
}

int runTokenSet(QCoreApplication &application, const Invocation &invocation)
{
    auto token = prompt::readLine(invocation.secretDescriptor);
    if (!token || !token->text().starts_with("gh_o_"))
        return warn(Exit::Usage, "an owner token is expected on standard input; it starts with gh_o_");
    SystemClock clock;
    const auto secrets = ownerToken::makeStore(invocation, clock);
    QMetaObject::invokeMethod(
        &application, [&] { ownerToken::keep(*secrets, std::move(*token), endWith(application)); },
        Qt::QueuedConnection);
    return application.exec();
}

int runLogin(QCoreApplication &application, const Invocation &invocation)
{
    const auto pin = ownerToken::askForPin(invocation);
    if (!pin)
        return warn(Exit::StepUpNeeded,
                    "this takes your PIN: run it on a terminal, or hand the PIN over with --pin-fd");
    SystemClock clock;
    const auto secrets = ownerToken::makeStore(invocation, clock);
    SocketClient client(invocation.socket.value_or(places::socketFile()));
    OwnerRequest errand(client, nullptr, [] { return std::nullopt; });
    QObject::connect(&errand, &OwnerRequest::ended, &application,
                     [&](Exit exit, const Json &answer, const std::string &complaint) {
                         if (exit != Exit::Done)
                             return application.exit(warn(exit, complaint));
                         ownerToken::keep(*secrets, Secret(answer.value("token", "")), endWith(application));
                     });
    errand.run(
        { "POST", "/api/v1/owner/sign-in", { { "pin", pin->text() }, { "name", "gatehousectl" } }, {}, {} });
    return application.exec();
}

int runTokenForget(QCoreApplication &application, const Invocation &invocation)
{
    SystemClock clock;
    const auto secrets = ownerToken::makeStore(invocation, clock);
    ownerToken::forget(*secrets, [&application](const Result<> &removed) {
        const bool gone = removed || removed.error().code == ErrorCode::SecretNotFound;
        application.exit(
            gone ? 0
                 : warn(Exit::NoToken,
                        "the token was not removed: " + ownerToken::sentenceFor(removed.error())));
    });
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
        return warn(Exit::Refused,
                    "this is not an export as it was signed: " + visible(bundle.error().detail));
    const VerificationReport &verdict = bundle->journal;
    const Json report{ { "sound", verdict.isSound() },    { "finding", nameOf(verdict.finding) },
                       { "bad_row", verdict.badRow },     { "detail", verdict.detail },
                       { "rows", verdict.rows },          { "first", verdict.first },
                       { "last", verdict.last },          { "vouched_to", verdict.vouchedTo },
                       { "signed_by", hex(bundle->key) }, { "exported_at", timeText(bundle->exportedAt) } };
    print(invocation.json ? shownJson(report) : shown(report, {}));
    return static_cast<int>(verdict.isSound() ? Exit::Done : Exit::Refused);
}

/// The commands that this program does by itself.
struct LocalCommand
{
    std::string_view words;
    int (*run)(QCoreApplication &application, const Invocation &invocation);
};

constexpr std::array kLocalCommands{
    LocalCommand{ "doctor", &runDoctor },
    LocalCommand{ "login", &runLogin },
    LocalCommand{ "token set", &runTokenSet },
    LocalCommand{ "token forget", &runTokenForget },
    LocalCommand{ "tasker check", &runTaskerCheck },
    LocalCommand{ "audit check", &runAuditCheck },
    LocalCommand{ "completion bash",
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
    return warn(Exit::Usage, "unknown command");
}

bool isTrue(const Json &answer, std::string_view member)
{
    return member.empty() || answer.value(Json::json_pointer(std::string(member)), false);
}

/// One line that is written over; nothing where nobody looks.
void showProgress(const std::string &progress)
{
    if (::isatty(STDERR_FILENO) == 1)
        std::fprintf(stderr, "\r\033[K%s", progress.c_str());
}

int runErrand(QCoreApplication &application, const Invocation &invocation)
{
    Ask ask = invocation.command->ask(invocation.arguments);
    if (!invocation.command->secret.empty() && !invocation.arguments.has("keep-credential")) {
        const auto secret = prompt::readLine(invocation.secretDescriptor);
        if (!secret)
            return warn(Exit::Usage,
                        "the " + std::string(invocation.command->secret) + " is expected on standard input");
        ask.body[std::string(invocation.command->secret)] = secret->text();
    }

    SocketClient client(invocation.socket.value_or(places::socketFile()));
    SystemClock clock;
    const auto secrets = ownerToken::makeStore(invocation, clock);
    int code = static_cast<int>(Exit::Interrupted); // of a loop that a signal ended
    std::unique_ptr<OwnerRequest> errand;
    const auto askPin = [&invocation] { return ownerToken::askForPin(invocation); };
    const auto start = [&](Result<Secret> token) {
        if (!token)
            return application.exit(code = warn(Exit::NoToken, ownerToken::sentenceFor(token.error())));
        errand = std::make_unique<OwnerRequest>(client, std::make_shared<const Secret>(std::move(*token)),
                                                askPin);
        QObject::connect(errand.get(), &OwnerRequest::searched, &application,
                         [](const Json &answer) { showProgress(searchedWay(answer) + " (Ctrl-C stops)"); });
        QObject::connect(errand.get(), &OwnerRequest::ended, &application,
                         [&](Exit exit, const Json &answer, const std::string &complaint) {
                             showProgress({});
                             if (invocation.json && !answer.is_null())
                                 print(shownJson(answer));
                             else if (exit == Exit::Done || (exit == Exit::Interrupted && !answer.is_null()))
                                 print(shown(answer, invocation.command->shape));
                             if (exit == Exit::Done && !isTrue(answer, invocation.command->shape.mustBeTrue))
                                 exit = Exit::Refused;
                             if (!complaint.empty())
                                 warn(exit, complaint);
                             code = static_cast<int>(exit);
                             application.exit(code);
                         });
        errand->run(std::move(ask));
    };
    // A search is worth stopping; everything else ends by the signal itself.
    const auto onInterrupt = ask.pages ? std::make_unique<QuitSignals>(application) : nullptr;
    QMetaObject::invokeMethod(
        &application, [&] { ownerToken::read(*secrets, start); }, Qt::QueuedConnection);
    application.exec();
    if (errand)
        errand->stop();
    return code;
}

} // namespace

int main(int argc, char **argv)
{
    protectThisProcess();
    useUsualSessionBus();
    QCoreApplication application(argc, argv);
    QLoggingCategory::setFilterRules(
        QStringLiteral("gatehouse.*=false")); // it answers itself; QT_LOGGING_RULES asks for more
    QCoreApplication::setApplicationName(QStringLiteral("gatehousectl"));
    const auto invocation = readInvocation(application.arguments().mid(1));
    if (!invocation)
        return warn(Exit::Usage, invocation.error().detail);
    if (!invocation->command) {
        print(invocation->version ? "gatehousectl " GATEHOUSE_VERSION "\n" : usage(invocation->helpWords));
        return 0;
    }
    return invocation->command->ask ? runErrand(application, *invocation)
                                    : runLocal(application, *invocation);
}
