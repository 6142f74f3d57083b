// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/route/access.h"
#include "tests/core/api/gate_bench.h"

#include <QFile>
#include <QProcess>
#include <QTemporaryDir>

#include <sys/stat.h>
#include <unistd.h>

using namespace gatehouse;
using namespace gatehouse::test;
using namespace std::chrono_literals;

namespace {

Visit sessionVisit(const GateBench &bench)
{
    return { "GET",
             "/api/v1/agent-session",
             { { "Host", bench.host() }, { "Authorization", "Bearer " + bench.api.agentToken } },
             {} };
}

Visit statusVisit(const GateBench &bench)
{
    return { "GET",
             "/api/v1/status",
             { { "Host", bench.host() }, { "Authorization", "Bearer " + bench.api.ownerToken } },
             {} };
}

/// What curl prints as the status when a program of another system user asks over the Unix socket.
QByteArray statusForNobody(const std::string &socket)
{
    QProcess other;
    other.start(QStringLiteral("/usr/bin/setpriv"),
                { QStringLiteral("--reuid=65534"), QStringLiteral("--regid=65534"),
                  QStringLiteral("--clear-groups"), QStringLiteral("curl"), QStringLiteral("-s"),
                  QStringLiteral("-m"), QStringLiteral("10"), QStringLiteral("-o"),
                  QStringLiteral("/dev/null"), QStringLiteral("-w"), QStringLiteral("%{http_code}"),
                  QStringLiteral("--unix-socket"), QString::fromStdString(socket),
                  QStringLiteral("http://gatehouse/healthz") });
    (void)QTest::qWaitFor([&other] { return other.state() == QProcess::NotRunning; }, 15'000);
    return other.readAllStandardOutput();
}

RecordedPtr use(GateBench &bench, const std::string &tool, const Json &arguments, const std::string &token)
{
    const RecordedPtr answer = bench.api.send({ "POST", "/api/v1/tools/" + tool, token, arguments.dump() });
    return answer;
}

int retryAfter(const RecordedPtr &answer)
{
    return std::atoi(answer->header("retry-after").c_str());
}

} // namespace

/// Each number of docs/threats.md, "How much of it", reached once.
class BoundsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QVERIFY2(m_tasker.start(), qPrintable(m_tasker.error())); }

    void connections_ofOneClient_areSixteen()
    {
        GateBench bench(m_tasker);
        std::vector<RawClient> inside;
        for (int i = 0; i < kConnectionsPerClient; ++i) {
            inside.push_back(RawClient::tcp(bench.port));
            QCOMPARE(inside.back().exchange(bench.bytes(sessionVisit(bench))).status, 200);
        }

        RawClient oneMore = RawClient::tcp(bench.port);
        const RawAnswer answer = oneMore.exchange(bench.bytes(sessionVisit(bench)));

        QCOMPARE(answer.status, 429);
        QCOMPARE(Json::parse(answer.body).at("details").value("reason", ""), std::string("connections"));
        const std::string words = Json::parse(answer.body).value("message", "");
        for (const char *word : { "16 connections", "client \"", "a token of its own" })
            QVERIFY2(words.find(word) != std::string::npos, words.c_str());
        const Json status = Json::parse(bench.ask(statusVisit(bench)).body);
        QCOMPARE(status.at("crowded_clients").size(), 1U);
        QCOMPARE(status.at("crowded_clients").at(0).at("most"), Json(kConnectionsPerClient));
        QVERIFY(oneMore.isClosedByServer());
        QCOMPARE(bench.ask(statusVisit(bench)).status, 200);
        for (RawClient &client : inside)
            QCOMPARE(client.exchange(bench.bytes(sessionVisit(bench))).status, 200);
    }

    void streamsOfOneClient_giveWayToItsWork()
    {
        GateBench bench(m_tasker);
        const auto openSession = [&bench] {
            const Json hello{ { "jsonrpc", "2.0" },
                              { "id", 1 },
                              { "method", "initialize" },
                              { "params", { { "protocolVersion", "2025-11-25" } } } };
            return bench.api.send({ "POST", "/mcp", bench.api.agentToken, hello.dump(), {} })
                ->header("mcp-session-id");
        };
        const auto listen = [&bench, &openSession](RawClient &program) {
            const Visit visit{ "GET",
                               "/mcp",
                               { { "Host", bench.host() },
                                 { "Authorization", "Bearer " + bench.api.agentToken },
                                 { "Accept", "text/event-stream" },
                                 { "Mcp-Session-Id", openSession() } },
                               {} };
            return program.exchange(bench.bytes(visit)).status;
        };
        std::vector<RawClient> programs;
        for (int i = 0; i < kConnectionsPerClient; ++i) {
            programs.push_back(RawClient::tcp(bench.port));
            QCOMPARE(listen(programs.back()), 200);
        }
        RawClient oneMore = RawClient::tcp(bench.port);

        // One stream more takes no other stream's place; work does, the longest listener's.
        QCOMPARE(listen(oneMore), 429);
        QCOMPARE(bench.ask(sessionVisit(bench)).status, 200);

        QVERIFY(programs.front().isClosedByServer());
        QVERIFY(programs.back().isOpen());
    }

    void connections_ofTheOwner_areTwoHundredAndFiftySix()
    {
        GateBench bench(m_tasker);
        std::vector<RawClient> inside;
        for (int i = 0; i < kConnectionsOfOwner; ++i) {
            inside.push_back(RawClient::tcp(bench.port));
            QCOMPARE(inside.back().exchange(bench.bytes(statusVisit(bench))).status, 200);
        }

        QCOMPARE(bench.ask(statusVisit(bench)).status, 429);
        QCOMPARE(bench.ask(sessionVisit(bench)).status, 200);
    }

    void strangers_ofOneUser_areSixtyFour_andKeepNobodyOut()
    {
        GateBench bench(m_tasker);
        std::vector<RawClient> unauthenticated;
        for (int i = 0; i < HttpLimits().unauthenticatedPerUid + 20; ++i) {
            unauthenticated.push_back(RawClient::tcp(bench.port));
            unauthenticated.back().send("GET /healthz HTTP/1.1\r\nHost: "); // and nothing more
        }

        QCOMPARE(bench.ask(sessionVisit(bench)).status, 200);

        const auto open = [&] {
            return std::ranges::count_if(unauthenticated,
                                         [](RawClient &one) { return (void)one.received(), one.isOpen(); });
        };
        QTRY_VERIFY(open() <= HttpLimits().unauthenticatedPerUid);
    }

    void otherUser_overTheUnixSocket_isRefusedEvenWhereTheFolderIsOpen()
    {
        if (::geteuid() != 0 || !QFile::exists(QStringLiteral("/usr/bin/setpriv"))
            || !QFile::exists(QStringLiteral("/usr/bin/curl")))
            QSKIP("only root can be somebody else here, with setpriv and curl");
        GateBench bench(m_tasker);
        QTemporaryDir temporary;
        const std::string base = temporary.path().toStdString();
        const std::string folder = base + "/door";
        const std::string socket = folder + "/gatehouse.sock";
        QVERIFY(bench.server.listenUnix(socket));
        ::chmod(base.c_str(), 0755);

        QCOMPARE(statusForNobody(socket), QByteArray("000")); // the folder's mode alone keeps them out
        ::chmod(folder.c_str(), 0777);
        ::chmod(socket.c_str(), 0777);
        QCOMPARE(statusForNobody(socket), QByteArray("403")); // and so does who they are

        QCOMPARE(bench.arrived, 0);
        QVERIFY(bench.nothingHappened());
    }

    void refusals_costTwoRequestsEach()
    {
        GateBench bench(m_tasker);
        constexpr int kRefused = 50;
        for (int i = 0; i < kRefused; ++i)
            QCOMPARE(bench.api.send({ "GET", "/api/v1/status", bench.api.agentToken })->status(), 403);

        int served = 0;
        while (served < 2 * kRequestsPerMinute
               && bench.api.send({ "GET", "/api/v1/agent-session", bench.api.agentToken })->status() == 200)
            ++served;

        QCOMPARE(served, kRequestsPerMinute - 2 * kRefused);
    }

    void calls_ofOneAgent_areBoundedWhateverTheUpstreamAllows_data()
    {
        QTest::addColumn<QString>("tool");
        QTest::addColumn<int>("atOnce");
        QTest::newRow("reads") << "tasker_get_issue" << 2 * kAgentReadsAMinute;
        QTest::newRow("writes") << "tasker_create_issue" << 2 * kAgentWritesAMinute;
    }
    void calls_ofOneAgent_areBoundedWhateverTheUpstreamAllows()
    {
        QFETCH(QString, tool);
        QFETCH(int, atOnce);
        GateBench bench(m_tasker);
        const Tool &row = *bench.api.catalogue.find(tool.toStdString());
        const std::string name(row.name);
        const Json arguments = bench.argumentsFor(row);
        const std::string second = bench.api.addClient(bench.api.agent).second; // of the same agent

        // Once the upstream budget of the minute is gone (retry in many seconds) the agent's own runs out
        // as well (retry in one second), whichever of its clients asks.
        int taken = 0;
        RecordedPtr answer;
        do {
            answer = use(bench, name, arguments, taken % 2 ? second : bench.api.agentToken);
            QVERIFY(bench.api.waitFor([&answer] { return answer->response.has_value(); }));
            ++taken;
        } while ((answer->status() == 200 || retryAfter(answer) > 1) && taken < 1000);

        QCOMPARE(taken - 1, atOnce);
        QCOMPARE(answer->error(), std::string("rate_limited"));
        const auto reached = bench.reachedTasker();
        QVERIFY(reached.size() >= 20 && reached.size() <= 50);
    }

    void questions_inAll_areSixtyFour()
    {
        GateBench bench(m_tasker);
        bench.takeGrantsAway();
        const std::string project = m_tasker.project("ENG").value("id", "");
        std::vector<RecordedPtr> held;
        RecordedPtr last;
        for (int i = 0; i < kHeldInAll + 1; ++i) {
            if (i % kHeldPerClient == 0) {
                const AgentId agent = bench.api.addAgent("Agent " + std::to_string(i));
                bench.api.grant(Scope::IssuesCreate, GrantPolicy::Ask, project, agent);
                m_token = bench.api.addClient(agent).second;
            }
            bench.api.wind(2s); // within the upstream budget
            last = use(bench, "tasker_create_issue",
                       { { "project", "ENG" }, { "name", "Number " + std::to_string(i) } }, m_token);
            if (i < kHeldInAll)
                QVERIFY2(last->answers == 0 || last->status() == 202, std::to_string(i).c_str());
        }

        QCOMPARE(last->status(), 429);
        QCOMPARE(last->error(), std::string("approvals_full"));
        QCOMPARE(bench.api.approvals.open().size(), std::size_t(kHeldInAll));
        QVERIFY(bench.nothingHappened());
    }

    void pin_fiveWrongOverTheWire_shutOutTheRightOne()
    {
        GateBench bench(m_tasker);
        const auto enter = [&](const std::string &pin) {
            const auto record = bench.api.send(
                { "POST", "/api/v1/step-up", bench.api.ownerToken, Json{ { "pin", pin } }.dump() });
            return bench.api.waitFor([&] { return record->response.has_value(); }) ? record : nullptr;
        };
        for (int i = 0; i < kPinTries; ++i)
            QCOMPARE(enter("480216")->status(), 403);

        const auto right = enter(kPin);
        QCOMPARE(right->error(), std::string("step_up_required"));
        QCOMPARE(right->json()["details"]["reason"], "locked");
        bench.api.clock.setWall(bench.api.clock.now() + 365LL * 86'400'000); // the wall clock opens nothing
        const auto [owner, token] = bench.api.addOwnerToken();
        bench.api.ownerToken = token;
        QCOMPARE(enter(kPin)->json()["details"]["reason"], "locked");
        bench.api.wind(15min);
        QCOMPARE(enter(kPin)->status(), 200);
    }

private:
    ContractTaskerProcess m_tasker;
    std::string m_token;
};

QTEST_GUILESS_MAIN(BoundsTest)
#include "tst_bounds.moc"
