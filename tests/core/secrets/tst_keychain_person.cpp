// SPDX-License-Identifier: GPL-3.0-or-later
// A Secret Service that asks its person, as KeePassXC does for each program: a stand-in on a bus of its own,
// so that the person can be slow, say no, or quit. Real ones: tst_keychain (GNOME Keyring), by hand KeePassXC
// and KWallet.
#include "gateway_core/secrets/keychain_store.h"
#include "tests/support/fake_clock.h"

#include <QDBusArgument>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusMetaType>
#include <QDBusVirtualObject>
#include <QFile>
#include <QProcess>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace gatehouse;
using namespace gatehouse::test;

namespace {

using Attributes = QMap<QString, QString>;
using Paths = QList<QDBusObjectPath>;

const QString kName = QStringLiteral("org.freedesktop.secrets");
const QString kRoot = QStringLiteral("/org/freedesktop/secrets");
const QString kKeyring = QStringLiteral("/org/freedesktop/secrets/collection/people");

class StandIn final : public QDBusVirtualObject
{
public:
    struct Entry
    {
        Attributes attributes;
        QByteArray value;
    };

    QMap<QString, Entry> entries; ///< by path
    bool isLocked = false; ///< the keyring
    bool isAllowed = true; ///< the program may have its entries
    bool asksToCreate = false;
    QString session = QStringLiteral("/org/freedesktop/secrets/session/1");
    int prompts = 0;

    void appear(const QString &address)
    {
        auto bus = QDBusConnection::connectToBus(address, QStringLiteral("stand-in"));
        bus.registerVirtualObject(kRoot, this, QDBusConnection::SubPath);
        bus.registerService(kName);
    }
    void go()
    {
        QDBusConnection(QStringLiteral("stand-in")).unregisterService(kName);
        QDBusConnection::disconnectFromBus(QStringLiteral("stand-in"));
    }
    /// The person presses a button in the dialog that is open.
    void answer(bool yes)
    {
        if (yes && std::exchange(m_onYes, {}))
            isAllowed = true;
        if (yes && m_creates)
            entries[m_creates->first] = m_creates->second;
        m_creates.reset();
        auto said = QDBusMessage::createSignal(m_prompt, QStringLiteral("org.freedesktop.Secret.Prompt"),
                                               QStringLiteral("Completed"));
        said << !yes << QVariant::fromValue(QDBusVariant(QVariant::fromValue(Paths())));
        m_prompt.clear();
        QDBusConnection(QStringLiteral("stand-in")).send(said);
    }
    [[nodiscard]] bool asks() const { return !m_prompt.isEmpty(); }

    [[nodiscard]] QString introspect(const QString &) const override { return {}; }
    bool handleMessage(const QDBusMessage &message, const QDBusConnection &connection) override
    {
        connection.send(replyTo(message));
        return true;
    }

private:
    QDBusMessage replyTo(const QDBusMessage &message)
    {
        const QString method = message.member();
        const auto argument = [&](int at) { return message.arguments().value(at); };
        if (method == QLatin1String("ReadAlias"))
            return message.createReply(QVariant::fromValue(QDBusObjectPath(kKeyring)));
        if (method == QLatin1String("Get"))
            return message.createReply(QVariant::fromValue(QDBusVariant(isLocked)));
        if (method == QLatin1String("OpenSession")) {
            if (argument(0) != SecretSession::kPlain)
                return message.createErrorReply(QDBusError::NotSupported, QStringLiteral("plain only"));
            return message.createReply({ QVariant::fromValue(QDBusVariant(QString())),
                                         QVariant::fromValue(QDBusObjectPath(session)) });
        }
        if (method == QLatin1String("SearchItems"))
            return found(message, qdbus_cast<Attributes>(argument(0)));
        if (method == QLatin1String("Unlock"))
            return message.createReply({ QVariant::fromValue(Paths()), QVariant::fromValue(dialog(true)) });
        if (method == QLatin1String("Prompt")) {
            ++prompts;
            m_prompt = message.path();
            return message.createReply();
        }
        if (method == QLatin1String("CreateItem"))
            return created(message, argument(0), qdbus_cast<WireSecret>(argument(1)));
        return aboutEntry(message);
    }

