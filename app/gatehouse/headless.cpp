// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gatehouse/headless.h"

#include "app/gatehouse/terminal.h"

namespace gatehouse {

namespace {

/// Never taken without being asked: whoever sits on the old port would be handed the programs' tokens.
std::string waysAroundPort(int port)
{
    const std::string other = std::to_string(port < 65535 ? port + 1 : port - 1);
    return "; stop that program, or start with --port " + other
        + " and tell the programs that use the address, here Codex:\n"
          "    codex mcp remove tasker\n"
          "    codex mcp add tasker --url http://127.0.0.1:"
        + other + "/mcp\n  Programs that come through the bridge find the new port by themselves.";
}

std::string wayOut(const GatewayStatus &status, ErrorCode problem)
{
    switch (problem) {
    case ErrorCode::PortBusy: return waysAroundPort(status.port);
    case ErrorCode::StorageFull: return "; Gatehouse goes on by itself when there is room";
    case ErrorCode::StorageMissing:
        return "\n  The database is not there any more, and nothing was made in its place. Put it back (a "
               "backup of the"
               " profile's folder), or name its folder with --profile-dir.\n"
               "  If there is no copy: gatehouse --start-anew begins an empty one, with your PIN and on "
               "record.";
    case ErrorCode::StorageRolledBack:
        return "\n  This database is older than the secrets know, or another one. Put the newer one back.\n"
               "  If you restored this copy yourself: gatehouse --accept-restore, with your PIN and on "
               "record.";
    default: return "; gatehousectl doctor says what to do";
    }
}

std::string wordsForLocked(const GatewayStatus &status)
{
    const std::string name
        = status.problemDetail.isEmpty() ? "" : " (" + status.problemDetail.toStdString() + ")";
    if (status.keychainAsks)
        return "waiting: the keychain" + name
            + " asks you whether Gatehouse may have its secrets; Gatehouse goes on by itself";
    if (status.problem == ErrorCode::SecretsRefused)
        return "denied: the keychain" + name
            + " keeps its secrets from Gatehouse, as you said; start Gatehouse again to be asked again";
    return "locked: unlock the keychain" + name + "; Gatehouse goes on by itself";
}

std::string sentenceFor(const GatewayStatus &status)
{
    switch (status.state) {
    case GatewayState::Starting: return "starting";
    case GatewayState::Locked: return wordsForLocked(status);
    case GatewayState::Ready:
        return "ready on " + status.address.toStdString() + ", mode " + status.mode.toStdString();
    case GatewayState::Broken: break;
    }
    const ErrorCode problem = status.problem.value_or(ErrorCode::Internal);
    if (status.problemDetail.startsWith(QLatin1String("gatehouse --")))
        return "its secrets lie elsewhere: start with " + status.problemDetail.mid(10).toStdString();
    const std::string detail
        = status.problemDetail.isEmpty() ? "" : ": " + status.problemDetail.toStdString();
    return "cannot go on: " + std::string(nameOf(problem)) + detail + wayOut(status, problem);
}

/// Ends the loop from whichever thread has the answer.
void end(QCoreApplication &application, int code)
{
    QMetaObject::invokeMethod(&application, [code] { QCoreApplication::exit(code); });
}

void refuse(QCoreApplication &application, const Error &error,
            const std::string &what = "the PIN was not set")
{
    const std::string reason = error.details.is_object() ? error.details.value("reason", "") : "";
    terminal::warn(what + ": " + std::string(nameOf(error.code))
                   + (reason.empty() ? "" : " (" + reason + ")"));
    end(application, 1);
}

void askAndSet(GatewayLifecycle &core, QCoreApplication &application)
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
        return refuse(application, { ErrorCode::ValidationFailed, "", { { "reason", "the two differ" } } });
    core.services()->stepUp.setPin(std::move(old), std::move(*fresh), [&application](Result<> set) {
        if (!set)
            return refuse(application, set.error());
        terminal::say("The PIN is set.");
        end(application, 0);
    });
}

constexpr auto kNotAccepted = "the database was not accepted";

/// `act` with the PIN given, or at once where none was ever set.
void withPin(Services &services, QCoreApplication &application, std::function<void()> act)
{
    if (!services.stepUp.hasPin())
        return act();
    auto pin = terminal::askSecret("PIN: ");
    if (!pin)
        return refuse(application, pin.error(), kNotAccepted);
    services.stepUp.enter(std::string(kWindowCaller), std::move(*pin),
                          [&application, act = std::move(act)](const Result<StepUpTicket> &entered) {
                              if (!entered)
                                  return refuse(application, entered.error(), kNotAccepted);
                              act();
                          });
}

/// The core goes on to Ready by itself once it has been accepted.
void accept(Services &services, QCoreApplication &application, const Json &more, std::function<void()> done)
{
    withPin(services, application, [&services, &application, more, done = std::move(done)] {
        services.checkpoints.acceptRestore({ .via = "window", .more = more },
                                           [&application, done](const Result<> &accepted) {
                                               if (!accepted)
                                                   return refuse(application, accepted.error(), kNotAccepted);
                                               done();
                                           });
    });
}

/// On the core thread: accepts services at their threshold; says any other trouble and ends.
void acceptAtThreshold(GatewayLifecycle &core, QCoreApplication &application, const Json &more,
                       std::shared_ptr<bool> isAccepted)
{
    QObject::connect(
        &core, &GatewayLifecycle::statusChanged, &core,
        [&core, &application, more, isAsked = false, isAccepted](const GatewayStatus &status) mutable {
            Services *services = core.servicesAtThreshold();
            if (services && !std::exchange(isAsked, true))
                return accept(*services, application, more, [isAccepted] { *isAccepted = true; });
            if (services || (status.state != GatewayState::Broken && status.state != GatewayState::Locked))
                return;
            terminal::warn(sentenceFor(status));
            end(application, 1);
        });
}

} // namespace

