// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/result.h"
#include "gateway_core/base/secret.h"

#include <QObject>

#include <chrono>
#include <functional>
#include <string>

namespace gatehouse {

inline constexpr auto kSecretTimeout = std::chrono::seconds(5);

/// Where secrets live: the OS keychain, or a sealed file on machines without one. A port.
/// Each answer comes exactly once, on the caller's thread (core, or the main thread of a small tool); never
/// before the call has returned. A keychain's comes within kSecretTimeout; a sealed file's takes as long as
/// scrypt needs on this machine.
///   SecretNotFound     the store is open and has no such entry
///   SecretsLocked      there is a keychain, and it is locked
///   SecretsUnavailable there is no keychain, or it does not answer in time
///   SecretsRefused     the person or the store said no
class SecretStore : public QObject
{
    Q_OBJECT

public:
    using Read = std::function<void(Result<Secret>)>;
    using Done = std::function<void(Result<>)>;

    using QObject::QObject;

    virtual void read(const std::string &name, Read done) = 0;
    virtual void write(const std::string &name, Secret value, Done done) = 0;
    virtual void remove(const std::string &name, Done done) = 0;
    /// In words for the log and `doctor`: "secret-service", "sealed-file".
    [[nodiscard]] virtual std::string kind() const = 0;

signals:
    /// The keychain was locked and is open now: ask again.
    void unlocked();
};

/// Entry names, each used in one place. `profile` is the profile's number.
[[nodiscard]] std::string databaseKeyEntry(const std::string &profile);
[[nodiscard]] std::string journalKeyEntry(const std::string &profile);
[[nodiscard]] std::string checkpointEntry(const std::string &profile);
[[nodiscard]] std::string signingKeyEntry(const std::string &profile);
/// The PIN's record a second time, so that a database without one does not pass for a profile that never had
/// a PIN.
[[nodiscard]] std::string pinEntry(const std::string &profile);
[[nodiscard]] std::string taskerCredentialEntry(const std::string &profile);
/// The bridge's own token, one per client name on this machine.
[[nodiscard]] std::string bridgeTokenEntry(const std::string &name);

} // namespace gatehouse
