// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/http/peer_lookup.h"
#include "tests/core/http/http_bench.h"

#include <QFile>
#include <QProcess>

#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>

using namespace gatehouse;
using namespace gatehouse::test;

namespace {

/// Both ends of a loopback connection, without any server.
struct Pair
{
    explicit Pair(const char *address = "127.0.0.1")
    {
        sockaddr_storage bound{};
        socklen_t size = 0;
        if (std::string(address) == "::1") {
            auto &v6 = reinterpret_cast<sockaddr_in6 &>(bound);
            v6.sin6_family = AF_INET6;
            v6.sin6_addr = in6addr_loopback;
            size = sizeof(v6);
        } else {
            auto &v4 = reinterpret_cast<sockaddr_in &>(bound);
            v4.sin_family = AF_INET;
            v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
            size = sizeof(v4);
        }
        listener = ::socket(bound.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (::bind(listener, reinterpret_cast<sockaddr *>(&bound), size) != 0 || ::listen(listener, 1) != 0)
            return;
        ::getsockname(listener, reinterpret_cast<sockaddr *>(&bound), &size);
        port = ntohs(reinterpret_cast<sockaddr_in &>(bound).sin_port);
        client = ::socket(bound.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
        ::connect(client, reinterpret_cast<sockaddr *>(&bound), size);
        accepted = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
    }
    ~Pair()
    {
        for (const int socket : { client, accepted, listener }) {
            if (socket >= 0)
                ::close(socket);
        }
    }
    Pair(const Pair &) = delete;
    Pair &operator=(const Pair &) = delete;

    int listener = -1;
    int client = -1;
    int accepted = -1;
    int port = 0;
};

} // namespace

class PeerLookupTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tcpPeer_ofOurOwn_isUsWithOurProgram_data()
    {
        QTest::addColumn<QByteArray>("address");
        QTest::newRow("IPv4") << QByteArray("127.0.0.1");
        QTest::newRow("IPv6") << QByteArray("::1");
    }
    void tcpPeer_ofOurOwn_isUsWithOurProgram()
    {
        QFETCH(QByteArray, address);
        const Pair pair(address.constData());
        if (pair.accepted < 0)
            QSKIP("this machine has no such address");

        const auto mark = markOfTcpPeer(pair.accepted);
        QVERIFY(mark);
        const Peer peer = sightOf(*mark);

        QCOMPARE(mark->uid, ::getuid());
        QVERIFY(!peer.viaUnixSocket);
        QCOMPARE(peer.process.pid, std::int64_t{ ::getpid() });
        QCOMPARE(peer.process.executable, QCoreApplication::applicationFilePath().toStdString());
        QCOMPARE(peer.process.folder, std::filesystem::current_path().string());
        QVERIFY(!peer.parents.empty() && peer.parents.size() <= 4);
        QCOMPARE(peer.parents.front().pid, std::int64_t{ ::getppid() });
    }

    void tcpPeer_thatLeftAlready_isUnknown()
    {
        Pair pair;
        ::close(std::exchange(pair.client, -1));

        QVERIFY(!markOfTcpPeer(pair.accepted));
    }

    void tcpPeer_ofSomethingElse_isUnknown()
    {
        QVERIFY(!markOfTcpPeer(-1));
        std::array<int, 2> ends{};
        QCOMPARE(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()), 0);
        QVERIFY(!markOfTcpPeer(ends[0]));
        ::close(ends[0]);
        ::close(ends[1]);
    }

    void tcpPeer_lookup_isQuick()
    {
        const Pair pair;
        QVERIFY(markOfTcpPeer(pair.accepted));

        QBENCHMARK
        {
            (void)markOfTcpPeer(pair.accepted);
        }
    }