void acceptRestoreOnTerminal(GatewayLifecycle &core, QCoreApplication &application)
{
    const auto isAccepted = std::make_shared<bool>(false);
    acceptAtThreshold(core, application, Json::object(), isAccepted);
    QObject::connect(&core, &GatewayLifecycle::ready, &core, [&core, &application, isAccepted] {
        const auto done = [&application] {
            terminal::say(
                "The database is accepted. That is on record, and the journal is signed from here on.");
            end(application, 0);
        };
        if (*isAccepted)
            return done();
        if (core.services()->checkpoints.isHeld())
            return accept(*core.services(), application, Json::object(), done);
        terminal::warn("there is nothing to accept: the secrets know this database");
        end(application, 1);
    });
}

void startAnewOnTerminal(GatewayLifecycle &core, QCoreApplication &application)
{
    const Json more{ { "started_anew", true } };
    const auto isAccepted = std::make_shared<bool>(false);
    acceptAtThreshold(core, application, more, isAccepted);
    QObject::connect(&core, &GatewayLifecycle::ready, &core, [&core, &application, isAccepted, more] {
        const auto done = [&application](const Result<> &recorded) {
            if (!recorded)
                return refuse(application, recorded.error(), kNotAccepted);
            terminal::say("An empty database has begun. That is on record; agents are to be paired again.");
            end(application, 0);
        };
        if (*isAccepted)
            return done({});
        // The secrets know of no point: a key check alone said that there had been a database.
        withPin(*core.services(), application, [&core, more, done] {
            core.services()->journal.recordDurably(
                { .kind = EventKind::StorageRestored, .via = "window", .more = more }, done);
        });
    });
}

void setPinOnTerminal(GatewayLifecycle &core, QCoreApplication &application)
{
    // On the core thread, which serves nobody in this task: the doors stay shut.
    QObject::connect(&core, &GatewayLifecycle::ready, &core,
                     [&core, &application] { askAndSet(core, application); });
    QObject::connect(&core, &GatewayLifecycle::statusChanged, &application,
                     [&application](const GatewayStatus &status) {
                         if (status.state != GatewayState::Broken && status.state != GatewayState::Locked)
                             return;
                         terminal::warn(sentenceFor(status));
                         if (!status.keychainAsks)
                             end(application, 1);
                     });
}

void sayStatusOn(GatewayLifecycle &core, QCoreApplication &application)
{
    auto last = std::make_shared<std::string>();
    QObject::connect(&core, &GatewayLifecycle::statusChanged, &application,
                     [last, &application](const GatewayStatus &status) {
                         const std::string sentence = sentenceFor(status);
                         if (sentence == *last)
                             return;
                         *last = sentence;
                         if (status.state != GatewayState::Broken)
                             return terminal::say("gatehouse: " + sentence);
                         terminal::warn(sentence);
                         if (status.problem != ErrorCode::StorageFull)
                             end(application, 1);
                     });
}

} // namespace gatehouse
