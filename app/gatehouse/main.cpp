// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gatehouse/gateway_lifecycle.h"
#include "app/gatehouse/options.h"
#include "app/gatehouse/headless.h"
#include "app/gatehouse/single_instance.h"
#include "app/gatehouse/terminal.h"
#include "app/gatehouse/window_port.h"
#include "app/gatehouse/window_system.h"
#include "app/log.h"
#include "app/quit_signals.h"
#include "gateway_core/base/secret.h"
#include "gateway_core/http/open_files.h"
#include "gateway_core/secrets/keychain_store.h"
#include "gateway_core/secrets/sealed_file_store.h"
#include "gateway_core/secrets/session_bus.h"
#include "ui/main_window.h"
#include "ui/theme/theme.h"
#include "ui/translations.h"
#include "ui/tray.h"

#include <QApplication>
#include <QEventLoop>
#include <QThread>

#include <csignal>
#include <functional>
#include <memory>

using namespace gatehouse;

namespace {

constexpr int kExitFailed = 1;
constexpr int kExitUsage = 2; // and no window system
constexpr int kExitRunning = 3; // another Gatehouse has the profile, and shows no window
constexpr int kOpenFiles
    = 5000; // 2,048 connections, each with its peer look-up, and what Qt and SQLCipher hold

bool wantsWindow(const Options &options)
{
    return options.task == Options::Task::Run && !options.headless;
}

/// `without` runs, and the program ends, where a window is wanted and there is no window system.
std::unique_ptr<QCoreApplication> makeApplication(int &argc, char **argv, const Options &options,
                                                  std::function<void()> without)
{
    std::unique_ptr<QCoreApplication> application;
    if (wantsWindow(options))
        application = enterWindowSystem(argc, argv, kExitUsage, std::move(without));
    else
        application = std::make_unique<QCoreApplication>(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("gatehouse"));
    QCoreApplication::setOrganizationName(QStringLiteral("gatehouse"));
    QCoreApplication::setApplicationVersion(QStringLiteral(GATEHOUSE_VERSION));
    return application;
}

Result<GatewayLifecycle::MakeSecrets> chooseSecrets(const Options &options)
{
    if (options.secrets == Secrets::Keychain)
        return GatewayLifecycle::MakeSecrets(
            [](Clock &clock, Random &) { return std::make_unique<KeychainStore>(clock); });
    auto passphrase = options.passphraseFd >= 0 ? terminal::readSecret(options.passphraseFd)
                                                : terminal::askSecret("Passphrase of the sealed file: ");
    if (!passphrase)
        return tl::unexpected<Error>(passphrase.error());
    const auto shared = std::make_shared<Secret>(std::move(*passphrase));
    return GatewayLifecycle::MakeSecrets([shared, file = options.sealedFile()](Clock &, Random &random) {
        return std::make_unique<SealedFileStore>(file, std::move(*shared), random);
    });
}

/// The window and what hangs on it; empty when headless.
class Face final
{
public:
    Face(GatewayPort &port, const QString &language)
    {
        ui::installTranslations(*qApp, language);
        ui::applyTheme(*qApp, ui::storedThemeChoice());
        // With a tray icon a closed window is only put away; without one it ends the program.
        m_window = std::make_unique<ui::MainWindow>(port);
        m_tray = std::make_unique<ui::Tray>(*m_window);
        QApplication::setQuitOnLastWindowClosed(!m_tray->isThere());
        QObject::connect(m_tray.get(), &ui::Tray::quitAsked, m_window.get(), &ui::MainWindow::askToQuit);
        m_window->show();
    }

private:
    std::unique_ptr<ui::MainWindow> m_window;
    std::unique_ptr<ui::Tray> m_tray;
};

int run(QCoreApplication &application, const Options &options, SingleInstance &instance)
{
    auto makeSecrets = chooseSecrets(options);
    if (!makeSecrets) {
        terminal::warn(makeSecrets.error().detail);
        return kExitUsage;
    }

    QThread thread;
    thread.setObjectName(QStringLiteral("core"));
    auto *core = new GatewayLifecycle(options, std::move(*makeSecrets));
    core->moveToThread(&thread);
    QObject::connect(&thread, &QThread::finished, core, &QObject::deleteLater);

    if (options.task == Options::Task::SetPin)
        setPinOnTerminal(*core, application);
    else if (options.task == Options::Task::AcceptRestore)
        acceptRestoreOnTerminal(*core, application);
    else if (options.task == Options::Task::StartAnew)
        startAnewOnTerminal(*core, application);
    std::unique_ptr<WindowPort> port;
    std::unique_ptr<Face> face;
    if (wantsWindow(options)) {
        port = std::make_unique<WindowPort>(*core);
        QObject::connect(&instance, &SingleInstance::called, port.get(), &GatewayPort::raiseRequested);
        face = std::make_unique<Face>(*port, options.language);
    } else if (options.task == Options::Task::Run) {
        sayStatusOn(*core, application);
    }
    QObject::connect(core, &GatewayLifecycle::statusChanged, &instance,
                     [&instance, hasWindow = wantsWindow(options)](const GatewayStatus &status) {
                         instance.describe({ hasWindow, status.address.toStdString() });
                     });

    QObject::connect(&thread, &QThread::started, core, &GatewayLifecycle::start);
    thread.start();
    const QuitSignals quit(application);
    const int code = application.exec();

    face.reset();
    // This thread's loop goes on until the core has ended: the keychain answers through it, and the core's
    // last words are a checkpoint for the keychain.
    QEventLoop farewell;
    QObject::connect(&thread, &QThread::finished, &farewell, &QEventLoop::quit);
    QMetaObject::invokeMethod(core, [core, &thread] { core->stop([&thread] { thread.quit(); }); });
    farewell.exec();
    thread.wait();
    return code;
}

/// Another has the profile: brings it to the front where that is what was wanted, or says where it is.
int yield(const Options &options, const SingleInstance &instance)
{
    const auto running = instance.callTheFirst(wantsWindow(options));
    if (running && running->hasWindow && wantsWindow(options)) {
        terminal::warn("already running: brought to the front");
        return 0;
    }
    std::string who = "Gatehouse runs on this profile already";
    if (running)
        who += running->hasWindow ? ", in a window" : ", without a window";
    if (const qint64 process = instance.processOfTheFirst(); process != 0)
        who += ", as process " + std::to_string(process);
    if (running && !running->address.empty())
        who += ", on " + running->address;
    terminal::warn(who + ".\n  Profile: " + options.folder.string()
                   + "\n  gatehousectl reaches it there; "
                     "stop it first to start another.");
    return kExitRunning;
}

} // namespace

