// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/secrets/secret_service.h"

#include "gateway_core/secrets/when_finished.h"

#include <QDBusError>
#include <QDBusMessage>
#include <QFileInfo>
#include <QDBusObjectPath>
#include <QDBusPendingCallWatcher>
#include <QDBusVariant>
#include <QPromise>

#include <atomic>
#include <thread>
#include <utility>

namespace gatehouse {

namespace {

constexpr int kCallTimeout = 3000; // ms; below kSecretTimeout, so that its own answer is given in time

const QString kService = QStringLiteral("org.freedesktop.secrets");
const QString kServicePath = QStringLiteral("/org/freedesktop/secrets");
const QString kServiceInterface = QStringLiteral("org.freedesktop.Secret.Service");
const QString kCollectionInterface = QStringLiteral("org.freedesktop.Secret.Collection");
const QString kProperties = QStringLiteral("org.freedesktop.DBus.Properties");

const QString kPromptInterface = QStringLiteral("org.freedesktop.Secret.Prompt");
const QString kBus = QStringLiteral("org.freedesktop.DBus");
const QString kBusPath = QStringLiteral("/org/freedesktop/DBus");

/// As people know them; any other by the name of its program.
std::string providerNamed(const QString &program)
{
    if (program.startsWith(QLatin1String("keepassxc")))
        return "KeePassXC";
    if (program.startsWith(QLatin1String("kwalletd")) || program.startsWith(QLatin1String("ksecretd")))
        return "KWallet";
    if (program.startsWith(QLatin1String("gnome-keyring")))
        return "GNOME Keyring";
    return program.toStdString();
}

QString freshName()
{
    static std::atomic<int> count = 0;
    return QStringLiteral("gatehouse-secrets-%1").arg(++count);
}

KeychainState stateFrom(const QDBusMessage &error)
{
    const QString name = error.errorName();
    if (name == QLatin1String("org.freedesktop.DBus.Error.NoReply")
        || name == QLatin1String("org.freedesktop.DBus.Error.Timeout"))
        return KeychainState::Mute;
    if (name == QLatin1String("org.freedesktop.DBus.Error.Disconnected"))
        return KeychainState::NoBus;
    return KeychainState::NoService;
}

} // namespace

std::string_view nameOf(KeychainState state)
{
    switch (state) {
    case KeychainState::NoBus: return "no session bus";
    case KeychainState::NoService: return "nobody offers secrets";
    case KeychainState::NoKeyring: return "no default keyring";
    case KeychainState::Mute: return "it does not answer";
    case KeychainState::Locked: return "locked";
    case KeychainState::Open: return "open";
    }
    return "";
}

SecretService::SecretService(QObject *parent)
    : QObject(parent)
{
    connect(this, &SecretService::replaced, this, [this] {
        m_providerIsKnown = false;
        if (!m_prompt.isEmpty())
            endPrompt(QDBusMessage::createError(QDBusError::ServiceUnknown, QStringLiteral("it has gone")));
    });
}

SecretService::~SecretService()
{
    if (m_bus)
        QDBusConnection::disconnectFromBus(m_bus->name());
}

void SecretService::look(Looked done)
{
    if (m_bus && m_bus->isConnected())
        return askForKeyring(done);
    m_waiting.push_back(std::move(done));
    if (!std::exchange(m_isConnecting, true))
        connectFirst();
}

void SecretService::connectFirst()
{
    if (m_bus)
        QDBusConnection::disconnectFromBus(m_bus->name());
    m_bus.reset();

    // The name and password exchange with the bus blocks, for half a minute if the bus is mute. The
    // thread is left alone then: all it holds is the promise.
    QPromise<QString> promise;
    promise.start();
    whenFinished(promise.future(), this, [this](const QString &name) { connected(name); });
    // Taken from the environment each time: libdbus would remember the first answer for ever, and start
    // a bus of its own where there is none.
    std::thread([promise = std::move(promise), address = qEnvironmentVariable("DBUS_SESSION_BUS_ADDRESS"),
                 name = freshName()]() mutable {
        const bool there = !address.isEmpty() && QDBusConnection::connectToBus(address, name).isConnected();
        promise.addResult(there ? name : QString());
        promise.finish();
    }).detach();
}

void SecretService::connected(const QString &name)
{
    m_isConnecting = false;
    if (!name.isEmpty()) {
        m_bus = std::make_unique<QDBusConnection>(name);
        listen();
    }
    for (const Looked &done : std::exchange(m_waiting, {})) {
        if (m_bus)
            askForKeyring(done);
        else
            done(KeychainState::NoBus);
    }
}

void SecretService::listen()
{
    // No sender is named in the first three: Qt would look it up, waiting. A stranger's signal does no
    // harm, it only makes us look.
    const auto hear = SIGNAL(stirred());
    m_bus->connect({}, {}, kProperties, QStringLiteral("PropertiesChanged"), { kCollectionInterface }, {},
                   this, hear);
    m_bus->connect({}, kServicePath, kServiceInterface, QStringLiteral("CollectionChanged"), this, hear);
    m_bus->connect({}, kServicePath, kServiceInterface, QStringLiteral("CollectionCreated"), this, hear);
    m_bus->connect(kBus, kBusPath, kBus, QStringLiteral("NameOwnerChanged"), { kService }, {}, this, hear);
    m_bus->connect(kBus, kBusPath, kBus, QStringLiteral("NameOwnerChanged"), { kService }, {}, this,
                   SIGNAL(replaced()));
}

void SecretService::askForKeyring(const Looked &done)
{
    auto question = QDBusMessage::createMethodCall(kService, kServicePath, kServiceInterface,
                                                   QStringLiteral("ReadAlias"));
    question << QStringLiteral("default");
    ask(question, [this, done](const QDBusMessage &reply) {
        if (reply.type() != QDBusMessage::ReplyMessage || reply.arguments().isEmpty())
            return done(stateFrom(reply));
        m_keyring = reply.arguments().constFirst().value<QDBusObjectPath>().path();
        askForProvider([this, done] {
            if (m_keyring.isEmpty() || m_keyring == QLatin1String("/"))
                return done(KeychainState::NoKeyring);
            askIfLocked(m_keyring, done);
        });
    });
}

void SecretService::askIfLocked(const QString &keyring, const Looked &done)
{
    auto question = QDBusMessage::createMethodCall(kService, keyring, kProperties, QStringLiteral("Get"));
    question << kCollectionInterface << QStringLiteral("Locked");
    ask(question, [done](const QDBusMessage &reply) {
        if (reply.type() != QDBusMessage::ReplyMessage || reply.arguments().isEmpty())
            return done(stateFrom(reply));
        const QVariant locked = reply.arguments().constFirst().value<QDBusVariant>().variant();
        done(locked.typeId() == QMetaType::Bool && !locked.toBool() ? KeychainState::Open
                                                                    : KeychainState::Locked);
    });
}

/// Only for words: where it cannot be told, they go without.
void SecretService::askForProvider(std::function<void()> done)
{
    if (std::exchange(m_providerIsKnown, true))
        return done();
    auto question
        = QDBusMessage::createMethodCall(kBus, kBusPath, kBus, QStringLiteral("GetConnectionUnixProcessID"));
    question << kService;
    ask(question, [this, done = std::move(done)](const QDBusMessage &reply) {
        const uint pid = reply.arguments().value(0).toUInt();
        const QString program = QFileInfo(QStringLiteral("/proc/%1/exe").arg(pid)).symLinkTarget();
        m_provider = pid == 0 ? std::string() : providerNamed(QFileInfo(program).fileName());
        done();
    });
}

void SecretService::call(const QString &path, const QString &interface, const QString &method,
                         const QVariantList &arguments, Heard heard)
{
    if (!m_bus || !m_bus->isConnected())
        return heard(QDBusMessage::createError(QDBusError::Disconnected, QStringLiteral("no session bus")));
    auto question = QDBusMessage::createMethodCall(kService, path, interface, method);
    question.setArguments(arguments);
    ask(question, std::move(heard));
}

void SecretService::prompt(const QString &path, Heard completed)
{
    m_prompt = path;
    m_completed = std::move(completed);
    m_bus->connect({}, path, kPromptInterface, QStringLiteral("Completed"), this,
                   SLOT(hearPrompt(QDBusMessage)));
    // No window of ours: the core has none, and the dialog stands on its own.
    call(path, kPromptInterface, QStringLiteral("Prompt"), { QString() },
         [this, path](const QDBusMessage &reply) {
             // Some answer only when the person has: the signal says that.
             const bool isLate = stateFrom(reply) == KeychainState::Mute;
             if (reply.type() == QDBusMessage::ErrorMessage && !isLate && m_prompt == path)
                 endPrompt(reply);
         });
}

void SecretService::hearPrompt(const QDBusMessage &completed)
{
    if (completed.path() == m_prompt)
        endPrompt(completed);
}

void SecretService::endPrompt(const QDBusMessage &answer)
{
    m_bus->disconnect({}, m_prompt, kPromptInterface, QStringLiteral("Completed"), this,
                      SLOT(hearPrompt(QDBusMessage)));
    m_prompt.clear();
    if (const Heard completed = std::exchange(m_completed, {}))
        completed(answer);
}

void SecretService::ask(const QDBusMessage &question, Heard heard)
{
    auto *watcher = new QDBusPendingCallWatcher(m_bus->asyncCall(question, kCallTimeout), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [watcher, heard = std::move(heard)] {
        watcher->deleteLater();
        heard(watcher->reply());
    });
}

} // namespace gatehouse