    QDBusMessage found(const QDBusMessage &message, const Attributes &wanted) const
    {
        Paths open, locked;
        for (auto entry = entries.cbegin(); entry != entries.cend(); ++entry) {
            bool fits = true;
            for (auto want = wanted.cbegin(); want != wanted.cend(); ++want)
                fits = fits && entry->attributes.value(want.key()) == want.value();
            if (fits)
                (isAllowed ? open : locked).append(QDBusObjectPath(entry.key()));
        }
        return message.createReply({ QVariant::fromValue(open), QVariant::fromValue(locked) });
    }

    QDBusMessage created(const QDBusMessage &message, const QVariant &properties, const WireSecret &secret)
    {
        const auto all = qdbus_cast<QVariantMap>(properties);
        Entry entry{ qdbus_cast<Attributes>(
                         all.value(QStringLiteral("org.freedesktop.Secret.Item.Attributes"))),
                     secret.value };
        const QString path = kKeyring + QStringLiteral("/%1").arg(++m_made);
        if (asksToCreate) {
            m_creates = { path, entry };
            return message.createReply(
                { QVariant::fromValue(QDBusObjectPath("/")), QVariant::fromValue(dialog(false)) });
        }
        entries[path] = entry;
        return message.createReply(
            { QVariant::fromValue(QDBusObjectPath(path)), QVariant::fromValue(QDBusObjectPath("/")) });
    }

    QDBusMessage aboutEntry(const QDBusMessage &message)
    {
        const auto entry = entries.find(message.path());
        if (entry == entries.end())
            return message.createErrorReply(QDBusError::UnknownObject, QStringLiteral("no such entry"));
        if (message.member() == QLatin1String("GetSecret")) {
            if (qdbus_cast<QDBusObjectPath>(message.arguments().value(0)).path() != session)
                return message.createErrorReply(QStringLiteral("org.freedesktop.Secret.Error.NoSession"), {});
            return message.createReply(QVariant::fromValue(
                WireSecret{ QDBusObjectPath(session), {}, entry->value, QStringLiteral("text/plain") }));
        }
        if (message.member() == QLatin1String("SetSecret")) {
            entry->value = qdbus_cast<WireSecret>(message.arguments().value(0)).value;
            return message.createReply();
        }
        entries.erase(entry);
        return message.createReply(QVariant::fromValue(QDBusObjectPath("/")));
    }

    QDBusObjectPath dialog(bool isForEntries)
    {
        m_onYes = isForEntries;
        return QDBusObjectPath(kRoot + QStringLiteral("/prompt/%1").arg(++m_made));
    }

    QString m_prompt;
    bool m_onYes = false; ///< a yes is for all entries
    std::optional<std::pair<QString, Entry>> m_creates;
    int m_made = 0;
};

template <typename T> struct Heard
{
    std::optional<Result<T>> answer;
    std::function<void(Result<T>)> take()
    {
        return [this](Result<T> outcome) { answer.emplace(std::move(outcome)); };
    }
    [[nodiscard]] std::string word() const
    {
        if (!answer)
            return "no answer";
        if (!*answer)
            return std::string(nameOf((*answer).error().code));
        if constexpr (std::is_void_v<T>)
            return "done";
        else
            return std::string((**answer).text());
    }
    [[nodiscard]] std::string reason() const
    {
        return answer && !*answer && answer->error().details.is_object()
            ? answer->error().details.value("reason", "")
            : "";
    }
};

} // namespace