int main(int argc, char **argv)
{
    protectThisProcess();
    QStringList arguments;
    for (int i = 0; i < argc; ++i)
        arguments << QString::fromLocal8Bit(argv[i]);
    auto options = parseOptions(arguments);
    if (!options) {
        terminal::warn(options.error().detail + " (see --help)");
        return kExitUsage;
    }
    (void)std::signal(SIGXFSZ, SIG_IGN); // a limit on file sizes is an error of the write, as a full disk is
    useUsualSessionBus();
    allowOpenFiles(kOpenFiles);
    if (options->task == Options::Task::Help || options->task == Options::Task::Version) {
        const auto application = makeApplication(argc, argv, *options, {});
        terminal::say(options->task == Options::Task::Help ? usage().toStdString()
                                                           : "gatehouse " GATEHOUSE_VERSION);
        return 0;
    }

    // Before the window system: whoever is second needs none.
    SingleInstance instance(options->folder);
    const auto first = instance.claim();
    if (!first) {
        terminal::warn("the profile folder cannot be used: " + first.error().detail);
        return kExitFailed;
    }
    if (!*first)
        return yield(*options, instance);
    const auto application = makeApplication(argc, argv, *options, [&instance] { instance.release(); });
    instance.listen();
    if (const auto logging = log::start(options->logFile); !logging) {
        terminal::warn("the log is kept in no file: " + logging.error().detail);
        options->logFile.clear();
    }
    if (options->task == Options::Task::StartAnew && std::filesystem::exists(options->databaseFile())) {
        terminal::warn("there is a database in " + options->folder.string()
                       + ". Gatehouse deletes none: move it away first, or accept it with --accept-restore");
        return kExitFailed;
    }
    const int code = run(*application, *options, instance);
    log::stop();
    return code;
}
