// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gatehousectl/doctor/doctor.h"
#include "tests/app/fake_gateway.h"
#include "tests/support/fake_clock.h"
#include "tests/support/memory_secrets.h"

#include <QSignalSpy>
#include <QTest>

#include <fstream>

#include <sys/stat.h>
#include <unistd.h>

using namespace gatehouse;
using namespace gatehouse::test;

namespace {

/// Each stands in one place that doctor sees; none may reach a bundle.
constexpr auto kAgentToken = "gh_a_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
constexpr auto kOwnerToken = "gh_o_BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB";
constexpr std::array kPlanted{ kAgentToken,
                               kOwnerToken,
                               "proxy-password",
                               "codex-header-secret",
                               "codex-env-secret",
                               "ann@example.org",
                               "usr-owner-1",
                               "tasker.example.org",
                               "Secret Project",
                               "A secret title",
                               "SEC-1",
                               "Ann the agent",
                               "laptop of Ann",
                               "a private reason",
                               "the-profile",
                               "codex-url-secret",
                               "secret-socket-folder",
                               "0a1b2c3d-agent" };

/// Doctor over a fake gateway, a codex that is a script, and a made-up environment with secrets in it.
struct Ward
{
    QTemporaryDir folder;
    FakeGateway gateway;
    SocketClient client{ gateway.path() };
    FakeClock clock;
    std::unique_ptr<MemorySecrets> secrets = std::make_unique<MemorySecrets>();
    bool signedIn = true;
    Environment here;

    Ward()
    {
        const std::filesystem::path root = folder.path().toStdString();
        here.home = root;
        here.profileFolder = root / "profile";
        here.socket = gateway.path();
        here.usualSocket = gateway.path();
        here.programFolder = root;
        here.uid = getuid();
        here.environment = { { "PATH", root.string() },
                             { "HTTP_PROXY", "http://ann:proxy-password@proxy.example.org:1" },
                             { "GATEHOUSE_TOKEN", kAgentToken } };
        ::mkdir(here.profileFolder.c_str(), 0700);
        program("gatehouse-mcp", "");
        codexSays("[]");
        gateway.answer = [this](const SeenRequest &request) { return answer(request); };
        clock.setWall(1'800'000'000'000);
    }

