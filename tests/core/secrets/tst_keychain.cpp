// SPDX-License-Identifier: GPL-3.0-or-later
// Against a real gnome-keyring: run by tests/support/with_keyring.sh, which gives it a bus and an
// unlocked keyring of its own.
#include "gateway_core/secrets/keychain_store.h"

#include <QDBusArgument>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusMetaType>
#include <QDBusObjectPath>
#include <QElapsedTimer>
#include <QLocalServer>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>

using namespace gatehouse;

namespace {

constexpr int kBound = 6000; // ms: kSecretTimeout and some air
constexpr auto kAddress = "DBUS_SESSION_BUS_ADDRESS";

template <typename T> Result<T> answerOf(const std::function<void(std::function<void(Result<T>)>)> &ask)
{
    std::optional<Result<T>> answer;
    int times = 0;
    ask([&](Result<T> outcome) {
        ++times;
        answer.emplace(std::move(outcome));
    });
    if (answer)
        return failure(ErrorCode::Internal, "answered before the call returned");
    if (!QTest::qWaitFor([&] { return answer.has_value(); }, kBound))
        return failure(ErrorCode::Internal, "never answered");
    return times == 1 ? std::move(*answer) : failure(ErrorCode::Internal, "answered twice");
}

Result<Secret> read(SecretStore &store, const std::string &name)
{
    return answerOf<Secret>([&](auto done) { store.read(name, done); });
}

Result<> write(SecretStore &store, const std::string &name, std::string_view value)
{
    return answerOf<void>([&](auto done) { store.write(name, Secret(value), done); });
}

Result<> removed(SecretStore &store, const std::string &name)
{
    return answerOf<void>([&](auto done) { store.remove(name, done); });
}

std::string wordOf(const Result<Secret> &secret)
{
    return secret ? std::string(secret->text()) : std::string(nameOf(secret.error().code));
}

QDBusMessage ask(const QString &method, const QVariantList &arguments)
{
    auto question = QDBusMessage::createMethodCall(QStringLiteral("org.freedesktop.secrets"),
                                                   QStringLiteral("/org/freedesktop/secrets"),
                                                   QStringLiteral("org.freedesktop.Secret.Service"), method);
    question.setArguments(arguments);
    return QDBusConnection::sessionBus().call(question, QDBus::Block, 5000);
}

QDBusObjectPath keyring()
{
    return ask(QStringLiteral("ReadAlias"), { QStringLiteral("default") })
        .arguments()
        .value(0)
        .value<QDBusObjectPath>();
}

bool lock()
{
    const QList<QDBusObjectPath> all{ keyring() };
    return ask(QStringLiteral("Lock"), { QVariant::fromValue(all) }).type() == QDBusMessage::ReplyMessage;
}

/// As the login screen does it: with the password, over the daemon's own interface.
bool unlock()
{
    const auto session = ask(QStringLiteral("OpenSession"),
                             { QStringLiteral("plain"), QVariant::fromValue(QDBusVariant(QString())) })
                             .arguments()
                             .value(1)
                             .value<QDBusObjectPath>();
    auto question = QDBusMessage::createMethodCall(
        QStringLiteral("org.freedesktop.secrets"), QStringLiteral("/org/freedesktop/secrets"),
        QStringLiteral("org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface"),
        QStringLiteral("UnlockWithMasterPassword"));
    const WireSecret password{
        session, {}, qgetenv("GATEHOUSE_KEYRING_PASSWORD"), QStringLiteral("text/plain")
    };
    question << keyring() << QVariant::fromValue(password);
    return QDBusConnection::sessionBus().call(question, QDBus::Block, 5000).type()
        == QDBusMessage::ReplyMessage;
}

/// Another bus address, as long as this lives.
class Address final
{
public:
    explicit Address(const QByteArray &address)
        : m_before(qgetenv(kAddress))
    {
        if (address.isEmpty())
            qunsetenv(kAddress);
        else
            qputenv(kAddress, address);
    }
    Address(const Address &) = delete;
    Address &operator=(const Address &) = delete;
    ~Address() { qputenv(kAddress, m_before); }

private:
    QByteArray m_before;
};

} // namespace

class KeychainTest final : public QObject
{
    Q_OBJECT

private:
    SystemClock m_clock;

private Q_SLOTS:
    void initTestCase()
    {
        qDBusRegisterMetaType<QList<QDBusObjectPath>>();
        qDBusRegisterMetaType<WireSecret>();
        QVERIFY2(qEnvironmentVariableIsSet("GATEHOUSE_KEYRING_PASSWORD"),
                 "run it by tests/support/with_keyring.sh");
        KeychainStore store(m_clock);
        QVERIFY(write(store, "proof", "it is open"));
    }

    void unlocked_anyBytes_goRound()
    {
        KeychainStore store(m_clock);
        const std::string value("\0a\0\xff\xfe\n\0", 7);

        QVERIFY(write(store, "bytes", value));
        QCOMPARE(wordOf(read(store, "bytes")), value);
        QVERIFY(write(store, "bytes", "another"));
        QCOMPARE(wordOf(read(store, "bytes")), std::string("another"));
        QVERIFY(removed(store, "bytes"));

        QCOMPARE(wordOf(read(store, "bytes")), std::string("secret_not_found"));
        QVERIFY(removed(store, "bytes"));
    }

    void unlocked_services_areApart()
    {
        KeychainStore one(m_clock, nullptr, QStringLiteral("gatehouse-test-one"));
        KeychainStore other(m_clock, nullptr, QStringLiteral("gatehouse-test-other"));

        QVERIFY(write(one, "name", "1"));

        QCOMPARE(wordOf(read(other, "name")), std::string("secret_not_found"));
    }

