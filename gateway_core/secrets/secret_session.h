// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/base/result.h"
#include "gateway_core/base/secret.h"

#include <QByteArray>
#include <QDBusObjectPath>
#include <QMetaType>
#include <QString>

#include <memory>

class QDBusArgument;

namespace gatehouse {

/// A secret as the Secret Service API carries it, "(oayays)".
struct WireSecret
{
    QDBusObjectPath session;
    QByteArray parameters; ///< the initialization vector, where the value is encrypted
    QByteArray value;
    QString contentType;
};
QDBusArgument &operator<<(QDBusArgument &out, const WireSecret &secret);
const QDBusArgument &operator>>(const QDBusArgument &in, WireSecret &secret);

/// How secrets travel over the bus (Secret Service API 0.2, "Transfer of Secrets"): encrypted with AES-128
/// under a key that both sides have agreed on by Diffie-Hellman (RFC 2409, second group), so that who watches
/// the bus sees none; in the clear where the service knows no better. Thread: one at a time.
class SecretSession final
{
public:
    static const QString kEncrypted; ///< the names of the two algorithms
    static const QString kPlain;

    SecretSession();
    ~SecretSession();
    SecretSession(const SecretSession &) = delete;
    SecretSession &operator=(const SecretSession &) = delete;

    /// What the service gets of an encrypted session: g^x.
    [[nodiscard]] QByteArray publicKey() const;
    /// Its answer makes the session usable. Internal: that is no key of this group.
    [[nodiscard]] Result<> agree(const QDBusObjectPath &path, const QByteArray &theirKey);
    void stayPlain(const QDBusObjectPath &path);
    [[nodiscard]] bool isOpen() const { return !m_path.path().isEmpty(); }
    [[nodiscard]] const QDBusObjectPath &path() const { return m_path; }

    [[nodiscard]] Result<WireSecret> seal(const Secret &secret) const;
    [[nodiscard]] Result<Secret> unseal(const WireSecret &sealed) const;

private:
    struct Numbers;
    std::unique_ptr<Numbers> m_numbers;
    Secret m_key; ///< empty: plain
    QDBusObjectPath m_path;
};

} // namespace gatehouse

Q_DECLARE_METATYPE(gatehouse::WireSecret)