    void program(const std::string &name, const std::string &script) const
    {
        const auto file = here.programFolder / name;
        std::ofstream(file) << "#!/bin/sh\n" << script << '\n';
        ::chmod(file.c_str(), 0700);
    }
    void codexSays(const std::string &list) const
    {
        program("codex",
                "case $1 in --version) echo codex-cli 0.0.1;; *) cat <<'LIST'\n" + list + "\nLIST\n;; esac");
    }
    static std::string answer(const SeenRequest &request)
    {
        if (request.target == "/readyz")
            return httpAnswer(
                200, R"({"status":"ready","mode":"running","checks":{"gateway":"ok","upstream":"ok"}})");
        if (request.target == "/api/v1/meta/capabilities")
            return httpAnswer(200, R"({"endpoints":{"mcp":"http://127.0.0.1:1/mcp"}})");
        if (request.header("authorization") != std::string("Bearer ") + kOwnerToken)
            return httpAnswer(401, R"({"error":"unauthorized","message":"No."})");
        if (request.target == "/api/v1/status")
            return httpAnswer(200,
                              R"({"version":"0.1.0","address":"http://127.0.0.1:1","profile":"the-profile",
                "mode":"paused","mode_reason":"a private reason","recording":true,
                "step_up":{"pin_set":true,"locked_seconds":0},"clock":{"latest":"2027-01-15T08:00:00.000Z"},
                "versions":{"qt":"6.4.2","openssl":"3.0.1","sqlcipher":"4","schema":3},
                "connection":{"tasker_url":"https://tasker.example.org/api","owner_user_id":"usr-owner-1",
                "owner_email":"ann@example.org","configured":true}})");
        if (request.target.starts_with("/api/v1/projects"))
            return httpAnswer(200, R"({"matches":[{"project":{"name":"Secret Project"}}]})");
        return httpAnswer(200, R"({"events":[{"seq":7,"at":"2027-01-15T08:00:00.000Z","kind":"call_finished",
            "agent_id":"0a1b2c3d-agent","agent_name":"Ann the agent","client_name":"laptop of Ann","via":"mcp",
            "tool":"tasker_create_issue","project_name":"Secret Project","issue":"SEC-1","title":"A secret title",
            "decision":"allowed","outcome":"ok","text":"A secret title"}]})");
    }

    std::unique_ptr<Doctor> examine()
    {
        auto doctor = std::make_unique<Doctor>(
            Doctor::Dependencies{ .client = client,
                                  .clock = clock,
                                  .here = here,
                                  .readToken =
                                      [this](SecretStore::Read done) {
                                          if (signedIn)
                                              done(Secret(kOwnerToken));
                                          else
                                              done(failure(ErrorCode::SecretNotFound));
                                      },
                                  .storeOf = [this](const codex::Entry &) { return std::move(secrets); },
                                  .wantsEvents = true });
        QSignalSpy ended(doctor.get(), &Doctor::ended);
        doctor->run();
        return ended.wait(20'000) ? std::move(doctor) : nullptr;
    }
    [[nodiscard]] static Finding of(const Doctor &doctor, const std::string &check)
    {
        for (const Finding &finding : doctor.heard().findings) {
            if (finding.check == check)
                return finding;
        }
        return { check, Severity::Problem, "was not looked at", "" };
    }
    [[nodiscard]] Json bundleOf(const Doctor &doctor) const
    {
        return supportBundle::made(doctor.heard(), here, clock.now());
    }
    /// An entry of Codex's with secrets wherever it may have them.
    [[nodiscard]] std::string entryWithSecrets() const
    {
        const Json entries = Json::array(
            { { { "name", "tasker" },
                { "enabled", true },
                { "transport",
                  { { "type", "stdio" },
                    { "command", (here.programFolder / "gatehouse-mcp").string() },
                    { "args", { "--name", "tasker", "--socket", "/secret-socket-folder/s", kAgentToken } },
                    { "env", { { "KEY", "codex-env-secret" } } } } } },
              { { "name", "more" },
                { "transport",
                  { { "type", "streamable_http" },
                    { "url", "http://127.0.0.1:1/mcp?key=codex-url-secret" },
                    { "http_headers", { { "Authorization", "codex-header-secret" } } } } } } });
        return entries.dump();
    }
};

} // namespace

class DoctorTest final : public QObject
{
    Q_OBJECT

private slots:
    void gateway_thatIsUp_isLookedAtWhole()
    {
        Ward ward;
        const auto doctor = ward.examine();

        QVERIFY(doctor);
        QCOMPARE(Ward::of(*doctor, "gateway").weight, Severity::Fine);
        QCOMPARE(Ward::of(*doctor, "tasker").weight, Severity::Fine);
        QCOMPARE(Ward::of(*doctor, "mode").what, "tool calls are refused: paused");
        QCOMPARE(Ward::of(*doctor, "clock").weight, Severity::Fine);
        QVERIFY(Ward::of(*doctor, "versions").what.find("database schema 3") != std::string::npos);
        QCOMPARE(Ward::of(*doctor, "codex").what, "Codex has no entry for Gatehouse");
        QVERIFY(std::ranges::none_of(ward.gateway.seen,
                                     [](const SeenRequest &request) { return request.method != "GET"; }));
    }

    void entry_ofAnUnpairedClient_isAProblem()
    {
        Ward ward;
        ward.codexSays(ward.entryWithSecrets());
        QCOMPARE(Ward::of(*ward.examine(), "pairing").weight, Severity::Problem);
    }

    void bundle_holdsNothingThatWasPlanted()
    {
        Ward ward;
        ward.codexSays(ward.entryWithSecrets());
        const auto doctor = ward.examine();
        QVERIFY(doctor);

        const Json bundle = ward.bundleOf(*doctor);

        const std::string text = bundle.dump(2);
        for (const char *planted : kPlanted)
            QVERIFY2(text.find(planted) == std::string::npos, planted);
        QVERIFY(text.find(ward.here.home.string()) == std::string::npos);
        // And it is of use: what happened, what runs, what is set.
        QCOMPARE(bundle["events"][0]["tool"].get<std::string>(), "tasker_create_issue");
        QCOMPARE(bundle["gateway"]["versions"]["schema"].get<int>(), 3);
        QCOMPARE(bundle["variables_set"], Json::array({ "HTTP_PROXY" }));
        QCOMPARE(bundle["codex"].size(), 2u);
    }

