// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gatehouse/window_port.h"
#include "gateway_core/secrets/sealed_file_store.h"
#include "tests/support/contract_tasker_process.h"
#include "tests/support/memory_secrets.h"
#include "tests/support/raw_client.h"
#include "ui/models/activity_model.h"

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>

#include <algorithm>
#include <mutex>

using namespace gatehouse;
using namespace gatehouse::test;

namespace {

const QString kPin = QStringLiteral("481516");

int freePort()
{
    QTcpServer probe;
    probe.listen(QHostAddress::LocalHost);
    return probe.serverPort();
}

} // namespace

/// The window's port over a whole services on its own thread: real storage, doors and relay, and the contract
/// Tasker. Only the secrets are in memory.
class WindowPortTest final : public QObject
{
    Q_OBJECT

private:
    /// A `codex` on the PATH that does nothing, well or badly.
    class FakeCodex
    {
    public:
        FakeCodex()
        {
            willWork();
            qputenv("PATH", m_folder.path().toLocal8Bit() + ':' + m_path);
        }
        ~FakeCodex() { qputenv("PATH", m_path); }
        FakeCodex(const FakeCodex &) = delete;
        FakeCodex &operator=(const FakeCodex &) = delete;
        void willWork() { write("#!/bin/sh\nexit 0\n"); }
        void willFail() { write("#!/bin/sh\nexit 3\n"); }

    private:
        void write(const char *script)
        {
            QFile file(m_folder.filePath(QStringLiteral("codex")));
            if (!file.open(QIODevice::WriteOnly | QIODevice::Truncate))
                qFatal("no codex");
            file.write(script);
            file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        }

        QTemporaryDir m_folder;
        const QByteArray m_path = qgetenv("PATH");
    };

    struct Bench
    {
        QTemporaryDir folder;
        QThread thread;
        GatewayLifecycle *core = nullptr;
        std::unique_ptr<WindowPort> port;
        QString agent;
        std::string token;

        explicit Bench(ContractTaskerProcess &tasker)
        {
            tasker.reset();
            Options options;
            options.folder = folder.path().toStdString();
            options.socket = options.folder / "run" / "gatehouse.sock";
            options.port = freePort();
            core = new GatewayLifecycle(options,
                                        [](Clock &, Random &) { return std::make_unique<MemorySecrets>(); });
            core->moveToThread(&thread);
            QObject::connect(&thread, &QThread::finished, core, &QObject::deleteLater);
            port = std::make_unique<WindowPort>(*core);
            QObject::connect(&thread, &QThread::started, core, &GatewayLifecycle::start);
            thread.start();
            if (!QTest::qWaitFor([this] { return port->status().state == GatewayState::Ready; }))
                qFatal("the services did not open");
            TaskerSettings settings{ QString::fromStdString(tasker.baseUrl()),
                                     QString::fromStdString(tasker.owner()),
                                     QStringLiteral("owner@example.org"),
                                     QString::fromStdString(tasker.credential()),
                                     {} };
            must(port->saveConnection(settings));
            must(port->setPin({}, kPin));
            must(port->enterPin(kPin));
            agent = must(port->createAgent(QStringLiteral("Scribe"))).id;
        }
        ~Bench()
        {
            QMetaObject::invokeMethod(core, [this] { core->stop([this] { thread.quit(); }); });
            thread.wait();
        }
        template <typename T> Result<T> wait(const QFuture<Result<T>> &answer)
        {
            if (!QTest::qWaitFor([&answer] { return answer.isFinished(); }))
                return failure(ErrorCode::Internal, "no answer");
            return answer.result();
        }
        template <typename T> T must(const QFuture<Result<T>> &answer)
        {
            const auto result = wait(answer);
            if (!result)
                qFatal("refused: %s %s", std::string(nameOf(result.error().code)).c_str(),
                       result.error().detail.c_str());
            if constexpr (!std::is_void_v<T>)
                return *result;
        }
        void grant(const char *scope, const char *answer)
        {
            const auto projects = must(port->findProjects(QStringLiteral("ENG")));
            GrantSummary grant;
            grant.agentId = agent;
            grant.projectId = projects.first().id;
            grant.projectName = projects.first().name;
            grant.projectIdentifier = projects.first().identifier;
            grant.scope = QString::fromLatin1(scope);
            grant.answer = QString::fromLatin1(answer);
            must(port->putGrants({ grant }));
        }
        /// Sends the call and hands the connection back: it may wait for the owner.
        RawClient call(const std::string &tool, const Json &arguments)
        {
            if (token.empty())
                token = must(port->mintAgentToken(agent, QStringLiteral("codex"))).toStdString();
            RawClient client = RawClient::tcp(port->status().port);
            const std::string body = arguments.dump();
            client.send("POST /api/v1/tools/" + tool + " HTTP/1.1\r\nHost: 127.0.0.1:"
                        + std::to_string(port->status().port) + "\r\nAuthorization: Bearer " + token
                        + "\r\nContent-Type: application/json\r\nContent-Length: "
                        + std::to_string(body.size()) + "\r\n\r\n" + body);
            return client;
        }
    };

