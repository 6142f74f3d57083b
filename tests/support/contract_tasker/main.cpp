// SPDX-License-Identifier: GPL-3.0-or-later
// A Tasker that speaks the adapter contract, for tests, the demo, and people without staging.
#include "tests/support/contract_tasker/certificates.h"
#include "tests/support/contract_tasker/control.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QSocketNotifier>
#include <QTemporaryDir>
#include <QUuid>

#include <csignal>
#include <cstdio>
#include <sys/socket.h>
#include <unistd.h>

namespace {

int g_signalPipe[2];

void hearSignal(int)
{
    const char byte = 0;
    (void)!write(g_signalPipe[1], &byte, 1);
}

void quitOnSignals(QCoreApplication &app)
{
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, g_signalPipe) != 0)
        return;
    auto *notifier = new QSocketNotifier(g_signalPipe[0], QSocketNotifier::Read, &app);
    QObject::connect(notifier, &QSocketNotifier::activated, &app, &QCoreApplication::quit);
    std::signal(SIGTERM, hearSignal);
    std::signal(SIGINT, hearSignal);
    std::signal(SIGPIPE, SIG_IGN);
}

std::string valueOr(const QCommandLineParser &parser, const QString &option, const std::string &otherwise)
{
    return parser.isSet(option) ? parser.value(option).toStdString() : otherwise;
}

std::string madeUp(const char *prefix)
{
    return prefix + QUuid::createUuid().toString(QUuid::Id128).toStdString();
}

int fail(const char *why)
{
    std::fprintf(stderr, "contract-tasker: %s\n", why);
    return 1;
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    QCommandLineParser parser;
    parser.setApplicationDescription(
        QStringLiteral("A Tasker of the adapter contract, with faults on command."));
    parser.addHelpOption();
    parser.addOptions({
        { QStringLiteral("port"), QStringLiteral("TCP port on 127.0.0.1; 0 is a free one."),
          QStringLiteral("N"), QStringLiteral("0") },
        { QStringLiteral("tls"), QStringLiteral("Speak TLS, with certificates made in --state.") },
        { QStringLiteral("certificate"), QStringLiteral("good, wrong-host or expired."),
          QStringLiteral("kind"), QStringLiteral("good") },
        { QStringLiteral("state"), QStringLiteral("Folder for certificates; a throw-away one without it."),
          QStringLiteral("folder") },
        { QStringLiteral("data"), QStringLiteral("Keep the data in this JSON file."),
          QStringLiteral("file") },
        { QStringLiteral("credential"), QStringLiteral("The adapter credential; made up without it."),
          QStringLiteral("text") },
        { QStringLiteral("owner"), QStringLiteral("The owner's platform user id."), QStringLiteral("id") },
        { QStringLiteral("control-token"), QStringLiteral("For /_control; made up without it."),
          QStringLiteral("text") },
    });
    parser.process(app);
    quitOnSignals(app);

    const auto credential = valueOr(parser, QStringLiteral("credential"), madeUp("tk_"));
    const auto owner = valueOr(parser, QStringLiteral("owner"), "usr-owner-1");
    const auto token = valueOr(parser, QStringLiteral("control-token"), madeUp("ct_"));
    const QTemporaryDir scratch;
    const auto folder
        = parser.isSet(QStringLiteral("state")) ? parser.value(QStringLiteral("state")) : scratch.path();
    std::optional<contract::Tls> tls;
    if (parser.isSet(QStringLiteral("tls"))) {
        const auto kind = parser.value(QStringLiteral("certificate"));
        tls = contract::tlsIn(folder,
                              kind == QLatin1String("expired")          ? contract::Certificate::Expired
                                  : kind == QLatin1String("wrong-host") ? contract::Certificate::WrongHost
                                                                        : contract::Certificate::Good);
        if (!tls)
            return fail("the certificates cannot be written");
    }

    contract::Contract contract(credential, owner, parser.value(QStringLiteral("data")).toStdString());
    contract::Wire wire(
        [&](const contract::Request &request, const contract::Wire::Answer &answer) {
            if (request.path.starts_with("/_control/"))
                answer(contract::control(request, token, contract, wire));
            else
                contract.handle(request, answer);
        },
        tls ? std::optional(tls->server) : std::nullopt);
    if (!wire.listen(QHostAddress::LocalHost,
                     static_cast<quint16>(parser.value(QStringLiteral("port")).toUInt())))
        return fail(qPrintable(wire.errorString()));

    const std::string address
        = std::string(tls ? "https" : "http") + "://127.0.0.1:" + std::to_string(wire.serverPort());
    const contract::Json ready{ { "port", wire.serverPort() },
                                { "base_url", address + contract::kBasePath },
                                { "control_url", address + "/_control" },
                                { "credential", credential },
                                { "owner", owner },
                                { "control_token", token },
                                { "ca",
                                  tls ? contract::Json(tls->caFile.toStdString()) : contract::Json() } };
    std::printf("%s\n", ready.dump().c_str());
    std::fflush(stdout);
    return app.exec();
}