    void bundle_takesTheEndOfTheLogAlong_withoutSecrets()
    {
        const Ward ward;
        const auto file = ward.here.home / "state" / "gatehouse.log";
        ::mkdir(file.parent_path().c_str(), 0700);
        std::ofstream(ward.here.profileFolder / "gatehouse.ini") << "[log]\nfile=" << file.string() << '\n';
        std::ofstream older(file.string() + ".1");
        for (int line = 0; line < 1200; ++line)
            older << "older " << line << '\n';
        older.close();
        // None of these should ever be there: the log has a net of its own.
        std::ofstream(file)
            << "Authorization: Bearer " << kAgentToken << "\nin " << file.string() << " by ann@example.org\n"
            << "code_verifier=abcdefghij PIN 482910 http://ann:proxy-password@proxy:1\nlast\n";

        const Json log = supportBundle::made({}, ward.here, 0)["log"];

        QCOMPARE(log.size(), std::size_t{ 1000 });
        QCOMPARE(log.front().get<std::string>(), "older 204");
        QCOMPARE(log.back().get<std::string>(), "last");
        const std::string text = log.dump();
        for (const char *secret : { kAgentToken, "ann@example.org", "abcdefghij", "482910", "proxy-password",
                                    ward.here.home.c_str() })
            QVERIFY2(text.find(secret) == std::string::npos, secret);
    }

    void bundle_ofAGatewayThatKeepsNoLog_saysSo()
    {
        QVERIFY(supportBundle::made({}, Ward().here, 0)["log"].is_null());
    }

    void secondNet_catchesWhatASentenceWouldHold()
    {
        const Ward ward;
        const std::string text = supportBundle::redacted(
            "at http://ann:pw@proxy:1 by ann@example.org with " + std::string(kAgentToken) + " in "
                + (ward.here.home / "x").string() + " key 0123456789abcdef0123456789abcdef",
            ward.here);
        QCOMPARE(text, "at http://<who>@proxy:1 by <e-mail> with <token> in ~/x key <long>");
    }

    void bundleFile_isTheOwnersAlone_andNeverReplaced()
    {
        const Ward ward;
        const auto file = ward.here.home / "bundle.json";
        QVERIFY(supportBundle::write(file, { { "a", 1 } }));
        struct stat made
        {
        };
        QCOMPARE(::stat(file.c_str(), &made), 0);
        QCOMPARE(made.st_mode & 0777, 0600u);
        QCOMPARE(supportBundle::write(file, { { "a", 2 } }).error().code, ErrorCode::Conflict);
    }

    // Tests of the error paths.

    void gateway_thatIsDown_isSaidAndTheRestIsLookedAt()
    {
        Ward ward;
        ward.gateway.stop();

        const auto doctor = ward.examine();

        QVERIFY(doctor);
        QCOMPARE(Ward::of(*doctor, "gateway").weight, Severity::Problem);
        QCOMPARE(exitOf(doctor->heard().findings), Exit::ProblemsFound);
        for (const char *check :
             { "profile", "socket", "port", "proxy", "clock", "keychain", "codex-cli", "codex" })
            QVERIFY2(Ward::of(*doctor, check).what != "was not looked at", check);
        QVERIFY(ward.bundleOf(*doctor)["findings"].size() > 8);
    }

    void owner_notSignedIn_isTold()
    {
        Ward ward;
        ward.signedIn = false;
        const auto doctor = ward.examine();
        QVERIFY(Ward::of(*doctor, "sign-in").fix.find("gatehousectl login") != std::string::npos);
        QCOMPARE(Ward::of(*doctor, "tasker").what, "the last call to Tasker went well");
    }

    void codex_thatCannotReadItsFiles_isAProblem()
    {
        Ward ward;
        ward.program("codex", "case $1 in --version) echo codex-cli 0.0.1;; *) exit 1;; esac");
        QCOMPARE(Ward::of(*ward.examine(), "codex").what, "Codex cannot read its own configuration");
    }

    void stranger_atTheSocket_isNotTakenForUs()
    {
        Ward ward;
        ward.gateway.answer = [](const SeenRequest &) { return httpAnswer(200, "<html>"); };
        QCOMPARE(Ward::of(*ward.examine(), "gateway").weight, Severity::Problem);
    }
};

QTEST_GUILESS_MAIN(DoctorTest)
#include "tst_doctor.moc"