    ContractTaskerProcess m_tasker;

    static int activeClients(Bench &bench, const QString &agent)
    {
        const auto clients = bench.must(bench.port->clients(agent));
        return static_cast<int>(std::count_if(clients.begin(), clients.end(),
                                              [](const ClientSummary &one) { return !one.revokedAt; }));
    }

private Q_SLOTS:
    void initTestCase() { QVERIFY2(m_tasker.start(), qPrintable(m_tasker.error())); }

    void call_standsInTheWindowsActivity_withinAHundredMilliseconds()
    {
        Bench bench(m_tasker);
        bench.grant("issues:create", "allow");
        ui::ActivityModel model(*bench.port);
        QSignalSpy loaded(&model, &ui::ActivityModel::loaded);
        model.reload();
        QVERIFY(loaded.wait());
        // When the intent was on disk, by its call, and when its line stood in the model; one clock for both.
        QElapsedTimer clock;
        clock.start();
        std::mutex guard;
        QHash<QString, qint64> committed, shown;
        QObject::connect(&bench.core->services()->journal, &Journal::appended, bench.core,
                         [&](const std::vector<JournalRow> &rows) {
                             const std::lock_guard lock(guard);
                             for (const JournalRow &row : rows) {
                                 if (row.kind == "call_intent")
                                     committed.insert(QString::fromStdString(row.callId),
                                                      clock.nsecsElapsed());
                             }
                         });
        connect(&model, &QAbstractItemModel::rowsInserted, this,
                [&](const QModelIndex &, int first, int last) {
                    for (int row = first; row <= last; ++row)
                        shown.insert(model.line(row)->callId, clock.nsecsElapsed());
                });

        std::vector<double> milliseconds;
        for (int i = 0; i < 20; ++i) {
            RawClient client
                = bench.call("tasker_create_issue", { { "project", "ENG" }, { "name", std::to_string(i) } });
            const RawAnswer answer = client.answer();
            QCOMPARE(answer.status, 200);
            const QString id = QString::fromStdString(answer.header("gatehouse-call-id"));
            QTRY_VERIFY(shown.contains(id));
            const std::lock_guard lock(guard);
            milliseconds.push_back(static_cast<double>(shown[id] - committed[id]) / 1e6);
        }

        std::ranges::sort(milliseconds);
        qInfo("from the commit to the window's model: median %.1f ms, slowest of 20 %.1f ms",
              milliseconds[milliseconds.size() / 2], milliseconds.back());
        QVERIFY2(milliseconds.back() < 1000, "a busy machine may be slow, but not that slow");
        QVERIFY(kFeedGather <= Millis(20)); // the one wait on the way
    }

    void today_isCountedByTheGateway()
    {
        Bench bench(m_tasker);
        bench.grant("issues:create", "allow");
        const QDateTime midnight = QDateTime::currentDateTime().date().startOfDay();
        const auto before = bench.must(bench.port->countsSince(midnight));
        QCOMPARE(
            bench.call("tasker_create_issue", { { "project", "ENG" }, { "name", "one" } }).answer().status,
            200);
        QCOMPARE(
            bench.call("tasker_create_issue", { { "project", "NOSUCH" }, { "name", "two" } }).answer().status,
            404);

        const auto counts = bench.must(bench.port->countsSince(midnight));

        QCOMPARE(counts.calls - before.calls, 2);
        QCOMPARE(counts.refused - before.refused, 1);
        QVERIFY(counts.upTo > before.upTo);
        QCOMPARE(bench.must(bench.port->countsSince(QDateTime::currentDateTime().addDays(1))).calls, 0);
    }

