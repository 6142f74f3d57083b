// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/gatehouse/services.h"
#include "app/gatehouse/options.h"
#include "gateway_core/api/api_dispatcher.h"
#include "gateway_core/http/http_server.h"
#include "gateway_core/port/gateway_port.h"
#include "gateway_core/storage/database_file.h"

#include <QObject>

#include <functional>
#include <memory>
#include <vector>

namespace gatehouse {

/// The gateway's life: doors, key, storage, rooms. The doors open first and answer gateway_locked until
/// the services stands behind them.
/// Starting -> Locked -> Ready | Broken; Broken -> (retry) -> Starting. A disk without room is tried again by
/// itself. A database that is older than the secrets know is Broken with services at their threshold: the
/// owner may enter the PIN and accept it, then it goes on to Ready. Thread: core, but for the constructor.
/// Owns: everything of the core.
class GatewayLifecycle final : public QObject
{
    Q_OBJECT

public:
    /// Makes the secret store; called once, on the core thread, where the store then lives.
    using MakeSecrets = std::function<std::unique_ptr<SecretStore>(Clock &, Random &)>;

    GatewayLifecycle(Options options, MakeSecrets makeSecrets);
    ~GatewayLifecycle() override;

    void start();
    /// Tries again what failed; another port if `port` is not 0 and the services are open.
    void retry(int port);
    /// Records the stop and lets go of the storage; `done` on this thread.
    void stop(std::function<void()> done);

    /// null until the services have been opened.
    [[nodiscard]] Services *services() const { return m_entered ? m_services.get() : nullptr; }
    /// The services that waits for the owner to accept its database; null: there is none.
    [[nodiscard]] Services *servicesAtThreshold() const;
    /// Runs `act` with the open services, at the end of Starting if need be; null where it did not open.
    void whenStarted(std::function<void(Services *)> act);
    [[nodiscard]] GatewayStatus status() const;
    [[nodiscard]] SecretStore &secrets() const { return *m_secrets; }
    [[nodiscard]] const Options &options() const { return m_options; }

signals:
    void ready();
    void statusChanged(const gatehouse::GatewayStatus &status);

private:
    void readDatabaseKey();
    void makeDatabaseKey();
    void findStorage(Secret key);
    void openStorage(const Secret &key, OnAbsent onAbsent);
    void opened(const Result<> &outcome);
    void enter();
    void openDoors();
    /// The profile's port, or the one that the command line or the owner has just chosen, from now on.
    void keepPort();
    void listenLoopback(int port);
    [[nodiscard]] Error withoutItsSecrets(Error error) const;
    void breakWith(const Error &error);
    void noteProblem(const std::string &code);
    void waitOrBreak(const Error &error);
    void changeState(GatewayState state);
    void tellStatus();
    void watchClock();
    void tellSurface();
    [[nodiscard]] QString notesFile() const;

    Options m_options;
    MakeSecrets m_makeSecrets;
    SystemClock m_clock;
    SystemRandom m_random;
    std::unique_ptr<SecretStore> m_secrets;
    std::unique_ptr<Services> m_services;
    std::unique_ptr<ApiDispatcher> m_surface;
    std::unique_ptr<HttpServer> m_doors;
    GatewayState m_state = GatewayState::Starting;
    std::optional<Error> m_problem; ///< while Broken or Locked
    bool m_entered = false;
    int m_port = 0; ///< asked for, whether or not it could be had
    bool m_statusArmed = false;
    bool m_retryArmed = false;
    ClockSight::Question m_clockQuestion = ClockSight::Question::None;
    int m_clockWatches = 0;
    std::vector<std::function<void(Services *)>> m_waiting; ///< for the end of Starting
};

} // namespace gatehouse
