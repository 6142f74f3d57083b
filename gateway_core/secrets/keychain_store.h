// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/clock.h"
#include "gateway_core/secrets/secret_service.h"
#include "gateway_core/secrets/secret_session.h"
#include "gateway_core/secrets/secret_store.h"

#include <QString>

#include <deque>
#include <memory>

namespace gatehouse {

/// The Secret Service of the desktop session (GNOME Keyring, KWallet, KeePassXC), by D-Bus calls of our own.
/// It is asked how it stands before anything is done: a locked one is answered as SecretsLocked and never
/// looks like an empty one. Entries of ours that the service keeps to itself until the person allows them are
/// asked for all together, by the service's own dialog. Values may hold any bytes.
///   SecretsLocked       the default keyring is locked, or {reason: asked}: the service asks the person, and
///   what
///                       was begun goes on when they answer. unlocked() comes when either ends
///   SecretsUnavailable  no session bus, no service, no default keyring yet, or no answer in time; unlocked()
///                       comes too if a service appears on our bus
///   SecretsRefused      the person or the service said no
/// Each error names the service as {provider} where it is known. What the service does not answer is let go
/// after kSecretTimeout; a write may still land then, and never as a second entry.
/// Thread: the one that made it, with an event loop; several stores may live on several threads.
class KeychainStore final : public SecretStore
{
    Q_OBJECT

public:
    explicit KeychainStore(Clock &clock, QObject *parent = nullptr,
                           QString service = QStringLiteral("gatehouse"));
    ~KeychainStore() override;

    void read(const std::string &name, Read done) override;
    void write(const std::string &name, Secret value, Done done) override;
    void remove(const std::string &name, Done done) override;
    [[nodiscard]] std::string kind() const override { return "secret-service"; }

private:
    struct Job;
    using JobPtr = std::shared_ptr<Job>;

    void add(JobPtr job);
    void next();
    void begin(const JobPtr &job, KeychainState state);
    void openKeyring(const JobPtr &job);
    void openSession(const JobPtr &job, const QString &algorithm);
    void find(const JobPtr &job);
    void act(const JobPtr &job, const QString &item);
    void actOnNothing(const JobPtr &job);
    void permit(const JobPtr &job);
    void unlock(const JobPtr &job, const QVariant &objects, const std::function<void()> &onYes);
    void ask(const JobPtr &job, const QString &prompt, std::function<void()> onYes);
    void sayThatAsked();
    void answered(const JobPtr &job, bool yes, const std::function<void()> &onYes);
    void finish(const JobPtr &job, Result<Secret> outcome);
    void fail(const JobPtr &job, const QDBusMessage &reply);
    void failWith(const JobPtr &job, ErrorCode code, const char *detail);
    [[nodiscard]] Error errorOf(ErrorCode code, std::string detail, const char *reason = nullptr) const;
    [[nodiscard]] std::optional<Error> problemOf(KeychainState state) const;
    [[nodiscard]] std::string named() const; ///< for the log
    void note(KeychainState state);
    void lookAgain();

    Clock &m_clock;
    QString m_service;
    SecretService m_keychain;
    std::unique_ptr<SecretSession> m_session; ///< null until the first job, and after the service has gone
    std::deque<JobPtr> m_jobs; ///< the first is under way
    std::uint64_t m_question = 0; ///< counts prompts
    bool m_isBusy = false; ///< with the first of m_jobs
    bool m_isAsking = false; ///< a prompt is open
    bool m_saidAsked = false; ///< and whoever waited has been told so
    bool m_wasDenied = false; ///< the person said no when nobody waited any more: told to the next that asks
    bool m_isRefused = false; ///< until it is opened anew: whoever was refused asks again then
    bool m_wasShut = false; ///< the last look found it not open, and unlocked() is owed
    bool m_isLooking = false;
    bool m_stirredMeanwhile = false;
};

} // namespace gatehouse