    void askedCall_isPreviewedBeforeAndAfter_andAllowed()
    {
        Bench bench(m_tasker);
        bench.grant("issues:update", "ask");
        bench.grant("issues:read", "allow");
        QSignalSpy asked(bench.port.get(), &GatewayPort::approvalAsked);
        const std::string before = m_tasker.issue("ENG-1")["name"];
        RawClient client = bench.call("tasker_update_issue",
                                      { { "project", "ENG" },
                                        { "issue", "ENG-1" },
                                        { "name", "Another name" },
                                        { "description_markdown", "one\ntwo" } });
        QVERIFY(asked.wait());
        const auto question = asked[0][0].value<ApprovalSummary>();

        const PreviewSummary preview = bench.must(bench.port->preview(question.id));

        QCOMPARE(preview.issue, QStringLiteral("ENG-1"));
        QVERIFY(!preview.changedMeanwhile);
        QCOMPARE(preview.fields.size(), 2);
        QCOMPARE(preview.fields[0].name, QStringLiteral("name"));
        QCOMPARE(preview.fields[0].before.toStdString(), before);
        QCOMPARE(preview.fields[0].after, QStringLiteral("Another name"));
        QVERIFY(!preview.fields[1].diff.isEmpty());
        m_tasker.touch(m_tasker.issue("ENG-1").at("id"));
        QVERIFY(bench.must(bench.port->preview(question.id)).changedMeanwhile);
        bench.must(bench.port->denyCall(question.id, QStringLiteral("not now"), false));
        QCOMPARE(client.answer().status, 403);
        QCOMPARE(bench.wait(bench.port->preview(question.id)).error().code, ErrorCode::NotFound);
    }

    void credentialThatTaskerRefuses_isANotice()
    {
        Bench bench(m_tasker);
        bench.grant("issues:create", "allow");
        QSignalSpy notices(bench.port.get(), &GatewayPort::notice);
        m_tasker.fault({ { "kind", "status" }, { "status", 401 } });

        QCOMPARE(bench.call("tasker_create_issue", { { "project", "ENG" }, { "name", "x" } }).answer().status,
                 502);

        QTRY_COMPARE(notices.size(), 1);
        QCOMPARE(notices[0][0].toString(), QStringLiteral("upstream_auth_failed"));
    }

    void commands_nameTheSocketThatIsNotAtItsUsualPlace()
    {
        Bench bench(m_tasker);
        const QString socket
            = QStringLiteral("--socket ") + bench.folder.filePath(QStringLiteral("run/gatehouse.sock"));

        QVERIFY2(bench.must(bench.port->openPairing(bench.agent))
                     .command.endsWith(QStringLiteral(" pair ") + socket),
                 qPrintable(bench.must(bench.port->openPairing(bench.agent)).command));
        QVERIFY2(bench.port->codexSetupCommand().endsWith(QStringLiteral("/gatehouse-mcp --name tasker ")
                                                          + socket),
                 qPrintable(bench.port->codexSetupCommand()));
    }

    void setUpCodexAgain_revokesTheClientWhoseTokenItReplaced()
    {
        const FakeCodex codex;
        Bench bench(m_tasker);
        const QString other = bench.must(bench.port->createAgent(QStringLiteral("Reviewer"))).id;
        bench.must(
            bench.port->mintAgentToken(bench.agent, QStringLiteral("Codex"))); // the same name, another token

        QCOMPARE(bench.must(bench.port->setUpCodex(bench.agent)).replaced, QString());
        const SetupResult again = bench.must(bench.port->setUpCodex(bench.agent));
        QVERIFY(again.ok);
        QCOMPARE(again.replaced, QStringLiteral("Codex"));
        QCOMPARE(activeClients(bench, bench.agent), 2);

        // For another agent it is the same entry of Codex, and the same token that is replaced.
        QCOMPARE(bench.must(bench.port->setUpCodex(other)).replaced, QStringLiteral("Codex"));
        QCOMPARE(activeClients(bench, bench.agent), 1);
        QCOMPARE(activeClients(bench, other), 1);
    }