class KeychainPersonTest final : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    QProcess m_bus;
    QString m_address;
    std::unique_ptr<StandIn> m_keyring;
    std::unique_ptr<FakeClock> m_clock;
    std::unique_ptr<KeychainStore> m_store;

    std::string readNow(const std::string &name)
    {
        auto heard = std::make_shared<Heard<Secret>>();
        m_store->read(name, [heard](Result<Secret> outcome) { heard->answer.emplace(std::move(outcome)); });
        (void)QTest::qWaitFor([&] { return heard->answer.has_value(); });
        return heard->word();
    }
    std::string writeNow(const std::string &name, const std::string &value)
    {
        auto heard = std::make_shared<Heard<void>>();
        m_store->write(name, Secret(value),
                       [heard](Result<> outcome) { heard->answer.emplace(std::move(outcome)); });
        (void)QTest::qWaitFor([&] { return heard->answer.has_value(); });
        return heard->word();
    }
    void passGrace() { m_clock->advance(Millis(2'000)); }

private Q_SLOTS:
    void initTestCase()
    {
        qDBusRegisterMetaType<Attributes>();
        qDBusRegisterMetaType<Paths>();
        qDBusRegisterMetaType<WireSecret>();
        m_address = QStringLiteral("unix:path=") + m_folder.filePath(QStringLiteral("bus"));
        // Without folders of services: where the stand-in has gone nobody else is started in its place.
        QFile configuration(m_folder.filePath(QStringLiteral("bus.conf")));
        QVERIFY(configuration.open(QIODevice::WriteOnly));
        configuration.write(
            "<busconfig><type>session</type><listen>" + m_address.toUtf8()
            + "</listen><auth>EXTERNAL</auth><policy context=\"default\"><allow send_destination=\"*\"/>"
              "<allow eavesdrop=\"true\"/><allow own=\"*\"/></policy></busconfig>");
        configuration.close();
        m_bus.start(QStringLiteral("dbus-daemon"),
                    { QStringLiteral("--nofork"), QStringLiteral("--print-address"),
                      QStringLiteral("--config-file=") + configuration.fileName() });
        QVERIFY2(m_bus.waitForReadyRead(10'000), "dbus-daemon is missing (package dbus-daemon)");
        qputenv("DBUS_SESSION_BUS_ADDRESS", m_address.toUtf8());
    }
    void cleanupTestCase()
    {
        m_bus.terminate();
        QVERIFY(m_bus.waitForFinished(10'000));
    }
    void init()
    {
        m_keyring = std::make_unique<StandIn>();
        m_keyring->appear(m_address);
        m_clock = std::make_unique<FakeClock>();
        m_store = std::make_unique<KeychainStore>(*m_clock);
    }
    void cleanup()
    {
        m_store.reset();
        m_keyring->go();
        m_keyring.reset();
    }

    void personWhoTakesLong_isWaitedForAndSaidToBe()
    {
        QCOMPARE(writeNow("key", "value"), "done");
        m_keyring->isAllowed = false;
        QSignalSpy unlocked(m_store.get(), &SecretStore::unlocked);
        Heard<Secret> first, second;
        m_store->read("key", first.take());
        m_store->read("other", second.take());
        QTRY_VERIFY(m_keyring->asks());
        QVERIFY(!first.answer);

        passGrace();

        QTRY_COMPARE(first.word(), "secrets_locked");
        QCOMPARE(first.reason(), "asked");
        QTRY_COMPARE(second.word(), "secrets_locked");
        QCOMPARE(readNow("key"), "secrets_locked"); // and no second dialog
        m_clock->advance(Millis(30'000));
        QCOMPARE(unlocked.count(), 0);

        m_keyring->answer(true);

        QTRY_COMPARE(unlocked.count(), 1);
        QCOMPARE(readNow("key"), "value");
        QCOMPARE(m_keyring->prompts, 1);
    }

    void personWhoAnswersAtOnce_isNotSpokenOf()
    {
        QCOMPARE(writeNow("key", "value"), "done");
        m_keyring->isAllowed = false;
        Heard<Secret> heard;
        m_store->read("key", heard.take());
        QTRY_VERIFY(m_keyring->asks());

        m_keyring->answer(true);

        QTRY_COMPARE(heard.word(), "value");
    }

    void denial_isSaidAndNotAskedAgainByItself()
    {
        QCOMPARE(writeNow("key", "value"), "done");
        m_keyring->isAllowed = false;
        QSignalSpy unlocked(m_store.get(), &SecretStore::unlocked);
        Heard<Secret> heard;
        m_store->read("key", heard.take());
        QTRY_VERIFY(m_keyring->asks());
        passGrace();
        QTRY_COMPARE(heard.reason(), "asked");

        m_keyring->answer(false);

        QTRY_COMPARE(unlocked.count(), 1); // whoever waited asks, and hears it
        QCOMPARE(readNow("key"), "secrets_refused");
        QCOMPARE(m_keyring->prompts, 1);
        // Later, because somebody pressed Try again.
        Heard<Secret> again;
        m_store->read("key", again.take());
        QTRY_VERIFY(m_keyring->asks());
        m_keyring->answer(true);
        QTRY_COMPARE(again.word(), "value");
    }

    void entryThatWaitsForAYes_isNeverMadeTwice()
    {
        m_keyring->asksToCreate = true;
        QSignalSpy unlocked(m_store.get(), &SecretStore::unlocked);
        Heard<void> heard;
        m_store->write("key", Secret("first"), heard.take());
        QTRY_VERIFY(m_keyring->asks());
        passGrace();
        QTRY_COMPARE(heard.reason(), "asked");
        // Who reads now must not hear that there is none: a second key would follow.
        QCOMPARE(readNow("key"), "secrets_locked");

        m_keyring->answer(true);

        QTRY_COMPARE(unlocked.count(), 1);
        QCOMPARE(readNow("key"), "first");
        QCOMPARE(writeNow("key", "second"), "done");
        QCOMPARE(m_keyring->entries.size(), 1);
        QCOMPARE(readNow("key"), "second");
    }

    void newEntryThatWasDenied_isRefusedOnce()
    {
        m_keyring->asksToCreate = true;
        Heard<void> heard;
        m_store->write("key", Secret("first"), heard.take());
        QTRY_VERIFY(m_keyring->asks());
        passGrace();
        QTRY_COMPARE(heard.reason(), "asked");
        m_keyring->answer(false);

        QTRY_COMPARE(readNow("key"), "secret_not_found");
        QCOMPARE(writeNow("key", "first"), "secrets_refused");
        QVERIFY(m_keyring->entries.isEmpty());
    }

    void service_thatQuitsAndComesBack_isSpokenToAnew()
    {
        QCOMPARE(writeNow("key", "value"), "done");
        QSignalSpy unlocked(m_store.get(), &SecretStore::unlocked);
        m_keyring->go();
        QCOMPARE(readNow("key"), "secrets_unavailable");

        m_keyring->session = QStringLiteral("/org/freedesktop/secrets/session/2");
        m_keyring->appear(m_address);

        QTRY_COMPARE(unlocked.count(), 1);
        QCOMPARE(readNow("key"), "value");
    }

    void service_thatQuitsWhileItAsks_leavesNobodyWaiting()
    {
        QCOMPARE(writeNow("key", "value"), "done");
        m_keyring->isAllowed = false;
        Heard<Secret> heard;
        m_store->read("key", heard.take());
        QTRY_VERIFY(m_keyring->asks());

        m_keyring->go();

        QTRY_VERIFY(heard.answer);
        QVERIFY(!*heard.answer);
        m_keyring->isAllowed = true;
        m_keyring->appear(m_address);
        QTRY_COMPARE(readNow("key"), "value");
    }

    void session_thatTheServiceForgot_isOpenedAnew()
    {
        QCOMPARE(writeNow("key", "value"), "done");
        m_keyring->session = QStringLiteral("/org/freedesktop/secrets/session/3");
        QCOMPARE(readNow("key"), "value");
    }

    void keyring_lockedAndOpenedAfterADenial_asksAgain()
    {
        QCOMPARE(writeNow("key", "value"), "done");
        m_keyring->isAllowed = false;
        Heard<Secret> heard;
        m_store->read("key", heard.take());
        QTRY_VERIFY(m_keyring->asks());
        m_keyring->answer(false);
        QTRY_COMPARE(heard.word(), "secrets_refused");
        QSignalSpy unlocked(m_store.get(), &SecretStore::unlocked);
        const auto stir = [this](bool locked) {
            m_keyring->isLocked = locked;
            auto signal = QDBusMessage::createSignal(kRoot, QStringLiteral("org.freedesktop.Secret.Service"),
                                                     QStringLiteral("CollectionChanged"));
            signal << QVariant::fromValue(QDBusObjectPath(kKeyring));
            QDBusConnection(QStringLiteral("stand-in")).send(signal);
        };
        stir(true);
        QTRY_COMPARE(readNow("key"), "secrets_locked");
        stir(false);
        QTRY_COMPARE(unlocked.count(), 1);
    }
};

QTEST_GUILESS_MAIN(KeychainPersonTest)
#include "tst_keychain_person.moc"
