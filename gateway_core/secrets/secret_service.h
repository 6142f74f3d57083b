// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDBusConnection>
#include <QObject>

#include <functional>
#include <memory>
#include <vector>

class QDBusMessage;

namespace gatehouse {

/// What org.freedesktop.secrets says of itself. QtKeychain cannot tell these apart: locked and absent
/// both read as "no such entry" there.
enum class KeychainState {
    NoBus, ///< no session bus, or none that answers
    NoService, ///< a bus, and nobody who offers secrets on it
    NoKeyring, ///< a service without a default collection: nothing was ever stored
    Mute, ///< it is there and does not answer
    Locked,
    Open,
};

/// Asks the Secret Service over D-Bus how it stands, and hears when that may have changed. Asking shows
/// no dialog and unlocks nothing. Nothing here blocks: connecting runs on a thread of its own.
/// Thread: the one that made it, with an event loop. Owns: its D-Bus connection.
class SecretService final : public QObject
{
    Q_OBJECT

public:
    using Looked = std::function<void(KeychainState)>;

    explicit SecretService(QObject *parent = nullptr);
    ~SecretService() override;

    /// `done` comes from the event loop, within some seconds, never before this has returned.
    void look(Looked done);

signals:
    /// The service came or went, or a collection was made, locked or unlocked: look again.
    void stirred();

private:
    void connectFirst();
    void connected(const QString &name);
    void listen();
    void askForKeyring(const Looked &done);
    void askIfLocked(const QString &keyring, const Looked &done);
    void call(const QDBusMessage &question, std::function<void(const QDBusMessage &)> heard);

    std::unique_ptr<QDBusConnection> m_bus; ///< null before the first look, and after the bus was lost
    std::vector<Looked> m_waiting; ///< for the connection
    bool m_isConnecting = false;
};

} // namespace gatehouse