    void setUpCodexAgain_thatFails_leavesTheEarlierClientItsToken()
    {
        FakeCodex codex;
        Bench bench(m_tasker);
        bench.must(bench.port->setUpCodex(bench.agent));
        codex.willFail();

        const SetupResult failed = bench.must(bench.port->setUpCodex(bench.agent));

        QVERIFY(!failed.ok);
        QCOMPARE(failed.replaced, QString());
        QCOMPARE(activeClients(bench, bench.agent), 1);
        // Its token lies in the keychain again: the next setup finds and replaces it.
        codex.willWork();
        QCOMPARE(bench.must(bench.port->setUpCodex(bench.agent)).replaced, QStringLiteral("Codex"));
        QCOMPARE(activeClients(bench, bench.agent), 1);
    }

    void clientThatWasNeverUsed_isShownAsThat()
    {
        Bench bench(m_tasker);
        bench.grant("issues:create", "allow");
        bench.must(bench.port->mintAgentToken(bench.agent, QStringLiteral("idle")));

        QVERIFY(!bench.must(bench.port->clients(bench.agent)).first().lastUsedAt);
        QVERIFY(!bench.must(bench.port->agents()).first().lastCallAt);
    }

    void fiveWrongCodes_voidTheOpenOne_andThatIsANotice()
    {
        Bench bench(m_tasker);
        QSignalSpy notices(bench.port.get(), &GatewayPort::notice);
        QSignalSpy closed(bench.port.get(), &GatewayPort::pairingClosed);
        const QString code = bench.must(bench.port->openPairing(bench.agent)).code;
        const std::string wrong = code == u"BBBB-BBBB" ? "CCCC-CCCC" : "BBBB-BBBB";
        for (int i = 0; i < 5; ++i) {
            const std::string body
                = Json{ { "code", wrong }, { "client_name", "x" }, { "nonce", "0123456789abcdef" } }.dump();
            const auto status = RawClient::tcp(bench.port->status().port)
                                    .exchange("POST /api/v1/pairing/redeem HTTP/1.1\r\nHost: 127.0.0.1:"
                                              + std::to_string(bench.port->status().port)
                                              + "\r\nContent-Type: application/json\r\nContent-Length: "
                                              + std::to_string(body.size()) + "\r\n\r\n" + body)
                                    .status;
            QCOMPARE(status, 404);
        }

        QTRY_COMPARE(notices.size(), 1);
        QCOMPARE(notices[0][0].toString(), QStringLiteral("pairing_voided"));
        QCOMPARE(closed.size(), 1);
    }

    void journal_verifies_movesItsExports_andHoldsNothing()
    {
        Bench bench(m_tasker);
        const VerdictSummary verdict = bench.must(bench.port->verifyJournal());
        QCOMPARE(verdict.finding, QStringLiteral("sound"));
        QVERIFY(verdict.rows > 3);
        QCOMPARE(bench.port->status().signingHeld, QStringLiteral("none"));
        QCOMPARE(bench.port->status().keptDays, 90);
        QCOMPARE(bench.port->status().exportsFolder, bench.folder.filePath(QStringLiteral("journal")));
        QCOMPARE(bench.wait(bench.port->acceptRestore()).error().code, ErrorCode::Conflict);

        bench.must(bench.port->moveExports(bench.folder.filePath(QStringLiteral("elsewhere"))));

        QTRY_COMPARE(bench.port->status().exportsFolder, bench.folder.filePath(QStringLiteral("elsewhere")));
        QCOMPARE(bench.wait(bench.port->moveExports(QStringLiteral("relative"))).error().code,
                 ErrorCode::ValidationFailed);
    }

private:
    /// One life of the program on a folder whose secrets stay from one to the next.
    struct Life
    {
        QThread thread;
        GatewayLifecycle *core = nullptr;
        std::unique_ptr<WindowPort> port;

