// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDBusConnection>
#include <QDBusMessage>
#include <QObject>
#include <QVariantList>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse {

/// What org.freedesktop.secrets says of itself.
enum class KeychainState {
    NoBus, ///< no session bus, or none that answers
    NoService, ///< a bus, and nobody who offers secrets on it
    NoKeyring, ///< a service without a default collection: nothing was ever stored
    Mute, ///< it is there and does not answer
    Locked,
    Open,
};

[[nodiscard]] std::string_view nameOf(KeychainState state); ///< for the log

/// The Secret Service of this session, whoever provides it: how it stands, and questions to it. Looking shows
/// no dialog and unlocks nothing. Nothing here blocks: connecting runs on a thread of its own.
/// Thread: the one that made it, with an event loop. Owns: its D-Bus connection.
class SecretService final : public QObject
{
    Q_OBJECT

public:
    using Looked = std::function<void(KeychainState)>;
    using Heard = std::function<void(const QDBusMessage &)>;

    explicit SecretService(QObject *parent = nullptr);
    ~SecretService() override;

    /// `done` comes from the event loop, within some seconds, never before this has returned.
    void look(Looked done);
    /// After a look that found it: the path of the default keyring, and who offers it ("KeePassXC"; empty:
    /// unknown).
    [[nodiscard]] const QString &keyring() const { return m_keyring; }
    [[nodiscard]] const std::string &provider() const { return m_provider; }

    /// True of KWallet: its keyring counts as locked until somebody opens it by the Secret Service itself,
    /// however open the wallet is for others. So nobody but us can end that.
    [[nodiscard]] bool opensByPromptOnly() const { return m_provider == "KWallet"; }

    /// A method of one of its objects; `heard` gets the reply, or an error within some seconds.
    void call(const QString &path, const QString &interface, const QString &method,
              const QVariantList &arguments, Heard heard);
    /// Shows the dialog behind a prompt; `completed` gets what its signal said, or an error where there is
    /// none.
    void prompt(const QString &path, Heard completed);

signals:
    /// The service came or went, or a collection was made, locked or unlocked: look again.
    void stirred();
    /// The service came or went: sessions and prompts with it are over.
    void replaced();

private slots:
    void hearPrompt(const QDBusMessage &completed);

private:
    void connectFirst();
    void connected(const QString &name);
    void listen();
    void askForKeyring(const Looked &done);
    void askIfLocked(const QString &keyring, const Looked &done);
    void askForProvider(std::function<void()> done);
    void ask(const QDBusMessage &question, Heard heard);
    void endPrompt(const QDBusMessage &answer);

    std::unique_ptr<QDBusConnection> m_bus; ///< null before the first look, and after the bus was lost
    std::vector<Looked> m_waiting; ///< for the connection
    bool m_isConnecting = false;
    QString m_keyring;
    std::string m_provider;
    bool m_providerIsKnown = false;
    QString m_prompt; ///< the one that is open; empty: none
    Heard m_completed;
};

} // namespace gatehouse
