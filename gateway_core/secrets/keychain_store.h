// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/clock.h"
#include "gateway_core/secrets/secret_service.h"
#include "gateway_core/secrets/secret_store.h"

#include <qt6keychain/keychain.h>

#include <QFuture>
#include <QString>

#include <memory>

namespace gatehouse {

/// The OS keychain, through QtKeychain. Before each job the Secret Service is asked over D-Bus how it
/// stands: a locked one is answered as SecretsLocked without touching it, so no unlock dialog appears
/// because we read something, and a locked one never looks like an empty one. Values may hold any bytes.
///   SecretsLocked       a default keyring that is locked; unlocked() comes when that ends
///   SecretsUnavailable  no session bus, no service and no wallet behind it, no default keyring yet, or
///                       no answer in time; unlocked() comes too if a service appears on our bus
///   SecretsRefused      the person or the keychain said no
/// A job that the keychain does not answer is let go after kSecretTimeout; a write may still land then.
/// QtKeychain keeps a plain copy of a value while its job runs; everything of ours is wiped.
/// Thread: the one that made it, with an event loop; several stores may live on several threads. The jobs
/// themselves run on the thread of the QCoreApplication, which must be there and run its event loop:
/// QtKeychain (0.13) has one queue for the whole process and is safe on one thread only.
class KeychainStore final : public SecretStore
{
    Q_OBJECT

public:
    explicit KeychainStore(Clock &clock, QObject *parent = nullptr,
                           QString service = QStringLiteral("gatehouse"));

    void read(const std::string &name, Read done) override;
    void write(const std::string &name, Secret value, Done done) override;
    void remove(const std::string &name, Done done) override;
    [[nodiscard]] std::string kind() const override { return "secret-service"; }

private:
    using Refused = std::function<void(tl::unexpected<Error>)>;
    using MakeJob = std::function<QKeychain::Job *()>;
    struct Outcome
    {
        QKeychain::Error error = QKeychain::OtherError;
        std::shared_ptr<Secret> value; ///< of a read; never null
    };

    void run(MakeJob make, std::function<void(const Outcome &)> finished, const Refused &refused);
    [[nodiscard]] static QFuture<Outcome> onMainThread(MakeJob make);
    void explain(ErrorCode code, const Refused &refused);
    void note(KeychainState state);
    void lookAgain();

    Clock &m_clock;
    QString m_service;
    SecretService m_keychain;
    bool m_wasShut = false; ///< the last look found it not open, and unlocked() is owed
    bool m_isLooking = false;
    bool m_stirredMeanwhile = false;
};

} // namespace gatehouse