        explicit Life(const QTemporaryDir &folder, Options::Task task = Options::Task::Run)
        {
            Options options;
            options.task = task;
            options.folder = folder.path().toStdString();
            options.socket = options.folder / "run" / "gatehouse.sock";
            options.port = freePort();
            core = new GatewayLifecycle(options, [file = options.sealedFile()](Clock &, Random &random) {
                constexpr int kCheap = 4; // log2 of scrypt's N
                return std::make_unique<SealedFileStore>(file, Secret(std::string_view("correct horse")),
                                                         random, nullptr, kCheap);
            });
            core->moveToThread(&thread);
            QObject::connect(&thread, &QThread::finished, core, &QObject::deleteLater);
            port = std::make_unique<WindowPort>(*core);
            QObject::connect(&thread, &QThread::started, core, &GatewayLifecycle::start);
            thread.start();
        }
        ~Life()
        {
            QMetaObject::invokeMethod(core, [this] { core->stop([this] { thread.quit(); }); });
            thread.wait();
        }
        bool comesTo(GatewayState state) const
        {
            return QTest::qWaitFor([&] { return port->status().state == state; }, 20'000);
        }
        Result<> outcome(const QFuture<Result<>> &answer) const
        {
            if (!QTest::qWaitFor([&answer] { return answer.isFinished(); }, 20'000))
                return failure(ErrorCode::Internal, "no answer");
            return answer.result();
        }
    };

private Q_SLOTS:
    // A database that is not the one that the secrets know.

    void olderDatabase_isHeldAtTheThreshold_untilTheOwnerAcceptsItWithThePin()
    {
        const QTemporaryDir folder;
        const QString database = folder.filePath(QStringLiteral("gatehouse.db"));
        {
            const Life life(folder);
            QVERIFY(life.comesTo(GatewayState::Ready));
            QVERIFY(life.outcome(life.port->setPin({}, kPin)));
        }
        QVERIFY(QFile::copy(database, database + QStringLiteral(".old")));
        {
            const Life life(folder);
            QVERIFY(life.comesTo(GatewayState::Ready));
        }
        QVERIFY(QFile::remove(database) && QFile::rename(database + QStringLiteral(".old"), database));
        const auto size = QFileInfo(database).size();

        {
            const Life life(folder);
            QVERIFY(life.comesTo(GatewayState::Broken));
            QCOMPARE(life.port->status().problem, ErrorCode::StorageRolledBack);
            QVERIFY(life.port->status().pinSet);
            QVERIFY(!life.outcome(life.port->resetPin()));
            QCOMPARE(life.outcome(life.port->acceptRestore()).error().code, ErrorCode::StepUpRequired);
            QVERIFY(!life.outcome(life.port->enterPin(QStringLiteral("999998"))));
        }
        QVERIFY(QFileInfo(database).size() >= size);
        const Life life(folder);
        QVERIFY(life.comesTo(GatewayState::Broken)); // the last life has changed nothing about it
        QVERIFY(life.outcome(life.port->enterPin(kPin)));
        QVERIFY(life.outcome(life.port->acceptRestore()));

        QVERIFY(life.comesTo(GatewayState::Ready));
        QFuture<Result<VerdictSummary>> verdict = life.port->verifyJournal();
        QTRY_VERIFY(verdict.isFinished());
        QCOMPARE(verdict.result()->finding, QStringLiteral("sound"));
    }

    void databaseThatIsGone_isMissing_andNothingIsMadeInItsPlace()
    {
        const QTemporaryDir folder;
        const QString database = folder.filePath(QStringLiteral("gatehouse.db"));
        {
            const Life life(folder);
            QVERIFY(life.comesTo(GatewayState::Ready));
            QVERIFY(life.outcome(life.port->setPin({}, kPin)));
        }
        QVERIFY(QFile::rename(database, database + QStringLiteral(".away")));
        for (const bool withKeyCheck : { true, false }) {
            if (!withKeyCheck)
                QVERIFY(QFile::remove(database + QStringLiteral(".keycheck"))); // the signed point is enough
            const Life life(folder);
            QVERIFY(life.comesTo(GatewayState::Broken));
            QCOMPARE(life.port->status().problem, ErrorCode::StorageMissing);
            QVERIFY(!life.outcome(life.port->setPin({}, QStringLiteral("654321"))));
            QVERIFY(!QFile::exists(database));

            QVERIFY(QFile::rename(database + QStringLiteral(".away"), database));
            life.port->retry(0);
            QVERIFY(life.comesTo(GatewayState::Ready));
            QVERIFY(QFile::rename(database, database + QStringLiteral(".away")));
            QFuture<Result<AgentSummary>> made = life.port->createAgent(QStringLiteral("Scribe"));
            QTRY_VERIFY(made.isFinished());
            QVERIFY(!made.result()); // nothing is recorded in a file without a name
            QTRY_COMPARE(life.port->status().recordingProblem, ErrorCode::StorageMissing);
            QVERIFY(QFile::rename(database + QStringLiteral(".away"), database));
            QTRY_VERIFY(life.port->status().recording);
            QVERIFY(QFile::rename(database, database + QStringLiteral(".away")));
        }
    }
};

QTEST_GUILESS_MAIN(WindowPortTest)
#include "tst_window_port.moc"
