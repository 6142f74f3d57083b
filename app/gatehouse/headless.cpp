// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gatehouse/headless.h"

#include "app/gatehouse/terminal.h"

namespace gatehouse {

namespace {

/// Never taken without being asked: whoever sits on the old port would be handed the programs' tokens.
std::string waysAroundPort(int port)
{
    const std::string other = std::to_string(port < 65535 ? port + 1 : port - 1);
    return "stop that program, or start with --port " + other
        + " and tell the programs that use the address, here Codex:\n"
          "    codex mcp remove tasker\n"
          "    codex mcp add tasker --url http://127.0.0.1:"
        + other + "/mcp\n  Programs that come through the bridge find the new port by themselves.";
}

/// What broke stands in the log; here is what to do about it.
std::string wayOutOf(const GatewayStatus &status)
{
    const ErrorCode problem = status.problem.value_or(ErrorCode::Internal);
    if (problem == ErrorCode::PortBusy)
        return waysAroundPort(status.port);
    if (status.problemDetail.startsWith(QLatin1String("gatehouse ")))
        return "its secrets lie elsewhere: start with " + status.problemDetail.mid(10).toStdString();
    return std::string(nameOf(problem)) + ": gatehousectl doctor says what to do";
}

std::string wordsForLocked(const GatewayStatus &status)
{
    const std::string name = status.problemDetail.isEmpty() ? "" : " (" + status.problemDetail.toStdString() + ")";
    if (status.keychainAsks)
        return "waiting: the keychain" + name + " asks you whether Gatehouse may have its secrets; Gatehouse goes on by itself";
    if (status.problem == ErrorCode::SecretsRefused)
        return "denied: the keychain" + name + " keeps its secrets from Gatehouse, as you said; start Gatehouse again to be asked again";
    return "locked: unlock the keychain" + name + "; Gatehouse goes on by itself";
}

std::string sentenceFor(const GatewayStatus &status)
{
    switch (status.state) {
    case GatewayState::Starting: return "starting";
    case GatewayState::Locked: return wordsForLocked(status);
    case GatewayState::Ready: return "ready on " + status.address.toStdString() + ", mode " + status.mode.toStdString();
    case GatewayState::Broken: return wayOutOf(status);
    }
    return {};
}

/// Ends the loop from whichever thread has the answer.
void end(QCoreApplication &application, int code)
{
    QMetaObject::invokeMethod(&application, [code] { QCoreApplication::exit(code); });
}

void refuse(QCoreApplication &application, const Error &error)
{
    const std::string reason = error.details.is_object() ? error.details.value("reason", "") : "";
    terminal::complain("the PIN was not set: " + std::string(nameOf(error.code))
                       + (reason.empty() ? "" : " (" + reason + ")"));
    end(application, 1);
}

void askAndSet(Core &core, QCoreApplication &application)
{
    Secret old;
    if (core.status().pinSet) {
        auto typed = terminal::askSecret("Present PIN: ");
        if (!typed)
            return refuse(application, typed.error());
        old = std::move(*typed);
    }
    auto fresh = terminal::askSecret("New PIN (6 digits or more): ");
    auto again = terminal::askSecret("New PIN once more: ");
    if (!fresh || !again || !fresh->equals(*again))
        return refuse(application, {ErrorCode::ValidationFailed, "", {{"reason", "the two differ"}}});
    core.house()->stepUp.setPin(std::move(old), std::move(*fresh), [&application](Result<> set) {
        if (!set)
            return refuse(application, set.error());
        terminal::say("The PIN is set.");
        end(application, 0);
    });
}

} // namespace

void setPinOnTerminal(Core &core, QCoreApplication &application)
{
    // On the core thread, which serves nobody in this task: the doors stay shut.
    QObject::connect(&core, &Core::ready, &core, [&core, &application] { askAndSet(core, application); });
    QObject::connect(&core, &Core::statusChanged, &application, [&application](const GatewayStatus &status) {
        if (status.state != GatewayState::Broken && status.state != GatewayState::Locked)
            return;
        terminal::complain(sentenceFor(status));
        if (!status.keychainAsks)
            end(application, 1);
    });
}

void sayStatusOn(Core &core, QCoreApplication &application)
{
    auto last = std::make_shared<std::string>();
    QObject::connect(&core, &Core::statusChanged, &application, [last, &application](const GatewayStatus &status) {
        const std::string sentence = sentenceFor(status);
        if (sentence == *last)
            return;
        *last = sentence;
        if (status.state != GatewayState::Broken)
            return terminal::say("gatehouse: " + sentence);
        terminal::complain(sentence);
        end(application, 1);
    });
}

} // namespace gatehouse