    void unixPeer_ofAPair_isUs()
    {
        std::array<int, 2> ends{};
        QCOMPARE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()), 0);

        const auto mark = markOfUnixPeer(ends[0]);

        QVERIFY(mark);
        QCOMPARE(mark->uid, ::getuid());
        QCOMPARE(mark->pid, std::int64_t{ ::getpid() });
        QVERIFY(mark->viaUnixSocket);
        QVERIFY(!markOfUnixPeer(-1));
        ::close(ends[0]);
        ::close(ends[1]);
    }

    void anotherProcess_overTcp_isSeenWithUsAsItsParent()
    {
        HttpBench bench;
        std::optional<Peer> seen;
        bench.handler = [&](const HttpRequest &request, const ResponderPtr &responder) {
            seen = request.peer->sight();
            responder->send({ 200, {}, {} });
        };
        QProcess other;
        other.setWorkingDirectory(QStringLiteral("/"));
        other.start(
            QStringLiteral("/bin/bash"),
            { QStringLiteral("-c"),
              QStringLiteral(
                  "exec 3<>/dev/tcp/127.0.0.1/%1; printf 'GET / HTTP/1.1\\r\\nHost: localhost:%1\\r\\n"
                  "Connection: close\\r\\n\\r\\n' >&3; read -r line <&3; echo \"$line\"")
                  .arg(bench.port) });

        QTRY_COMPARE(other.state(), QProcess::NotRunning);

        QVERIFY(other.readAll().startsWith("HTTP/1.1 200"));
        QVERIFY(seen);
        QCOMPARE(seen->uid, ::getuid());
        QCOMPARE(seen->process.folder, std::string("/"));
        QVERIFY(seen->process.executable.ends_with("bash"));
        QCOMPARE(seen->parents.at(0).pid, std::int64_t{ ::getpid() });
    }

    void anotherUser_overTcp_isRefusedUnlessAllowed_data()
    {
        QTest::addColumn<bool>("allowed");
        QTest::addColumn<QByteArray>("status");
        QTest::newRow("refused") << false << QByteArray("403");
        QTest::newRow("allowed") << true << QByteArray("200");
    }
    void anotherUser_overTcp_isRefusedUnlessAllowed()
    {
        QFETCH(bool, allowed);
        QFETCH(QByteArray, status);
        if (::geteuid() != 0 || !QFile::exists(QStringLiteral("/usr/bin/setpriv")))
            QSKIP("only root can be somebody else here");
        HttpLimits limits;
        limits.otherUsers = allowed;
        HttpBench bench(limits);
        QProcess other;
        other.start(
            QStringLiteral("/usr/bin/setpriv"),
            { QStringLiteral("--reuid=65534"), QStringLiteral("--clear-groups"), QStringLiteral("/bin/bash"),
              QStringLiteral("-c"),
              QStringLiteral(
                  "exec 3<>/dev/tcp/127.0.0.1/%1; printf 'GET / HTTP/1.1\\r\\nHost: localhost:%1\\r\\n"
                  "Connection: close\\r\\n\\r\\n' >&3; read -r line <&3; echo \"$line\"")
                  .arg(bench.port) });

        QTRY_COMPARE(other.state(), QProcess::NotRunning);

        QCOMPARE(other.readAll().mid(9, 3), status);
        QCOMPARE(bench.requests.size(), allowed ? 1U : 0U);
        if (!allowed) {
            QCOMPARE(bench.refusals.at(0).reason, std::string("other_user_denied"));
            QCOMPARE(bench.refusals[0].uid, 65534U);
        }
        QVERIFY(bench.servesTheNext());
    }

    void portHolder_ofOurOwnListener_isUs()
    {
        const Pair pair;

        const PortHolder holder = holderOfPort(pair.port);

        QCOMPARE(holder.pid, std::int64_t{ ::getpid() });
        QCOMPARE(holder.program, std::string("tst_peer_lookup"));
        QCOMPARE(holderOfPort(1).pid, 0);
    }
};

QTEST_GUILESS_MAIN(PeerLookupTest)
#include "tst_peer_lookup.moc"