    void unlocked_manyAtOnce_eachGetsItsOwn()
    {
        KeychainStore store(m_clock);
        int right = 0;
        for (int i = 0; i < 10; ++i) {
            const std::string name = "many-" + std::to_string(i);
            store.write(name, Secret(name), [&store, &right, name](const Result<> &wrote) {
                if (wrote)
                    store.read(name, [&right, name](const Result<Secret> &value) {
                        right += wordOf(value) == name;
                    });
            });
        }

        QTRY_COMPARE_WITH_TIMEOUT(right, 10, kBound);
    }

    void ofAnotherThread_worksThere()
    {
        QThread thread;
        thread.start();
        QObject there;
        there.moveToThread(&thread);
        std::atomic<bool> isRight = false;
        KeychainStore *store = nullptr;

        QMetaObject::invokeMethod(&there, [&] {
            store = new KeychainStore(m_clock);
            store->write("core", Secret("thread"), [&](const Result<> &) {
                store->read("core",
                            [&](const Result<Secret> &value) { isRight = wordOf(value) == "thread"; });
            });
        });
        const bool answered = QTest::qWaitFor([&] { return isRight.load(); }, kBound);
        QMetaObject::invokeMethod(&there, [&] { store->deleteLater(); });
        QMetaObject::invokeMethod(&there, [&] { thread.quit(); });
        QVERIFY(thread.wait(5000));

        QVERIFY(answered);
    }

    void locked_everything_saysLockedAndUnlockingIsHeard()
    {
        KeychainStore store(m_clock);
        QSignalSpy unlocked(&store, &SecretStore::unlocked);
        QVERIFY(write(store, "kept", "value"));
        QVERIFY(lock());

        QElapsedTimer timer;
        timer.start();
        QCOMPARE(wordOf(read(store, "kept")), std::string("secrets_locked"));
        QCOMPARE(wordOf(read(store, "absent")), std::string("secrets_locked"));
        QCOMPARE(write(store, "kept", "other").error().code, ErrorCode::SecretsLocked);
        QCOMPARE(removed(store, "kept").error().code, ErrorCode::SecretsLocked);
        QVERIFY(timer.elapsed() < 2000);
        QCOMPARE(unlocked.count(), 0);

        QVERIFY(unlock());
        QTRY_COMPARE_WITH_TIMEOUT(unlocked.count(), 1, kBound);
        QCOMPARE(wordOf(read(store, "kept")), std::string("value"));
    }

    void lockedWhileNobodyAsked_unlocking_isNotAnnounced()
    {
        KeychainStore store(m_clock);
        QSignalSpy unlocked(&store, &SecretStore::unlocked);
        QVERIFY(write(store, "kept", "value"));

        QVERIFY(lock());
        QVERIFY(unlock());
        QCOMPARE(wordOf(read(store, "kept")), std::string("value"));

        QCOMPARE(unlocked.count(), 0);
    }

    void noDefaultKeyring_isUnavailableAndNotEmpty()
    {
        const QDBusObjectPath before = keyring();
        KeychainStore store(m_clock);
        QVERIFY(write(store, "kept", "value"));
        QCOMPARE(ask(QStringLiteral("SetAlias"),
                     { QStringLiteral("default"), QVariant::fromValue(QDBusObjectPath("/")) })
                     .type(),
                 QDBusMessage::ReplyMessage);

        const auto value = read(store, "kept");
        const auto wrote = write(store, "kept", "other");
        (void)ask(QStringLiteral("SetAlias"), { QStringLiteral("default"), QVariant::fromValue(before) });

        QCOMPARE(wordOf(value), std::string("secrets_unavailable"));
        QCOMPARE(wrote.error().code, ErrorCode::SecretsUnavailable);
        QCOMPARE(wordOf(read(store, "kept")), std::string("value"));
    }

    void noBus_isUnavailableAtOnce_data()
    {
        QTest::addColumn<QByteArray>("address");
        QTest::newRow("no address") << QByteArray();
        QTest::newRow("nobody there") << QByteArray("unix:path=/nonexistent/bus");
        QTest::newRow("not an address") << QByteArray("nonsense");
    }
    void noBus_isUnavailableAtOnce()
    {
        QFETCH(QByteArray, address);
        const Address other(address);
        KeychainStore store(m_clock);
        QElapsedTimer timer;
        timer.start();

        QCOMPARE(wordOf(read(store, "kept")), std::string("secrets_unavailable"));
        QCOMPARE(write(store, "kept", "other").error().code, ErrorCode::SecretsUnavailable);
        QCOMPARE(removed(store, "kept").error().code, ErrorCode::SecretsUnavailable);

        QVERIFY(timer.elapsed() < 2000);
    }

    void muteBus_isUnavailableInTimeAndNeverBlocks()
    {
        QTemporaryDir folder;
        QLocalServer server;
        QVERIFY(server.listen(folder.filePath(QStringLiteral("bus"))));
        const Address other("unix:path=" + folder.filePath(QStringLiteral("bus")).toUtf8());
        KeychainStore store(m_clock);
        QElapsedTimer timer;
        timer.start();

        store.read("kept", [](const Result<Secret> &) {});
        QVERIFY(timer.elapsed() < 500);
        QCOMPARE(wordOf(read(store, "kept")), std::string("secrets_unavailable"));

        QVERIFY(timer.elapsed() < kBound);
    }

    void storeGone_beforeTheAnswer_answersNobody()
    {
        bool answered = false;
        {
            KeychainStore store(m_clock);
            store.read("kept", [&](const Result<Secret> &) { answered = true; });
        }
        KeychainStore next(m_clock);
        QVERIFY(write(next, "kept", "value"));

        QVERIFY(!answered);
    }
};

QTEST_GUILESS_MAIN(KeychainTest)
#include "tst_keychain.moc"
