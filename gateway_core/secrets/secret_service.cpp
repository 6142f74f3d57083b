// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/secrets/secret_service.h"

#include "gateway_core/secrets/when_finished.h"

#include <QDBusMessage>
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

SecretService::SecretService(QObject *parent)
    : QObject(parent)
{
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
    m_bus->connect(QStringLiteral("org.freedesktop.DBus"), QStringLiteral("/org/freedesktop/DBus"),
                   QStringLiteral("org.freedesktop.DBus"), QStringLiteral("NameOwnerChanged"), { kService },
                   {}, this, hear);
}

void SecretService::askForKeyring(const Looked &done)
{
    auto question = QDBusMessage::createMethodCall(kService, kServicePath, kServiceInterface,
                                                   QStringLiteral("ReadAlias"));
    question << QStringLiteral("default");
    call(question, [this, done](const QDBusMessage &reply) {
        if (reply.type() != QDBusMessage::ReplyMessage || reply.arguments().isEmpty())
            return done(stateFrom(reply));
        const QString keyring = reply.arguments().constFirst().value<QDBusObjectPath>().path();
        if (keyring.isEmpty() || keyring == QLatin1String("/"))
            return done(KeychainState::NoKeyring);
        askIfLocked(keyring, done);
    });
}

void SecretService::askIfLocked(const QString &keyring, const Looked &done)
{
    auto question = QDBusMessage::createMethodCall(kService, keyring, kProperties, QStringLiteral("Get"));
    question << kCollectionInterface << QStringLiteral("Locked");
    call(question, [done](const QDBusMessage &reply) {
        if (reply.type() != QDBusMessage::ReplyMessage || reply.arguments().isEmpty())
            return done(stateFrom(reply));
        const QVariant locked = reply.arguments().constFirst().value<QDBusVariant>().variant();
        done(locked.typeId() == QMetaType::Bool && !locked.toBool() ? KeychainState::Open
                                                                    : KeychainState::Locked);
    });
}

void SecretService::call(const QDBusMessage &question, std::function<void(const QDBusMessage &)> heard)
{
    auto *watcher = new QDBusPendingCallWatcher(m_bus->asyncCall(question, kCallTimeout), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [watcher, heard = std::move(heard)] {
        watcher->deleteLater();
        heard(watcher->reply());
    });
}

} // namespace gatehouse
