// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/secrets/session_bus.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <cstring>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

using namespace gatehouse;

namespace {

constexpr auto kVariable = "DBUS_SESSION_BUS_ADDRESS";

/// A socket that lies in a folder as long as this lives.
class Socket final
{
public:
    explicit Socket(const QByteArray &path)
        : m_fd(::socket(AF_UNIX, SOCK_STREAM, 0))
    {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::strncpy(address.sun_path, path.constData(), sizeof address.sun_path - 1);
        if (::bind(m_fd, reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0)
            qFatal("no socket at %s", path.constData());
    }
    Socket(const Socket &) = delete;
    Socket &operator=(const Socket &) = delete;
    ~Socket() { ::close(m_fd); }

private:
    int m_fd;
};

} // namespace

class SessionBusTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        qunsetenv(kVariable);
        qunsetenv("XDG_RUNTIME_DIR");
    }

    void address_known_isKept()
    {
        QTemporaryDir folder;
        const Socket socket(folder.filePath(QStringLiteral("bus")).toUtf8());
        qputenv("XDG_RUNTIME_DIR", folder.path().toUtf8());
        qputenv(kVariable, "unix:path=/elsewhere");

        QCOMPARE(useUsualSessionBus(), std::string("unix:path=/elsewhere"));
        QCOMPARE(qgetenv(kVariable), QByteArray("unix:path=/elsewhere"));
    }

    void address_missing_isTheSocketInTheRuntimeFolder()
    {
        QTemporaryDir folder;
        const Socket socket(folder.filePath(QStringLiteral("bus")).toUtf8());
        qputenv("XDG_RUNTIME_DIR", folder.path().toUtf8());

        const std::string address = useUsualSessionBus();

        QCOMPARE(address, "unix:path=" + folder.path().toStdString() + "/bus");
        QCOMPARE(qgetenv(kVariable).toStdString(), address);
    }

    void address_oddFolder_isEscaped()
    {
        QTemporaryDir folder(QStringLiteral("/tmp/a b;c=XXXXXX"));
        const Socket socket(folder.filePath(QStringLiteral("bus")).toUtf8());
        qputenv("XDG_RUNTIME_DIR", folder.path().toUtf8());

        const std::string address = useUsualSessionBus();

        QVERIFY(address.starts_with("unix:path=/tmp/a%20b%3bc%3d"));
    }

    void address_plainFileOrLink_isNoBus()
    {
        QTemporaryDir folder;
        QTemporaryDir elsewhere;
        const Socket socket(elsewhere.filePath(QStringLiteral("bus")).toUtf8());
        qputenv("XDG_RUNTIME_DIR", folder.path().toUtf8());
        const std::string notOurs = "unix:path=" + folder.path().toStdString() + "/bus";

        QVERIFY(
            QFile::link(elsewhere.filePath(QStringLiteral("bus")), folder.filePath(QStringLiteral("bus"))));
        QVERIFY(useUsualSessionBus() != notOurs);
        qunsetenv(kVariable);
        QVERIFY(QFile::remove(folder.filePath(QStringLiteral("bus"))));
        QFile file(folder.filePath(QStringLiteral("bus")));
        QVERIFY(file.open(QIODevice::WriteOnly));

        QVERIFY(useUsualSessionBus() != notOurs);
    }
};

QTEST_APPLESS_MAIN(SessionBusTest)
#include "tst_session_bus.moc"
