// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/client/socket_client.h"
#include "app/gatehousectl/doctor/codex_checks.h"
#include "app/gatehousectl/doctor/finding.h"
#include "app/gatehousectl/doctor/support_bundle.h"
#include "app/gatehousectl/doctor/environment.h"
#include "gateway_core/base/clock.h"
#include "gateway_core/secrets/secret_service.h"
#include "gateway_core/secrets/secret_store.h"

#include <QObject>

#include <functional>
#include <memory>
#include <string_view>

namespace gatehouse {

/// Looks at everything that has to be right between Codex and Tasker, in one order, and goes on where a
/// part is down. It changes nothing; Tasker is asked by the gateway alone, never with its credential.
/// Thread: main. The references must outlive it.
class Doctor final : public QObject
{
    Q_OBJECT

public:
    struct Dependencies
    {
        SocketClient &client;
        Clock &clock;
        Environment here;
        /// The owner token, wherever this program has it.
        std::function<void(SecretStore::Read)> readToken;
        /// Where a bridge's token lives, by what Codex's entry says.
        std::function<std::unique_ptr<SecretStore>(const codex::Entry &)> storeOf;
        bool wantsEvents = false; ///< for a bundle
    };

    explicit Doctor(Dependencies means, QObject *parent = nullptr);
    ~Doctor() override;

    void run();
    [[nodiscard]] const supportBundle::Heard &heard() const { return m_heard; }

signals:
    void found(const gatehouse::Finding &finding);
    void ended();

private:
    struct Step;
    using Take = std::function<void(int status, const Json &body)>;

    void next();
    void add(Finding finding);
    void lookAround();
    void askIfReady();
    void askForPort();
    void signIn();
    void askForStatus();
    void askTasker();
    void askForEvents();
    void lookAtClockAndPort();
    void lookAtKeychain();
    void askCodexVersion();
    void askCodexEntries();
    void lookAtPairings();

    /// `take` gets status 0 where no answer came.
    void ask(const std::string &target, Take take);
    /// `take` gets what it printed; nullopt: not on the PATH, did not end well, or not in time.
    void runCodex(const QStringList &words, std::function<void(std::optional<std::string>)> take);

    Dependencies m_means;
    SecretService m_keychain;
    std::size_t m_at = 0;
    std::size_t m_entryAt = 0;
    supportBundle::Heard m_heard;
    std::vector<codex::Entry> m_entries;
    std::unique_ptr<SecretStore> m_store; ///< of the entry that is looked at
    std::shared_ptr<const Secret> m_token;
    bool m_isUp = false;
    bool m_codexIsThere = false;
    int m_port = 0;
    int m_said = 0; ///< where the gateway says that it listens; 0: nowhere
};

} // namespace gatehouse
