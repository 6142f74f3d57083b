// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/http/http_bench.h"

#include <QFile>
#include <QRegularExpression>
#include <QTcpServer>

#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

using namespace gatehouse;
using namespace gatehouse::test;

namespace {

struct Server
{
    FakeClock clock;
    FixedRandom random;
    HttpServer server{ {}, clock, random };
};

using FileStatus = struct stat;

unsigned modeOf(const std::string &path)
{
    FileStatus found{};
    return ::lstat(path.c_str(), &found) == 0 ? found.st_mode & 07777U : 0;
}

} // namespace

class ListenersTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void port_heldByAnother_isBusyWithItsHolderAndNothingMoves()
    {
        HttpBench holder;
        Server second;

        const auto taken = second.server.listenLoopback(holder.port);

        QVERIFY(!taken);
        QCOMPARE(taken.error().code, ErrorCode::PortBusy);
        QCOMPARE(taken.error().details.at("port").get<int>(), holder.port);
        QCOMPARE(taken.error().details.at("pid").get<int>(), ::getpid());
        QCOMPARE(taken.error().details.at("program").get<std::string>(), std::string("tst_listeners"));
        QCOMPARE(taken.error().detail,
                 "port " + std::to_string(holder.port) + " is held by tst_listeners (pid "
                     + std::to_string(::getpid()) + ")");
        QCOMPARE(second.server.port(), 0);
        QVERIFY(holder.servesTheNext());
    }

    void port_heldOnOneAddressOnly_isBusyToo_data()
    {
        QTest::addColumn<QByteArray>("address");
        QTest::newRow("IPv6 loopback") << QByteArray("::1");
        QTest::newRow("any IPv4") << QByteArray("0.0.0.0");
    }
    void port_heldOnOneAddressOnly_isBusyToo()
    {
        QFETCH(QByteArray, address);
        QTcpServer squatter;
        if (!squatter.listen(QHostAddress(QString::fromLatin1(address)), 0))
            QSKIP("this machine has no such address");
        Server server;

        const auto taken = server.server.listenLoopback(squatter.serverPort());

        QVERIFY(!taken);
        QCOMPARE(taken.error().code, ErrorCode::PortBusy);
        QVERIFY(!RawClient::tcp(squatter.serverPort(), "127.0.0.1").isOpen() || address == "0.0.0.0");
    }

    void port_givenUp_canBeTakenByTheNext()
    {
        HttpBench first;
        {
            RawClient client = first.client();
            QCOMPARE(client.exchange(first.request("GET /a")).status, 200);
        }
        first.server.stopListening();
        Server second;

        const auto taken = second.server.listenLoopback(first.port);

        QVERIFY(taken);
        QCOMPARE(*taken, first.port);
        QCOMPARE(second.server.port(), first.port);
        QCOMPARE(first.server.port(), 0);
    }

    void stopListening_keepsWhoIsInside()
    {
        HttpBench bench;
        RawClient inside = bench.client();
        const std::string request = bench.request("GET /a");
        QCOMPARE(inside.exchange(request).status, 200);

        bench.server.stopListening();

        QCOMPARE(inside.exchange(request).status, 200);
        QVERIFY(!bench.client().isOpen());
    }

    void unixSocket_inAFolderOfItsOwn_isOnlyOurs()
    {
        HttpBench bench;
        QTemporaryDir folder;
        const std::string path = folder.path().toStdString() + "/new/run/gatehouse.sock";
        const mode_t mask = ::umask(0);

        const auto listening = bench.server.listenUnix(path);
        ::umask(mask);

        QVERIFY(listening);
        QCOMPARE(modeOf(path), 0600U);
        QCOMPARE(modeOf(folder.path().toStdString() + "/new/run"), 0700U);
        for (const std::string host : { "gatehouse", "localhost", "GateHouse" })
            QCOMPARE(
                RawClient::unixSocket(path).exchange("GET /a HTTP/1.1\r\nHost: " + host + "\r\n\r\n").status,
                200);
        for (const std::string &host : { std::string("evil.example"), bench.host() })
            QCOMPARE(
                RawClient::unixSocket(path).exchange("GET /a HTTP/1.1\r\nHost: " + host + "\r\n\r\n").status,
                403);
        QVERIFY(bench.requests.at(0).peer->isUnixSocket());
        QCOMPARE(bench.requests[0].peer->uid(), ::getuid());
        QCOMPARE(bench.requests[0].peer->sight().process.pid, std::int64_t{ ::getpid() });
    }

    void unixSocket_folderOpenToOthers_isRefused()
    {
        HttpBench bench;
        QTemporaryDir folder;
        const std::string path = folder.path().toStdString();
        QCOMPARE(::chmod(path.c_str(), 0750), 0);

        QVERIFY(!bench.server.listenUnix(path + "/gatehouse.sock"));
        QCOMPARE(modeOf(path + "/gatehouse.sock"), 0U);
    }

    void unixSocket_folderIsALink_isRefused()
    {
        HttpBench bench;
        QTemporaryDir folder;
        const std::string real = folder.path().toStdString() + "/real";
        const std::string link = folder.path().toStdString() + "/link";
        QCOMPARE(::mkdir(real.c_str(), 0700), 0);
        QCOMPARE(::symlink(real.c_str(), link.c_str()), 0);

        QVERIFY(!bench.server.listenUnix(link + "/gatehouse.sock"));
    }

    void unixSocket_leftBehind_isReplaced()
    {
        HttpBench bench;
        QTemporaryDir folder;
        const std::string path = folder.path().toStdString() + "/gatehouse.sock";
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        path.copy(address.sun_path, sizeof(address.sun_path) - 1);
        const int dead = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        QCOMPARE(::bind(dead, reinterpret_cast<const sockaddr *>(&address), sizeof(address)), 0);
        ::close(dead);

        QVERIFY(bench.server.listenUnix(path));

        QCOMPARE(RawClient::unixSocket(path).exchange("GET / HTTP/1.1\r\nHost: gatehouse\r\n\r\n").status,
                 200);
    }

    void unixSocket_stillAlive_isBusyWithItsHolder()
    {
        HttpBench first;
        Server second;
        QTemporaryDir folder;
        const std::string path = folder.path().toStdString() + "/gatehouse.sock";
        QVERIFY(first.server.listenUnix(path));

        const auto listening = second.server.listenUnix(path);

        QVERIFY(!listening);
        QCOMPARE(listening.error().code, ErrorCode::PortBusy);
        QCOMPARE(listening.error().details.at("pid").get<int>(), ::getpid());
        QCOMPARE(RawClient::unixSocket(path).exchange("GET / HTTP/1.1\r\nHost: gatehouse\r\n\r\n").status,
                 200);
    }

    void unixSocket_somethingElseInItsPlace_isLeftAlone()
    {
        HttpBench bench;
        QTemporaryDir folder;
        QFile file(folder.filePath(QStringLiteral("gatehouse.sock")));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write("precious") == 8);
        file.close();

        QVERIFY(!bench.server.listenUnix(file.fileName().toStdString()));

        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), QByteArray("precious"));
    }

    void unixSocket_pathTooLong_isRefused()
    {
        HttpBench bench;
        QTemporaryDir folder;

        QVERIFY(!bench.server.listenUnix(folder.path().toStdString() + '/' + std::string(108, 'a')));
    }

    void unixSocket_stopped_takesItsFileAway()
    {
        HttpBench bench;
        QTemporaryDir folder;
        const std::string path = folder.path().toStdString() + "/gatehouse.sock";
        QVERIFY(bench.server.listenUnix(path));

        bench.server.stopListening();

        QCOMPARE(modeOf(path), 0U);
    }

    void unixSocket_replacedByAnother_keepsTheOthersFile()
    {
        auto first = std::make_unique<HttpBench>();
        HttpBench second;
        QTemporaryDir folder;
        const std::string path = folder.path().toStdString() + "/gatehouse.sock";
        QVERIFY(first->server.listenUnix(path));
        QCOMPARE(::unlink(path.c_str()), 0);
        QVERIFY(second.server.listenUnix(path));

        first.reset();

        QCOMPARE(RawClient::unixSocket(path).exchange("GET / HTTP/1.1\r\nHost: gatehouse\r\n\r\n").status,
                 200);
    }

    // Cleaners of temporary and runtime folders do these.
    void unixSocket_removedWhileListening_isMadeAgain_data()
    {
        QTest::addColumn<bool>("withItsFolder");
        QTest::newRow("the file") << false;
        QTest::newRow("the folder") << true;
    }
    void unixSocket_removedWhileListening_isMadeAgain()
    {
        QFETCH(bool, withItsFolder);
        HttpBench bench;
        QTemporaryDir folder;
        const std::string run = folder.path().toStdString() + "/run";
        const std::string path = run + "/gatehouse.sock";
        const std::string request = "GET /a HTTP/1.1\r\nHost: gatehouse\r\n\r\n";
        QVERIFY(bench.server.listenUnix(path));
        RawClient inside = RawClient::unixSocket(path);
        QCOMPARE(inside.exchange(request).status, 200);

        for (int times = 0; times < 3; ++times) {
            QCOMPARE(::unlink(path.c_str()), 0);
            if (withItsFolder)
                QCOMPARE(::rmdir(run.c_str()), 0);

            // The kernel tells: no clock is wound here.
            QTRY_COMPARE(modeOf(path), 0600U);
            QCOMPARE(modeOf(run), 0700U);
            QCOMPARE(RawClient::unixSocket(path).exchange(request).status, 200);
            QCOMPARE(inside.exchange(request).status, 200);
        }
        bench.server.stopListening();
        QCOMPARE(modeOf(path), 0U);
    }

    void unixSocket_thatCannotBeMadeAgainAtOnce_isWithinAMinute()
    {
        HttpBench bench;
        QTemporaryDir folder;
        const std::string run = folder.path().toStdString() + "/run";
        const std::string path = run + "/gatehouse.sock";
        QVERIFY(bench.server.listenUnix(path));
        QCOMPARE(::rename(run.c_str(), (folder.path().toStdString() + "/away").c_str()), 0);
        QFile inTheWay(QString::fromStdString(run));
        QVERIFY(inTheWay.open(QIODevice::WriteOnly));
        QTest::ignoreMessage(
            QtWarningMsg, QRegularExpression(QStringLiteral("cannot be made again: .*run is not a folder")));
        bench.clock.advance(Millis(30'000));

        QVERIFY(inTheWay.remove());
        bench.clock.advance(Millis(30'000));

        QCOMPARE(modeOf(path), 0600U);
    }

    void unixSocket_busyAtFirst_isHadWhenTheOtherLeaves()
    {
        auto first = std::make_unique<HttpBench>();
        HttpBench second;
        QTemporaryDir folder;
        const std::string path = folder.path().toStdString() + "/gatehouse.sock";
        QVERIFY(first->server.listenUnix(path));
        QVERIFY(!second.server.listenUnix(path));

        first.reset();
        second.clock.advance(Millis(30'000));

        QCOMPARE(RawClient::unixSocket(path).exchange("GET / HTTP/1.1\r\nHost: gatehouse\r\n\r\n").status,
                 200);
    }
};

QTEST_GUILESS_MAIN(ListenersTest)
#include "tst_listeners.moc"
